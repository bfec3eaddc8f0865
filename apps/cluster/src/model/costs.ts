import { packedBytes } from '../parts/packed.js'

/** What is recalled, and on what. */
export interface Setting {
  readonly shards: number
  /** N. */
  readonly neurons: number
  /** P. */
  readonly patterns: number
  /** Cues of a batch. */
  readonly batch: number
  /** Bytes per second of the coordinator's link, and of a part's. */
  readonly bandwidth: number
  /** Seconds from one machine to another. */
  readonly latency: number
  /** Bytes of packed patterns that a part goes through per second. */
  readonly speed: number
}

/** What one synchronous step of a Hebbian recall costs. */
export interface Step {
  /** Bytes of patterns that a part holds. */
  readonly held: number
  /** Bytes to and from each part, for the batch. */
  readonly asked: number
  readonly answered: number
  readonly seconds: number
}

/** What a message has beside its numbers. */
const HEAD = 64
/** Bytes of a whole number that is at most `reach`: numbers travel in the narrowest width that holds them. */
const width = (reach: number): number => [1, 2, 4].find((bytes) => reach < 2 ** (8 * bytes - 1)) ?? 8
/** Six deviations beyond the field that a stored pattern makes, of a network of these patterns. */
const reachOf = (neurons: number, patterns: number): number => neurons + 6 * Math.sqrt(neurons * patterns)

/** Seconds of a question to all parts: links carry both ways at once, so the fuller way counts, and one message of the other. */
function travel({ shards, bandwidth, latency }: Setting, out: number, back: number): number {
  return (shards * Math.max(out, back) + Math.min(out, back)) / bandwidth + 2 * latency
}

/**
 * By patterns: the state goes to each part, N fields come back. The parts work side by side, and the coordinator's link carries all of it.
 */
export function byPatterns(setting: Setting): Step {
  const { shards, neurons, patterns, batch, speed } = setting
  const held = Math.ceil(patterns / shards) * packedBytes(neurons)
  const asked = HEAD + batch * packedBytes(neurons)
  const answered = HEAD + batch * neurons * width(reachOf(neurons, patterns / shards))
  // Each pattern is compared with the state once and read out once.
  const work = (2 * batch * held) / speed
  const seconds = travel(setting, asked, answered) + work
  return { held, asked, answered, seconds }
}

/** By neurons: the part's neurons go out and P overlaps come back; P overlaps go out and the part's fields come back. */
export function byNeurons(setting: Setting): Step {
  const { shards, neurons, patterns, batch, speed } = setting
  const own = Math.ceil(neurons / shards)
  const held = patterns * packedBytes(own)
  const state = HEAD + batch * packedBytes(own)
  // A part's overlaps, then all of them.
  const [some, overlaps] = [own, neurons].map((reach) => HEAD + batch * patterns * width(reach))
  const fields = HEAD + batch * own * width(reachOf(neurons, patterns))
  const [asked, answered] = [state + overlaps, some + fields]
  const work = (2 * batch * held) / speed
  const seconds = travel(setting, state, some) + travel(setting, overlaps, fields) + work
  return { held, asked, answered, seconds }
}
