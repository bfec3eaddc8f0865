import type { Values } from '../../state/parameters.js'
import { COLD, HOT, type P } from './parameters.js'

export async function program({ nodes, neighbours, sweeps, seed }: Values<P>): Promise<string> {
  const { neighbourGraph } = await import('./graph.js')
  const { edges } = neighbourGraph(nodes, neighbours, seed)
  return `import { addNoise, HopfieldNetwork } from 'hopfield-native'
import { anneal, maxCut } from 'hopfield-native/optimization'

const nodes = ${nodes}
const sweeps = ${sweeps}
const seed = ${seed}
const edges: [number, number][] = ${JSON.stringify(edges)}

// A network whose energy counts the edges that are not cut: weights −1 along each, both ways, in compressed rows.
const sources: number[][] = Array.from({ length: nodes }, () => [])
for (const [a, b] of edges) {
  sources[a].push(b)
  sources[b].push(a)
}
const indices = sources.flatMap((row) => row.sort((a, b) => a - b))
const indptr = [0]
for (const row of sources) indptr.push(indptr[indptr.length - 1] + row.length)
const network = new HopfieldNetwork({ neurons: nodes, weights: { indptr, indices, data: indices.map(() => -1) } })

let sides = addNoise(new Int8Array(nodes).fill(1), { noise: 0.5, seed })
for (let sweep = 0; sweep < sweeps; sweep++) {
  const cold = sweep >= sweeps - 1
  const temperature = cold ? 0 : ${HOT} * (${COLD} / ${HOT}) ** (sweep / (sweeps - 2))
  sides = network.recall(sides, { temperature, maxSweeps: cold ? 100 : 1, seed, stream: sweep + 1 }).state
  const cut = edges.filter(([a, b]) => sides[a] !== sides[b]).length
  if (sweep % 20 === 19 || cold) console.log(\`sweep \${sweep + 1}, T = \${temperature.toFixed(2)}: \${cut} of \${edges.length} edges are cut\`)
}
const best = anneal(maxCut(edges, { nodes }), { numReads: 256, numSweeps: 400, seed })
console.log(\`256 anneals of 400 sweeps: \${best.value}\`)
`
}
