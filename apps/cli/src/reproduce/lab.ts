import { crc32 } from 'node:zlib'

/** What a row measures with: its seed, how much it may do, and who may end it. */
export class Lab {
  /** Network k of the row has this seed and k more; those of one size follow those of the size before. */
  readonly seed: bigint
  readonly quick: boolean
  readonly #signal: AbortSignal
  #next = 0n

  constructor(id: string, seed: bigint, quick: boolean, signal: AbortSignal) {
    // Rows share no network, so that one bad draw spoils one row. Below 2^53, as any tool can pass it on.
    this.seed = BigInt.asUintN(52, BigInt(crc32(`${seed} ${id}`)) << 20n)
    this.quick = quick
    this.#signal = signal
  }

  /** Limits of a call off the event loop: two rows run at a time, so each has one thread. */
  get limits(): { readonly signal: AbortSignal; readonly threads: number } {
    return { signal: this.#signal, threads: 1 }
  }

  /** One of two sizes: of the full report, or of the quick one. */
  pick<T>(full: T, quick: T): T {
    return this.quick ? quick : full
  }

  /** The next networks are the first ones again: for differences between pairs. */
  again(): void {
    this.#next = 0n
  }

  /** One number a network; each has a seed of its own, so that networks of several sizes are independent too. */
  async over(networks: number, measure: (seed: bigint) => Promise<number> | number): Promise<number[]> {
    const values: number[] = []
    for (let k = 0; k < networks; k++) {
      // The event loop turns between networks, so that signals arrive and the other row goes on.
      await new Promise((resolve) => setImmediate(resolve))
      this.#signal.throwIfAborted()
      values.push(await measure(this.seed + this.#next++))
    }
    return values
  }
}
