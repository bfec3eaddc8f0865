import type { Values } from '../../state/parameters.js'
import type { P } from './parameters.js'

export function program({ network, start, dynamics, side, load, seed }: Values<P>): string {
  const neurons = Number(side) ** 2
  const count = Math.max(1, Math.round(load * neurons))
  const made =
    network === 'hebbian'
      ? `const patterns = randomPatterns({ count: ${count}, neurons, seed, packed: true })
const network = new HopfieldNetwork({ neurons }).store(patterns)`
      : `
// Every neuron follows its four neighbours on a torus.
const wrapped = (at: number) => (at + side) % side
const indices = Array.from({ length: neurons }, (_, i) => {
  const x = i % side
  const y = Math.floor(i / side)
  const four = [wrapped(y - 1) * side + x, y * side + wrapped(x - 1), y * side + wrapped(x + 1), wrapped(y + 1) * side + x]
  return four.sort((a, b) => a - b)
}).flat()
const indptr = Array.from({ length: neurons + 1 }, (_, i) => 4 * i)
const data = new Int32Array(4 * neurons).fill(1)
const network = new HopfieldNetwork({ neurons, weights: { indptr, indices, data } })`
  const synchronous = dynamics === 'synchronous'
  const declared = synchronous ? 'let before = state\n' : ''
  const compared = synchronous
    ? `  const back = sweep > 0 && next.state.every((spin, i) => spin === before[i])
  before = state
`
    : ''
  const back = synchronous
    ? `
  if (back) {
    console.log('a two-cycle')
    break
  }`
    : ''
  const started =
    start === 'random'
      ? 'let state = randomPatterns({ count: 1, neurons, seed: seed + 1 })'
      : `// A chessboard${start === 'halves' ? ' beside a plain' : ''}, with a tenth of the neurons flipped.
const board = Int8Array.from({ length: neurons }, (_, i) => {
  const x = i % side
  const y = Math.floor(i / side)
  return ${start === 'halves' ? 'x >= side / 2 || ' : ''}(x + y) % 2 === 0 ? 1 : -1
})
let state = addNoise(board, { noise: 0.1, seed })`
  const used = [
    ...(start === 'random' ? [] : ['addNoise']),
    'HopfieldNetwork',
    ...(start === 'random' || network === 'hebbian' ? ['randomPatterns'] : []),
  ]
  return `import { ${used.join(', ')} } from 'hopfield-native'

const side = ${side}
const neurons = side * side
const seed = ${seed}
${made}

${started}
${declared}for (let sweep = 0; sweep < 1000; sweep++) {
  const next = network.recall(state, { dynamics: '${dynamics}', seed, stream: sweep, maxSweeps: 1, tie: 'keep' })
${compared}  state = next.state
  console.log(\`sweep \${sweep + 1}: energy \${next.energy}, \${next.flips} flips\`)
  if (next.flips === 0) {
    console.log('a fixed point')
    break
  }${back}
}
`
}
