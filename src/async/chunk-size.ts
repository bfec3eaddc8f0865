/** What the size of a chunk depends on. */
export interface ChunkQuestion {
  readonly neurons: number
  /** What one sweep does for each neuron: P bits of implicit weights, N numbers of dense ones. */
  readonly patterns: number
  readonly dense: boolean
  readonly asynchronous: boolean
  readonly count: number
  readonly threads: number
  /** Whether chunks are computed beside this thread. */
  readonly parallel: boolean
}

/**
 * Cues a chunk where the caller does not say.
 *
 * Beside this thread: 2^30/(N·P), which is ten milliseconds for cues near a pattern, so that an abort is soon over; 32 to
 * 4096; no more than 2^23 values, which take about a millisecond to pack here; and every thread gets as many as the
 * others, as even as may be. On this thread: about 3 ms of work for such cues, at least one cue.
 */
export function defaultChunk(question: ChunkQuestion): number {
  const { neurons, patterns, dense, asynchronous, count, threads, parallel } = question
  if (!parallel) {
    // Measured: 5e8 bit operations a second; a recall is about four sweeps, asynchronous ones four times as dear.
    const operations = 4 * neurons * Math.max(patterns, 1) * (asynchronous && !dense ? 4 : 1)
    return Math.max(1, Math.floor((3e-3 * 5e8) / operations))
  }
  const bits = neurons * Math.max(patterns, 1) * (dense ? 32 : 1)
  const share = Math.max(1, Math.ceil(count / threads))
  const most = Math.min(
    Math.max(Math.floor(2 ** 30 / bits), 32),
    4096,
    Math.max(Math.floor(2 ** 23 / neurons), 1),
  )
  const even = Math.ceil(share / Math.ceil(share / most))
  // Whole squares of the matrix unit.
  return Math.min(Math.ceil(even / 32) * 32, Math.max(most, 1))
}
