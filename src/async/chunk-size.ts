/** Bounds on the cues per chunk. */
export interface Portion {
  /** Most cues per chunk, at least 1: few enough that an abort takes effect soon, enough that a chunk is worth its overhead. */
  readonly most: number
  /** Cues that kernels compute side by side; chunks are multiples of it. */
  readonly multiple: number
}

/** The default of cues per chunk: all threads get the same number of cues, as far as possible. */
export function chunkSize(count: number, threads: number, { most, multiple }: Portion): number {
  const share = Math.max(1, Math.ceil(count / threads))
  const even = Math.ceil(share / Math.ceil(share / most))
  return Math.min(Math.ceil(even / multiple) * multiple, Math.max(most, 1))
}
