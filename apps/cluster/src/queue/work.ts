import { createHash } from 'node:crypto'
import {
  fromBytes,
  HopfieldNetwork,
  RandomFeatureMemory,
  type RandomFeatureMemoryOptions,
} from 'hopfield-native'
import { anneal, parseIsing } from 'hopfield-native/optimization'
import { ClusterError } from '../errors.js'
import { chainedRecalls, type Recalled } from '../recall/synchronous.js'

// What a job computes is a function of what it is given, so a job may run twice. A flow cuts work into jobs and joins what they return.

/** Gets a file by its SHA-256. */
export type Files = (name: string) => Promise<Uint8Array>

export interface RecallOptions {
  readonly dynamics?: 'asynchronous' | 'synchronous'
  readonly maxSweeps?: number
  readonly temperature?: number
  readonly seed?: number
}

/** Each kind of work: what a job is given, and what it returns. */
export interface Works {
  /** A batch of cues; cue b has stream `from` + b. */
  recall: [
    {
      readonly file: string
      readonly cues: Int8Array
      readonly from: number
      readonly options: RecallOptions
    },
    Recalled,
  ]
  /** Vectors that a RandomFeatureMemory of these options learns; its sums merge in any order. */
  learn: [{ readonly options: LearnOptions; readonly vectors: Float32Array }, { readonly memory: Uint8Array }]
  /** One annealing run, of a problem in the format of `formatIsing`. */
  anneal: [
    {
      readonly problem: string
      readonly seed: number
      readonly numReads: number
      readonly numSweeps: number
    },
    { readonly seed: number; readonly energy: number; readonly state: Int8Array },
  ]
}

/** Without a backend, which is the worker's own affair. */
export type LearnOptions = Omit<RandomFeatureMemoryOptions, 'backend'>

export type Kind = keyof Works
export type Given<K extends Kind> = Works[K][0]
export type Made<K extends Kind> = Works[K][1]

/** The last memory that was opened, by its file. */
let opened: { file: string; memory: HopfieldNetwork } | undefined

async function memoryOf(file: string, files: Files): Promise<HopfieldNetwork> {
  if (opened?.file === file) return opened.memory
  const bytes = await files(file)
  if (createHash('sha256').update(bytes).digest('hex') !== file)
    throw new ClusterError('ERR_CLUSTER_VALUE', `file ${file}: its bytes have another digest`)
  const memory = fromBytes(bytes)
  if (!(memory instanceof HopfieldNetwork))
    throw new ClusterError(
      'ERR_CLUSTER_UNSUPPORTED',
      `batches recall from a HopfieldNetwork, not a ${memory.constructor.name}`,
    )
  opened = { file, memory }
  return memory
}

/** Does a job. */
export const WORK: { readonly [K in Kind]: (given: Given<K>, files: Files) => Promise<Made<K>> } = {
  async recall({ file, cues, from, options }, files) {
    const { states, converged, sweeps, flips, energies, cycles, alternates } = await (
      await memoryOf(file, files)
    ).recallAsync(cues, { ...options, stream: from })
    const ends = { states, converged, sweeps, flips, energies, cycles }
    return alternates === undefined ? ends : { ...ends, alternates }
  },
  async learn({ options, vectors }) {
    const memory = new RandomFeatureMemory(options)
    await memory.storeAsync(vectors)
    return { memory: memory.toBytes() }
  },
  async anneal({ problem, seed, numReads, numSweeps }) {
    const { energy, state } = anneal(parseIsing(problem), { seed, numReads, numSweeps })
    return { seed, energy, state }
  },
}

/** Joins what the jobs of a flow returned, in their order. */
export const JOIN: { readonly [K in Kind]: (made: readonly Made<K>[]) => Made<K> } = {
  recall: chainedRecalls,
  learn(made) {
    const [first, ...others] = made.map(({ memory }) => RandomFeatureMemory.fromBytes(memory))
    for (const other of others) first.merge(other)
    return { memory: first.toBytes() }
  },
  anneal(made) {
    // The least energy, and among equals the first seed.
    return made.reduce((best, one) => (one.energy < best.energy ? one : best))
  },
}
