import { describe, HopfieldError, isRevoked, within } from '../../errors.js'
import { type Given, option, optional, Schema, unread } from '../../input/options.js'
import { MAX_NEURONS } from '../../input/spins.js'
import { readState, readStates, type StateLike, type StatesLike } from '../../input/states.js'
import type { Float64s, Int8s, Int32s, NumbersLike, Uint32s } from '../../input/typed-arrays.js'
import { checkInteger, checkReals, lengthOf } from '../../input/validate.js'
import { rowWords } from '../../kernels/contract/layout.js'
import { PAIRWISE_KERNELS } from '../../kernels/families.js'
import { kernelsFor } from '../../kernels/select.js'
import { HopfieldNetwork } from '../../memories/hopfield/hopfield-network.js'
import { madeWhole } from '../../storage/weight-unit.js'
import {
  type CompressedRows,
  checkReal,
  type Edges,
  gathered,
  gatheredSymmetric,
  narrowed,
  readEdges,
  readMatrix,
  type SquareMatrix,
} from './coupling-table.js'
import { Ising, type Meaning, type Model } from './ising-model.js'

const OPTIONS = {
  /** J, symmetric, as a matrix: N × N numbers flat or in rows, or compressed rows. J_ii is a constant of the energy. */
  couplings: unread<SquareMatrix>(),
  /** J as pairs, each once: [i, j, J_ij], or arrays { from, to, weights }. In place of `couplings`. */
  edges: unread<Edges>(),
  /** N, where pairs or fields do not tell it. */
  variables: optional<number>((name, value) => checkInteger(name, value, 0, MAX_NEURONS)),
  /** b: N numbers; 0 by default. */
  fields: unread<NumbersLike>(),
  /** Added to every energy; 0 by default. */
  offset: option<number>(0, checkReal),
}
const ISING = new Schema(OPTIONS)
const OF = new Schema({
  /** b of the calls that the problem stands for, as the network's option `externalField`. */
  externalField: unread<NumbersLike>(),
})

export interface IsingOptions extends Given<typeof OPTIONS> {}

/** Couplings of a problem, J of its energy: each pair both ways, without diagonal, in ascending order. */
export interface Couplings extends CompressedRows {
  indptr: Uint32s
  indices: Uint32s
  data: Int32s | Float64s
}

/** The largest side of a matrix of weights. */
const MOST_DENSE = 65_536

let make: <Solution>(ising: Ising<Solution>) => IsingProblem<Solution>
let inside: <Solution>(problem: IsingProblem<Solution>) => Ising<Solution>
let own: (value: object) => boolean

/**
 * A problem on N variables s_i = ±1: find the state of least energy
 *
 * E = −½ Σ_ij J_ij s_i s_j − Σ_i b_i s_i + offset,
 *
 * the energy of a Hopfield network (Hopfield and Tank 1985). It never changes. Whole couplings stay integers, and their energies are
 * exact as long as they stay below 2^53 (`exact`). Functions such as `maxCut` make problems with a `value` and a `decode` of their own.
 */
export class IsingProblem<Solution = Int8s> {
  readonly #ising: Ising<Solution>

  static {
    make = (ising) => new IsingProblem(ising)
    inside = (problem) => problem.#ising
    own = (value) => #ising in value
  }

  private constructor(ising: Ising<Solution>) {
    if (!(ising instanceof Ising)) {
      throw new HopfieldError(
        'ERR_HOPFIELD_TYPE',
        'IsingProblem: cannot be constructed; call IsingProblem.from, IsingProblem.of, or a function such as maxCut',
      )
    }
    this.#ising = ising
  }

