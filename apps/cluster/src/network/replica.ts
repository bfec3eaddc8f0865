import type { NatsConnection, Subscription } from '@nats-io/transport-node'
import { Part } from '../parts/part.js'
import type { Operation } from '../parts/questions.js'
import type { ShardMap } from '../parts/shard-map.js'
import { until } from '../tries.js'
import { decode } from './codec.js'
import { watchLink } from './link.js'
import { answering, refusing } from './reply.js'
import { checkName, MapStore, subjectOf } from './store.js'

export interface ReplicaOptions {
  readonly memory: string
  /** Which part of each map it serves. */
  readonly part: number
  /** How long a version is served after the next one is in force, for requests under way: 30,000 ms. */
  readonly grace?: number
}

/** After how long a part that could not be loaded is tried again, ms. */
const AGAIN = 500

/** A replica of one part: it serves every version from the time it is announced until some time after the next is in force. */
export class Replica {
  readonly #nats: NatsConnection
  readonly #store: MapStore
  readonly #options: ReplicaOptions
  readonly #serving = new Map<number, Subscription>()
  readonly #stops: (() => void)[] = []

  private constructor(nats: NatsConnection, store: MapStore, options: ReplicaOptions) {
    this.#nats = nats
    this.#store = store
    this.#options = options
  }

  static async start(nats: NatsConnection, options: ReplicaOptions): Promise<Replica> {
    checkName(options.memory)
    watchLink(nats)
    // However long that takes.
    const store = await MapStore.open(nats, until(Number.POSITIVE_INFINITY))
    const replica = new Replica(nats, store, options)
    const serve = (map: ShardMap): void => replica.#serveSoon(map)
    replica.#stops.push(store.watch(options.memory, 'next', serve))
    replica.#stops.push(
      store.watch(options.memory, 'now', (map) => {
        serve(map)
        const timer = setTimeout(() => replica.#drop(map.version), options.grace ?? 30_000)
        replica.#stops.push(() => clearTimeout(timer))
      }),
    )
    return replica
  }

  /** Answers what it took, and takes nothing more. */
  async stop(): Promise<void> {
    for (const stop of this.#stops) stop()
    await Promise.all([...this.#serving.values()].map((subscription) => subscription.drain()))
  }

  /** What cannot be loaded now is tried again: the store may be away. */
  #serveSoon(map: ShardMap): void {
    this.#serve(map).catch((error: unknown) => {
      console.error(`part ${this.#options.part} of ${this.#options.memory}:`, error)
      const timer = setTimeout(() => this.#serveSoon(map), AGAIN)
      this.#stops.push(() => clearTimeout(timer))
    })
  }

  async #serve(map: ShardMap): Promise<void> {
    const { memory, part } = this.#options
    if (part >= map.shards.length || this.#serving.has(map.version)) return
    const { file } = map.shards[part]
    const own = new Part(await this.#store.file(file), map)
    if (this.#serving.has(map.version)) return
    const subscription = this.#nats.subscribe(subjectOf(memory, map.version, part), {
      queue: 'replicas',
      callback: (error, message) => {
        if (error !== null) return
        const most = this.#nats.info?.max_payload ?? Number.POSITIVE_INFINITY
        message.respond(reply(own, message.data, map.version, most))
      },
    })
    this.#serving.set(map.version, subscription)
  }

  /** Stops serving what is older than the version in force. */
  #drop(version: number): void {
    for (const [old, subscription] of this.#serving) {
      if (old >= version) continue
      this.#serving.delete(old)
      subscription.drain().catch(() => {})
    }
  }
}

function reply(part: Part, bytes: Uint8Array, version: number, most: number): Uint8Array {
  try {
    const { operation, asked } = decode(bytes) as { operation: Operation | 'ready'; asked: unknown }
    return answering(operation === 'ready' ? version : part.answer(operation, asked), most)
  } catch (error) {
    return refusing(error)
  }
}
