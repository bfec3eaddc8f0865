import type { Values } from '../../state/parameters.js'
import { hexOf, UNHEX } from '../pictures/text.js'
import { NEURONS, type P } from './parameters.js'

export async function program({ film, rule, noise, seed }: Values<P>): Promise<string> {
  const { framesOf } = await import('./films.js')
  const { default: projection } = await import('./projection.ts?raw')
  const frames = framesOf({ film, seed })
  const count = frames.length / NEURONS
  const hex = Array.from({ length: count }, (_, k) => hexOf(frames.subarray(k * NEURONS, (k + 1) * NEURONS)))
  const drawn = `${UNHEX}

const frames = [
${hex.map((digits) => `  '${digits}',`).join('\n')}
].map(picture)
const stored = new Int8Array(frames.length * neurons)
for (const [k, frame] of frames.entries()) stored.set(frame, k * neurons)`
  const random = `const stored = randomPatterns({ count: ${count}, neurons, seed })`
  const names = ['addNoise', ...(film === 'random' ? [] : ['bipolar']), 'formatGlyph', 'HopfieldNetwork']
  if (film === 'random') names.push('randomPatterns')
  const network =
    rule === 'sequence'
      ? `new HopfieldNetwork({ neurons, learning: { kind: 'sequence', cyclic: true } }).store(stored)`
      : `new HopfieldNetwork({ neurons, weights: projectionToNext(stored, neurons) })`
  return `import { ${names.join(', ')} } from 'hopfield-native'

const neurons = ${NEURONS}
const seed = ${seed}
${film === 'random' ? random : drawn}
const count = stored.length / neurons
const network = ${network}

let state = addNoise(stored.subarray(0, neurons), { noise: ${noise}, seed })
for (let update = 0; update <= 2 * count; update++) {
  const due = (update % count) * neurons
  const m = state.reduce((sum, spin, i) => sum + spin * stored[due + i], 0) / neurons
  console.log(\`update \${update}: m = \${m.toFixed(2)}\\n\${formatGlyph(state)}\`)
  state = network.recall(state, { dynamics: 'synchronous', maxSweeps: 1, seed }).state
}
${rule === 'projection' ? `\n${projection.replace('export ', '')}` : ''}`
}