  /**
   * A problem from couplings and fields; its `value` is the energy, its `decode` the state.
   * @throws HopfieldError ERR_HOPFIELD_VALUE for a matrix that is not symmetric, NaN and numbers beyond 1e100; ERR_HOPFIELD_SHAPE, _TYPE,
   * _RANGE, _OPTION naming the option.
   */
  static from(options: IsingOptions): IsingProblem {
    const { couplings, edges, variables, fields, offset } = ISING.read('IsingProblem.from', options)
    try {
      if (couplings !== undefined && edges !== undefined) {
        throw new HopfieldError('ERR_HOPFIELD_OPTION', 'edges: cannot be combined with couplings')
      }
      const counted = fields === undefined ? -1 : lengthOf(fields)
      const n = variables ?? (counted < 0 ? undefined : counted)
      const matrix = couplings !== undefined
      const pairs = matrix ? readMatrix('couplings', couplings, n) : readEdges('edges', edges ?? [], n)
      const read = fields === undefined ? undefined : checkReals('fields', fields, pairs.variables)
      const { table, own, repeats } = matrix
        ? gatheredSymmetric('couplings', pairs)
        : gathered('edges', pairs)
      // −½ J_ii of a matrix, which has the diagonal once; −J_ii of a pair, which stands for both orders.
      const constant = own.reduce((sum, x) => sum - (matrix ? x / 2 : x), 0)
      const model = { table, fields: read, scale: 1, offset: offset + constant }
      return isingProblem(pairs.variables, model, repeats)
    } catch (error) {
      throw within('IsingProblem.from', error)
    }
  }

  /**
   * The problem whose energies are those of a network with symmetric weights: with what it has learned by now.
   * @throws HopfieldError ERR_HOPFIELD_VALUE if the weights are not symmetric; ERR_HOPFIELD_OPTION for weights with a constant field;
   * ERR_HOPFIELD_RANGE beyond 65,536 neurons.
   */
  static of(network: HopfieldNetwork, options?: { externalField?: NumbersLike }): IsingProblem {
    const { externalField } = OF.read('IsingProblem.of', options)
    try {
      if (isRevoked(network) || !(network instanceof HopfieldNetwork)) {
        throw new HopfieldError(
          'ERR_HOPFIELD_TYPE',
          `network: expected a HopfieldNetwork, got ${describe(network)}`,
        )
      }
      const n = checkInteger('network.neurons', network.neurons, 1, MOST_DENSE)
      const matrix = network.weights()
      if (matrix.constantField !== undefined) {
        throw new HopfieldError(
          'ERR_HOPFIELD_OPTION',
          'network: these weights come with a constant field; give couplings and fields to IsingProblem.from',
        )
      }
      const { divisor = 1 } = matrix
      const numbers = Float64Array.from(matrix)
      const scale = matrix instanceof Int32Array || madeWhole(numbers, divisor) ? divisor : 1
      const given = externalField === undefined ? undefined : checkReals('externalField', externalField, n)
      const { table, own } = gatheredSymmetric('network.weights', readMatrix('network.weights', numbers, n))
      const offset = own.reduce((sum, x) => sum - x / 2, 0) / scale
      return isingProblem(n, { table, fields: given?.map((b) => b * scale), scale, offset })
    } catch (error) {
      throw within('IsingProblem.of', error)
    }
  }

  /** N. */
  get variables(): number {
    return this.#ising.variables
  }

  /** What is to be made small ('min') or large ('max'): `value`. */
  get sense(): 'min' | 'max' {
    return this.#ising.meaning.sense
  }

  /** J of the energy in compressed rows, each pair both ways: a copy. Whole numbers are an Int32Array. */
  get couplings(): Couplings {
    const { table, scale } = this.#ising.model
    const { starts, sources, weights } = table
    const data = scale === 1 ? weights.slice() : narrowed(Float64Array.from(weights, (x) => x / scale))
    return { indptr: starts.slice(), indices: sources.slice(), data: data as Int32s | Float64s }
  }

  /** b of the energy: N numbers, a copy. */
  get fields(): Float64s {
    const { fields, scale } = this.#ising.model
    return fields === undefined ? new Float64Array(this.variables) : fields.map((b) => b / scale)
  }

  /** What is added to every energy. */
  get offset(): number {
    return this.#ising.model.offset
  }

