import type { Imported } from './importing.ts'

/** What was imported, for whoever asked for it. */
export function reportOf({ organization, counts, coming, is_check }: Imported): string {
  const { words, name } = organization
  const called = {
    staff: { one: 'member of staff', many: 'members of staff' },
    providers: words.provider,
    clients: words.client,
    dependents: words.dependent,
    hours: { one: 'window of hours', many: 'windows of hours' },
    appointments: words.appointment,
  }
  const lines = Object.entries(counts).map(([kind, count]) => {
    const { one, many } = called[kind as keyof typeof called]
    const said = `  ${count} ${count === 1 ? one : many}`
    return kind === 'appointments' ? `${said}, ${coming} still to come` : said
  })
  const [first, last] = is_check
    ? [`Nothing is wrong. An import into ${name} would bring`, 'It was a check: nothing was imported.']
    : [`Imported into ${name}:`, 'Nobody was sent a message.']
  return [first, ...lines, last].join('\n')
}
