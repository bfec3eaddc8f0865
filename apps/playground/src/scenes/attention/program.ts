import type { Values } from '../../state/parameters.js'
import { betaOf, type P, SEPARATIONS } from './parameters.js'

export async function program(values: Values<P>): Promise<string> {
  const { beta, sweep, picture, hidden, noise, seed } = values
  const { default: paintings } = await import('./paintings.ts?raw')
  const betas = sweep ? Array.from({ length: 11 }, (_, k) => betaOf(k / 10)) : [betaOf(beta)]
  // A sweep of β looks at the weights of the query itself.
  const recalled = sweep
    ? ''
    : '    const { state } = memory.recall(query, { maxSteps: 100, tolerance: 1e-4 })\n'
  return `import { ModernHopfield, randomPatterns } from 'hopfield-native'

${paintings.replaceAll('export ', '').trim()}

const dimension = SIDE * SIDE
const stored = PICTURES.map(paintedPicture)
const coins = randomPatterns({ count: 1, neurons: dimension, seed: ${seed} })
const seen = ${Math.round((1 - hidden) * 24)} * SIDE
const query = stored[${picture - 1}].map((value, i) => (i < seen ? ${1 - noise} * value + ${noise} * coins[i] : 0))

for (const beta of [${betas.map((value) => Number(value.toPrecision(6))).join(', ')}]) {
  for (const separation of [${SEPARATIONS.map((name) => `'${name}'`).join(', ')}] as const) {
    const memory = new ModernHopfield({ dimension, beta, separation, similarity: 'euclidean' }).store(stored)
${recalled}    const weights = memory.association(${sweep ? 'query' : 'state'})
    const parts = PICTURES.map((name, k) => ({ name, weight: weights[k] })).filter(({ weight }) => weight >= 0.005)
    const words = parts.map(({ name, weight }) => \`\${name} \${Math.round(100 * weight)} %\`).join(', ')
    console.log(\`β = \${beta}, \${separation}: \${words || 'nothing within reach'}\`)
  }
}
`
}
