import type { KeyFacts, KeyStep, KeySums } from 'hopfield-native'
import type { Ask } from '../parts/questions.js'
import type { ModernMap } from '../parts/shard-map.js'
import { scatter } from './gather.js'
import { chained } from './runs.js'

export interface RetrievalOptions {
  /** Steps, or with `tolerance` the most steps; 1, or 100 with `tolerance`. */
  readonly maxSteps?: number
  readonly tolerance?: number
  /** false leaves energies out. */
  readonly energy?: boolean
}

/** What RetrievalBatchResult of the package has. */
export interface Retrieved {
  readonly states: Float32Array
  readonly steps: Uint32Array
  readonly converged: Uint8Array
  readonly active: Uint32Array
  readonly energies: Float64Array
}

/**
 * One association of B queries with the keys of all parts. Peaks are gathered from all parts at once. Sums go from part to part, because
 * they have one order; the last part divides them. Batches follow one another through the parts, so parts work side by side.
 */
async function associate(
  map: ModernMap,
  ask: Ask,
  data: Float32Array,
  addend: 'keys' | 'values' | 'nothing',
): Promise<KeyStep> {
  const whole: KeyFacts = map.facts
  const [peaks, ...others] = await scatter(map, ask, 'peaks', { data, whole })
  for (const other of others) for (let b = 0; b < peaks.length; b++) peaks[b] = Math.max(peaks[b], other[b])
  let before: KeySums | undefined
  for (const part of map.shards.keys()) {
    before = await ask(part, 'partial', { data, whole, peaks, before, addend })
  }
  return ask(map.shards.length - 1, 'complete', { data, whole, peaks, before, addend })
}

/** Recalls B queries, as `recallBatch` of a ModernHopfield does. */
export async function retrieve(
  map: ModernMap,
  ask: Ask,
  queries: Float32Array,
  { maxSteps, tolerance, energy = true }: RetrievalOptions,
): Promise<Retrieved> {
  const { dimension, values } = map
  const count = queries.length / dimension
  const most = maxSteps ?? (tolerance === undefined ? 1 : 100)
  const width = values ?? dimension
  const own = values !== undefined
  const states = queries.slice()
  const steps = new Uint32Array(count)
  const converged = new Uint8Array(count)
  const active = new Uint32Array(count)
  let running = Array.from({ length: count }, (_, b) => b)
  for (let step = 1; step <= (own ? most - 1 : most) && running.length > 0; step++) {
    const before = new Float32Array(running.length * dimension)
    for (const [k, b] of running.entries())
      before.set(states.subarray(b * dimension, (b + 1) * dimension), k * dimension)
    const out = await associate(map, ask, before, 'keys')
    running = running.filter((b, k) => {
      active[b] = out.active[k]
      const from = out.active[k] === 0 ? before : out.states
      let moved = 0
      for (let c = 0; c < dimension; c++) {
        moved = Math.max(moved, Math.abs(from[k * dimension + c] - before[k * dimension + c]))
        states[b * dimension + c] = from[k * dimension + c]
      }
      steps[b] = step
      converged[b] = moved <= (tolerance ?? 0) ? 1 : 0
      return !(converged[b] === 1 && tolerance !== undefined)
    })
  }
  const energies = new Float64Array(count).fill(Number.NaN)
  if (!own) {
    if (energy) energies.set((await associate(map, ask, states, 'nothing')).energies)
    return { states, steps, converged, active, energies }
  }
  const last = await associate(map, ask, states, 'values')
  for (let b = 0; b < count; b++) steps[b]++
  if (energy) energies.set(last.energies)
  return { states: last.states.slice(0, count * width), steps, converged, active: last.active, energies }
}

/** Retrievals of several batches as those of one. */
export function chainedRetrievals(runs: readonly Retrieved[]): Retrieved {
  return {
    states: chained(runs.map((one) => one.states)),
    steps: chained(runs.map((one) => one.steps)),
    converged: chained(runs.map((one) => one.converged)),
    active: chained(runs.map((one) => one.active)),
    energies: chained(runs.map((one) => one.energies)),
  }
}
