import { FlowProducer, type Job, Queue, type RedisOptions, UnrecoverableError, Worker } from 'bullmq'
import { HopfieldError } from 'hopfield-native'
import { ClusterError } from '../errors.js'
import { decode, encode } from '../network/codec.js'
import { aborted, tried, until, within } from '../tries.js'
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
  /** Where Redis is. It must write down what it is told (`appendonly yes`), or jobs go with it and are done again. */
  readonly connection: RedisOptions
  /** The name of the queue. */
  readonly queue: string
  /** How long Redis may be away before a batch ends in ERR_CLUSTER_ENGINE, ms; 10,000 by default. */
  readonly patience?: number
}

export interface BatchOptions {
  readonly signal?: AbortSignal | undefined
  /** How long a batch may take, ms; as long as it takes by default. */
  readonly deadline?: number | undefined
}

/** A lost Redis is looked for until it is back; what was asked of it meanwhile is asked then. */
const forever = (connection: RedisOptions): RedisOptions => ({
  maxRetriesPerRequest: null,
  retryStrategy: (times: number) => Math.min(50 * times, 500),
  ...connection,
})

/** How often a batch is looked after, ms. */
const LOOK = 50

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
  const doing = new Worker<Data, string>(queue, (job) => done(job, files), {
    connection: forever(connection),
    lockDuration: 5000,
    stalledInterval: 2000,
    runRetryDelay: 500,
    // Not a fault of the job: it may be killed with its process any number of times.
    maxStalledCount: 1000,
  })
  let told: string | undefined
  doing.on('ready', () => {
    told = undefined
  })
  doing.on('error', ({ message }) => {
    if (message !== told) console.error(`worker of '${queue}': ${message}`)
    told = message
  })
  return doing
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

/** Codes of what no other worker could do either. */
const FINAL: readonly string[] = ['ERR_CLUSTER_VALUE', 'ERR_CLUSTER_UNSUPPORTED']

async function work<K extends Kind>(kind: K, given: unknown, files: Files): Promise<Made<K>> {
  try {
    return await WORK[kind](given as Given<K>, files)
  } catch (error) {
    // It would fail again.
    const final =
      error instanceof HopfieldError || (error instanceof ClusterError && FINAL.includes(error.code))
    if (final) throw new UnrecoverableError((error as Error).message)
    throw error
  }
}

function joined<K extends Kind>(kind: K, made: readonly unknown[]): Made<K> {
  return JOIN[kind](made as Made<K>[])
}

/** Work cut into jobs, on a queue. */
export class Flows {
  /** How many jobs were done again, because their worker was lost, and how many flows, because Redis was. */
  doneAgain = 0
  readonly #options: FlowOptions
  readonly #producer: FlowProducer
  readonly #queue: Queue<Data, string>

  constructor(options: FlowOptions) {
    this.#options = options
    const connection = forever(options.connection)
    this.#producer = new FlowProducer({ connection })
    this.#queue = new Queue(options.queue, { connection })
    // Errors of connections: what is asked meanwhile says it by a code.
    this.#producer.on('error', () => {})
    this.#queue.on('error', () => {})
  }

  async close(): Promise<void> {
    await this.#producer.close()
    await this.#queue.close()
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
    { chunk = LEAST, ...batch }: BatchOptions & { readonly chunk?: number } = {},
  ): Promise<Made<'recall'>> {
    const some = Math.max(chunk, LEAST)
    const given = runs(cues.length / neurons, some).map(([from, to]) => ({
      file,
      cues: cues.slice(from * neurons, to * neurons),
      from,
      options,
    }))
    return this.#run('recall', name, given, batch)
  }

  /** Learns vectors into one RandomFeatureMemory, `chunk` of them a job: the file of the memory that had stored them all. */
  learn(
    name: string,
    options: LearnOptions,
    vectors: Float32Array,
    { chunk = 1024, ...batch }: BatchOptions & { readonly chunk?: number } = {},
  ): Promise<Made<'learn'>> {
    const { dimension } = options
    const given = runs(vectors.length / dimension, chunk).map(([from, to]) => ({
      options,
      vectors: vectors.slice(from * dimension, to * dimension),
    }))
    return this.#run('learn', name, given, batch)
  }

