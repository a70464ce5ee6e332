/** The pattern of LIKE for texts that contain this one; what LIKE reads as a sign stands for itself. */
export function containing(text: string): string {
  return `%${text.replaceAll(/[\\%_]/g, '\\$&')}%`
}
