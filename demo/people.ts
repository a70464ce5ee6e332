import type { Random } from './random.ts'

/** Somebody who does not exist. */
export interface Stranger {
  name: string
  gender: 'female' | 'male'
  /** A number that reaches nobody. */
  phone: string
  /** At a domain that is reserved for examples. */
  email: string
}

/**
 * A crowd from which one stranger after the other steps forward, none of them twice. `phones` is a range of numbers
 * reserved for fiction: what every number begins with, and how many digits follow.
 */
export function crowd(random: Random, phones: { prefix: string; digits: number }): () => Stranger {
  const first = { female: around(random.shuffled(women)), male: around(random.shuffled(men)) }
  const last = around(random.shuffled(families))
  const met = new Set<string>()

  return function next(): Stranger {
    const gender = random.pick(['female', 'male'] as const)
    const name = `${first[gender]()} ${last()}`
    if (met.has(name)) return next()
    met.add(name)
    const phone = phones.prefix + String(met.size).padStart(phones.digits, '0')
    return { name, gender, phone, email: `${mailboxOf(name)}@mail.example` }
  }
}

/** Gives one entry after the other, and begins again at the end. */
function around<T>(list: readonly T[]): () => T {
  let next = 0
  return () => list[next++ % list.length]!
}

function mailboxOf(name: string): string {
  const ascii = name.replaceAll('ı', 'i').replaceAll('ł', 'l').replaceAll('ø', 'o').replaceAll('ß', 'ss')
  const plain = ascii.normalize('NFD').replaceAll(/[^a-zA-Z ]/g, '')
  return plain.toLowerCase().replaceAll(' ', '.')
}

// Put together by chance. Should a name be somebody's, it is by chance too.
const women = words(`
  Abena Adaora Agnieszka Aiko Alma Amira Anneliese Ayşe Beatriz Birgit Camille Chiara Dilara Ebru Eilidh Elif Esra
  Fatou Freya Giulia Hanna Hatice Ilse Imogen Ingrid Jadwiga Joana Kavita Leila Linnea Mairead Marta Meera Mei
  Nadia Nkechi Noor Oksana Paloma Priya Renske Rosalind Saoirse Selin Solveig Tamsin Tomoko Ulrike Wanjiru Zeynep
`)
const men = words(`
  Adebayo Aleksander Anselm Arjun Baran Bastian Cem Callum Daichi Declan Diego Emeka Emre Farid Florian Gareth
  Gustav Hamza Haruto Henrik Idris Ivo Jarek Jonas Kaan Kofi Kwame Lennart Luca Malik Matteo Mehmet Milan Murat
  Nikhil Olav Onur Pavel Rafael Rohan Rupert Samir Sefa Tadeusz Tariq Thilo Umut Viktor Yusuf Zoltan
`)
const families = words(`
  Achterberg Adeyemi Aksoy Albers Alonso Amsel Antonsen Arıkan Asante Ashdown Avcı Bachmann Barlow Başaran Bellweather
  Berggren Bhatt Birch Boateng Brandauer Brightwell Castellani Chaudhry Costa Coşkun Dahl Danso Dębski Demirel Dietz
  Doğan Dunmore Eberhart Eklund Erdem Esposito Fairweather Fenwick Ferrante Fofana Fujita Gallagher Ghosh Greenhalgh
  Güler Hagedorn Hartwig Hashimoto Hollis Ibarra Iyer Jankowski Jessen Kamau Kaplan Karlsen Keskin Kessler Kirchner
  Koç Kowalczyk Kruse Kurt Lindqvist Lockwood Łukasik Maddox Marchetti Mbeki Mensah Merriweather Nakagawa Ndiaye
  Nørgaard Novotny Nwosu Oduya Öztürk Pacheco Pemberton Petrova Quigley Ramaswamy Ravndal Reinholt Rossi Sandoval
  Sarpong Schwan Şimşek Sørensen Takeda Thackeray Toprak Ueda Vasquez Verhoeven Villanueva Whitlock Wójcik Yalçın
  Yamane Zielinski
`)

function words(text: string): string[] {
  return text.trim().split(/\s+/)
}
