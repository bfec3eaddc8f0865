import { call, portionOf, type Steps } from '../../async/steps.js'
import { type Given, Schema } from '../../input/options.js'
import { type AnnealingMemory, GROUP, type Kernels } from '../../kernels/contract/kernels.js'
import { columnWords, rowWords } from '../../kernels/contract/layout.js'
import { type IsingProblem, isingOf } from '../problems/ising-problem.js'
import { type Betas, betasOf, SCHEDULE } from './annealing-schedule.js'
import type { Search } from './search.js'
import { type Solver, type SolverKind, solveBeside, solveHere } from './solve.js'
import { SOLVE, SOLVE_ASYNC, type SolverAsyncOptions, type SolverOptions } from './solver-options.js'
import type { SolverResult } from './solver-result.js'

const OPTIONS = new Schema({ ...SOLVE, ...SCHEDULE })
const LATER = new Schema({ ...SOLVE_ASYNC, ...SCHEDULE })

export interface AnnealOptions extends SolverOptions, Given<typeof SCHEDULE> {}
export interface AnnealAsyncOptions extends SolverAsyncOptions, Given<typeof SCHEDULE> {}

/**
 * Simulated annealing (Kirkpatrick, Gelatt and Vecchi 1983): sweeps of Metropolis updates, one variable after the other, while β rises, and
 * at the end three sweeps in which no update raises the energy. 512 reads by default, since that many run in the bits of words side by
 * side (multi-spin coding: Zorn, Herrmann and Rebbi 1981; Isakov, Zintchenko, Rønnow and Troyer 2015).
 *
 * Where couplings and fields are small integers, Σ_j|J_ij| + |b_i| below 2^11, reads 512g to 512g + 511 use the same random numbers from
 * different states. So a read is a function of seed and number, but reads of one group are not independent: for averages over a Boltzmann
 * distribution use `network.sample`. Other reads are independent. Energies are computed about 32 times per run, and each read keeps the
 * best of the states it then has.
 * @throws HopfieldError ERR_HOPFIELD_OPTION, _RANGE, _TYPE, _SHAPE, _VALUE naming the option; ERR_HOPFIELD_RANGE without variables.
 */
export function anneal<Solution>(
  problem: IsingProblem<Solution>,
  options?: AnnealOptions,
): SolverResult<Solution> {
  const method = 'anneal'
  const ising = isingOf(problem, method)
  const read = OPTIONS.read(method, options, ising.variables)
  return solveHere(
    method,
    ising,
    read,
    kindOf(() => betasOf(ising, read)),
  )
}

/** As `anneal`, off the event loop: the same bits. */
export async function annealAsync<Solution>(
  problem: IsingProblem<Solution>,
  options?: AnnealAsyncOptions,
): Promise<SolverResult<Solution>> {
  const method = 'annealAsync'
  const ising = isingOf(problem, method)
  const read = LATER.read(method, options, ising.variables)
  return await solveBeside(
    method,
    ising,
    read,
    kindOf(() => betasOf(ising, read)),
  )
}

const kindOf = (betas: () => Betas): SolverKind => ({
  reads: GROUP,
  make: (search) => new Annealing(search, betas()),
})

/** Sweeps at the end that raise no energy. */
const LAST = 3
/** Sweeps between two looks at energies, at least: preparing a call takes as long as some tens of sweeps. */
const BETWEEN = 64

/** Groups of reads that share their random numbers. */
class Annealing implements Solver {
  readonly units: number
  readonly portion = { most: 1, multiple: 1 }
  readonly #search: Search
  readonly #betas: Betas

  constructor(search: Search, betas: Betas) {
    this.#search = search
    this.units = Math.ceil(search.reads / GROUP)
    this.#betas = betas
  }

  *run(from: number, to: number): Steps<void> {
    for (let group = from; group < to && !this.#search.over; group++) yield* this.#anneal(group)
  }

  *#anneal(group: number): Steps<void> {
    const search = this.#search
    const { ising, kernels, seed } = search
    const first = group * GROUP
    const reads = new Replicas(search, first, Math.min(GROUP, search.reads - first))
    const { memory } = ising
    const { fields: externalField } = ising.model
    const sweep = costOf(kernels, memory, reads.count)
    const sweeps = this.#betas.length + LAST
    // When energies are looked at is the same on every backend, since it tells which states are kept; how many calls that takes is not.
    const between = Math.max(BETWEEN, Math.ceil(sweeps / 32))
    const most = portionOf(kernels, sweep)
    yield* reads.begin()
    for (let from = 0; from < sweeps && !search.over; ) {
      const to = Math.min(from + most, sweeps, from - (from % between) + between)
      const plan = {
        betas: this.#part(from, to),
        firstSweep: from,
        seedLow: seed[0],
        seedHigh: seed[1],
        group,
        externalField,
      }
      yield* call(kernels, (to - from) * sweep, 'anneal', memory, plan, reads.now, reads.count)
      from = to
      search.sweeps = Math.max(search.sweeps, from)
      if (from % between === 0 || from === sweeps || search.over) yield* reads.look(sweep)
    }
    yield* reads.end()
  }

