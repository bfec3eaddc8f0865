import { addNoise, HopfieldNetwork } from 'hopfield-native'
import type { Values } from '../../state/parameters.js'
import { type Model, model } from '../scene.js'
import { framesOf } from './films.js'
import { NEURONS, type P } from './parameters.js'
import { projectionToNext } from './projection.js'

export interface Frame {
  /** 1024 values ±1: what the network shows. */
  readonly state: Int8Array
  /** The film that it has stored. */
  readonly stored: Int8Array
  /** Overlap with each of its frames. */
  readonly overlaps: Float64Array
  /** Updates of all neurons at once so far. */
  readonly time: number
  /** The frame that should be on now. */
  readonly due: number
}

/** A film that the network plays by itself, one synchronous update a frame. */
export class SequenceModel implements Model<P, never, Frame> {
  readonly #network: HopfieldNetwork
  readonly #stored: Int8Array
  readonly #seed: number
  #state: Int8Array
  #time = 0

  constructor({ film, rule, noise, seed }: Values<P>) {
    const stored = framesOf({ film, seed })
    this.#stored = stored
    this.#seed = seed
    this.#network =
      rule === 'sequence'
        ? new HopfieldNetwork({ neurons: NEURONS, learning: { kind: 'sequence', cyclic: true } }).store(
            stored,
          )
        : new HopfieldNetwork({ neurons: NEURONS, weights: projectionToNext(stored, NEURONS) })
    this.#state = addNoise(stored.subarray(0, NEURONS), { noise, seed })
  }

  /** Only the speed may change, which is not the model's. */
  change(values: Values<P>, before: Values<P>): boolean {
    const { film, rule, noise, seed } = values
    return film === before.film && rule === before.rule && noise === before.noise && seed === before.seed
  }

  /** Every neuron hears the others and turns, all at once. */
  advance(): boolean {
    const options = { dynamics: 'synchronous', maxSweeps: 1, seed: this.#seed } as const
    this.#state = this.#network.recall(this.#state, options).state
    this.#time++
    return true
  }

  frame(): Frame {
    const time = this.#time
    const count = this.#stored.length / NEURONS
    return {
      state: this.#state.slice(),
      stored: this.#stored.slice(),
      overlaps: Float64Array.from({ length: count }, (_, k) => this.#overlap(k)),
      time,
      due: time % count,
    }
  }

  #overlap(k: number): number {
    let sum = 0
    for (let i = 0; i < NEURONS; i++) sum += this.#stored[k * NEURONS + i] * this.#state[i]
    return sum / NEURONS
  }
}

export default model<P, never, Frame>({
  create: (values) => new SequenceModel(values),
})