  /** Number of pairs that are coupled. */
  get edgeCount(): number {
    return this.#ising.model.table.sources.length / 2
  }

  /**
   * How many pairs came again when the problem was made: in a list or a file in either order, in compressed rows at the same place. Their
   * numbers were added to those of the first.
   */
  get repeatedPairs(): number {
    return this.#ising.repeats
  }

  /** Whether couplings and fields are whole multiples of one unit, so few of it that no sum of an energy is rounded. */
  get exact(): boolean {
    return this.#ising.exact
  }

  /** No energy is below it: offset − Σ_(i<j) |J_ij| − Σ_i |b_i|. Few problems have a state that reaches it. */
  get lowerBound(): number {
    const { scale, offset } = this.#ising.model
    return offset - this.#ising.span / scale
  }

  /** E of a state. @throws HopfieldError ERR_HOPFIELD_SHAPE, _VALUE or _TYPE naming `state`. */
  energy(state: StateLike): number {
    return this.#ising.energies(this.#packed('energy: state', state, true))[0]
  }

  /** E of many states. @param states B states, flat or nested, or packed. */
  energies(states: StatesLike): Float64s {
    return this.#ising.energies(this.#packed('energies: states', states, false))
  }

  /** What the problem is about, of a state: the cut, the length of the tour, the energy of the QUBO. */
  value(state: StateLike): number {
    const row = this.#packed('value: state', state, true)
    return this.#ising.valueOfRow(row, () => this.#ising.energies(row)[0])
  }

  /** The state in the words of the problem. */
  decode(state: StateLike): Solution {
    return this.#ising.meaning.decode(this.#ising.spins(this.#packed('decode: state', state, true)))
  }

  /**
   * A network with these couplings. With `fields` as `externalField` of every call its energies are those of the problem less the offset.
   * @throws HopfieldError ERR_HOPFIELD_RANGE without variables.
   */
  toNetwork(): HopfieldNetwork {
    if (this.variables === 0) {
      throw new HopfieldError('ERR_HOPFIELD_RANGE', 'toNetwork: expected at least one variable, got 0')
    }
    return new HopfieldNetwork({ neurons: this.variables, weights: this.couplings })
  }

  #packed(name: string, given: unknown, one: boolean): Uint32Array {
    const n = this.variables
    if (n === 0) {
      if (lengthOf(given) === 0) return new Uint32Array(0)
      throw new HopfieldError('ERR_HOPFIELD_SHAPE', `${name}: expected no values, got ${describe(given)}`)
    }
    const source = one ? readState(name, given, n) : readStates(name, given, n)
    const rows = new Uint32Array(source.count * rowWords(n))
    source.packInto(kernelsFor('auto', PAIRWISE_KERNELS), rows)
    return rows
  }
}

/** What a problem has in it. Throws HopfieldError where none is given. */
export function isingOf<Solution>(problem: IsingProblem<Solution>, method?: string): Ising<Solution> {
  if (typeof problem === 'object' && problem !== null && own(problem)) return inside(problem)
  const what = `problem: expected an IsingProblem, got ${describe(problem)}`
  throw new HopfieldError('ERR_HOPFIELD_TYPE', method === undefined ? what : `${method}: ${what}`)
}

/** A problem whose value is its energy. */
export function isingProblem(variables: number, model: Model, repeats = 0): IsingProblem {
  return problemOf(variables, () => model, PLAIN, repeats)
}

/**
 * @param model called when it is first needed.
 * @param repeats pairs that came again.
 */
export function problemOf<Solution>(
  variables: number,
  model: () => Model,
  meaning: Meaning<Solution>,
  repeats = 0,
): IsingProblem<Solution> {
  return problemOfIsing(new Ising(variables, model, meaning, repeats))
}

export function problemOfIsing<Solution>(ising: Ising<Solution>): IsingProblem<Solution> {
  return make(ising)
}

const PLAIN: Meaning<Int8s> = {
  sense: 'min',
  value: (_, energy) => energy(),
  bound: (energy) => energy,
  decode: (state) => state,
}
