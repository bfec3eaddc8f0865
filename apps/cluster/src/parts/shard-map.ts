import type { Interaction, KeyFacts } from 'hopfield-native'

/** One part: which patterns or neurons it has, and where its file lies. */
export interface Shard {
  readonly from: number
  readonly to: number
  /** The name of its snapshot; it names the contents. */
  readonly file: string
}

interface Common {
  /** Grows with every map; a request is answered under one version, wholly. */
  readonly version: number
  readonly shards: readonly Shard[]
  /** P or M, the number of patterns. */
  readonly count: number
}

/** A memory of ±1 neurons, its patterns or its neurons in parts. */
export interface HebbianMap extends Common {
  readonly model: 'hebbian'
  readonly axis: 'patterns' | 'neurons'
  readonly neurons: number
  /** What whole fields and twice whole energies are divided by: N, or 1. */
  readonly scale: number
}

export interface DenseMap extends Common {
  readonly model: 'dense'
  readonly axis: 'patterns'
  readonly neurons: number
  /** 'table' for a table of whole numbers, which only the parts know. */
  readonly interaction: Exclude<Interaction, { kind: 'table' }> | { kind: 'table' }
}

export interface ModernMap extends Common {
  readonly model: 'modern'
  readonly axis: 'patterns'
  readonly dimension: number
  /** e where keys have values of their own. */
  readonly values: number | undefined
  readonly facts: KeyFacts
}

/** What a coordinator knows of a memory: how it is cut, and what a recall must know of the whole. */
export type ShardMap = HebbianMap | DenseMap | ModernMap

/** `count` in `parts` runs of nearly equal length, each but the last a multiple of 64. */
export function cut(count: number, parts: number): (readonly [from: number, to: number])[] {
  const blocks = Math.ceil(count / 64)
  const ends = Array.from({ length: parts }, (_, k) =>
    Math.min(64 * Math.round((blocks * (k + 1)) / parts), count),
  )
  return ends.map((to, k) => [k === 0 ? 0 : ends[k - 1], to] as const)
}
