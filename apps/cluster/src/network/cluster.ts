import type { NatsConnection } from '@nats-io/transport-node'
import type { AnyMemory } from 'hopfield-native'
import { ClusterError } from '../errors.js'
import type { Answered, Ask, Asked, Operation } from '../parts/questions.js'
import type { ShardMap } from '../parts/shard-map.js'
import { type SplitOptions, split } from '../parts/split.js'
import { Coordinator } from '../recall/coordinator.js'
import { aborted, type Until, until } from '../tries.js'
import { encode } from './codec.js'
import { triedOver, watchLink } from './link.js'
import { answerOf } from './reply.js'
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

/** A memory in parts behind NATS. */
export class Cluster {
  /** How many questions were asked again, because nobody answered or whoever did was lost. */
  askedAgain = 0
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

  /**
   * @param deadline how long the store is waited for, ms.
   * @throws ClusterError ERR_CLUSTER_ENGINE where JetStream does not answer until then.
   */
  static async open(
    nats: NatsConnection,
    options: ClusterOptions,
    deadline: number = options.deadline ?? 10_000,
  ): Promise<Cluster> {
    checkName(options.memory)
    watchLink(nats)
    const limit = until(deadline)
    const store = await MapStore.open(nats, limit)
    const cluster = new Cluster(nats, store, options)
    cluster.#map = (await store.map(options.memory, 'now', limit)).map
    cluster.#stop = store.watch(options.memory, 'now', (map) => {
      if (map.version >= (cluster.#map?.version ?? 0)) cluster.#map = map
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
   * @throws ClusterError ERR_CLUSTER_LOST where a part does not come up in time, ERR_CLUSTER_ENGINE where NATS does not; the former version
   * then stays in force. ERR_CLUSTER_MOVED where somebody else's later version is in force already.
   */
  async publish(
    memory: AnyMemory,
    options: Omit<SplitOptions, 'version'>,
    request: RequestOptions = {},
  ): Promise<ShardMap> {
    const { memory: name } = this.#options
    const made = split(memory, options)
    const limit = this.#until(request)
    await this.#store.keep(made, limit)
    const map = await this.#store.announce(name, made.map, limit)
    await Promise.all(map.shards.map((_, part) => this.#ask(map, part, 'ready', undefined, limit)))
    await this.#store.enforce(name, map, limit)
    if (map.version > (this.#map?.version ?? 0)) this.#map = map
    return map
  }

  /**
   * Runs a request under one version of the map, wholly. Where its parts have gone meanwhile and a newer version is in force, the whole
   * request begins again under that one.
   */
  async request<T>(run: (coordinator: Coordinator) => Promise<T>, options: RequestOptions = {}): Promise<T> {
    const limit = this.#until(options)
    while (true) {
      const map = this.#inForce()
      const ask: Ask = (part, operation, asked) => this.#ask(map, part, operation, asked, limit)
      try {
        return await run(new Coordinator(map, ask, this.#nats.info?.max_payload))
      } catch (error) {
        if (error instanceof ClusterError && error.code === 'ERR_CLUSTER_MOVED') continue
        throw error
      }
    }
  }

  /** The version that a part answers with: a question without work. */
  async ready(part: number, request: RequestOptions = {}): Promise<number> {
    const map = this.#inForce()
    await this.#ask(map, part, 'ready', undefined, this.#until(request))
    return map.version
  }

  #inForce(): ShardMap {
    if (this.#map !== undefined) return this.#map
    throw new ClusterError('ERR_CLUSTER_LOST', `no map of '${this.#options.memory}' is in force; publish one`)
  }

  #until({ signal, deadline = this.#options.deadline ?? 10_000 }: RequestOptions): Until {
    return until(deadline, signal)
  }

  /** Asks one replica after the other until one answers. A question may be asked twice: its answer does not depend on who answers. */
  async #ask<O extends Operation>(
    map: ShardMap,
    part: number,
    operation: O | 'ready',
    asked: Asked<O> | undefined,
    limit: Until,
  ): Promise<Answered<O>> {
    const { memory, patience = 1000 } = this.#options
    const subject = subjectOf(memory, map.version, part)
    const payload = encode({ operation, asked })
    const most = this.#nats.info?.max_payload ?? Number.POSITIVE_INFINITY
    if (payload.length > most)
      throw new ClusterError(
        'ERR_CLUSTER_SIZE',
        `${operation}: a question of ${payload.length} bytes, max_payload is ${most}`,
      )
    const reply = await triedOver(
      this.#nats,
      limit,
      (left) =>
        aborted(this.#nats.request(subject, payload, { timeout: Math.min(patience, left) }), limit.signal),
      (cause) =>
        new ClusterError(
          'ERR_CLUSTER_LOST',
          `no replica of part ${part} of ${map.shards.length} (version ${map.version}) of '${memory}' answered within ${limit.deadline} ms: ${cause.message}`,
          { cause },
        ),
      () => {
        this.askedAgain++
        // A newer map may be in force because the parts of this one have gone.
        if (operation !== 'ready' && (this.#map?.version ?? 0) > map.version)
          throw new ClusterError('ERR_CLUSTER_MOVED', `version ${map.version} has gone`)
      },
    )
    return answerOf(reply.data, `part ${part}`) as Answered<O>
  }
}
