import { allocate } from '../../errors.js'
import { PackedPatterns } from '../../input/packed-patterns.js'
import type { Kernels } from '../../kernels/contract/kernels.js'
import { clearPadding, rowWords } from '../../kernels/contract/layout.js'
import { PURPOSE } from '../../numerics/philox.js'
import type { Ising } from '../problems/ising-model.js'
import type { SolverRead } from './solver-options.js'
import type { SolverProgress, SolverResult, Stopped } from './solver-result.js'

/** What all reads of one call share, as solvers see it. */
export interface Search {
  readonly ising: Ising
  readonly kernels: Kernels
  readonly reads: number
  readonly seed: readonly [low: number, high: number]
  /** Words of a state. */
  readonly words: number
  /** The most sweeps, flips or steps of a read so far. */
  sweeps: number
  /** Whether nobody wants to go on: the target is reached, or time is over. */
  readonly over: boolean
  /** Whether a target or a time says when to end. */
  readonly limited: boolean
  /** Whether the best state of each read is asked for, and not only that of all. */
  readonly eachRead: boolean
  /** The states in which reads from `first` on begin, into `rows`, one row each. */
  begin(first: number, rows: Uint32Array): void
  /**
   * States of reads from `first` on, packed: each read keeps its best.
   * @param energies of these states, as `ising.energies` gives them, where the caller has them already.
   */
  offer(first: number, rows: Uint32Array, energies?: Float64Array): void
}

/** Where the reads of one call begin, the best of each, and whether to go on. */
export class ReadSearch<Solution = unknown> implements Search {
  readonly ising: Ising<Solution>
  readonly kernels: Kernels
  readonly reads: number
  readonly eachRead = true
  /** Words of a state. */
  readonly words: number
  /** The most sweeps, flips or steps of a read so far. */
  sweeps = 0
  readonly #options: SolverRead
  readonly #began: number
  /** The best state of each read that has begun. */
  readonly #rows: Uint32Array[] = []
  readonly #energies: Float64Array
  readonly #history: [number, number][] = []
  #best = Number.POSITIVE_INFINITY
  #bestValue: number | undefined
  #bestRead = 0
  #stopped: Stopped | undefined
  #first: { row: Uint32Array; energy: number; value: number } | undefined

  readonly #anyOrder: boolean

  /**
   * @param anyOrder whether the first of equally good states of a read counts, or the one whose words are least.
   * @param began when the caller called.
   */
  constructor(
    ising: Ising<Solution>,
    kernels: Kernels,
    options: SolverRead,
    reads: number,
    { anyOrder = false, began = performance.now() }: { anyOrder?: boolean; began?: number } = {},
  ) {
    this.#began = began
    this.#anyOrder = anyOrder
    this.ising = ising
    this.kernels = kernels
    this.reads = reads
    this.words = rowWords(ising.variables)
    this.#options = options
    this.#energies = new Float64Array(reads).fill(Number.POSITIVE_INFINITY)
  }

  get seed(): readonly [low: number, high: number] {
    return this.#options.seed
  }

  get limited(): boolean {
    return this.#options.target !== undefined || this.#options.maxTime !== undefined
  }

