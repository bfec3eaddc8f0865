import { ClusterError } from '../errors.js'
import { packedStates } from '../parts/packed.js'
import type { Ask } from '../parts/questions.js'
import type { DenseMap, HebbianMap, ShardMap } from '../parts/shard-map.js'
import { asynchronous, type Visiting } from './asynchronous.js'
import { hearExponential } from './exponential.js'
import { added, joined, scatter } from './gather.js'
import { type RetrievalOptions, type Retrieved, retrieve } from './modern.js'
import { mergeNearest, type Nearest, nearestOf } from './nearest.js'
import { type Recalled, synchronous } from './synchronous.js'

/** Options of a recall, as the package names them. What is not here has no exact answer from parts. */
export type RecallOptions = Partial<Visiting> & { readonly dynamics?: 'asynchronous' | 'synchronous' }

/** Asks the parts of one map. Every answer has the bits of the memory that was cut. */
export class Coordinator {
  readonly map: ShardMap
  readonly #ask: Ask

  constructor(map: ShardMap, ask: Ask) {
    this.map = map
    this.#ask = ask
  }

  /** The k patterns nearest to each state, overlaps as whole numbers; or the k keys most similar to each query. */
  async nearest(states: Int8Array | Float32Array, k = 1): Promise<Nearest> {
    const { map } = this
    const most = Math.min(k, map.count)
    if (map.model === 'modern') {
      const data = this.#queries(states)
      const found = await scatter(map, this.#ask, 'top', { data, k: most })
      return mergeNearest(found, this.#firsts(), data.length / map.dimension, most)
    }
    const { words, count } = this.#states(states)
    if (map.axis === 'neurons') return nearestOf(await this.overlaps(states), count, most)
    const found = await scatter(map, this.#ask, 'nearest', { words, k: most })
    return mergeNearest(found, this.#firsts(), count, most)
  }

  /** All overlaps as whole numbers, or similarities: B × P. */
  async overlaps(states: Int8Array | Float32Array): Promise<Float64Array> {
    const { map } = this
    if (map.model === 'modern') {
      const data = this.#queries(states)
      return joined(await scatter(map, this.#ask, 'similarities', { data }), data.length / map.dimension)
    }
    const { words, count } = this.#states(states)
    if (map.axis === 'neurons') return added(await this.#votes(states as Int8Array, map))
    return joined(await scatter(map, this.#ask, 'overlaps', { words }), count)
  }

  /** Recalls B cues, each with the bits of the package's recall. */
  async recall(cues: Int8Array, options: RecallOptions = {}): Promise<Recalled> {
    const { map } = this
    if (map.model === 'modern') throw unsupported('a recall of ±1 cues from real vectors; use retrieve')
    this.#states(cues)
    const { dynamics = 'asynchronous', maxSweeps = 100, clamp } = options
    const usual = map.model === 'dense' && map.interaction.kind === 'epanechnikov' ? 'keep' : 'positive'
    const updating = { maxSweeps, tie: options.tie ?? usual, clamp }
    if (map.model === 'dense') return this.#recallDense(cues, map, dynamics, updating)
    const fields = (states: Int8Array): Promise<Float64Array> => this.#fields(states, map)
    if (dynamics === 'synchronous') {
      const ends = await synchronous(cues, map.neurons, updating, fields, false)
      return { ...ends, energies: await this.#energies(ends.states, map) }
    }
    if (map.axis === 'neurons')
      throw unsupported(
        'asynchronous recalls: parts of neurons would be asked at every visit; cut the memory by patterns',
      )
    const { order = 'random', seed = 0, stream = 0, streams } = options
    const columns = async (neurons: Uint32Array): Promise<Float64Array> =>
      added(await scatter(map, this.#ask, 'columns', { neurons }))
    const plan = { ...updating, order, seed, stream, streams }
    const ends = await asynchronous(cues, map.neurons, plan, fields, columns)
    return { ...ends, energies: await this.#energies(ends.states, map) }
  }

  /** Recalls B queries of real vectors. */
  async retrieve(queries: Float32Array, options: RetrievalOptions = {}): Promise<Retrieved> {
    const { map } = this
    if (map.model !== 'modern') throw unsupported('retrieve, of a memory of ±1 patterns; use recall')
    return retrieve(map, this.#ask, this.#queries(queries), options)
  }

  async #recallDense(
    cues: Int8Array,
    map: DenseMap,
    dynamics: string,
    updating: Pick<Visiting, 'maxSweeps' | 'tie' | 'clamp'>,
  ): Promise<Recalled> {
    if (dynamics !== 'synchronous')
      throw unsupported(
        "asynchronous recalls of a dense memory: every flip changes all votes; use dynamics: 'synchronous'",
      )
    const { neurons } = map
    if (map.interaction.kind !== 'exponential') {
      const fields = async (states: Int8Array): Promise<Float64Array> =>
        added(await scatter(map, this.#ask, 'fields', { words: packedStates(states, neurons) }))
      const ends = await synchronous(cues, neurons, updating, fields, true)
      const words = packedStates(ends.states, neurons)
      const sums = added(await scatter(map, this.#ask, 'energies', { words }))
      const energies = Float64Array.from({ length: sums.length / 2 }, (_, b) => 0 - sums[2 * b])
      return { ...ends, energies, active: Uint32Array.from(energies, (_, b) => sums[2 * b + 1]) }
    }
    const fields = async (states: Int8Array): Promise<Float64Array> => {
      const out = new Float64Array(states.length)
      const heard = await hearExponential(map, this.#ask, states)
      for (const [b, one] of heard.entries()) out.set(one.fields, b * neurons)
      return out
    }
    const ends = await synchronous(cues, neurons, updating, fields, true)
    const heard = await hearExponential(map, this.#ask, ends.states)
    const energies = Float64Array.from(heard, ({ energy }) => energy)
    return { ...ends, energies, active: Uint32Array.from(heard, ({ active }) => active) }
  }

  /** N·h_i: by patterns the parts' fields add up; by neurons their overlaps do, and each part reads out its own neurons. */
  async #fields(states: Int8Array, map: HebbianMap): Promise<Float64Array> {
    if (map.axis === 'patterns')
      return added(await scatter(map, this.#ask, 'fields', { words: packedStates(states, map.neurons) }))
    const votes = added(await this.#votes(states, map))
    const rows = await scatter(map, this.#ask, 'readout', { votes })
    const fields = joined(rows, states.length / map.neurons)
    for (let i = 0; i < fields.length; i++) fields[i] -= map.count * states[i]
    return fields
  }

  #votes(states: Int8Array, map: HebbianMap): Promise<Float64Array[]> {
    return scatter(map, this.#ask, 'overlaps', (part) => {
      const { from, to } = map.shards[part]
      const count = states.length / map.neurons
      const own = new Int8Array(count * (to - from))
      for (let b = 0; b < count; b++)
        own.set(states.subarray(b * map.neurons + from, b * map.neurons + to), b * (to - from))
      return { words: packedStates(own, to - from) }
    })
  }

  /** E = −Σ_i s_i h_i/2: a whole sum, one halving and one division. */
  async #energies(states: Int8Array, map: HebbianMap): Promise<Float64Array> {
    const { neurons, scale } = map
    const fields = await this.#fields(states, map)
    return Float64Array.from({ length: states.length / neurons }, (_, b) => {
      let quadratic = 0
      for (let i = b * neurons; i < (b + 1) * neurons; i++) quadratic += states[i] * fields[i]
      return (0 - quadratic / 2) / scale
    })
  }

  #firsts(): number[] {
    return this.map.shards.map(({ from }) => from)
  }

  #states(states: Int8Array | Float32Array): { words: Uint32Array; count: number } {
    const { neurons } = this.map as HebbianMap
    if (!(states instanceof Int8Array) || states.length === 0 || states.length % neurons !== 0)
      throw new ClusterError('ERR_CLUSTER_VALUE', `expected states of ${neurons} values ±1 in an Int8Array`)
    return { words: packedStates(states, neurons), count: states.length / neurons }
  }

  #queries(queries: Int8Array | Float32Array): Float32Array {
    const { dimension } = this.map as ShardMap & { dimension: number }
    if (!(queries instanceof Float32Array) || queries.length === 0 || queries.length % dimension !== 0)
      throw new ClusterError(
        'ERR_CLUSTER_VALUE',
        `expected queries of ${dimension} numbers in a Float32Array`,
      )
    return queries
  }
}

function unsupported(what: string): ClusterError {
  return new ClusterError('ERR_CLUSTER_UNSUPPORTED', `not from parts: ${what}`)
}
