import { HopfieldNetwork, randomPatterns, retrievalOverlap } from 'hopfield-native'
import { phaseLines } from 'hopfield-native/experiments'
import type { Values } from '../../state/parameters.js'
import { drawnSign } from '../pictures/strokes.js'
import { type Model, model } from '../scene.js'
import type { P } from './parameters.js'

/** Temperatures over loads. */
export interface PhaseLine {
  readonly x: Float64Array
  readonly y: Float64Array
}

export interface Frame {
  /** N values ±1, row after row. */
  readonly state: Int8Array
  readonly sweeps: number
  /** m with the picture, what theory says of it, and the largest |m| with any other pattern. */
  readonly overlap: number
  readonly theory: number
  readonly others: number
  /** The share of neurons that changed in the last sweep. */
  readonly flipped: number
  /** E/N. */
  readonly energy: number
  readonly temperature: number
  /** α as whole patterns allow it. */
  readonly load: number
  /** The lines of Amit, Gutfreund and Sompolinsky. */
  readonly phases: Readonly<Record<'spinGlass' | 'retrieval' | 'ground', PhaseLine>>
}

/** The loads that the diagram shows. */
const MOST_LOAD = 0.2
let lines: ReturnType<typeof phaseLines> | undefined

/**
 * A network at a temperature. Its first pattern is a picture and the others are random: multiplied neuron by neuron by the picture they
 * are as random as before, so the theory of random patterns holds for the picture too.
 */
export class HeatModel implements Model<P, never, Frame> {
  readonly #network: HopfieldNetwork
  readonly #seed: number
  #temperature: number
  #theory: number
  #state: Int8Array
  #sweeps = 0
  #flips = 0

  constructor({ neurons, temperature, load, seed }: Values<P>) {
    const side = Number(neurons)
    const count = side * side
    const patterns = Math.max(1, Math.round(load * count))
    const picture = drawnSign('H', side)
    this.#seed = seed
    this.#network = new HopfieldNetwork({ neurons: count }).store(picture)
    if (patterns > 1) this.#network.store(randomPatterns({ count: patterns - 1, neurons: count, seed }))
    this.#state = picture
    this.#temperature = temperature
    this.#theory = retrievalOverlap(patterns / count, temperature)
  }

  /** The knob of temperature: the state goes on from where it is. */
  change(values: Values<P>, before: Values<P>): boolean {
    const { neurons, load, seed, temperature } = values
    if (neurons !== before.neurons || load !== before.load || seed !== before.seed) return false
    if (temperature !== before.temperature) {
      this.#temperature = temperature
      this.#theory = retrievalOverlap(this.#load, temperature)
    }
    return true
  }

  get #load(): number {
    return this.#network.patternCount / this.#network.neurons
  }

  /** One sweep: every neuron once, one at a time. */
  advance(): boolean {
    const { state, flips } = this.#network.recall(this.#state, {
      temperature: this.#temperature,
      maxSweeps: 1,
      seed: this.#seed,
      stream: this.#sweeps,
    })
    this.#state = state
    this.#flips = flips
    this.#sweeps++
    return true
  }

  frame(): Frame {
    const [network, state] = [this.#network, this.#state]
    const overlaps = network.overlaps(state)
    let others = 0
    for (let mu = 1; mu < overlaps.length; mu++) others = Math.max(others, Math.abs(overlaps[mu]))
    lines ??= phaseLines(MOST_LOAD)
    const copied = ({ x, y }: PhaseLine): PhaseLine => ({ x: x.slice(), y: y.slice() })
    return {
      state: state.slice(),
      sweeps: this.#sweeps,
      overlap: overlaps[0],
      theory: this.#theory,
      others,
      flipped: this.#flips / state.length,
      energy: network.energy(state) / state.length,
      temperature: this.#temperature,
      load: this.#load,
      phases: {
        spinGlass: copied(lines.spinGlass),
        retrieval: copied(lines.retrieval),
        ground: copied(lines.ground),
      },
    }
  }
}

export default model<P, never, Frame>({ create: (values) => new HeatModel(values) })
