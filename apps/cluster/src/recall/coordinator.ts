import { ClusterError } from '../errors.js'
import { packedBytes, packedStates } from '../parts/packed.js'
import type { Ask } from '../parts/questions.js'
import type { DenseMap, HebbianMap, ModernMap, ShardMap } from '../parts/shard-map.js'
import { asynchronous, type Visiting } from './asynchronous.js'
import { checkRecall, checkRetrieval, checkWhole } from './checks.js'
import { hearExponential } from './exponential.js'
import { added, joined, scatter } from './gather.js'
import { chainedRetrievals, type RetrievalOptions, type Retrieved, retrieve } from './modern.js'
import { mergeNearest, type Nearest, nearestOf } from './nearest.js'
import { chained, inRuns } from './runs.js'
import { chainedRecalls, type Recalled, synchronous } from './synchronous.js'

/** What a message has beside its numbers, and some more. */
const HEAD = 4096
/** Bytes of a whole number, for a guess: a run that is larger is halved. */
const WHOLE = 4

/** Options of a recall, as the package names them. What is not here has no exact answer from parts. */
export type RecallOptions = Partial<Visiting> & { readonly dynamics?: 'asynchronous' | 'synchronous' }

/** Asks the parts of one map. Every answer has the bits of the memory that was cut. */
export class Coordinator {
  readonly map: ShardMap
  readonly #ask: Ask
  readonly #most: number

  /** @param most bytes of a message; larger batches go in runs. */
  constructor(map: ShardMap, ask: Ask, most = Number.POSITIVE_INFINITY) {
    this.map = map
    this.#ask = ask
    this.#most = most - HEAD
  }

