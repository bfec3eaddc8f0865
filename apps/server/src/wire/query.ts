/** Queries that are remembered, and how long one may be for that. */
const MOST_KNOWN = 64
const LONGEST_KNOWN = 256

type Query = Readonly<Record<string, unknown>>

const known = new Map<string, Query>()
const NOTHING: Query = Object.freeze(Object.create(null))

/**
 * The options that stand in a query, as JSON has them: only they are text there. The same text gives the same object as a rule: most
 * requests ask with the same options.
 */
export function readQuery(text: string): Query {
  if (text === '') return NOTHING
  const before = known.get(text)
  if (before !== undefined) return before
  const options = parsed(text)
  if (text.length <= LONGEST_KNOWN) {
    if (known.size === MOST_KNOWN) known.clear()
    known.set(text, options)
  }
  return options
}

function parsed(text: string): Query {
  const options: Record<string, unknown> = Object.create(null)
  for (const [name, value] of new URLSearchParams(text)) {
    const number = Number(value)
    if (value === 'true' || value === 'false') options[name] = value === 'true'
    else if (/^-?\d+(\.\d+)?$/.test(value) && Math.abs(number) <= Number.MAX_SAFE_INTEGER)
      options[name] = number
    else options[name] = value
  }
  return Object.freeze(options)
}
