import type { WordStream } from './philox.js'

/** `count` different whole numbers below `below`, in the order in which they are drawn. */
export function drawDistinct(words: WordStream, count: number, below: number): Uint32Array {
  const drawn = new Set<number>()
  sampleDistinct(words, count, below, (x) => drawn.size < drawn.add(x).size)
  return Uint32Array.from(drawn)
}

/**
 * `count` different whole numbers below `below`, every set of them equally likely, in `count` draws (Floyd's sampling).
 * @param add takes a number; false if it has it already.
 */
export function sampleDistinct(
  words: WordStream,
  count: number,
  below: number,
  add: (x: number) => boolean,
): void {
  for (let last = below - count; last < below; last++) {
    if (!add(words.bounded(last + 1))) add(last)
  }
}
