import type { Values } from '../../state/parameters.js'
import { NEURONS, type P } from './parameters.js'

export function program({ memory, others, first, second, temperature, seed }: Values<P>): string {
  const degree = { hebbian: 2, cubic: 3, quartic: 4 }[memory]
  const hebbian = memory === 'hebbian'
  const name = hebbian ? 'HopfieldNetwork' : 'DenseAssociativeMemory'
  const interaction = hebbian ? '' : `, interaction: { kind: 'polynomial', degree: ${degree} }`
  const heat = hebbian ? `${temperature}` : `${temperature} * ${degree} * neurons ** ${degree - 1}`
  const unit = hebbian ? 'neurons / 2' : `neurons ** ${degree}`
  return `import { ${name}, randomPatterns } from 'hopfield-native'

const neurons = ${NEURONS}
const seed = ${seed}
const patterns = randomPatterns({ count: ${others} + 2, neurons, seed })
const network = new ${name}({ neurons${interaction} }).store(patterns)
const temperature = ${heat}
const unit = ${unit} // the energy at a pattern that is alone

// A state between the first two patterns: where they agree and where they differ, some neurons follow the first one.
const first = patterns.slice(0, neurons)
const second = patterns.slice(neurons, 2 * neurons)
const bits = randomPatterns({ count: 32, neurons, seed: seed + 1 })
const keys = Array.from({ length: neurons }, (_, i) => {
  let key = 0
  for (let k = 0; k < 32; k++) key = 2 * key + (bits[k * neurons + i] > 0 ? 1 : 0)
  return key
})
const order = keys.map((_, i) => i).sort((a, b) => keys[a] - keys[b] || a - b)
let state = new Int8Array(neurons)
function fill(group: number[], share: number): void {
  const follow = Math.round((group.length * (1 + Math.min(1, Math.max(-1, share)))) / 2)
  group.forEach((i, k) => {
    state[i] = k < follow ? first[i] : -first[i]
  })
}
fill(order.filter((i) => first[i] === second[i]), ${first} + ${second})
fill(order.filter((i) => first[i] !== second[i]), ${first} - ${second})

for (let sweep = 0; sweep < 100; sweep++) {
  const next = network.recall(state, { seed, stream: sweep, temperature, maxSweeps: 1 })
  state = next.state
  if (next.flips === 0 && temperature === 0) break
  const [m1, m2] = network.overlaps(state)
  const energy = (next.energy / unit).toFixed(3)
  console.log(\`sweep \${sweep + 1}: overlaps \${m1.toFixed(2)} and \${m2.toFixed(2)}, energy \${energy}\`)
}
`
}
