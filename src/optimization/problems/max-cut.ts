import { within } from '../../errors.js'
import { optional, Schema } from '../../input/options.js'
import { MAX_NEURONS } from '../../input/spins.js'
import type { Uint32s } from '../../input/typed-arrays.js'
import { checkInteger } from '../../input/validate.js'
import {
  type Edges,
  gathered,
  gatheredSymmetric,
  isMatrix,
  opposite,
  type Pairs,
  readEdges,
  readMatrix,
  type SquareMatrix,
} from './coupling-table.js'
import type { Meaning } from './ising-model.js'
import { type IsingProblem, problemOf } from './ising-problem.js'

/** The two sides of a cut, in ascending order: `left` has s_i = +1. */
export interface Cut {
  left: Uint32s
  right: Uint32s
  /** Σ of the weights of edges between them. */
  cut: number
}

const GRAPH = new Schema({
  /** N, where there are nodes without edges behind the last that has one. */
  nodes: optional<number>((name, value) => checkInteger(name, value, 0, MAX_NEURONS)),
})

/**
 * Max-Cut: two sides of a graph's nodes with the heaviest edges between them. `value` is the cut,
 * (Σ w − Σ_(i<j) w_ij s_i s_j)/2, so J_ij = −w_ij and cut = (Σ w − E)/2.
 * @param graph edges [i, j] or [i, j, weight], nodes from 0, each pair once: what is there twice is added up, and an edge from a node to
 * itself is never cut. Or arrays { from, to, weights }; or a symmetric matrix: N × N numbers in one array, or compressed rows.
 * @throws HopfieldError ERR_HOPFIELD_VALUE, _SHAPE, _TYPE, _RANGE naming the first edge that is wrong.
 */
export function maxCut(graph: Edges | SquareMatrix, options?: { nodes?: number }): IsingProblem<Cut> {
  const { nodes } = GRAPH.read('maxCut', options)
  try {
    const matrix = isMatrix(graph)
    return cutProblem(matrix ? readMatrix('graph', graph, nodes) : readEdges('graph', graph, nodes), matrix)
  } catch (error) {
    throw within('maxCut', error)
  }
}

/** @param symmetric whether each edge is there twice. */
export function cutProblem(pairs: Pairs, symmetric = false): IsingProblem<Cut> {
  const gather = symmetric ? gatheredSymmetric : gathered
  const { table: graph, repeats } = gather('graph', pairs)
  const { starts, sources, weights } = graph
  const table = opposite(graph)
  let [all, sizes] = [0, 0]
  for (const w of weights) {
    all += w / 2
    sizes += Math.abs(w)
  }
  // Half of whole numbers is exact, and so is what an energy tells.
  const whole = weights instanceof Int32Array
  const told = whole && sizes < 2 ** 53
  const rounded = whole ? 0 : sizes * weights.length * 2 ** -52
  const cutOf = (state: Int8Array): number => {
    let sum = 0
    for (let i = 0; i < state.length; i++) {
      const end = starts[i + 1]
      let k = starts[i]
      while (k < end && sources[k] < i) k++
      // Nobody can guess who is on which side: every edge is added, most of them not at all.
      for (; k < end; k++) sum += weights[k] * (((state[i] ^ state[sources[k]]) >> 1) & 1)
    }
    return sum
  }
  const model = () => ({ table, fields: undefined, scale: 1, offset: 0 })
  const value = (state: Int8Array, energy?: () => number): number =>
    told && energy !== undefined ? (all - energy()) / 2 : cutOf(state)
  const meaning: Meaning<Cut> = {
    sense: 'max',
    value,
    bound: (energy) => (all - energy + rounded) / 2,
    decode: (state, energy) => ({ ...sidesOf(state), cut: value(state, energy) }),
  }
  return problemOf(pairs.variables, model, meaning, repeats)
}

/** Who is +1 and who is −1. */
export function sidesOf(state: Int8Array): { left: Uint32s; right: Uint32s } {
  const [left, right] = [1, -1].map((side) => {
    const of: number[] = []
    for (let i = 0; i < state.length; i++) if (state[i] === side) of.push(i)
    return Uint32Array.from(of)
  })
  return { left, right }
}
