import { ModernHopfield } from 'hopfield-native'
import type { Values } from '../../state/parameters.js'
import { type Model, model } from '../scene.js'
import { PICTURES, paintedPicture, SIDE } from './paintings.js'
import { betaOf, type P, SEPARATIONS } from './parameters.js'
import { queryOf } from './query.js'

const DIMENSION = SIDE * SIDE

export interface Frame {
  /** β, the same for the three memories. */
  readonly beta: number
  /** The stored pictures: P × 576 grey values, −1 black to 1 white. */
  readonly stored: Float32Array
  readonly query: Float32Array
  /** What each memory makes of the query now: 3 × 576. */
  readonly states: Float32Array
  /** How each memory weighs the pictures: 3 × P; a row adds up to 1, or to 0 where no picture is within reach. */
  readonly weights: Float64Array
  /** Pictures that have a part. */
  readonly active: Uint32Array
  /** The picture behind the query. */
  readonly picture: number
  /** Updates so far. */
  readonly time: number
}

/** Where it goes up and down by itself, β takes so many steps from one end to the other. */
const SWEEP = 360
/** A share that counts as a part: with softmax none is ever zero. */
const PART = 0.005

/** The same query in three memories that differ in their separation. */
export class AttentionModel implements Model<P, never, Frame> {
  readonly #stored: Float32Array
  readonly #query: Float32Array
  #values: Values<P>
  #states: Float32Array[] = []
  #memories: ModernHopfield[] = []
  #beta = 0
  #steps = 0
  #time = 0

  constructor(values: Values<P>) {
    const stored = new Float32Array(PICTURES.length * DIMENSION)
    for (const [k, name] of PICTURES.entries()) stored.set(paintedPicture(name), k * DIMENSION)
    this.#stored = stored
    this.#query = queryOf(values)
    this.#values = values
    this.#use(betaOf(values.beta))
  }

  /** The slider of β: new memories look at the same query. */
  change(values: Values<P>, before: Values<P>): boolean {
    const { picture, hidden, noise, seed } = values
    if (picture !== before.picture || hidden !== before.hidden) return false
    if (noise !== before.noise || seed !== before.seed) return false
    this.#values = values
    if (values.beta !== before.beta || values.sweep !== before.sweep) {
      this.#steps = 0
      this.#use(betaOf(values.beta))
    }
    return true
  }

  /**
   * With β fixed, a state becomes the sum of pictures by its weights, until it stays. With β on its way, the query does so once at each β.
   */
  advance(): boolean {
    if (!this.#values.sweep) return this.#update()
    const way = (++this.#steps / SWEEP) % 2
    this.#use(betaOf(way < 1 ? way : 2 - way))
    this.#update()
    return true
  }

  frame(): Frame {
    const count = PICTURES.length
    const weights = new Float64Array(SEPARATIONS.length * count)
    const states = new Float32Array(SEPARATIONS.length * DIMENSION)
    // β moves and the query stays: then the weights are those of the query.
    const compared = this.#values.sweep ? SEPARATIONS.map(() => this.#query) : this.#states
    for (const [k, memory] of this.#memories.entries()) {
      weights.set(memory.association(compared[k]), k * count)
      states.set(this.#states[k], k * DIMENSION)
    }
    const active = Uint32Array.from(SEPARATIONS, (_, k) => {
      return weights.subarray(k * count, (k + 1) * count).filter((weight) => weight >= PART).length
    })
    const [stored, query] = [this.#stored.slice(), this.#query.slice()]
    return {
      beta: this.#beta,
      stored,
      query,
      states,
      weights,
      active,
      picture: this.#values.picture - 1,
      time: this.#time,
    }
  }

  #use(beta: number): void {
    this.#beta = beta
    this.#memories = SEPARATIONS.map((separation) => {
      const memory = new ModernHopfield({ dimension: DIMENSION, beta, separation, similarity: 'euclidean' })
      return memory.store(this.#stored)
    })
    this.#states = SEPARATIONS.map(() => this.#query)
    this.#time = 0
  }

  /** Says whether any state has moved. */
  #update(): boolean {
    const before = this.#states
    this.#states = this.#memories.map((memory, k) => memory.recall(before[k], { energy: false }).state)
    this.#time++
    return this.#states.some((state, k) => state.some((value, i) => Math.abs(value - before[k][i]) > 1e-4))
  }
}

export default model<P, never, Frame>({
  create: (values) => new AttentionModel(values),
})
