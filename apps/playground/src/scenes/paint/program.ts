import { picturesOf } from '../../pictures/drawings.js'
import type { Values } from '../../state/parameters.js'
import { pictureText, resized } from '../../state/picture.js'
import type { P } from './parameters.js'
import { targetOf } from './start.js'

export async function program(values: Values<P>): Promise<string> {
  const { side, rule, dynamics, damage, amount, seed, cue, pictures } = values
  const size = Number(side)
  const patterns = picturesOf(pictures, size).map((picture) => resized(picture, size))
  const texts = await Promise.all(patterns.map(pictureText))
  const target = targetOf(values, patterns.length)
  const start =
    cue.length > 0
      ? `pictureOf('${await pictureText(resized(cue[0], size))}')`
      : damage === 'noise'
        ? `addNoise(pictures[${target}], { noise: ${amount}, seed })`
        : `mask(pictures[${target}], { keep: ${1 - amount} })`
  const used = cue.length > 0 ? [] : [damage === 'noise' ? 'addNoise' : 'mask']
  const learning = rule === 'hebbian' ? `'hebbian'` : `{ kind: 'pseudoinverse', dependent: 'skip' }`
  const order = dynamics === 'asynchronous'
  const shuffling = `
/** Every neuron once, in an order that the seed gives. */
function shuffled(seed: number): Uint32Array {
  const order = Uint32Array.from({ length: neurons }, (_, i) => i)
  let word = seed
  for (let left = neurons; left > 1; left--) {
    word = (Math.imul(word, 1664525) + 1013904223) >>> 0
    const chosen = Math.floor((word / 2 ** 32) * left)
    ;[order[left - 1], order[chosen]] = [order[chosen], order[left - 1]]
  }
  return order
}
`
  return `import { inflateRawSync } from 'node:zlib'
import { ${[...used, 'HopfieldNetwork'].sort((a, b) => a.localeCompare(b)).join(', ')} } from 'hopfield-native'

const side = ${size}
const neurons = side * side
const seed = ${seed}

/** ±1 pixels from a bit per pixel, deflated, in base64. */
function pictureOf(text: string): Int8Array {
  const bits = inflateRawSync(Buffer.from(text, 'base64url'))
  return Int8Array.from({ length: neurons }, (_, i) => ((bits[i >> 3] >> (i & 7)) & 1 ? 1 : -1))
}
${order ? shuffling : ''}
const pictures = [
${texts.map((text) => `  '${text}',`).join('\n')}
].map(pictureOf)

const network = new HopfieldNetwork({ neurons, learning: ${learning} }).store(pictures)
const cue = ${start}
const result = network.recall(cue, { ${order ? 'order: shuffled(seed)' : "dynamics: 'synchronous'"} })

const overlaps = Array.from(network.overlaps(result.state), (overlap) => overlap.toFixed(2))
console.log(\`energy \${network.energy(cue).toFixed(1)} → \${result.energy.toFixed(1)} in \${result.sweeps} sweeps\`)
console.log(\`overlaps \${overlaps.join(' ')}\`)
`
}
