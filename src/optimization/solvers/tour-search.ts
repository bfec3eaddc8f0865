import type { Steps } from '../../async/steps.js'
import { integer, type Read, Schema } from '../../input/options.js'
import { PURPOSE, WordStream } from '../../numerics/philox.js'
import { type Distances, tourLength } from '../problems/distances.js'
import type { IsingProblem } from '../problems/ising-problem.js'
import { type Tour, type TourIsing, toursOf } from '../problems/tsp.js'
import { nearbyOf, nearestNeighbour, TourMoves } from '../tours/tour-moves.js'
import type { Search } from './search.js'
import { SOLVE, SOLVE_ASYNC, type SolverAsyncOptions, type SolverOptions } from './solver-options.js'
import type { SolverResult } from './solver-result.js'
import { type Solver, type SolverKind, solveBeside, solveHere } from './solver-runner.js'

const OWN = {
  /** Sweeps of a read, of as many double bridges as there are cities; 0 to 2^24, and 100 by default. 0: descents alone. */
  numSweeps: integer(0, 2 ** 24, 100),
}
const OPTIONS = new Schema({ ...SOLVE, ...OWN })
const LATER = new Schema({ ...SOLVE_ASYNC, ...OWN })

export interface TourSearchOptions extends SolverOptions {
  numSweeps?: number
}
export interface TourSearchAsyncOptions extends SolverAsyncOptions {
  numSweeps?: number
}

/**
 * Iterated local search for round trips (Johnson and McGeoch 1997): from the tour that always goes to the nearest city, 2-opt and Or-opt
 * between near cities; then double bridges within a stretch of the tour, each followed by the same moves, and taken back where it has made
 * the tour longer. Read r begins at city r modulo n, or from `initialStates` that are tours. It computes in TypeScript on this thread, off
 * the event loop in its later turns.
 * @throws HopfieldError ERR_HOPFIELD_TYPE if the problem is none of `tsp`; else as `steepestDescent`.
 */
export function tourSearch(problem: IsingProblem<Tour>, options?: TourSearchOptions): SolverResult<Tour> {
  const method = 'tourSearch'
  const ising = toursOf(problem, method)
  const read = OPTIONS.read(method, options, ising.variables)
  return solveHere(method, ising, read, kindOf(ising, read))
}

/** As `tourSearch`, off the event loop: the same bits. */
export async function tourSearchAsync(
  problem: IsingProblem<Tour>,
  options?: TourSearchAsyncOptions,
): Promise<SolverResult<Tour>> {
  const method = 'tourSearchAsync'
  const ising = toursOf(problem, method)
  const read = LATER.read(method, options, ising.variables)
  return await solveBeside(method, ising, read, kindOf(ising, read))
}

const kindOf = (ising: TourIsing, read: Read<typeof OWN>): SolverKind => ({
  reads: 1,
  lazy: true,
  make: (search) => new TourSearch(search, ising, read),
})

/** Double bridges, or first moves, of a step. */
const SOME = 64
/** The longest stretch that a double bridge exchanges. */
const STRETCH = 50

export class TourSearch implements Solver {
  readonly units: number
  readonly portion = { most: 1, multiple: 1 }
  readonly #search: Search
  readonly #ising: TourIsing
  readonly #sweeps: number

  constructor(search: Search, ising: TourIsing, { numSweeps }: Read<typeof OWN>) {
    this.#search = search
    this.#ising = ising
    this.#sweeps = numSweeps
    this.units = search.reads
  }

  *run(from: number, to: number): Steps<void> {
    const { distances } = this.#ising
    const moves = new TourMoves(distances, yield* nearbyOf(distances))
    for (let read = from; read < to && !this.#search.over; read++) yield* this.#read(read, distances, moves)
  }

  *#read(read: number, distances: Distances, moves: TourMoves): Steps<void> {
    const [search, n] = [this.#search, distances.cities]
    const best = yield* this.#begin(read, distances)
    let length = tourLength(distances, best)
    const told = (tour: Uint32Array): void => search.offer(read, this.#ising.rowOf(tour))
    moves.take(best, length)
    moves.wakeAll()
    while (!moves.done && !search.over) {
      moves.improve(SOME)
      yield
    }
    best.set(moves.tour)
    length = tourLength(distances, best)
    told(best)
    if (n < 8) return this.#allOrders(distances, best, told)
    const words = new WordStream(...search.seed).seek(PURPOSE.tours, read)
    const room = new Uint32Array(2 * STRETCH)
    const stretch = Math.min(STRETCH, n >> 2)
    const kicks = this.#sweeps * n
    let offered = length
    moves.take(best, length)
    for (let k = 0; k < kicks && !search.over; k++) {
      moves.exchange(words.bounded(n), 1 + words.bounded(stretch), 1 + words.bounded(stretch), room)
      moves.improve()
      // Of equal length is good enough: it leads to other tours.
      if (moves.length <= length) {
        length = moves.length
        best.set(moves.tour)
      } else moves.take(best, length)
      if (k % SOME !== SOME - 1 && length >= offered) continue
      if (length < offered) {
        length = tourLength(distances, best)
        offered = length
        told(best)
      }
      search.sweeps = Math.max(search.sweeps, Math.ceil((k + 1) / n))
      yield
    }
  }

  *#begin(read: number, distances: Distances): Generator<void, Uint32Array> {
    const row = new Uint32Array(this.#search.words)
    this.#search.begin(read, row)
    const tour = this.#ising.tourOf(row)
    if (tour !== undefined) return tour
    const made = new Uint32Array(distances.cities)
    yield* nearestNeighbour(distances, read % distances.cities, made)
    return made
  }

  /** So few cities that all orders are looked at. */
  #allOrders(distances: Distances, best: Uint32Array, told: (tour: Uint32Array) => void): void {
    const tour = Uint32Array.from(best).sort()
    let length = tourLength(distances, best)
    const go = (k: number): void => {
      if (k === tour.length) {
        const own = tourLength(distances, tour)
        if (own >= length) return
        length = own
        told(tour)
        return
      }
      for (let j = k; j < tour.length; j++) {
        ;[tour[k], tour[j]] = [tour[j], tour[k]]
        go(k + 1)
        ;[tour[k], tour[j]] = [tour[j], tour[k]]
      }
    }
    go(1)
  }
}
