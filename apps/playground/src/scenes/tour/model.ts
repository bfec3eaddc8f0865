import { hopfieldTank, type TankRead, tourSearch, tsp } from 'hopfield-native/optimization'
import type { Values } from '../../state/parameters.js'
import { randomPoints } from '../pictures/points.js'
import { type Model, model } from '../scene.js'
import { MOST_STEPS, type P } from './parameters.js'
import { bestExchange, lengthOf } from './two-opt.js'

export interface Frame {
  /** In the unit square. */
  readonly points: readonly (readonly [x: number, y: number])[]
  /** Of the network: V of city c at place p, row after row. */
  readonly outputs: Float64Array
  /** The round trip that the outputs are nearest to, and whether they are one by themselves. */
  readonly tankTour: Uint32Array
  readonly tankLength: number
  readonly valid: boolean
  /** Steps of its integration so far. */
  readonly steps: number
  /** The tour that exchanges make shorter, and how many there were. */
  readonly tour: Uint32Array
  readonly length: number
  readonly exchanges: number
  /** Of the tour that `tourSearch` finds. */
  readonly reference: number
  /** How many times both have gone on. */
  readonly picture: number
}

/** Steps of its first picture, and what they grow by from one to the next: it decides late. */
const [FIRST, GROWTH] = [8, 1.25]

/** The network of Hopfield and Tank, and beside it a random tour that loses its crossings. */
export class TourModel implements Model<P, never, Frame> {
  readonly #points: Frame['points']
  readonly #integrated: (steps: number) => TankRead
  readonly #tour: Uint32Array
  readonly #reference: number
  #read: TankRead
  #steps = FIRST
  #exchanges = 0
  #picture = 0
  #best = false

  constructor({ cities, constants, seed }: Values<P>) {
    const points = randomPoints(cities, seed)
    const problem = tsp(points)
    this.#points = points
    // The same network from the same start, for so many steps: it goes the same way.
    this.#integrated = (numSweeps) =>
      hopfieldTank(problem, { numReads: 1, parameters: constants, numSweeps, seed }).networks[0]
    this.#read = this.#integrated(FIRST)
    this.#tour = shuffled(cities, seed)
    this.#reference = tourSearch(problem, { seed }).value
  }

  /** Lets the network go on, and makes one exchange. */
  advance(): boolean {
    this.#picture++
    if (!this.#settled) {
      this.#steps = Math.min(MOST_STEPS, Math.ceil(this.#steps * GROWTH))
      this.#read = this.#integrated(this.#steps)
    }
    if (!this.#best) {
      this.#best = !bestExchange(this.#points, this.#tour)
      if (!this.#best) this.#exchanges++
    }
    return !this.#settled || !this.#best
  }

  get #settled(): boolean {
    return this.#read.settled || this.#steps >= MOST_STEPS
  }

  frame(): Frame {
    const { outputs, tour, length, valid, sweeps } = this.#read
    return {
      points: this.#points,
      outputs: outputs.slice(),
      tankTour: tour.slice(),
      tankLength: length,
      valid,
      steps: sweeps,
      tour: this.#tour.slice(),
      length: lengthOf(this.#points, this.#tour),
      exchanges: this.#exchanges,
      reference: this.#reference,
      picture: this.#picture,
    }
  }
}

/** A random order: cities sorted by coins. */
function shuffled(cities: number, seed: number): Uint32Array {
  const keys = randomPoints(cities, seed + 1)
  return Uint32Array.from({ length: cities }, (_, k) => k).sort((a, b) => keys[a][0] - keys[b][0])
}

export default model<P, never, Frame>({ create: (values) => new TourModel(values) })
