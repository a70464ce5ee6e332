/** A name in the two parts in which this system has it. */
export interface Parts {
  first: string
  last: string
}

/** As the core keeps it: one name, and which end of it is the family's. */
export function nameOf({ first, last }: Parts): { name: string; family_name: string } {
  const [given, family] = [first.trim(), last.trim()]
  return { name: `${given} ${family}`.trim(), family_name: family }
}

/** The two parts again; of a name that nobody has divided, the last word is the family's. */
export function partsOf({ name, family_name }: { name: string; family_name: string | null }): Parts {
  if (family_name && name.endsWith(` ${family_name}`)) {
    return { first: name.slice(0, -family_name.length - 1), last: family_name }
  }
  const space = name.lastIndexOf(' ')
  return space < 0 ? { first: name, last: '' } : { first: name.slice(0, space), last: name.slice(space + 1) }
}
