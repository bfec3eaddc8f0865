import type { Values } from '../../state/parameters.js'
import { drawnSign, SIGNS } from '../pictures/strokes.js'
import { hexOf, UNHEX } from '../pictures/text.js'
import { type P, SIDE } from './parameters.js'

export function program({ count, glyph, noise, seed }: Values<P>): string {
  const wanted = Math.min(glyph, count) - 1
  const signs = SIGNS.slice(0, count).map((sign) => `  ['${sign}', '${hexOf(drawnSign(sign, SIDE))}'],`)
  return `import { addNoise, bipolar, DenseAssociativeMemory, formatGlyph, HopfieldNetwork } from 'hopfield-native'

${UNHEX}

const signs = [
${signs.join('\n')}
]
const neurons = 256
const noise = ${noise}
const seed = ${seed}
const wanted = ${wanted} // ${SIGNS[wanted]}
const stored = signs.map(([, hex]) => picture(hex))
const cues = stored.map((sign, mu) => addNoise(sign, { noise, seed, stream: mu }))

const radius = Math.round(noise * neurons) + 2
const memories = {
  hebbian: new HopfieldNetwork({ neurons }),
  pseudoinverse: new HopfieldNetwork({ neurons, learning: 'pseudoinverse' }),
  dense: new DenseAssociativeMemory({ neurons, interaction: { kind: 'exponential', beta: 0.1 } }),
  epanechnikov: new DenseAssociativeMemory({ neurons, interaction: { kind: 'epanechnikov', radius } }),
}
console.log(formatGlyph(cues[wanted]))
for (const [name, memory] of Object.entries(memories)) {
  memory.store(stored)
  const { states } = memory.recallBatch(cues, { seed })
  const restored = stored.filter((sign, mu) => sign.every((spin, i) => spin === states[mu * neurons + i])).length
  console.log(\`\\n\${name}: restores \${restored} of \${stored.length}\`)
  console.log(formatGlyph(states.slice(wanted * neurons, (wanted + 1) * neurons)))
}
`
}
