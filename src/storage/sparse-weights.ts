import { allHere, type Steps } from '../async/steps.js'
import { allocate } from '../errors.js'
import type { ConstantField, CoupledMemory, Kernels, SparseMemory } from '../kernels/contract/kernels.js'
import type { ConnectionTable } from './connection-table.js'
import { connectionWeights } from './connection-weights.js'
import { openConnections } from './connections.js'
import { constantOfConnections, unitOf } from './constant-field.js'
import { type Lists, transposed } from './csr-transpose.js'
import { type Coupling, type CouplingLearner, isAboutMean, learnAgain } from './learner.js'
import { lookedThrough } from './looked-through.js'
import type { Staged } from './packed-rows.js'
import { type RecordReader, type RecordWriter, within } from './record.js'
import type { Preparation, Replacement } from './row-memory.js'
import { RowWeights } from './row-weights.js'

type Made = Int32Array | Float64Array

/** What is known of the weights since patterns last came or went. */
interface Known {
  coupling?: Coupling
  weights?: Made
  constant?: ConstantField
  symmetric?: boolean
}

/** Without a prototype, to which somebody might have added properties. */
function nothing(): Known {
  return Object.create(null) as Known
}

const NONE = new Float64Array(0)

/** Connections per step: some tenths of a millisecond. */
const SOME = 2 ** 14

/** J on few connections: as a rule makes them, or as given. */
export class SparseWeights extends RowWeights<SparseMemory> {
  readonly form = 'sparse'
  #connections: ConnectionTable
  /** Undefined where weights were given. */
  readonly #learner: CouplingLearner | undefined
  #known: Known
  readonly #divisors = new WeakMap<SparseMemory, number>()
  /** Connections by source: `items` are the neurons with this source, `places` the index of each connection. */
  #leads: (Lists & { readonly places: Uint32Array }) | undefined
  /** Whether every connection leads both ways. */
  #mutual: boolean | undefined
  /** The most sources a neuron has, and of which table. */
  #most: { readonly of: ConnectionTable; readonly sources: number } | undefined

  /** @param from one weight a connection; or a learner of them, J_ij = (N/C)·ξ_iᵀAξ_j, C the mean number of sources. */
  constructor(
    kernels: Kernels,
    neurons: number,
    connections: ConnectionTable,
    from: CouplingLearner | Int32Array | Float64Array,
  ) {
    super(kernels, neurons)
    this.#connections = connections
    const given = ArrayBuffer.isView(from)
    this.#learner = given ? undefined : from
    this.#known = given ? { weights: from } : {}
  }

  /** From N to the mean number of sources, by one rounding where weights are counts. */
  get divisor(): number {
    return this.#learner === undefined ? 1 : this.#divisorBy(this.#coupling(), this.count)
  }

  protected override divisorOf(memory: SparseMemory): number {
    return this.#divisors.get(memory) as number
  }

  /** @param coupling undefined where weights were given. */
  #divisorBy(coupling: Coupling | undefined, count: number): number {
    if (coupling === undefined) return 1
    const weights = this.#weightDivisorBy(coupling)
    return isAboutMean(coupling) ? weights * unitOf(this.#reach, count) : weights
  }

