import type { Kernels } from '../kernels/contract/kernels.js'
import { AscendingRow } from './ascending-row.js'
import { type ConnectionTable, countsFor, indices, startsOf } from './connection-table.js'
import { rewireAtOnce, rewireInOrder } from './rewiring.js'
import { type Incoming, incomingOf, type Ring, rewires } from './ring.js'
import type { Draws } from './wiring.js'

/**
 * A ring, each of whose connections is rewired with probability `rewire`; symmetric (Watts and Strogatz 1998). A connection that
 * would be there already is rewired somewhere else, so each depends on all before it: by step, and then by neuron.
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
  const total = 2 * neurons * reach
  // A table is written from its beginning. Until then the lists of incoming connections lie at its end, and a little beyond.
  const spare = rewire > 0 ? Math.ceil(total / 64) : 0
  const sources = indices(kernels, total + spare)
  const incoming = rewired.length === 0 ? undefined : rewireAll(kernels, ring, rewire, draws, sources, spare)
  return write(ring, incoming, sources, total)
}

function rewireAll(
  kernels: Kernels,
  ring: Ring,
  rewire: number,
  draws: Draws,
  sources: Uint32Array,
  spare: number,
): Incoming {
  const incoming = rewireAtOnce(kernels, ring, rewire, draws, sources, spare)
  if (incoming !== undefined) return incoming
  rewireInOrder(kernels, ring, rewire, draws)
  return incomingOf(ring, sources)
}

/**
 * Each row is written no further than where the incoming ones of the next begin: a neuron has at least as many sources as incoming ones, and
 * fewer than `spare` have gone since the lists were made.
 */
function write(
  ring: Ring,
  incoming: Incoming | undefined,
  sources: Uint32Array,
  total: number,
): ConnectionTable {
  const { neurons, reach, rewired, arrivals } = ring
  const degrees = degreesOf(ring)
  const starts = startsOf(degrees)
  const most = degrees.reduce((a, b) => Math.max(a, b))
  const usual = (2 * arrivals.reduce((a, b) => a + b, 0)) / neurons
  const row = new AscendingRow(Math.ceil(usual), most, neurons)
  const [near, far] = [new Uint32Array(2 * reach + 1), new Uint32Array(most + 1)]
  let from = 0
  for (let i = 0; i < neurons; i++) {
    let count = arrivals[i]
    if (incoming !== undefined) {
      const end = from + incoming.counts[i]
      const later = incoming.later.get(i) ?? []
      for (let k = from; k < end; k++) {
        if (later.length === 0 || rewires(ring, incoming.lists[k], i)) row.add(incoming.lists[k])
      }
      for (const x of later) if (rewires(ring, x, i)) row.add(x)
      from = end
    }
    for (let k = i * reach; k < Math.min((i + 1) * reach, rewired.length); k++) {
      if (rewired[k] === 0) continue
      row.add(rewired[k] - 1)
      count++
    }
    row.moveTo(far, 0, count, neurons)
    merge(near, nearTo(ring, i, near), far, count, sources, starts[i])
  }
  return { starts, sources: sources.subarray(0, total) }
}

function degreesOf({ neurons, reach, rewired, arrivals }: Ring): Uint32Array {
  // What begins at a neuron leads somewhere; what ended there may have left.
  const degrees = countsFor(neurons, arrivals)
  for (let i = 0, k = 0; i < neurons; i++) {
    degrees[i] += reach
    for (let step = 1; step <= reach; step++, k++) {
      if (rewired.length === 0 || rewired[k] === 0)
        degrees[i + step < neurons ? i + step : i + step - neurons]++
    }
  }
  return degrees
}

/** The neighbours to whom i is still connected, ascending. Returns how many there are. */
function nearTo({ neurons, reach, rewired }: Ring, i: number, out: Uint32Array): number {
  const wraps = i < reach || i + reach >= neurons
  let count = 0
  for (let j = i - reach; j <= i + reach; j++) {
    const neighbour = j < 0 ? j + neurons : j < neurons ? j : j - neurons
    // Who of the two was before the other, and by how many steps.
    const place = j < i ? neighbour * reach + (i - j) - 1 : i * reach + (j - i) - 1
    out[count] = neighbour
    count += j !== i && (rewired.length === 0 || rewired[place] === 0) ? 1 : 0
  }
  // In order already, but for the neurons whose neighbours are at both ends of the numbers.
  if (wraps) out.subarray(0, count).sort()
  return count
}

/** Two ascending lists without a common number into one that begins at `from`. */
function merge(
  a: Uint32Array,
  aLength: number,
  b: Uint32Array,
  bLength: number,
  out: Uint32Array,
  from: number,
): void {
  let [i, j, to] = [0, 0, from]
  while (i < aLength && j < bLength) out[to++] = a[i] < b[j] ? a[i++] : b[j++]
  while (i < aLength) out[to++] = a[i++]
  while (j < bLength) out[to++] = b[j++]
}