  /** Anneals with the seeds `seed` to `seed` + `runs` − 1, one a job, and returns the best. */
  anneal(
    name: string,
    work: Given<'anneal'>,
    count: number,
    batch: BatchOptions = {},
  ): Promise<Made<'anneal'>> {
    return this.#run(
      'anneal',
      name,
      Array.from({ length: count }, (_, k) => ({ ...work, seed: work.seed + k })),
      batch,
    )
  }

  async #run<K extends Kind>(
    kind: K,
    name: string,
    given: readonly Given<K>[],
    { signal, deadline = Number.POSITIVE_INFINITY }: BatchOptions = {},
  ): Promise<Made<K>> {
    const { queue } = this.#options
    if (!/^[\w-]+$/.test(name))
      throw new ClusterError('ERR_CLUSTER_VALUE', `name: expected letters, digits, _ or -, got ${name}`)
    if (given.length === 0)
      throw new ClusterError('ERR_CLUSTER_VALUE', 'expected work for at least one job, got none')
    const ids = given.map((_, place) => `${name}-${place}`)
    const whole = `${name}-all`
    const job = (jobId: string, place: number, bytes: string) => ({
      name: kind,
      queueName: queue,
      data: { kind, place, bytes } satisfies Data,
      opts: { ...TRIES, jobId, failParentOnFailure: place >= 0 },
    })
    const flow = {
      ...job(whole, -1, text(ids)),
      children: given.map((one, place) => job(ids[place], place, text(one))),
    }
    const limit = until(deadline, signal)
    await this.#engine(signal, () => this.#producer.add(flow))
    while (true) {
      const state = await this.#engine(signal, () => this.#queue.getJobState(whole))
      if (state === 'completed') return this.#result<K>(whole, ids, signal)
      if (state === 'failed') throw await this.#failure([...ids, whole], signal)
      if (performance.now() > limit.at)
        throw new ClusterError(
          'ERR_CLUSTER_LOST',
          `flow '${name}': not done within ${deadline} ms; it goes on, and the same name asks for it again`,
        )
      if (state === 'unknown') {
        // Redis has lost it. The same name is the same work.
        this.doneAgain++
        await this.#engine(signal, () => this.#producer.add(flow))
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK))
    }
  }

  async #result<K extends Kind>(
    whole: string,
    ids: readonly string[],
    signal: BatchOptions['signal'],
  ): Promise<Made<K>> {
    const jobs = await this.#engine(signal, () =>
      Promise.all([whole, ...ids].map((id) => this.#queue.getJob(id))),
    )
    for (const job of jobs) this.doneAgain += job?.stalledCounter ?? 0
    const made = jobs[0]?.returnvalue
    if (made === undefined)
      throw new ClusterError('ERR_CLUSTER_LOST', `flow: job ${whole} has left no result`)
    return value(made) as Made<K>
  }

  async #failure(ids: readonly string[], signal: BatchOptions['signal']): Promise<ClusterError> {
    const jobs = await this.#engine(signal, () => Promise.all(ids.map((id) => this.#queue.getJob(id))))
    const failed = jobs.find((job) => job?.failedReason !== undefined && job.finishedOn !== undefined)
    return new ClusterError('ERR_CLUSTER_PART', `job ${failed?.id}: ${failed?.failedReason}`)
  }

  /** A step at Redis, until it works. */
  #engine<T>(signal: BatchOptions['signal'], step: () => Promise<T>): Promise<T> {
    const { patience = 10_000 } = this.#options
    return tried(
      until(patience, signal),
      (left) => aborted(within(step(), left), signal),
      (cause) =>
        new ClusterError(
          'ERR_CLUSTER_ENGINE',
          `Redis has not answered for ${patience} ms; start redis-server, and ask again under the same name: ${(cause as Error).message}`,
          { cause },
        ),
    )
  }
}

function runs(count: number, length: number): [from: number, to: number][] {
  return Array.from({ length: Math.ceil(count / length) }, (_, k) => [
    k * length,
    Math.min((k + 1) * length, count),
  ])
}
