import { randomPatterns } from 'hopfield-native'

/** A plane of states between two patterns: where the patterns agree and where they differ, some neurons follow the first one. */
export class Plane {
  readonly first: Int8Array
  readonly second: Int8Array
  readonly #same: number[]
  readonly #other: number[]

  constructor(first: Int8Array, second: Int8Array, seed: number) {
    this.first = first
    this.second = second
    const order = shuffledBy(
      randomPatterns({ count: 32, neurons: first.length, seed: seed + 1 }),
      first.length,
    )
    this.#same = order.filter((i) => first[i] === second[i])
    this.#other = order.filter((i) => first[i] !== second[i])
  }

  /** The state with these overlaps, as near as whole neurons come; overlaps that no state has are moved to the edge. */
  state(m1: number, m2: number): Int8Array {
    const state = new Int8Array(this.first.length)
    this.#fill(state, this.#same, m1 + m2)
    this.#fill(state, this.#other, m1 - m2)
    return state
  }

  #fill(state: Int8Array, neurons: readonly number[], share: number): void {
    const follow = Math.round((neurons.length * (1 + Math.min(1, Math.max(-1, share)))) / 2)
    for (const [k, i] of neurons.entries()) state[i] = k < follow ? this.first[i] : -this.first[i]
  }
}

/** Neurons in the order of 32 random bits each. */
function shuffledBy(bits: Int8Array, neurons: number): number[] {
  const key = (i: number) => {
    let number = 0
    for (let k = 0; k < 32; k++) number = 2 * number + (bits[k * neurons + i] > 0 ? 1 : 0)
    return number
  }
  const keys = Array.from({ length: neurons }, (_, i) => key(i))
  return keys.map((_, i) => i).sort((a, b) => keys[a] - keys[b] || a - b)
}
