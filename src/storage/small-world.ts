import type { Kernels } from '../kernels/contract/kernels.js'
import { type ConnectionTable, countsFor, indices, startsOf } from './connection-table.js'
import { type Move, type Rewired, rewireAtOnce, rewireInOrder } from './rewiring.js'
import { type Ring, tableOf } from './ring.js'
import type { Draws } from './wiring.js'

/**
 * A ring, each of whose connections is rewired with probability `rewire`; symmetric (Watts and Strogatz 1998). A connection that
 * would be there already is rewired again, so each depends on all before it: by step, and then by neuron.
 */
export function smallWorld(
  kernels: Kernels,
  neurons: number,
  neighbours: number,
  rewire: number,
  draws: Draws,
): ConnectionTable {
  const reach = neighbours / 2
  const rewired = indices(kernels, rewire > 0 ? neurons * reach : 0)
  const ring: Ring = { neurons, reach, rewired, arrivals: countsFor(neurons) }
  const sources = indices(kernels, 2 * neurons * reach)
  if (rewired.length > 0) {
    // Where more change, one after the other takes no longer.
    const made = rewireAtOnce(kernels, ring, rewire, draws, sources, Math.ceil(sources.length / 64))
    if (made !== undefined) return moved(made)
    rewireInOrder(kernels, ring, rewire, draws)
  }
  const { starts } = tableOf(kernels, ring, sources)
  return { starts, sources }
}

/** The table with some connections moved, in place: of as many neurons as change, rows are made anew, and all between them moves along. */
export function moved({ table: { starts, sources }, moves }: Rewired): ConnectionTable {
  const rows = changedRows(starts, sources, moves)
  const changed = [...rows.keys()].sort((a, b) => a - b)
  const degrees = countsFor(starts.length - 1)
  for (let i = 0; i < degrees.length; i++) degrees[i] = starts[i + 1] - starts[i]
  for (const [i, row] of rows) degrees[i] = row.length
  const to = startsOf(degrees)
  // Rows that change leave room for their neighbours, none of which moves beyond it: those that move up go from the last to the
  // first, those that move down from the first to the last.
  const spans = changed.map((i, k) => [i + 1, changed[k + 1] ?? degrees.length] as const)
  const shift =
    (up: boolean) =>
    ([from, end]: readonly [number, number]) => {
      const by = to[from] - starts[from]
      if (up ? by > 0 : by < 0) sources.copyWithin(to[from], starts[from], starts[end])
    }
  spans.toReversed().forEach(shift(true))
  spans.forEach(shift(false))
  for (const [i, row] of rows) sources.set(row, to[i])
  return { starts: to, sources }
}

/** The rows of all neurons who gain or lose a connection, as they become. */
function changedRows(
  starts: Uint32Array,
  sources: Uint32Array,
  moves: readonly Move[],
): Map<number, number[]> {
  const rows = new Map<number, number[]>()
  const row = (i: number): number[] => {
    const known = rows.get(i) ?? Array.from(sources.subarray(starts[i], starts[i + 1]))
    rows.set(i, known)
    return known
  }
  for (const { from, before, to } of moves) {
    for (const [i, other] of [
      [from, before],
      [before, from],
    ])
      row(i).splice(row(i).indexOf(other), 1)
    row(from).push(to)
    row(to).push(from)
  }
  for (const list of rows.values()) list.sort((a, b) => a - b)
  return rows
}
