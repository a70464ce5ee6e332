import { AssertionError, Liquid, LiquidError } from 'liquidjs'
import { InvalidInput } from '../../refusal.ts'
import { END, LINK, withoutMarks } from './marks.ts'
import type { Text } from './text.ts'

/** A template that cannot be parsed, or that does more than a message should. */
export class TemplateFails extends InvalidInput {
  constructor(field: keyof Text, reason: string) {
    super([{ field, message: reason }])
  }
}

/** What a message needs of Liquid. Nothing of it reads a file, the clock or anything but the facts. */
export const knownTags = [
  'if',
  'unless',
  'case',
  'for',
  'break',
  'continue',
  'assign',
  'echo',
  'comment',
  'raw',
  '#',
]
export const knownFilters = [
  'append',
  'prepend',
  'capitalize',
  'downcase',
  'upcase',
  'default',
  'strip',
  'replace',
  'replace_first',
  'remove',
  'truncate',
  'truncatewords',
  'slice',
  'split',
  'join',
  'first',
  'last',
  'size',
  'sort',
  'reverse',
  'map',
  'where',
  'plus',
  'minus',
  'times',
  'divided_by',
  'modulo',
  'round',
  'floor',
  'ceil',
]

/** Longer than any message is; what a template could waste by loops ends here, too. */
const MOST_CHARACTERS = 50_000
/**
 * How much a template may do is counted, not timed: on a busy machine a good one can take long. The time in milliseconds
 * is for what nobody thought of.
 */
const limits = { parseLimit: 20_000, memoryLimit: 200_000, renderLimit: 5000 }
const COST_OF_A_STEP = 10

const liquid = new Liquid({
  ...limits,
  ownPropertyOnly: true,
  strictFilters: true,
  strictVariables: false,
  // In the place of the file system: there is nothing to include.
  templates: {},
  relativeReference: false,
  dynamicPartials: false,
})
for (const name of Object.keys(liquid.tags)) if (!knownTags.includes(name)) delete liquid.tags[name]
for (const name of Object.keys(liquid.filters)) if (!knownFilters.includes(name)) delete liquid.filters[name]
countSteps()
liquid.registerFilter('button', (link: unknown, label: unknown) => labelled(link, label))

/** Each turn of a loop, and each branch, is paid for like memory; Liquid itself counts no turns. */
function countSteps(): void {
  const { renderer } = liquid
  const render = renderer.renderTemplates.bind(renderer)
  renderer.renderTemplates = function* (templates, context, emitter) {
    context.memoryLimit.use(COST_OF_A_STEP * (1 + templates.length))
    return yield* render(templates, context, emitter)
  }
}

/** What a template gives a button to say; in the mail alone is the link a place for one. */
function labelled(link: unknown, label: unknown): string {
  if (typeof link !== 'string') return ''
  return link === LINK + END ? `${LINK}${label ?? ''}${END}` : link
}

/** Fills one part of a text with the facts. Throws TemplateFails, which says where in it and why. */
export function fill(field: keyof Text, template: string, facts: object): string {
  const filled = attempt(field, () => liquid.parseAndRenderSync(withoutMarks(template), facts))
  if (filled.length > MOST_CHARACTERS) throw new TemplateFails(field, 'becomes too long')
  return filled
}

function attempt(field: keyof Text, render: () => string): string {
  try {
    return render()
  } catch (error) {
    throw new TemplateFails(field, sentence(error as Error))
  }
}

/** "line 3: undefined filter: nope". What is no fault of Liquid's own is one of too much: a text too long to be held. */
function sentence(error: Error): string {
  if (error instanceof AssertionError) return tooMuch(error.message)
  if (!LiquidError.is(error)) return 'does too much'
  const reason = tooMuch((error.originalError?.message ?? error.message).replace(/, line:.*$/s, ''))
  const [line] = error.token.getPosition()
  return `line ${line}: ${reason}`
}

/** Liquid speaks of memory and of its own insides; whoever wrote the template wants to know what is wrong with it. */
const tooMuch = (reason: string) => (reason.endsWith('limit exceeded') ? 'does too much' : reason)
