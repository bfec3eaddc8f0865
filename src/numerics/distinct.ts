import type { WordStream } from './philox.js'

/**
 * `count` different whole numbers below `below`, every set of them equally likely, in `count` draws (Floyd's sampling).
 * @param has whether a number is among those taken.
 */
export function sampleDistinct(
  words: WordStream,
  count: number,
  below: number,
  has: (x: number) => boolean,
  take: (x: number) => void,
): void {
  for (let last = below - count; last < below; last++) {
    const drawn = words.bounded(last + 1)
    take(has(drawn) ? last : drawn)
  }
}
