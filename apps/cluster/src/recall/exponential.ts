import { DenseAssociativeMemory, PackedPatterns } from 'hopfield-native'
import { packedStates } from '../parts/packed.js'
import type { Ask } from '../parts/questions.js'
import type { DenseMap } from '../parts/shard-map.js'
import { scatter } from './gather.js'

// An exponential F weighs patterns relative to the largest overlap, and is exactly zero beyond 64·ln 2/(2β) neurons more than the nearest
// one differs. Real sums have eight accumulators, pattern μ in μ mod 8, and a term of zero changes no bit (docs/numerics.md). So a memory
// of the patterns within reach alone, each at its own place modulo 8, has the fields and the energy of all of them.

/** 64·ln 2 and a little more. */
const CUT_OFF = 44.37

/** Of a state, what the patterns with weight say. */
export interface Heard {
  readonly fields: Float64Array
  readonly energy: number
  readonly active: number
}

/** Fields, energies and active patterns of B states, with the bits of one memory. */
export async function hearExponential(map: DenseMap, ask: Ask, states: Int8Array): Promise<Heard[]> {
  const { neurons, interaction } = map
  const words = packedStates(states, neurons)
  const count = states.length / neurons
  const most = new Float64Array(count).fill(Number.NEGATIVE_INFINITY)
  for (const { scores } of await scatter(map, ask, 'nearest', { words, k: 1 }))
    for (let b = 0; b < count; b++) most[b] = Math.max(most[b], scores[b])
  const { beta = 1 } = interaction as { beta?: number }
  // Of neurons; a visited neuron may bring a pattern one nearer.
  const reach = 2 + Math.floor(CUT_OFF / (2 * beta))
  const least = most.map((v) => v - 2 * reach)
  const near = await scatter(map, ask, 'near', { words, least })
  const stride = words.length / count
  const next = near.map(() => 0)
  return Array.from({ length: count }, (_, b) => {
    const state = states.subarray(b * neurons, (b + 1) * neurons)
    // The inverse of the state is so far from it that its weight is zero, where any pattern at all is left out.
    const filler = packedStates(
      Int8Array.from(state, (s) => -s),
      neurons,
    )
    const rows: Uint32Array[] = []
    let last = -1
    for (const [part, { counts, indices, words: own }] of near.entries()) {
      for (let k = next[part]; k < next[part] + counts[b]; k++) {
        const mu = map.shards[part].from + indices[k]
        for (let gap = (mu - last - 1) % 8; gap > 0; gap--) rows.push(filler)
        rows.push(own.subarray(k * stride, (k + 1) * stride))
        last = mu
      }
      next[part] += counts[b]
    }
    const packed = new Uint32Array(rows.length * stride)
    for (const [k, row] of rows.entries()) packed.set(row, k * stride)
    const memory = new DenseAssociativeMemory({
      neurons,
      interaction: interaction as { kind: 'exponential' },
    })
    memory.store(new PackedPatterns({ neurons, words: packed }))
    const held = { clamp: new Uint8Array(neurons).fill(1), maxSweeps: 1 }
    const { energy, active = 0 } = memory.recall(state, held)
    return { fields: memory.localField(state), energy, active }
  })
}
