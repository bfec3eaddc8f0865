import type { Values } from '../../state/parameters.js'
import type { P } from './parameters.js'

export function program({ neurons, load, seed }: Values<P>): string {
  const count = Math.max(1, Math.round(load * Number(neurons)))
  return `import { HopfieldNetwork, randomPatterns, retrievalOverlap } from 'hopfield-native'

const neurons = ${neurons}
const count = ${count}
const recalls = Math.min(8, count)

const means: number[] = []
for (let k = 0; k < 100; k++) {
  const seed = ${seed * 2 ** 16} + k
  const stored = randomPatterns({ count, neurons, seed })
  const network = new HopfieldNetwork({ neurons }).store(stored)
  const { states } = network.recallBatch(stored.subarray(0, recalls * neurons), { seed, maxSweeps: 200 })
  means.push(states.reduce((sum, spin, i) => sum + spin * stored[i], 0) / states.length)
}
const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
const overlap = mean(means)
const error = Math.sqrt(mean(means.map((m) => (m - overlap) ** 2)) / (means.length - 1))
console.log(\`\${count} patterns: m = \${overlap.toFixed(4)} ± \${error.toFixed(4)} on \${means.length} networks\`)
console.log(\`theory (Amit, Gutfreund, Sompolinsky 1985): \${retrievalOverlap(count / neurons).toFixed(4)}\`)
`
}
