import { allHere, call, type Steps } from '../../async/steps.js'
import { allocate } from '../../errors.js'
import type { Float64s, Int8s } from '../../input/typed-arrays.js'
import type { Kernels, MatrixMemory, SparseMemory } from '../../kernels/contract/kernels.js'
import { paddedStride, rowWords } from '../../kernels/contract/layout.js'
import { PAIRWISE_KERNELS } from '../../kernels/families.js'
import { kernelsFor } from '../../kernels/select.js'
import { atOnce } from '../../platform/turn.js'
import { lookedThrough } from '../../storage/looked-through.js'
import { type CouplingFacts, factsOf, intoRows } from './coupling-facts.js'
import type { CouplingTable } from './coupling-table.js'

/** What an energy is made of: E = (−½ Σ J_ij s_i s_j − Σ b_i s_i)/scale + offset. */
export interface Model {
  readonly table: CouplingTable
  /** b, in the unit of J; undefined where all are zero. */
  readonly fields: Float64Array | undefined
  /** What J and b are to be divided by, so that they can be whole numbers; above 0. */
  readonly scale: number
  readonly offset: number
}

/** What the states of a problem mean. */
export interface Meaning<Solution> {
  readonly sense: 'min' | 'max'
  /** What is to be made small or large. @param energy of the state, computed where it is asked for. */
  value(state: Int8Array, energy: () => number): number
  /** No state has a better value if none has less energy than this. */
  bound(energy: number): number
  /** @param energy of the state, where it is known. */
  decode(state: Int8s, energy?: () => number): Solution
}

const EMPTY = new Uint32Array(0)
/** A matrix of half a gigabyte of reals. */
const MOST_IN_MATRIX = 8192

/** What solvers know of a problem: its model as kernels read it, and what states mean. */
export class Ising<Solution = unknown> {
  readonly variables: number
  readonly meaning: Meaning<Solution>
  /** Pairs that were given again, whose numbers are added to those of the first. */
  readonly repeats: number
  readonly #make: () => Model
  #model: Model | undefined
  #facts: CouplingFacts | undefined
  #sparse: SparseMemory | undefined
  #matrix: MatrixMemory | undefined

  constructor(variables: number, make: () => Model, meaning: Meaning<Solution>, repeats = 0) {
    this.variables = variables
    this.meaning = meaning
    this.repeats = repeats
    this.#make = make
  }

  get model(): Model {
    if (this.#model === undefined) {
      const { table, fields, scale, offset } = this.#make()
      const some = fields?.some((b) => b !== 0) ? fields : undefined
      this.#model = { table, fields: some, scale, offset: offset + 0 }
    }
    return this.#model
  }

  /** Looks at all couplings and puts them into the form that solvers read, in small steps; without it, the first who asks waits. */
  *prepare(kernels: Kernels): Steps<void> {
    const { table, fields } = this.model
    this.#facts ??= yield* factsOf(table, fields)
    if (this.isDense) this.#matrix ??= yield* this.#makeMatrix()
    if (this.variables > 0) yield* lookedThrough(kernels, this.memory)
  }

  get facts(): CouplingFacts {
    const { table, fields } = this.model
    this.#facts ??= atOnce(factsOf(table, fields))
    return this.#facts
  }

  /** J and b as whole numbers, and no sum of an energy beyond 2^53. */
  get exact(): boolean {
    return this.facts.exact
  }

  /** Σ_(i<j) |J_ij| + Σ_i |b_i|, in the unit of J. */
  get span(): number {
    return this.facts.span
  }

  /** Whether most pairs are coupled, and a matrix of all is not too large. */
  get isDense(): boolean {
    const n = this.variables
    return n <= MOST_IN_MATRIX && 2 * this.model.table.sources.length >= n * (n - 1)
  }

  /** J in the form in which a flip costs least: a matrix where most pairs are coupled. */
  get memory(): SparseMemory | MatrixMemory {
    return this.isDense ? this.matrixMemory : this.sparseMemory
  }

  /** J as kernels read it: the neighbours of each variable. */
  get sparseMemory(): SparseMemory {
    if (this.#sparse === undefined) {
      const { starts, sources, weights } = this.model.table
      const plain = {
        form: 'sparse',
        neurons: this.variables,
        count: 0,
        rows: EMPTY,
        starts,
        sources,
      } as const
      // Symmetric: a variable is heard by those whom it hears.
      this.#sparse =
        weights instanceof Int32Array
          ? { ...plain, weights, targetStarts: starts, targets: sources, targetWeights: weights }
          : { ...plain, weights, targetStarts: EMPTY, targets: EMPTY, targetWeights: new Int32Array(0) }
    }
    return this.#sparse
  }

  /** J as kernels read it: a row of all variables for each. */
  get matrixMemory(): MatrixMemory {
    this.#matrix ??= atOnce(this.#makeMatrix())
    return this.#matrix
  }

  *#makeMatrix(): Generator<void, MatrixMemory> {
    const n = this.variables
    const { table } = this.model
    const size = n * paddedStride(n)
    const Kind = table.weights instanceof Int32Array ? Int32Array : Float64Array
    const rows = allocate('couplings', size * Kind.BYTES_PER_ELEMENT, () => new Kind(size))
    const weights = yield* intoRows(table, rows)
    return { form: 'matrix', neurons: n, count: 0, rows: EMPTY, weights, symmetric: true }
  }

  /** E of packed states, with one rounding of each sum, quotient and addition of the offset. */
  energies(rows: Uint32Array): Float64s {
    return allHere(this.#energies(kernelsFor('auto', PAIRWISE_KERNELS), rows))
  }

  /** The same in steps. */
  energiesInSteps(kernels: Kernels, rows: Uint32Array): Steps<Float64s> {
    return this.#energies(kernels, rows)
  }

  *#energies(kernels: Kernels, rows: Uint32Array): Steps<Float64s> {
    const { fields, scale, offset, table } = this.model
    const n = this.variables
    if (n === 0) return Float64Array.of(offset)
    const stride = rowWords(n)
    const count = rows.length / stride
    const out = allocate('energies', count * 8, () => new Float64Array(count))
    yield* call(kernels, count * table.sources.length, 'quadratics', this.sparseMemory, rows, count, out)
    for (let b = 0; b < count; b++) {
      const row = rows.subarray(b * stride, (b + 1) * stride)
      const dot = fields === undefined ? 0 : kernels.externalDot(fields, n, row)
      out[b] = (0 - out[b] / 2 - dot) / scale + offset
    }
    return out
  }

  /** A packed state, or another where the energy of that one cannot be told. */
  told(row: Uint32Array): Uint32Array {
    return row
  }

  /** A packed state as ±1. */
  spins(row: Uint32Array): Int8s {
    const out = new Int8Array(this.variables)
    if (this.variables > 0) kernelsFor('auto').unpack(row, 1, this.variables, out)
    return out
  }

  value(state: Int8Array, energy: () => number): number {
    return this.meaning.value(state, energy)
  }

  /** The value of a packed state. */
  valueOfRow(row: Uint32Array, energy: () => number): number {
    return this.value(this.spins(row), energy)
  }

  /** Whether one value is better than another. */
  isBetter(value: number, than: number): boolean {
    return this.meaning.sense === 'min' ? value < than : value > than
  }
}
