import { allocate } from '../errors.js'
import { each, misfit, type RecordReader } from './record.js'

/** Lists in one array, list k being items[starts[k]] … items[starts[k + 1] − 1]. */
export interface Lists {
  readonly starts: Uint32Array
  readonly items: Uint32Array
}

/** Entries per step: some tenths of a millisecond. */
const SOME = 2 ** 15

/**
 * Of each of `count` items, the lists that have it, ascending, and where in them it was. Compressed rows by column in place of
 * row, in small steps.
 */
export function* transposed(
  { starts, items }: Lists,
  count: number,
): Generator<void, Lists & { readonly places: Uint32Array }> {
  const ends = new Uint32Array(count + 1)
  for (let k = 0; k < items.length; k++) {
    ends[items[k] + 1]++
    if (k % SOME === SOME - 1) yield
  }
  for (let j = 0; j < count; j++) ends[j + 1] += ends[j]
  yield
  const next = ends.slice()
  const lists = yield* zeros(items.length)
  const places = yield* zeros(items.length)
  for (let i = 0; i + 1 < starts.length; i++) {
    for (let k = starts[i]; k < starts[i + 1]; k++) {
      const at = next[items[k]]++
      lists[at] = i
      places[at] = k
      if (k % SOME === SOME - 1) yield
    }
  }
  return { starts: ends, items: lists, places }
}

/** Numbers that the system has given pages to: a first write to each page of a large array at once would take milliseconds. */
function* zeros(length: number): Generator<void, Uint32Array> {
  const out = allocate('connections', length * 4, () => new Uint32Array(length))
  for (let at = 0; at < length; at += SOME) {
    out.fill(0, at, at + SOME)
    yield
  }
  return out
}

/** Refuses lists that do not follow each other through `items`, or have items that are not below `most`. */
export function checkLists(
  from: RecordReader,
  { starts, items }: Lists,
  names: { readonly starts: string; readonly items: string },
  most: number,
): void {
  from.check(function* () {
    yield* each(starts.length, (k) => {
      if (k === 0 ? starts[0] === 0 : starts[k] >= starts[k - 1]) return
      throw misfit(`${names.starts}[${k}]`, `expected 0, then numbers that never fall, got ${starts[k]}`)
    })
    const all = starts[starts.length - 1]
    if (all !== items.length) throw misfit(names.items, `expected ${all} numbers, got ${items.length}`)
    yield* each(items.length, (k) => {
      if (items[k] < most) return
      throw misfit(`${names.items}[${k}]`, `expected a number below ${most}, got ${items[k]}`)
    })
  })
}
