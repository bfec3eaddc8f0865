import type { Values } from '../../state/parameters.js'
import { drawnSign } from '../pictures/strokes.js'
import { hexOf, UNHEX } from '../pictures/text.js'
import type { P } from './parameters.js'

export function program({ neurons: side, temperature, load, seed }: Values<P>): string {
  const neurons = Number(side) ** 2
  const count = Math.max(1, Math.round(load * neurons))
  return `import { bipolar, formatGlyph, HopfieldNetwork, randomPatterns, retrievalOverlap } from 'hopfield-native'

${UNHEX}

const neurons = ${neurons}
const count = ${count}
const seed = ${seed}
const temperature = ${temperature}
const letter = picture('${hexOf(drawnSign('H', Number(side)))}')
const network = new HopfieldNetwork({ neurons }).store(letter)
if (count > 1) network.store(randomPatterns({ count: count - 1, neurons, seed }))

let state = letter
for (let sweep = 0; sweep < 200; sweep++) {
  state = network.recall(state, { temperature, maxSweeps: 1, seed, stream: sweep }).state
  if (sweep % 20 === 19) console.log(\`sweep \${sweep + 1}: m = \${network.overlaps(state)[0].toFixed(3)}\`)
}
console.log(\`theory (Amit, Gutfreund, Sompolinsky 1987): \${retrievalOverlap(count / neurons, temperature).toFixed(3)}\`)
console.log(formatGlyph(state))
`
}