  get over(): boolean {
    const { maxTime } = this.#options
    if (this.#stopped === undefined && maxTime !== undefined && this.time >= maxTime) this.#stopped = 'time'
    return this.#stopped !== undefined
  }

  /** Milliseconds since the call. */
  get time(): number {
    return performance.now() - this.#began
  }

  /** The caller's states, or random bits that seed and read tell. */
  begin(first: number, rows: Uint32Array): void {
    const { initialStates } = this.#options
    if (initialStates === undefined) {
      beginAnywhere(this, first, rows)
      return
    }
    for (let at = 0; at < rows.length; at += this.words) {
      const from = (first * this.words + at) % initialStates.length
      rows.set(initialStates.subarray(from, from + this.words), at)
    }
  }

  offer(first: number, rows: Uint32Array, energies: Float64Array = this.ising.energies(rows)): void {
    for (const [k, energy] of energies.entries()) {
      const read = first + k
      const row = rows.subarray(k * this.words, (k + 1) * this.words)
      const equal = energy === this.#energies[read] && this.#anyOrder
      if (!(equal ? isBelow(row, this.#rows[read]) : energy < this.#energies[read])) continue
      this.#energies[read] = energy
      this.#rows[read] = row.slice()
      if (equal) this.#bestValue = undefined
      if (energy < this.#best) this.#improve(read, energy)
    }
  }

  progress(done: number, total: number): SolverProgress {
    const { energy, value } = this.#history.length === 0 ? this.#start() : this.#found()
    return { done, total, energy, value, time: this.time }
  }

  result(): SolverResult<Solution> {
    if (this.#history.length === 0) this.offer(0, this.#start().row)
    const { variables } = this.ising
    const done = Array.from({ length: this.reads }, (_, r) => r).filter(
      (r) => this.#energies[r] < Number.POSITIVE_INFINITY,
    )
    const size = done.length * this.words
    const words = allocate('states', size * 4, () => new Uint32Array(size))
    for (const [k, r] of done.entries()) words.set(this.#rows[r], k * this.words)
    const energies = Float64Array.from(done, (r) => this.#energies[r])
    // Whichever was found first, the first of equals is told.
    const best = done[energies.indexOf(this.#best)]
    const state = this.ising.spins(this.#rows[best])
    const [low, high] = this.seed
    return {
      state,
      energy: this.#best,
      value: this.ising.value(state, () => this.#best),
      solution: this.ising.meaning.decode(state.slice(), () => this.#best),
      states: new PackedPatterns({ neurons: variables, words }),
      energies,
      history: this.#history,
      sweeps: this.sweeps,
      seed: high < 2 ** 21 ? high * 2 ** 32 + low : (BigInt(high) << 32n) | BigInt(low),
      stopped: this.#stopped ?? 'end',
    }
  }

  /** What there is to tell before a state has been looked at: where the first read begins. */
  #start(): { row: Uint32Array; energy: number; value: number } {
    if (this.#first === undefined) {
      const began = new Uint32Array(this.words)
      this.begin(0, began)
      const row = this.ising.told(began)
      const [energy] = this.ising.energies(row)
      this.#first = { row, energy, value: this.ising.valueOfRow(row, () => energy) }
    }
    return this.#first
  }

  #found(): { energy: number; value: number } {
    return { energy: this.#best, value: this.#value() }
  }

  #improve(read: number, energy: number): void {
    this.#best = energy
    this.#bestRead = read
    this.#bestValue = undefined
    this.#history.push([this.time, energy])
    const { target } = this.#options
    if (target === undefined || this.#stopped !== undefined) return
    // Most states are nowhere near, and their energies tell so; a value may take as long as a sweep.
    if (this.ising.isBetter(target, this.ising.meaning.bound(energy))) return
    const value = this.#value()
    if (value === target || this.ising.isBetter(value, target)) this.#stopped = 'target'
  }

  #value(): number {
    this.#bestValue ??= this.ising.valueOfRow(this.#rows[this.#bestRead], () => this.#best)
    return this.#bestValue
  }
}

/** Words that begin in one step. */
const BEGINNINGS = 2 ** 14

/** The states in which reads from `first` on begin, one row each, in steps. */
export function* beginReads(search: Search, first: number, rows: Uint32Array): Generator<void, void> {
  const { words } = search
  const some = Math.max(1, Math.floor(BEGINNINGS / words))
  for (let r = 0; r * words < rows.length; r += some) {
    search.begin(first + r, rows.subarray(r * words, (r + some) * words))
    yield
  }
}

/** Random states, a function of seed and read. */
export function beginAnywhere(
  {
    ising,
    kernels,
    seed,
    words,
  }: Pick<Search, 'kernels' | 'seed' | 'words'> & { ising: { variables: number } },
  first: number,
  rows: Uint32Array,
): void {
  kernels.philox(seed[0], seed[1], PURPOSE.starts, first, 0, rows, rows.length / words)
  for (let at = 0; at < rows.length; at += words) clearPadding(rows, ising.variables, at)
}

/** Whether the words of one state come before those of another. */
function isBelow(row: Uint32Array, other: Uint32Array): boolean {
  const w = row.findIndex((word, at) => word !== other[at])
  return w >= 0 && row[w] < other[w]
}
