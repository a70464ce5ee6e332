import { bring, type Wards } from './dependents.ts'
import type { Somebody, Stage } from './stage.ts'

interface Pet {
  name: string
  species: string
  breed?: string
  gender: 'female' | 'male' | 'unknown'
  size: 'small' | 'medium' | 'large' | 'extra_large'
  weight: number
  /** In years. */
  age: number
  medical_notes?: string
}

/** Whose pet is whose, by the number of the owner: the first five have a log-in. */
const kept: { owners: number[]; pets: Pet[] }[] = [
  {
    owners: [1, 6],
    pets: [
      {
        name: 'Biscuit',
        species: 'dog',
        breed: 'Beagle',
        gender: 'male',
        size: 'medium',
        weight: 11.5,
        age: 6,
      },
      {
        name: 'Mochi',
        species: 'cat',
        breed: 'Siamese',
        gender: 'female',
        size: 'small',
        weight: 3.9,
        age: 3,
      },
    ],
  },
  {
    owners: [2],
    pets: [
      {
        name: 'Captain',
        species: 'dog',
        breed: 'Great Dane',
        gender: 'male',
        size: 'extra_large',
        weight: 62,
        age: 5,
        medical_notes: 'Bites when the tail is touched. Heart murmur, grade 2.',
      },
    ],
  },
  {
    owners: [3],
    pets: [
      { name: 'Olive', species: 'cat', gender: 'female', size: 'small', weight: 4.4, age: 9 },
      { name: 'Pickle', species: 'cat', gender: 'male', size: 'medium', weight: 5.8, age: 9 },
      {
        name: 'Rumba',
        species: 'parrot',
        breed: 'African grey',
        gender: 'unknown',
        size: 'small',
        weight: 0.45,
        age: 21,
      },
    ],
  },
  {
    owners: [4],
    pets: [
      {
        name: 'Thunder',
        species: 'rabbit',
        breed: 'Dutch',
        gender: 'male',
        size: 'small',
        weight: 2.1,
        age: 2,
        medical_notes: 'Does not tolerate penicillin.',
      },
    ],
  },
  {
    owners: [5],
    pets: [
      {
        name: 'Juniper',
        species: 'dog',
        breed: 'Border collie',
        gender: 'female',
        size: 'large',
        weight: 18,
        age: 4,
      },
    ],
  },
  {
    owners: [7],
    pets: [{ name: 'Sheldon', species: 'tortoise', gender: 'male', size: 'small', weight: 1.2, age: 34 }],
  },
  {
    owners: [8],
    pets: [{ name: 'Pepper', species: 'guinea pig', gender: 'female', size: 'small', weight: 0.9, age: 1 }],
  },
]

export async function keepPets(stage: Stage, owners: Somebody[]): Promise<Wards> {
  const { random, now } = stage
  const today = now.toZonedDateTimeISO('UTC').toPlainDate()
  const pets: Wards = new Map()
  for (const { owners: numbers, pets: theirs } of kept) {
    const guardians = numbers.map((number) => owners[number - 1]!)
    for (const { name, age, ...details } of theirs) {
      const birth = today.subtract({ years: age, days: random.integer(1, 360) })
      // Of the numbers that begin with 900, no animal has one.
      const microchip_id = `9000000000${random.integer(10_000, 99_999)}`
      const content = { name, birth_date: birth.toString(), details: { ...details, microchip_id } }
      await bring(stage, guardians, content, pets)
    }
  }
  return pets
}
