import type { Msg, NatsConnection, Subscription } from '@nats-io/transport-node'
import { ClusterError } from '../errors.js'
import type { Coordinator, RecallOptions } from '../recall/coordinator.js'
import type { RetrievalOptions, Retrieved } from '../recall/modern.js'
import type { Nearest } from '../recall/nearest.js'
import type { Recalled } from '../recall/synchronous.js'
import { Cluster, type ClusterOptions } from './cluster.js'
import { decode } from './codec.js'
import { answering, refusing } from './reply.js'

/** Whole requests: what a front is asked, and what it answers. */
export interface Requests {
  nearest: [{ readonly states: Int8Array | Float32Array; readonly k: number }, Nearest]
  overlaps: [{ readonly states: Int8Array | Float32Array }, Float64Array]
  recall: [{ readonly cues: Int8Array; readonly options: RecallOptions }, Recalled]
  retrieve: [{ readonly queries: Float32Array; readonly options: RetrievalOptions }, Retrieved]
}

type Run = {
  readonly [R in keyof Requests]: (whole: Coordinator, asked: Requests[R][0]) => Promise<Requests[R][1]>
}

const RUN: Run = {
  nearest: (whole, { states, k }) => whole.nearest(states, k),
  overlaps: (whole, { states }) => whole.overlaps(states),
  recall: (whole, { cues, options }) => whole.recall(cues, options),
  retrieve: (whole, { queries, options }) => whole.retrieve(queries, options),
}

export interface FrontOptions extends ClusterOptions {
  /** How many requests it works on at a time; others are told to ask again. 256. */
  readonly most?: number
}

/** How often a front says that it is still at work, ms. */
export const SIGN_OF_LIFE = 200

/** A coordinator behind NATS: it answers whole requests, and shares them with other fronts of the memory. */
export class Front {
  readonly #nats: NatsConnection
  readonly #cluster: Cluster
  readonly #most: number
  readonly #subscription: Subscription
  readonly #running = new Set<Promise<void>>()

  private constructor(nats: NatsConnection, cluster: Cluster, { memory, most = 256 }: FrontOptions) {
    this.#nats = nats
    this.#cluster = cluster
    this.#most = most
    this.#subscription = nats.subscribe(frontOf(memory), {
      queue: 'fronts',
      callback: (error, message) => {
        if (error === null) this.#take(message)
      },
    })
  }

  static async start(nats: NatsConnection, options: FrontOptions): Promise<Front> {
    return new Front(nats, await Cluster.open(nats, options, Number.POSITIVE_INFINITY), options)
  }

  /** Answers what it took, and takes nothing more. */
  async stop(): Promise<void> {
    await this.#subscription.drain()
    await Promise.all(this.#running)
    this.#cluster.close()
  }

  #take(message: Msg): void {
    if (this.#running.size >= this.#most) {
      message.respond(refusing(new ClusterError('ERR_CLUSTER_BUSY', `${this.#most} requests are under way`)))
      return
    }
    const alive = setInterval(() => message.respond(), SIGN_OF_LIFE)
    const running = this.#answer(message).finally(() => {
      clearInterval(alive)
      this.#running.delete(running)
    })
    this.#running.add(running)
  }

  async #answer(message: Msg): Promise<void> {
    const most = this.#nats.info?.max_payload ?? Number.POSITIVE_INFINITY
    try {
      const { run, deadline } = requestOf(message.data)
      message.respond(answering(await this.#cluster.request(run, { deadline }), most))
    } catch (error) {
      message.respond(refusing(error))
    }
  }
}

/**
 * What a message asks of a front, and until when, ms.
 * @throws ClusterError ERR_CLUSTER_FORMAT or ERR_CLUSTER_VALUE for what is no request.
 */
export function requestOf(bytes: Uint8Array): {
  readonly run: (whole: Coordinator) => Promise<unknown>
  readonly deadline: number
} {
  const { request, asked, deadline } = decode(bytes) as Record<string, unknown>
  if (typeof request !== 'string' || !Object.hasOwn(RUN, request))
    throw new ClusterError('ERR_CLUSTER_VALUE', `a front answers no '${String(request)}'`)
  if (typeof asked !== 'object' || asked === null || !(typeof deadline === 'number' && deadline > 0))
    throw new ClusterError('ERR_CLUSTER_VALUE', `${request}: expected what is asked, and a deadline above 0`)
  const run = RUN[request as keyof Requests] as (whole: Coordinator, asked: object) => Promise<unknown>
  return { run: (whole) => run(whole, asked), deadline }
}

/** Where the fronts of a memory listen. */
export function frontOf(memory: string): string {
  return `hopfield.${memory}.front`
}