  /** β of sweeps from…to. */
  #part(from: number, to: number): Float64Array {
    return Float64Array.from({ length: to - from }, (_, k) =>
      from + k < this.#betas.length ? this.#betas.at(from + k) : Number.POSITIVE_INFINITY,
    )
  }
}

/** Operations of a sweep, about. */
function costOf(kernels: Kernels, { neurons, weights }: AnnealingMemory, count: number): number {
  return kernels.parallel ? neurons * 16 + weights.length : neurons * count * 6
}

/** The reads of one group, a bit each, and the best state of each so far. */
class Replicas {
  readonly count: number
  /** N rows of a bit for each read. */
  readonly now: Uint32Array
  readonly #search: Search
  readonly #first: number
  readonly #best: Uint32Array
  readonly #words: number
  /** −2E now, and the largest so far. */
  readonly #quadratics: Float64Array
  readonly #largest: Float64Array
  #largestOfAll = Number.NEGATIVE_INFINITY

  constructor(search: Search, first: number, count: number) {
    this.#search = search
    this.#first = first
    this.count = count
    this.#words = columnWords(count)
    this.now = new Uint32Array(search.ising.variables * this.#words)
    this.#best = new Uint32Array(this.now.length)
    this.#quadratics = new Float64Array(count)
    this.#largest = new Float64Array(count).fill(Number.NEGATIVE_INFINITY)
  }

  *begin(): Steps<void> {
    const { words, ising, kernels } = this.#search
    const rows = new Uint32Array(this.count * words)
    for (let r = 0; r < this.count; r++) {
      this.#search.begin(this.#first + r, rows.subarray(r * words, (r + 1) * words))
      if (r % 64 === 63) yield
    }
    kernels.transpose(rows, this.count, ising.variables, this.now)
  }

  /** Keeps the state of each read that is better than any before, and tells the search of the best of them. */
  *look(cost: number): Steps<void> {
    const { ising, kernels } = this.#search
    const { memory } = ising
    yield* call(
      kernels,
      cost,
      'replicaQuadratics',
      memory,
      ising.model.fields,
      this.now,
      this.count,
      this.#quadratics,
    )
    const better = new Uint32Array(this.#words)
    let best = -1
    for (const [r, quadratic] of this.#quadratics.entries()) {
      if (!(quadratic > this.#largest[r])) continue
      this.#largest[r] = quadratic
      better[r >>> 5] |= 1 << (r & 31)
      if (!(quadratic > this.#largestOfAll)) continue
      this.#largestOfAll = quadratic
      best = r
    }
    for (let i = 0; i < ising.variables; i++) {
      const at = i * this.#words
      for (let w = 0; w < this.#words; w++) {
        this.#best[at + w] = (this.#best[at + w] & ~better[w]) | (this.now[at + w] & better[w])
      }
      if (i % 4096 === 4095) yield
    }
    if (best >= 0) this.#search.offer(this.#first + best, this.#row(best), this.#energies(best, best + 1))
  }

  /** Tells the search of all reads. */
  *end(): Steps<void> {
    if (this.#largestOfAll === Number.NEGATIVE_INFINITY) return
    const { words, ising, kernels } = this.#search
    // As rows of 512 bits, of which those of reads are turned into states.
    const wide = new Uint32Array(ising.variables * rowWords(this.count))
    for (let i = 0; i < ising.variables; i++) {
      wide.set(this.#best.subarray(i * this.#words, (i + 1) * this.#words), i * rowWords(this.count))
      if (i % 4096 === 4095) yield
    }
    const height = columnWords(ising.variables)
    const columns = new Uint32Array(this.count * height)
    kernels.transpose(wide, ising.variables, this.count, columns)
    const rows = new Uint32Array(this.count * words)
    for (let r = 0; r < this.count; r++) {
      rows.set(columns.subarray(r * height, (r + 1) * height), r * words)
    }
    yield
    this.#search.offer(this.#first, rows, this.#energies(0, this.count))
  }

  #row(r: number): Uint32Array {
    const { words, ising } = this.#search
    const row = new Uint32Array(words)
    for (let i = 0; i < ising.variables; i++) {
      row[i >>> 5] |= ((this.#best[i * this.#words + (r >>> 5)] >>> (r & 31)) & 1) << (i & 31)
    }
    return row
  }

  /** Energies of reads from…to, where −2E says them exactly. */
  #energies(from: number, to: number): Float64Array | undefined {
    const { ising } = this.#search
    if (!ising.exact) return undefined
    const { scale, offset } = ising.model
    return this.#largest.slice(from, to).map((quadratic) => (0 - quadratic / 2) / scale + offset)
  }
}
