import type { NatsConnection } from '@nats-io/transport-node'
import type { AnyMemory } from 'hopfield-native'
import { ClusterError } from '../errors.js'
import type { Answered, Ask, Asked, Operation } from '../parts/questions.js'
import type { ShardMap } from '../parts/shard-map.js'
import { type SplitOptions, split } from '../parts/split.js'
import { Coordinator } from '../recall/coordinator.js'
import { decode, encode, type Reply } from './codec.js'
import { checkName, MapStore, subjectOf } from './store.js'

export interface ClusterOptions {
  readonly memory: string
  /** How long a request may take, ms; 10,000 by default. */
  readonly deadline?: number
  /** How long one replica may take for a question before another is asked, ms; 1,000 by default. */
  readonly patience?: number
}

export interface RequestOptions {
  readonly signal?: AbortSignal | undefined
  readonly deadline?: number | undefined
}

/** Pauses between questions that found nobody, ms: doubled each time up to the second. */
const PAUSES = [5, 200] as const

/** A memory in parts behind NATS. */
export class Cluster {
  readonly #nats: NatsConnection
  readonly #store: MapStore
  readonly #options: ClusterOptions
  #map: ShardMap | undefined
  #stop: () => void = () => {}

  private constructor(nats: NatsConnection, store: MapStore, options: ClusterOptions) {
    this.#nats = nats
    this.#store = store
    this.#options = options
  }

  static async open(nats: NatsConnection, options: ClusterOptions): Promise<Cluster> {
    checkName(options.memory)
    const store = await MapStore.open(nats)
    const cluster = new Cluster(nats, store, options)
    cluster.#map = await store.map(options.memory, 'now')
    cluster.#stop = await store.watch(options.memory, 'now', (map) => {
      cluster.#map = map
    })
    return cluster
  }

  /** The map in force; undefined before the first one. */
  get map(): ShardMap | undefined {
    return this.#map
  }

  close(): void {
    this.#stop()
  }

  /**
   * Cuts a memory anew and puts the map in force: snapshots first, then the announcement; when every part of it answers, the version is
   * asked from then on. Requests under way end under the version that they began with.
   * @throws ClusterError ERR_CLUSTER_LOST where a part does not come up in time; the former version then stays in force.
   */
  async publish(
    memory: AnyMemory,
    options: Omit<SplitOptions, 'version'>,
    request: RequestOptions = {},
  ): Promise<ShardMap> {
    const { memory: name } = this.#options
    const [next, now] = [await this.#store.map(name, 'next'), await this.#store.map(name, 'now')]
    const version = Math.max(next?.version ?? 0, now?.version ?? 0) + 1
    const made = split(memory, { ...options, version })
    await this.#store.keep(made)
    await this.#store.put(name, 'next', made.map)
    const until = this.#until(request)
    await Promise.all(made.map.shards.map((_, part) => this.#ask(made.map, part, 'ready', undefined, until)))
    await this.#store.put(name, 'now', made.map)
    this.#map = made.map
    return made.map
  }

  /**
   * Runs a request under one version of the map, wholly. Where its parts have gone meanwhile and a newer version is in force, the whole
   * request begins again under that one.
   */
  async request<T>(run: (coordinator: Coordinator) => Promise<T>, options: RequestOptions = {}): Promise<T> {
    const until = this.#until(options)
    while (true) {
      const map = this.#map
      if (map === undefined)
        throw new ClusterError(
          'ERR_CLUSTER_LOST',
          `no map of '${this.#options.memory}' is in force; publish one`,
        )
      const ask: Ask = (part, operation, asked) => this.#ask(map, part, operation, asked, until)
      try {
        return await run(new Coordinator(map, ask))
      } catch (error) {
        if (error instanceof ClusterError && error.code === 'ERR_CLUSTER_MOVED') continue
        throw error
      }
    }
  }

  #until({ signal, deadline = this.#options.deadline ?? 10_000 }: RequestOptions): Until {
    signal?.throwIfAborted()
    return { signal, at: performance.now() + deadline, deadline }
  }

  /** Asks one replica after the other until one answers. A question may be asked twice: its answer does not depend on who answers. */
  async #ask<O extends Operation>(
    map: ShardMap,
    part: number,
    operation: O | 'ready',
    asked: Asked<O> | undefined,
    until: Until,
  ): Promise<Answered<O>> {
    const subject = subjectOf(this.#options.memory, map.version, part)
    const payload = encode({ operation, asked })
    let pause: number = PAUSES[0]
    let last: unknown
    while (true) {
      until.signal?.throwIfAborted()
      const left = until.at - performance.now()
      if (left <= 0) throw this.#lost(map, part, until.deadline, last)
      // A newer map may be in force because the parts of this one have gone.
      if (
        last !== undefined &&
        operation !== 'ready' &&
        this.#map !== undefined &&
        this.#map.version > map.version
      )
        throw new ClusterError('ERR_CLUSTER_MOVED', `version ${map.version} has gone`)
      try {
        const timeout = Math.min(this.#options.patience ?? 1000, Math.max(left, 1))
        const message = await aborted(this.#nats.request(subject, payload, { timeout }), until.signal)
        const reply = decode(message.data) as Reply
        if ('error' in reply) throw new ClusterError('ERR_CLUSTER_PART', `part ${part}: ${reply.error}`)
        return reply.answer as Answered<O>
      } catch (error) {
        if (error instanceof ClusterError) throw error
        until.signal?.throwIfAborted()
        last = error
        await new Promise((resolve) => setTimeout(resolve, Math.min(pause, Math.max(left, 0))))
        pause = Math.min(2 * pause, PAUSES[1])
      }
    }
  }

  #lost(map: ShardMap, part: number, deadline: number, cause: unknown): ClusterError {
    const why = cause instanceof Error ? cause.message : 'no time was left'
    return new ClusterError(
      'ERR_CLUSTER_LOST',
      `no replica of part ${part} of ${map.shards.length} (version ${map.version}) of '${this.#options.memory}' answered within ${deadline} ms: ${why}`,
      { cause },
    )
  }
}

interface Until {
  readonly signal: AbortSignal | undefined
  readonly at: number
  readonly deadline: number
}

/** The promise, or the reason of an abort. */
function aborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason)
    signal.addEventListener('abort', stop, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
  })
}
