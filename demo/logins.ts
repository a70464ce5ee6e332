export interface Login {
  email: string
  password: string
}

export const PASSWORD = 'Punctual-Demo-1'

/** `provider1@school.example`; without a number `admin@school.example`. */
export function loginOf(role: string, slug: string, number: number | '' = ''): Login {
  return { email: `${role}${number}@${slug}.example`, password: PASSWORD }
}

/** The clinic's doctors log in as the system that Punctual replaces has taught them. */
export function doctorLogin(number: number): Login {
  return { email: `doctor${number}@clinic.com`, password: `Doctor${number}Pass` }
}
