import type { Steps } from '../../async/steps.js'
import { PURPOSE, WordStream } from '../../numerics/philox.js'
import { contraction } from '../problems/contraction.js'
import { Annealing } from './anneal.js'
import { scheduleOf } from './annealing-schedule.js'
import { InnerSearch } from './inner-search.js'
import type { Replicas } from './replicas.js'
import type { Search } from './search.js'
import { felt } from './thermodynamic-length.js'

/** States of each group that are taken in. */
export const NEWCOMERS = 16
/** States that are put together. */
const PARENTS = 3
/** Sweeps of the annealing that does so, and how cold it begins and ends, in units of 1/σ of the whole problem. */
const SWEEPS = 40
const RANGE = [1, 5] as const
interface Individual {
  readonly row: Uint32Array
  /** −2E in the unit of the couplings. */
  readonly quadratic: number
}

/**
 * Good states put together to better ones (genetic renormalisation: Houdayer and Martin 1999). Where three of them agree about a pair of
 * neighbours, it is taken as settled; what is left is a problem of some tens or hundreds of blocks, and annealed. Its best state takes the
 * place of the worst one.
 */
export class Recombination {
  readonly #search: Search
  readonly #most: number
  readonly #kept: Individual[] = []
  readonly #number: () => number

  /**
   * @param search of a problem whose couplings and fields are whole numbers
   * @param most states that are kept
   * @param number of the next annealing
   */
  constructor(search: Search, most: number, number: () => number) {
    this.#search = search
    this.#most = most
    this.#number = number
  }

  /** Takes in the best different states of replicas, as they are now. */
  take(replicas: Replicas, now: Uint32Array, quadratics: Float64Array): void {
    const order = Array.from(quadratics.keys()).sort((a, b) => quadratics[b] - quadratics[a] || a - b)
    let came = 0
    for (const r of order) {
      if (came === NEWCOMERS) break
      if (this.#take({ row: replicas.row(now, r), quadratic: quadratics[r] })) came++
    }
  }

  /** Takes in the best different states of another one. */
  takeBest(other: Recombination, count: number): void {
    const best = other.#kept.slice().sort((a, b) => b.quadratic - a.quadratic)
    for (const one of best.slice(0, count)) this.#take(one)
  }

  /** Makes so many new states, or fewer if all have become equally good. */
  *run(count: number): Steps<void> {
    for (let k = 0; k < count && this.#kept.length > PARENTS && !this.#search.over; k++) {
      if (k % PARENTS === 0 && this.#isUniform()) return
      yield* this.#recombine()
      yield
    }
  }

  #isUniform(): boolean {
    return this.#kept.every(({ quadratic }) => quadratic === this.#kept[0].quadratic)
  }

  *#recombine(): Steps<void> {
    const { ising, seed, words } = this.#search
    const number = this.#number()
    const draw = new WordStream(seed[0], seed[1]).seek(PURPOSE.recombinations, number)
    const parents = new Uint32Array(PARENTS * words)
    for (const [k, at] of this.#choose(draw).entries()) parents.set(this.#kept[at].row, k * words)
    const contracted = contraction(ising, parents)
    if (contracted.ising.variables === 0) return
    yield
    const { scale } = ising.model
    const sigma = felt(ising)
    const inner = new InnerSearch(this.#search, contracted, Number.MAX_SAFE_INTEGER)
    const schedule = scheduleOf(contracted.ising, {
      numSweeps: SWEEPS,
      betaRange: [(RANGE[0] * scale) / sigma, (RANGE[1] * scale) / sigma],
      schedule: 'linear',
      betas: undefined,
    })
    yield* new Annealing(inner, schedule).run(number, number + 1)
    const { best } = inner
    if (best === undefined) return
    const quadratic = 2 * (ising.model.offset - best.energy) * scale
    this.#take({ row: contracted.expand(best.row), quadratic })
  }

  /** Different places among the states that are kept. */
  #choose(draw: WordStream): number[] {
    const chosen = new Set<number>()
    while (chosen.size < PARENTS) chosen.add(draw.bounded(this.#kept.length))
    return [...chosen]
  }

  /** Keeps a state if there is room or a worse one, and if it is not there yet. @returns whether it is kept. */
  #take(one: Individual): boolean {
    let worst = 0
    for (const [k, { quadratic, row }] of this.#kept.entries()) {
      if (quadratic === one.quadratic && row.every((word, w) => word === one.row[w])) return false
      if (quadratic < this.#kept[worst].quadratic) worst = k
    }
    if (this.#kept.length < this.#most) {
      this.#kept.push(one)
      return true
    }
    if (one.quadratic <= this.#kept[worst].quadratic) return false
    this.#kept[worst] = one
    return true
  }
}
