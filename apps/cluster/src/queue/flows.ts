import {
  type ConnectionOptions,
  FlowProducer,
  type Job,
  QueueEvents,
  UnrecoverableError,
  Worker,
} from 'bullmq'
import { HopfieldError } from 'hopfield-native'
import { ClusterError } from '../errors.js'
import { decode, encode } from '../network/codec.js'
import {
  type Files,
  type Given,
  JOIN,
  type Kind,
  type LearnOptions,
  type Made,
  type RecallOptions,
  WORK,
} from './work.js'

/** Cues of a job: a job costs 60 to 240 µs, which fewer cues would not outweigh. */
export const LEAST = 256

/** A job's data, and what it returns: bytes in base64, as Redis keeps text. */
interface Data {
  readonly kind: Kind
  /** Its place in the flow; −1 of the job that joins. */
  readonly place: number
  readonly bytes: string
}

const text = (value: unknown): string => Buffer.from(encode(value)).toString('base64')
const value = (bytes: string): unknown => decode(Buffer.from(bytes, 'base64'))

export interface FlowOptions {
  readonly connection: ConnectionOptions
  /** The name of the queue. */
  readonly queue: string
}

/** How often a job is tried, whatever ended the tries before. */
const TRIES = {
  attempts: 5,
  backoff: { type: 'fixed', delay: 200 },
  removeOnComplete: 1000,
  removeOnFail: 1000,
}

/**
 * A process that does jobs. A job of a process that died is done by another one.
 * @param files where memories are read from, by SHA-256.
 */
export function worker({ connection, queue }: FlowOptions, files: Files): Worker {
  return new Worker<Data, string>(queue, (job) => done(job, files), {
    connection,
    lockDuration: 5000,
    stalledInterval: 2000,
    // Not a fault of the job: it may be killed with its process any number of times.
    maxStalledCount: 1000,
  })
}

async function done(job: Job<Data, string>, files: Files): Promise<string> {
  const { kind, place, bytes } = job.data
  if (place >= 0) return text(await work(kind, value(bytes), files))
  const children = await job.getChildrenValues<string>()
  const places = value(bytes) as string[]
  const made = places.map((id) => {
    const one = Object.entries(children).find(([key]) => key.endsWith(`:${id}`))
    if (one === undefined) throw new ClusterError('ERR_CLUSTER_LOST', `flow: job ${id} has left no result`)
    return value(one[1])
  })
  return text(joined(kind, made))
}

async function work<K extends Kind>(kind: K, given: unknown, files: Files): Promise<Made<K>> {
  try {
    return await WORK[kind](given as Given<K>, files)
  } catch (error) {
    // It would fail again.
    if (error instanceof HopfieldError) throw new UnrecoverableError(error.message)
    throw error
  }
}

function joined<K extends Kind>(kind: K, made: readonly unknown[]): Made<K> {
  return JOIN[kind](made as Made<K>[])
}

/** Work cut into jobs, on a queue. */
export class Flows {
  readonly #options: FlowOptions
  readonly #producer: FlowProducer
  readonly #events: QueueEvents

  constructor(options: FlowOptions) {
    this.#options = options
    this.#producer = new FlowProducer({ connection: options.connection })
    this.#events = new QueueEvents(options.queue, { connection: options.connection })
  }

  async close(): Promise<void> {
    await this.#producer.close()
    await this.#events.close()
  }

  /**
   * Recalls many cues of a kept network, `chunk` of them a job.
   * @param name of this work: the same name is the same work, and is done once.
   */
  recall(
    name: string,
    file: string,
    cues: Int8Array,
    neurons: number,
    options: RecallOptions = {},
    chunk = LEAST,
  ): Promise<Made<'recall'>> {
    const some = Math.max(chunk, LEAST)
    const given = runs(cues.length / neurons, some).map(([from, to]) => ({
      file,
      cues: cues.slice(from * neurons, to * neurons),
      from,
      options,
    }))
    return this.#run('recall', name, given)
  }

  /** Learns vectors into one RandomFeatureMemory, `chunk` of them a job: the file of the memory that had stored them all. */
  learn(name: string, options: LearnOptions, vectors: Float32Array, chunk = 1024): Promise<Made<'learn'>> {
    const { dimension } = options
    const given = runs(vectors.length / dimension, chunk).map(([from, to]) => ({
      options,
      vectors: vectors.slice(from * dimension, to * dimension),
    }))
    return this.#run('learn', name, given)
  }

  /** Anneals with the seeds `seed` to `seed` + `runs` − 1, one a job, and returns the best. */
  anneal(name: string, work: Given<'anneal'>, count: number): Promise<Made<'anneal'>> {
    return this.#run(
      'anneal',
      name,
      Array.from({ length: count }, (_, k) => ({ ...work, seed: work.seed + k })),
    )
  }

  async #run<K extends Kind>(kind: K, name: string, given: readonly Given<K>[]): Promise<Made<K>> {
    const { queue } = this.#options
    if (!/^[\w-]+$/.test(name))
      throw new ClusterError('ERR_CLUSTER_VALUE', `name: expected letters, digits, _ or -, got ${name}`)
    if (given.length === 0)
      throw new ClusterError('ERR_CLUSTER_VALUE', 'expected work for at least one job, got none')
    const ids = given.map((_, place) => `${name}-${place}`)
    const job = (jobId: string, place: number, bytes: string) => ({
      name: kind,
      queueName: queue,
      data: { kind, place, bytes } satisfies Data,
      opts: { ...TRIES, jobId, failParentOnFailure: place >= 0 },
    })
    let why: string | undefined
    const failed = ({ jobId, failedReason }: { jobId: string; failedReason: string }): void => {
      if (ids.includes(jobId)) why ??= `job ${jobId}: ${failedReason}`
    }
    await this.#events.waitUntilReady()
    this.#events.on('failed', failed)
    try {
      const flow = await this.#producer.add({
        ...job(`${name}-all`, -1, text(ids)),
        children: given.map((one, place) => job(ids[place], place, text(one))),
      })
      return value((await flow.job.waitUntilFinished(this.#events)) as string) as Made<K>
    } catch (error) {
      throw why === undefined ? error : new ClusterError('ERR_CLUSTER_PART', why, { cause: error })
    } finally {
      this.#events.off('failed', failed)
    }
  }
}

function runs(count: number, length: number): [from: number, to: number][] {
  return Array.from({ length: Math.ceil(count / length) }, (_, k) => [
    k * length,
    Math.min((k + 1) * length, count),
  ])
}
