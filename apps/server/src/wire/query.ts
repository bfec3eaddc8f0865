/** Queries that are remembered, and how long one may be for that. */
const MOST_KNOWN = 64
const LONGEST_KNOWN = 256

type Query = Readonly<Record<string, unknown>>

const known = new Map<string, Query>()
const NOTHING: Query = Object.freeze({})

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
  // Each becomes a property of its own, whatever its name. An object without a prototype would be a slow one.
  return Object.freeze(
    Object.fromEntries(Array.from(new URLSearchParams(text), ([name, value]) => [name, valueIn(value)])),
  )
}

function valueIn(text: string): unknown {
  if (text === 'true' || text === 'false') return text === 'true'
  const number = Number(text)
  return /^-?\d+(\.\d+)?$/.test(text) && Math.abs(number) <= Number.MAX_SAFE_INTEGER ? number : text
}
