import { HopfieldNetwork, randomPatterns, retrievalOverlap } from 'hopfield-native'
import type { Values } from '../../state/parameters.js'
import { type Model, model } from '../scene.js'
import type { P } from './parameters.js'

export interface Frame {
  /** P, and α as whole patterns allow it. */
  readonly patterns: number
  readonly load: number
  /** Networks measured so far. */
  readonly networks: number
  /** Mean overlap of where recalls end with the pattern they began at, over networks. */
  readonly overlap: number
  /** Its standard error: the spread between networks, over the root of their number. NaN until there are two. */
  readonly error: number
  /** m of the retrieval state after Amit, Gutfreund and Sompolinsky, 0 beyond α_c. */
  readonly theory: number
  /** The same at all loads. */
  readonly curve: { readonly loads: Float64Array; readonly overlaps: Float64Array }
  /** How many recalls ended with which overlap, from 0 to 1. */
  readonly histogram: Uint32Array
  /** Of the last recall: 1 where a neuron is wrong. */
  readonly wrong: Uint8Array
}

/** Networks after which the bar is short enough. */
const NETWORKS = 100
/** Patterns recalled of each network. They share its weights, so the networks are what is counted. */
const RECALLS = 8
const BINS = 25
/** Close to each other, because the curve ends in a step. */
const LOADS = Float64Array.from({ length: 251 }, (_, k) => k / 1000)
const CURVE = LOADS.map((load) => retrievalOverlap(load))

/** The retrieval overlap at one load, measured on one random network after another. */
export class LoadModel implements Model<P, never, Frame> {
  readonly #neurons: number
  readonly #patterns: number
  readonly #seed: number
  /** Mean overlap of each network that is done with. */
  readonly #means: number[] = []
  readonly #histogram = new Uint32Array(BINS)
  #wrong: Uint8Array<ArrayBuffer>
  /** The network at hand, its patterns, and the overlaps of its recalls so far. */
  #network: HopfieldNetwork | undefined
  #stored = new Int8Array(0)
  #overlaps: number[] = []

  constructor({ neurons, load, seed }: Values<P>) {
    this.#neurons = Number(neurons)
    this.#patterns = Math.max(1, Math.round(load * this.#neurons))
    this.#seed = seed
    this.#wrong = new Uint8Array(this.#neurons)
  }

  /** Recalls another pattern from itself. */
  advance(): boolean {
    const [neurons, count] = [this.#neurons, this.#patterns]
    const seed = this.#seed * 2 ** 16 + this.#means.length
    if (this.#network === undefined) {
      this.#stored = randomPatterns({ count, neurons, seed })
      this.#network = new HopfieldNetwork({ neurons }).store(this.#stored)
    }
    const b = this.#overlaps.length
    const pattern = this.#stored.subarray(b * neurons, (b + 1) * neurons)
    const { state } = this.#network.recall(pattern, { seed, stream: b, maxSweeps: 200 })
    this.#wrong = Uint8Array.from(state, (spin, i) => (spin === pattern[i] ? 0 : 1))
    const overlap = 1 - (2 * this.#wrong.reduce((sum, one) => sum + one, 0)) / neurons
    this.#histogram[Math.min(BINS - 1, Math.max(0, Math.floor(overlap * BINS)))]++
    this.#overlaps.push(overlap)
    if (this.#overlaps.length === Math.min(RECALLS, count)) {
      this.#means.push(mean(this.#overlaps))
      this.#overlaps = []
      this.#network = undefined
    }
    return this.#means.length < NETWORKS
  }

  frame(): Frame {
    const networks = this.#means.length
    const overlap = mean(this.#means)
    const variance = mean(this.#means.map((m) => (m - overlap) ** 2))
    const load = this.#patterns / this.#neurons
    return {
      patterns: this.#patterns,
      load,
      networks,
      overlap,
      error: networks < 2 ? Number.NaN : Math.sqrt(variance / (networks - 1)),
      theory: retrievalOverlap(load),
      curve: { loads: LOADS.slice(), overlaps: CURVE.slice() },
      histogram: this.#histogram.slice(),
      wrong: this.#wrong.slice(),
    }
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)
}

export default model<P, never, Frame>({ create: (values) => new LoadModel(values) })
