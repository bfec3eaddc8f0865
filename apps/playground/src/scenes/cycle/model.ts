import { addNoise, HopfieldNetwork, randomPatterns } from 'hopfield-native'
import type { Values } from '../../state/parameters.js'
import { model } from '../scene.js'
import type { P } from './parameters.js'

export interface Frame {
  /** ±1, and what the states were one sweep before. */
  readonly state: Int8Array
  readonly before: Int8Array
  /** Per sweep, from the start on: E of the state, E of it and the one before, and the share of neurons that flipped. */
  readonly energies: Float64Array
  readonly pairs: Float64Array
  readonly flips: Float64Array
  /** 1 at rest, 2 in a two-cycle, 0 before that. */
  readonly cycle: number
}

/** Every neuron's four neighbours on a torus, each with weight 1. */
export function neighbours(side: number) {
  const neurons = side * side
  const wrapped = (at: number) => (at + side) % side
  const indices = Array.from({ length: neurons }, (_, i) => {
    const [x, y] = [i % side, Math.floor(i / side)]
    return [
      wrapped(y - 1) * side + x,
      y * side + wrapped(x - 1),
      y * side + wrapped(x + 1),
      wrapped(y + 1) * side + x,
    ].sort((a, b) => a - b)
  }).flat()
  return {
    indptr: Int32Array.from({ length: neurons + 1 }, (_, i) => 4 * i),
    indices: Int32Array.from(indices),
    data: new Int32Array(4 * neurons).fill(1),
  }
}

function networkOf({ network, side, load, seed }: Values<P>): HopfieldNetwork {
  const neurons = Number(side) ** 2
  if (network === 'neighbours') return new HopfieldNetwork({ neurons, weights: neighbours(Number(side)) })
  const count = Math.max(1, Math.round(load * neurons))
  return new HopfieldNetwork({ neurons }).store(randomPatterns({ count, neurons, seed, packed: true }))
}

/** A tenth of its neurons is flipped. */
function startOf({ start, side, seed }: Values<P>): Int8Array {
  const [width, neurons] = [Number(side), Number(side) ** 2]
  if (start === 'random') return randomPatterns({ count: 1, neurons, seed: seed + 1 })
  const chess = (x: number, y: number) => ((x + y) % 2 === 0 ? 1 : -1)
  const plain = (x: number) => start === 'halves' && x >= width / 2
  const state = Int8Array.from({ length: neurons }, (_, i) =>
    plain(i % width) ? 1 : chess(i % width, Math.floor(i / width)),
  )
  return addNoise(state, { noise: 0.1, seed })
}

export default model<P, never, Frame>({
  create(first) {
    let values = first
    const network = networkOf(values)
    let state = startOf(values)
    let before = state
    let sweeps = 0
    let cycle = 0
    const energies = [network.energy(state)]
    const pairs = [energies[0]]
    const flips = [0]

    return {
      change(now, { network, start, side, load, seed }) {
        if (now.network !== network || now.side !== side || now.load !== load || now.seed !== seed)
          return false
        if (now.start !== start) return false
        if (now.dynamics !== values.dynamics) cycle = 0
        values = now
        return true
      },
      advance() {
        const { dynamics, seed } = values
        const options = { dynamics, seed, stream: sweeps, maxSweeps: 1, tie: 'keep' } as const
        const next = network.recall(state, options)
        const field = network.localField(state)
        let pair = 0
        let back = true
        for (let i = 0; i < state.length; i++) {
          pair -= 0.5 * next.state[i] * field[i]
          back &&= next.state[i] === before[i]
        }
        cycle = next.flips === 0 ? 1 : dynamics === 'synchronous' && back && sweeps > 0 ? 2 : 0
        before = state
        state = next.state
        sweeps++
        energies.push(next.energy)
        pairs.push(pair)
        flips.push(next.flips / state.length)
        return cycle !== 1
      },
      frame: () => ({
        state: state.slice(),
        before: before.slice(),
        energies: Float64Array.from(energies.slice(-MOST)),
        pairs: Float64Array.from(pairs.slice(-MOST)),
        flips: Float64Array.from(flips.slice(-MOST)),
        cycle,
      }),
    }
  },
})

/** How many sweeps the lines show. */
const MOST = 60
