/** How many cues a chunk may have. */
export interface Portion {
  /** Few enough that an abort is soon over, enough that a chunk is worth its while; at least 1. */
  readonly most: number
  /** What kernels take side by side: whole multiples waste nothing. */
  readonly multiple: number
}

/** Cues per chunk where the caller does not say: every thread gets as many as the others, as even as may be. */
export function chunkSize(count: number, threads: number, { most, multiple }: Portion): number {
  const share = Math.max(1, Math.ceil(count / threads))
  const even = Math.ceil(share / Math.ceil(share / most))
  return Math.min(Math.ceil(even / multiple) * multiple, Math.max(most, 1))
}