  #weightDivisorBy({ divisor }: Coupling): number {
    const mean = this.meanSources === 0 ? 1 : this.meanSources
    return divisor === this.neurons ? mean : (divisor / this.neurons) * mean
  }

  protected override hold(): () => void {
    return this.#learner?.hold?.() ?? super.hold()
  }

  /** The same of weights, where fields have a unit of their own. */
  override get weightDivisor(): number {
    return this.#learner === undefined ? 1 : this.#weightDivisorBy(this.#coupling())
  }

  get symmetric(): boolean {
    return this.#known.symmetric ?? allHere(this.#isSymmetric(this.#taken()))
  }

  override get meanSources(): number {
    return this.#connections.sources.length / this.neurons
  }

  /** N, or more if a neuron has more sources. */
  get #reach(): number {
    const of = this.#connections
    if (this.#most?.of !== of) {
      let sources = 0
      for (let i = 0; i < this.neurons; i++) sources = Math.max(sources, of.starts[i + 1] - of.starts[i])
      this.#most = { of, sources }
    }
    return Math.max(this.neurons, this.#most.sources)
  }

  report(): object | undefined {
    return this.#learner?.report?.()
  }

  override get whole(): boolean {
    return this.#learner !== undefined
  }

  matrix(unit: number): Int32Array | Float64Array {
    const n = this.neurons
    const { starts, sources } = this.#connections
    const weights = allHere(this.#weigh(this.#taken()))
    const counts = this.#learner !== undefined && this.#counts
    const by = counts ? 1 : this.weightDivisor / unit
    const out = allocate('weights', n * n * 8, () =>
      counts ? new Int32Array(n * n) : new Float64Array(n * n),
    )
    for (let i = 0; i < n; i++) {
      for (let k = starts[i]; k < starts[i + 1]; k++) out[i * n + sources[k]] += weights[k] / by
    }
    return out
  }

  protected override recordOwn(to: RecordWriter): void {
    const { starts, sources } = this.#connections
    to.array('connections.starts', starts, [starts.length])
    to.array('connections.sources', sources, [sources.length])
    const { weights } = this.#known
    if (this.#learner !== undefined) this.#learner.record(to)
    else if (weights !== undefined) to.array('weights', weights, [weights.length])
  }

  protected override restoreOwn(from: RecordReader): void {
    this.#connections = openConnections(from, this.neurons)
    this.#leads = undefined
    this.#mutual = undefined
    this.#known = nothing()
    if (this.#learner !== undefined) {
      this.#learner.restore(from, this.rows(0, this.count), this.count)
      return
    }
    const weights = from.array<Made>(
      'weights',
      [Int32Array, Float64Array],
      [this.#connections.sources.length],
    )
    this.#known = { weights }
    within(from, 'weights', weights, 1e100)
  }

  protected override get fixed(): boolean {
    return this.#learner === undefined
  }

  protected override *learn({ all, count }: Staged, aside: boolean): Steps<readonly number[] | undefined> {
    const kept = yield* (this.#learner as CouplingLearner).store(all, count, aside)
    this.#known = nothing()
    return kept
  }

  protected override unlearn(index: number): void {
    this.#learner?.forget(index, this.rows(0, this.count))
    this.#known = nothing()
  }

  protected override relearn({ all }: Replacement): void {
    learnAgain(this.#learner as CouplingLearner, all(), this.count)
    this.#known = nothing()
  }

  protected override unlearnAll(): void {
    this.#learner?.clear()
    this.#known = nothing()
  }

  protected prepare(asynchronous: boolean): Preparation<SparseMemory> {
    return this.#steps(this.#taken(), asynchronous)
  }

  *#steps(taken: Taken, asynchronous: boolean): Steps<SparseMemory> {
    const memory = yield* this.#made(taken, asynchronous)
    this.#divisors.set(memory, this.#divisorBy(taken.known.coupling, taken.count))
    return memory
  }

  *#made(taken: Taken, asynchronous: boolean): Steps<SparseMemory> {
    const { neurons } = this
    const { starts, sources } = this.#connections
    const { rows, count } = taken
    const weights = yield* this.#weigh(taken)
    const constant = yield* this.#constant(taken, weights)
    const plain = { form: 'sparse', neurons, count, rows, starts, sources, weights, constant } as const
    if (!asynchronous || !(weights instanceof Int32Array)) return { ...plain, ...NO_TARGETS }
    if (yield* this.#isSymmetric(taken)) {
      return { ...plain, targetStarts: starts, targets: sources, targetWeights: weights }
    }
    const { starts: targetStarts, items: targets, places } = yield* this.#byLead()
    const targetWeights = new Int32Array(places.length)
    for (let k = 0; k < places.length; k++) {
      targetWeights[k] = weights[places[k]]
      if (k % SOME === SOME - 1) yield
    }
    return { ...plain, targetStarts, targets, targetWeights }
  }

  /** Patterns and couplings as they are now. */
  #taken(): Taken {
    const { count } = this
    return { rows: this.rows(0, count), count, coupling: this.#learner?.coupling(), known: this.#known }
  }

  *#weigh(taken: Taken): Steps<Made> {
    const { known } = taken
    known.weights ??= yield* connectionWeights(this.kernels, yield* this.#pairs(taken), this.#connections)
    return known.weights
  }

  *#constant(taken: Taken, weights: Made): Steps<ConstantField | undefined> {
    const { known } = taken
    if (taken.coupling === undefined || !isAboutMean(yield* couplingOf(taken))) return undefined
    const memory = yield* this.#pairs(taken)
    const table = this.#connections
    known.constant ??= yield* constantOfConnections(this.kernels, memory, table, weights, this.#reach)
    return known.constant
  }

  /** Weights between all pairs, of which connections have a part. */
  *#pairs(taken: Taken): Steps<CoupledMemory> {
    const { rows, count } = taken
    const { neurons } = this
    const { divisor: _, ...by } = yield* couplingOf(taken)
    const columns = yield* this.patterns.columnsOf(rows, count)
    const selfWeights = new Float64Array(neurons)
    const memory: CoupledMemory = {
      form: 'coupled',
      neurons,
      count,
      rows,
      columns,
      ...by,
      selfWeights,
      responses: NONE,
      constant: undefined,
    }
    yield* lookedThrough(this.kernels, memory)
    return memory
  }

  /** Row by row against column by column; connections that are there twice add up. */
  *#isSymmetric(taken: Taken): Steps<boolean> {
    const { known } = taken
    if (known.symmetric !== undefined) return known.symmetric
    // Weights of a symmetric A differ from their opposites only where there are none.
    if (this.#learner?.symmetric === true) {
      this.#mutual ??= yield* this.#balances(undefined)
      known.symmetric = this.#mutual
    } else known.symmetric = yield* this.#balances(yield* this.#weigh(taken))
    return known.symmetric
  }

  *#balances(weights: Made | undefined): Generator<void, boolean> {
    const { starts, sources } = this.#connections
    const { starts: ends, items: targets, places } = yield* this.#byLead()
    const weight = (k: number): number => weights?.[k] ?? 1
    const difference = new Float64Array(this.neurons)
    let looked = 0
    for (let i = 0; i < this.neurons; i++) {
      for (let k = starts[i]; k < starts[i + 1]; k++) difference[sources[k]] += weight(k)
      for (let k = ends[i]; k < ends[i + 1]; k++) difference[targets[k]] -= weight(places[k])
      for (let k = starts[i]; k < starts[i + 1]; k++) if (difference[sources[k]] !== 0) return false
      for (let k = ends[i]; k < ends[i + 1]; k++) if (difference[targets[k]] !== 0) return false
      looked += starts[i + 1] - starts[i] + 1
      if (looked < SOME) continue
      looked = 0
      yield
    }
    return true
  }

  *#byLead(): Generator<void, Lists & { readonly places: Uint32Array }> {
    const { starts, sources: items } = this.#connections
    this.#leads ??= yield* transposed({ starts, items }, this.neurons)
    return this.#leads
  }

  /** Whether weights are counts of patterns, as Hebb's are. */
  get #counts(): boolean {
    return this.#coupling().divisor === this.neurons
  }

  #coupling(): Coupling {
    return this.#known.coupling ?? allHere(couplingOf(this.#taken()))
  }
}

/** What weights are made of. */
interface Taken {
  readonly rows: Uint32Array
  readonly count: number
  /** Makes what is not known. Undefined where weights were given. */
  readonly coupling: Steps<Coupling> | undefined
  readonly known: Known
}

function* couplingOf({ known, coupling }: Taken): Steps<Coupling> {
  known.coupling ??= yield* coupling as Steps<Coupling>
  return known.coupling
}

const NO_TARGETS = {
  targetStarts: new Uint32Array(0),
  targets: new Uint32Array(0),
  targetWeights: new Int32Array(0),
} as const
