import type { Interaction, KeyFacts } from 'hopfield-native'
import { ClusterError } from '../errors.js'

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

/**
 * A map as the store has it.
 * @throws ClusterError ERR_CLUSTER_VALUE for text that is no map, saying what is wrong.
 */
export function readMap(text: string): ShardMap {
  let given: Partial<ShardMap> | null
  try {
    given = JSON.parse(text)
  } catch (error) {
    throw malformed((error as Error).message)
  }
  if (typeof given !== 'object' || given === null) throw malformed('expected an object')
  const { version, model, axis, count, shards } = given
  if (!whole(version) || version < 1) throw malformed(`version is ${version}`)
  if (!whole(count) || count < 1) throw malformed(`count is ${count}`)
  if (!['hebbian', 'dense', 'modern'].includes(model as string)) throw malformed(`model is ${model}`)
  if (axis !== 'patterns' && !(axis === 'neurons' && model === 'hebbian')) throw malformed(`axis is ${axis}`)
  const size = given.model === 'modern' ? given.dimension : (given as { neurons?: unknown }).neurons
  if (!whole(size) || size < 1) throw malformed(`it is of ${size} neurons or dimensions`)
  let at = 0
  for (const [k, shard] of (Array.isArray(shards) ? shards : [undefined]).entries()) {
    const { from, to, file } = (shard ?? {}) as Partial<Shard>
    if (from !== at || !whole(to) || to <= at || !/^[0-9a-f]{64}$/.test(String(file)))
      throw malformed(`part ${k} is ${JSON.stringify(shard)}`)
    at = to
  }
  const length = axis === 'neurons' ? size : count
  if (at !== length) throw malformed(`its parts end at ${at}, not ${length}`)
  return given as ShardMap
}

const whole = (value: unknown): value is number => Number.isSafeInteger(value)

function malformed(what: string): ClusterError {
  return new ClusterError('ERR_CLUSTER_VALUE', `map: ${what}`)
}

/** `count` in `parts` runs of nearly equal length, each but the last a multiple of 64. */
export function cut(count: number, parts: number): (readonly [from: number, to: number])[] {
  const blocks = Math.ceil(count / 64)
  const ends = Array.from({ length: parts }, (_, k) =>
    Math.min(64 * Math.round((blocks * (k + 1)) / parts), count),
  )
  return ends.map((to, k) => [k === 0 ? 0 : ends[k - 1], to] as const)
}