  /** A batch in runs whose messages fit, if a row takes at most so many bytes of one. */
  #inRuns<A extends Int8Array | Uint32Array | Float32Array, T>(
    rows: A,
    width: number,
    bytes: number,
    run: (rows: A, from: number, to: number) => Promise<T>,
  ): Promise<T[]> {
    return inRuns(rows.length / width, this.#most / bytes, (from, to) =>
      run(rows.subarray(from * width, to * width) as A, from, to),
    )
  }

  /** The k patterns nearest to each state, overlaps as whole numbers; or the k keys most similar to each query. */
  async nearest(states: Int8Array | Float32Array, k = 1): Promise<Nearest> {
    const { map } = this
    checkWhole('nearest: k', k, 1)
    const most = Math.min(k, map.count)
    const asked = this.#rows(states)
    const bytes = Math.max(asked.bytes, most * 12, this.#byNeurons * WHOLE)
    const runs = await this.#inRuns(asked.rows, asked.width, bytes, (rows) => this.#nearest(rows, most))
    return {
      indices: chained(runs.map((one) => one.indices)),
      scores: chained(runs.map((one) => one.scores)),
    }
  }

  async #nearest(rows: Int8Array | Float32Array, k: number): Promise<Nearest> {
    const { map } = this
    const firsts = map.shards.map(({ from }) => from)
    if (rows instanceof Float32Array) {
      const found = await scatter(map, this.#ask, 'top', { data: rows, k })
      return mergeNearest(found, firsts, rows.length / (map as ModernMap).dimension, k)
    }
    const { neurons, axis } = map as HebbianMap
    const count = rows.length / neurons
    if (axis === 'neurons') return nearestOf(await this.#overlaps(rows), count, k)
    const found = await scatter(map, this.#ask, 'nearest', { words: packedStates(rows, neurons), k })
    return mergeNearest(found, firsts, count, k)
  }

  /** All overlaps as whole numbers, or similarities: B × P. */
  async overlaps(states: Int8Array | Float32Array): Promise<Float64Array> {
    const { shards } = this.map
    const asked = this.#rows(states)
    const longest = Math.max(this.#byNeurons, ...shards.map(({ from, to }) => to - from))
    const bytes = Math.max(asked.bytes, longest * 8)
    return chained(await this.#inRuns(asked.rows, asked.width, bytes, (rows) => this.#overlaps(rows)))
  }

  async #overlaps(rows: Int8Array | Float32Array): Promise<Float64Array> {
    const { map } = this
    if (rows instanceof Float32Array) {
      const { dimension } = map as ModernMap
      return joined(await scatter(map, this.#ask, 'similarities', { data: rows }), rows.length / dimension)
    }
    const { neurons, axis } = map as HebbianMap
    if (axis === 'neurons') return added(await this.#votes(rows, map as HebbianMap))
    const words = packedStates(rows, neurons)
    return joined(await scatter(map, this.#ask, 'overlaps', { words }), rows.length / neurons)
  }

  /** Recalls B cues, each with the bits of the package's recall. */
  async recall(cues: Int8Array, options: RecallOptions = {}): Promise<Recalled> {
    const { map } = this
    if (map.model === 'modern') throw unsupported('a recall of ±1 cues from real vectors; use retrieve')
    const { rows, width, bytes } = this.#rows(cues)
    checkRecall(options, map.neurons, cues.length / width)
    const { stream = 0, streams } = options
    const most = Math.max(bytes, WHOLE * Math.max(map.neurons, this.#byNeurons))
    return chainedRecalls(
      await this.#inRuns(rows, width, most, (run, from, to) => {
        const own = streams === undefined ? {} : { streams: Array.from(streams).slice(from, to) }
        return this.#recall(run, { ...options, stream: stream + from, ...own }, map)
      }),
    )
  }

  async #recall(cues: Int8Array, options: RecallOptions, map: HebbianMap | DenseMap): Promise<Recalled> {
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
      chained(
        await this.#inRuns(neurons, 1, WHOLE * map.neurons, async (some) =>
          added(await scatter(map, this.#ask, 'columns', { neurons: some })),
        ),
      )
    const plan = { ...updating, order, seed, stream, streams }
    const ends = await asynchronous(cues, map.neurons, plan, fields, columns)
    return { ...ends, energies: await this.#energies(ends.states, map) }
  }

  /** Recalls B queries of real vectors. */
  async retrieve(queries: Float32Array, options: RetrievalOptions = {}): Promise<Retrieved> {
    const { map } = this
    if (map.model !== 'modern') throw unsupported('retrieve, of a memory of ±1 patterns; use recall')
    checkRetrieval(options)
    const { rows, width } = this.#rows(queries)
    const { dimension, values = 0 } = map
    // A query, its peak, and its sums so far.
    const bytes = 4 * dimension + 8 * Math.max(dimension, values) + 96
    return chainedRetrievals(
      await this.#inRuns(rows, width, bytes, (run) => retrieve(map, this.#ask, run, options)),
    )
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

  /** P numbers of each cue travel to and from parts of neurons. */
  get #byNeurons(): number {
    const { map } = this
    return map.model === 'hebbian' && map.axis === 'neurons' ? map.count : 0
  }

  /** Cues or queries, how many numbers each has, and the bytes that it takes in a question. */
  #rows<A extends Int8Array | Float32Array>(rows: A): { rows: A; width: number; bytes: number } {
    const { map } = this
    const [type, width, what] =
      map.model === 'modern'
        ? ([Float32Array, map.dimension, 'queries of real numbers'] as const)
        : ([Int8Array, map.neurons, 'states of values ±1'] as const)
    if (!(rows instanceof type) || rows.length === 0 || rows.length % width !== 0)
      throw new ClusterError(
        'ERR_CLUSTER_VALUE',
        `expected ${what}, ${width} each, in ${type === Int8Array ? 'an Int8Array' : 'a Float32Array'}`,
      )
    return { rows, width, bytes: map.model === 'modern' ? 4 * width : packedBytes(width) }
  }
}

function unsupported(what: string): ClusterError {
  return new ClusterError('ERR_CLUSTER_UNSUPPORTED', `not from parts: ${what}`)
}
