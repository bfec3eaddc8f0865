import type { Kernels } from '../kernels/contract/kernels.js'
import { AscendingRow } from './ascending-row.js'
import { type ConnectionTable, countsFor, indices, startsOf } from './connection-table.js'
import { type Comers, comersOf, leads, type Ring } from './ring.js'
import { leadAtOnce, leadInOrder } from './ring-leads.js'
import type { Draws } from './wiring.js'

/**
 * A ring, each of whose connections is led elsewhere with probability `rewire`; symmetric (Watts and Strogatz 1998). A connection that
 * would be there already is led somewhere else, so each depends on all before it: by step, and then by neuron.
 */
export function smallWorld(
  kernels: Kernels,
  neurons: number,
  neighbours: number,
  rewire: number,
  draws: Draws,
): ConnectionTable {
  const reach = neighbours / 2
  const led = indices(kernels, rewire > 0 ? neurons * reach : 0)
  const ring: Ring = { neurons, reach, led, arrivals: countsFor(neurons) }
  const total = 2 * neurons * reach
  // A table is written from its beginning. Until then the comers lie at its end, and a little beyond.
  const spare = rewire > 0 ? Math.ceil(total / 64) : 0
  const sources = indices(kernels, total + spare)
  const comers = led.length === 0 ? undefined : leadAll(kernels, ring, rewire, draws, sources, spare)
  return write(ring, comers, sources, total)
}

function leadAll(
  kernels: Kernels,
  ring: Ring,
  rewire: number,
  draws: Draws,
  sources: Uint32Array,
  spare: number,
): Comers {
  const comers = leadAtOnce(kernels, ring, rewire, draws, sources, spare)
  if (comers !== undefined) return comers
  leadInOrder(kernels, ring, rewire, draws)
  return comersOf(ring, sources)
}

/**
 * Each row is written no further than where the comers of the next one begin: a neuron has at least as many sources as comers, and
 * fewer than `spare` have gone since the lists were made.
 */
function write(ring: Ring, comers: Comers | undefined, sources: Uint32Array, total: number): ConnectionTable {
  const { neurons, reach, led, arrivals } = ring
  const degrees = degreesOf(ring)
  const starts = startsOf(degrees)
  const most = degrees.reduce((a, b) => Math.max(a, b))
  const usual = (2 * arrivals.reduce((a, b) => a + b, 0)) / neurons
  const row = new AscendingRow(Math.ceil(usual), most, neurons)
  const [near, far] = [new Uint32Array(2 * reach + 1), new Uint32Array(most + 1)]
  let from = 0
  for (let i = 0; i < neurons; i++) {
    let count = arrivals[i]
    if (comers !== undefined) {
      const end = from + comers.counts[i]
      const later = comers.later.get(i) ?? []
      for (let k = from; k < end; k++) {
        if (later.length === 0 || leads(ring, comers.lists[k], i)) row.add(comers.lists[k])
      }
      for (const x of later) if (leads(ring, x, i)) row.add(x)
      from = end
    }
    for (let k = i * reach; k < Math.min((i + 1) * reach, led.length); k++) {
      if (led[k] === 0) continue
      row.add(led[k] - 1)
      count++
    }
    row.moveTo(far, 0, count, neurons)
    merge(near, nearTo(ring, i, near), far, count, sources, starts[i])
  }
  return { starts, sources: sources.subarray(0, total) }
}

function degreesOf({ neurons, reach, led, arrivals }: Ring): Uint32Array {
  // What begins at a neuron leads somewhere; what ended there may have left.
  const degrees = countsFor(neurons, arrivals)
  for (let i = 0, k = 0; i < neurons; i++) {
    degrees[i] += reach
    for (let step = 1; step <= reach; step++, k++) {
      if (led.length === 0 || led[k] === 0) degrees[i + step < neurons ? i + step : i + step - neurons]++
    }
  }
  return degrees
}

/** The neighbours to whom i is still connected, ascending. Returns how many there are. */
function nearTo({ neurons, reach, led }: Ring, i: number, out: Uint32Array): number {
  const wraps = i < reach || i + reach >= neurons
  let count = 0
  for (let j = i - reach; j <= i + reach; j++) {
    const neighbour = j < 0 ? j + neurons : j < neurons ? j : j - neurons
    // Who of the two was before the other, and by how many steps.
    const place = j < i ? neighbour * reach + (i - j) - 1 : i * reach + (j - i) - 1
    out[count] = neighbour
    count += j !== i && (led.length === 0 || led[place] === 0) ? 1 : 0
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
