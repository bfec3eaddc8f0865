import { addNoise, HopfieldNetwork } from 'hopfield-native'
import { anneal, maxCut } from 'hopfield-native/optimization'
import type { Values } from '../../state/parameters.js'
import { type Model, model } from '../scene.js'
import { type Graph, neighbourGraph } from './graph.js'
import { type P, temperatureAt } from './parameters.js'

export interface Frame {
  readonly graph: Graph
  /** The side of each node, ±1. */
  readonly sides: Int8Array
  /** Edges between the sides, now and at best. */
  readonly cut: number
  readonly best: number
  /** What `anneal` finds with 256 reads: known before the first sweep. */
  readonly reference: number
  readonly temperature: number
  readonly sweep: number
}

/** A Hopfield network whose energy is the edges that are not cut, while it cools. */
export class CutModel implements Model<P, never, Frame> {
  readonly #graph: Graph
  readonly #network: HopfieldNetwork
  readonly #reference: number
  readonly #sweeps: number
  readonly #seed: number
  #sides: Int8Array
  #sweep = 0
  #best = 0

  constructor({ nodes, neighbours, sweeps, seed }: Values<P>) {
    const graph = neighbourGraph(nodes, neighbours, seed)
    this.#graph = graph
    this.#network = new HopfieldNetwork({ neurons: nodes, weights: opposed(graph, nodes) })
    this.#reference = anneal(maxCut(graph.edges, { nodes }), { numReads: 256, numSweeps: 400, seed }).value
    this.#sweeps = sweeps
    this.#seed = seed
    this.#sides = addNoise(new Int8Array(nodes).fill(1), { noise: 0.5, seed })
    this.#best = this.#cut()
  }

  /** A sweep at a lower temperature; the last one is without any, until nothing changes. */
  advance(): boolean {
    if (this.#sweep < this.#sweeps) {
      const temperature = temperatureAt(this.#sweep++, this.#sweeps)
      const { state } = this.#network.recall(this.#sides, {
        ...(temperature > 0 ? { temperature, maxSweeps: 1 } : { maxSweeps: 100 }),
        seed: this.#seed,
        stream: this.#sweep,
      })
      this.#sides = state
      this.#best = Math.max(this.#best, this.#cut())
    }
    return this.#sweep < this.#sweeps
  }

  frame(): Frame {
    return {
      graph: this.#graph,
      sides: this.#sides.slice(),
      cut: this.#cut(),
      best: this.#best,
      reference: this.#reference,
      temperature: temperatureAt(this.#sweep, this.#sweeps),
      sweep: this.#sweep,
    }
  }

  #cut(): number {
    return this.#graph.edges.filter(([a, b]) => this.#sides[a] !== this.#sides[b]).length
  }
}

export default model<P, never, Frame>({ create: (values) => new CutModel(values) })

/** Weights −1 along every edge, both ways, in compressed rows. */
function opposed({ edges }: Graph, nodes: number): { indptr: number[]; indices: number[]; data: number[] } {
  const sources: number[][] = Array.from({ length: nodes }, () => [])
  for (const [a, b] of edges) {
    sources[a].push(b)
    sources[b].push(a)
  }
  const indices = sources.flatMap((row) => row.sort((a, b) => a - b))
  const indptr = [0]
  for (const row of sources) indptr.push(indptr[indptr.length - 1] + row.length)
  return { indptr, indices, data: indices.map(() => -1) }
}
