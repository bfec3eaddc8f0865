import { HopfieldError, within } from '../../errors.js'
import { optional, required, Schema } from '../../input/options.js'
import { MAX_NEURONS } from '../../input/spins.js'
import type { Int32s } from '../../input/typed-arrays.js'
import { checkInteger, checkNumber } from '../../input/validate.js'
import {
  type Edges,
  gathered,
  gatheredSymmetric,
  isMatrix,
  readEdges,
  readMatrix,
  type SquareMatrix,
} from './coupling-table.js'
import type { Meaning } from './ising-model.js'
import { type IsingProblem, problemOf } from './ising-problem.js'
import { PenaltyModel } from './penalty-model.js'

/** Colours of the nodes of a graph. */
export interface Colouring {
  /** The colour of each node, 0 to k − 1; −1 where a node has none or several. */
  colours: Int32s
  /** Edges whose two ends have the same colour. */
  conflicts: number
  /** Nodes without a colour of their own. */
  uncoloured: number
  /** Whether each node has one colour, and another than its neighbours. */
  valid: boolean
}

const OPTIONS = new Schema({
  /** k, 1 to 65,536. */
  colours: required<number>((name, value) => checkInteger(name, value, 1, 65_536)),
  /** N, where there are nodes without edges behind the last that has one. */
  nodes: optional<number>((name, value) => checkInteger(name, value, 0, MAX_NEURONS)),
  /** What a node costs that has no colour, or two, where a conflict costs 1; above 0. */
  penalty: optional<number>((name, value) => checkNumber(name, value, 1e-6, 1e50)),
})

/**
 * Graph colouring: k colours for a graph's nodes, no two neighbours alike. Variable v·k + c says that node v has colour c (Lucas 2014):
 * E = A Σ_v (1 − Σ_c x_vc)² + Σ_edges Σ_c x_uc x_vc, which is 0 at colourings. `value` is the number of conflicts and of nodes without a
 * colour. The default A, one more than a k-th of the largest degree, makes colourings with the fewest conflicts the least energies.
 * @param graph edges or a symmetric matrix, as of `maxCut`; what weighs 0 is no edge, and other weights do not matter.
 * @throws HopfieldError as `maxCut`; ERR_HOPFIELD_VALUE for an edge from a node to itself.
 */
export function graphColouring(
  graph: Edges | SquareMatrix,
  options: { colours: number; nodes?: number; penalty?: number },
): IsingProblem<Colouring> {
  const { colours: k, nodes, penalty } = OPTIONS.read('graphColouring', options)
  try {
    const { table, own, repeats } = isMatrix(graph)
      ? gatheredSymmetric('graph', readMatrix('graph', graph, nodes))
      : gathered('graph', readEdges('graph', graph, nodes))
    const n = own.length
    const loop = own.findIndex((w) => w !== 0)
    if (loop >= 0) {
      throw new HopfieldError(
        'ERR_HOPFIELD_VALUE',
        `graph: node ${loop} has an edge to itself, so it cannot be coloured`,
      )
    }
    const { starts, sources } = table
    let degree = 0
    for (let v = 0; v < n; v++) degree = Math.max(degree, starts[v + 1] - starts[v])
    const cost = penalty ?? Math.floor(degree / k) + 1
    checkInteger('graph: nodes times colours', n * k, 0, MAX_NEURONS)
    const model = () => {
      const made = new PenaltyModel(n * k)
      for (let v = 0; v < n; v++) {
        made.oneOf(
          Array.from({ length: k }, (_, c) => v * k + c),
          cost,
        )
        for (let e = starts[v]; e < starts[v + 1]; e++) {
          if (sources[e] < v) continue
          for (let c = 0; c < k; c++) made.pair(v * k + c, sources[e] * k + c, 1)
        }
      }
      return made.model()
    }
    const decode = (state: Int8Array): Colouring => {
      const colours = new Int32Array(n).fill(-1)
      let uncoloured = 0
      for (let v = 0; v < n; v++) {
        const own = state.subarray(v * k, (v + 1) * k)
        const first = own.indexOf(1)
        if (first >= 0 && first === own.lastIndexOf(1)) colours[v] = first
        else uncoloured++
      }
      let conflicts = 0
      for (let v = 0; v < n; v++) {
        for (let e = starts[v]; e < starts[v + 1]; e++) {
          if (sources[e] > v && colours[v] >= 0 && colours[v] === colours[sources[e]]) conflicts++
        }
      }
      return { colours, conflicts, uncoloured, valid: conflicts + uncoloured === 0 }
    }
    const meaning: Meaning<Colouring> = {
      sense: 'min',
      value: (state) => {
        const { conflicts, uncoloured } = decode(state)
        return conflicts + uncoloured
      },
      bound: () => 0,
      decode,
    }
    return problemOf(n * k, model, meaning, repeats)
  } catch (error) {
    throw within('graphColouring', error)
  }
}
