import type { Recalls } from '../served-memory.js'

/** Bytes in front of a state: energy f64, sweeps u32, flag u8. */
const HEAD = 13
/** Bytes of the longest state whose answer is written as text. */
export const LONGEST_STATE = 4096 - HEAD

/** Ends of a batch of recalls. */
type Ends = Required<Pick<Recalls, 'converged' | 'energies'>> & { readonly sweeps: Uint32Array }

/**
 * The packed answers to recalls that were asked one by one, as texts with a character for each byte: Node sends a header and a text as
 * one piece. All of a batch become text at once, since two calls for each answer, to room for its bytes and to a text of them, would
 * take longer than the recall.
 */
export class PackedTexts {
  readonly #heads: string
  readonly #states: string
  readonly #size: number

  /** @param states of all recalls, one behind the other. */
  constructor({ energies, sweeps, converged }: Ends, states: Uint8Array) {
    const count = converged.length
    const heads = Buffer.allocUnsafe(HEAD * count)
    for (let k = 0, at = 0; k < count; k++, at += HEAD) {
      heads.writeDoubleLE(energies[k], at)
      heads.writeUInt32LE(sweeps[k], at + 8)
      heads[at + 12] = converged[k]
    }
    this.#heads = heads.toString('latin1')
    this.#states = Buffer.from(states.buffer, states.byteOffset, states.length).toString('latin1')
    this.#size = states.length / count
  }

  /** The answer to the k-th recall. */
  at(k: number): string {
    const size = this.#size
    return this.#heads.slice(HEAD * k, HEAD * (k + 1)) + this.#states.slice(size * k, size * (k + 1))
  }
}
