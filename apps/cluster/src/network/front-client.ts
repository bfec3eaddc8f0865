import { createInbox, type Msg, type NatsConnection } from '@nats-io/transport-node'
import { ClusterError } from '../errors.js'
import type { RecallOptions } from '../recall/coordinator.js'
import type { RetrievalOptions, Retrieved } from '../recall/modern.js'
import type { Nearest } from '../recall/nearest.js'
import type { Recalled } from '../recall/synchronous.js'
import { until } from '../tries.js'
import type { ClusterOptions, RequestOptions } from './cluster.js'
import { encode } from './codec.js'
import { frontOf, type Requests } from './front.js'
import { triedOver, watchLink } from './link.js'
import { answerOf } from './reply.js'
import { checkName } from './store.js'

/** Asks whole requests of the fronts of a memory. One that is silent for longer than `patience` is passed over. */
export class FrontClient {
  /** How many requests were asked again, because no front answered or whichever did was lost. */
  askedAgain = 0
  readonly #nats: NatsConnection
  readonly #options: ClusterOptions

  constructor(nats: NatsConnection, options: ClusterOptions) {
    checkName(options.memory)
    watchLink(nats)
    this.#nats = nats
    this.#options = options
  }

  /** As `nearest` of a Coordinator. */
  nearest(states: Int8Array | Float32Array, k = 1, request: RequestOptions = {}): Promise<Nearest> {
    return this.#ask('nearest', { states, k }, request)
  }

  overlaps(states: Int8Array | Float32Array, request: RequestOptions = {}): Promise<Float64Array> {
    return this.#ask('overlaps', { states }, request)
  }

  recall(cues: Int8Array, options: RecallOptions = {}, request: RequestOptions = {}): Promise<Recalled> {
    return this.#ask('recall', { cues, options }, request)
  }

  retrieve(
    queries: Float32Array,
    options: RetrievalOptions = {},
    request: RequestOptions = {},
  ): Promise<Retrieved> {
    return this.#ask('retrieve', { queries, options }, request)
  }

  async #ask<R extends keyof Requests>(
    request: R,
    asked: Requests[R][0],
    { signal, deadline = this.#options.deadline ?? 10_000 }: RequestOptions,
  ): Promise<Requests[R][1]> {
    const { memory, patience = 1000 } = this.#options
    const limit = until(deadline, signal)
    let said: ClusterError | undefined
    const answer = await triedOver(
      this.#nats,
      limit,
      async (left) => {
        const payload = encode({ request, asked, deadline: left })
        const most = this.#nats.info?.max_payload ?? Number.POSITIVE_INFINITY
        if (payload.length > most)
          throw new ClusterError(
            'ERR_CLUSTER_SIZE',
            `${request}: a request of ${payload.length} bytes, max_payload is ${most}; ask for fewer cues`,
          )
        const reply = await lively(
          this.#nats,
          frontOf(memory),
          payload,
          Math.min(patience, left),
          left,
          signal,
        )
        try {
          return answerOf(reply, 'a front')
        } catch (error) {
          // Another front may have time, see NATS again, or know of the map.
          const passing = ['ERR_CLUSTER_BUSY', 'ERR_CLUSTER_ENGINE', 'ERR_CLUSTER_LOST']
          if (!(error instanceof ClusterError && passing.includes(error.code))) throw error
          said = error
          throw new Error(error.message, { cause: error })
        }
      },
      (cause) => {
        if (said !== undefined) return said
        const why = `no front of '${memory}' answered within ${deadline} ms: ${cause.message}`
        return new ClusterError('ERR_CLUSTER_LOST', why, { cause })
      },
      () => {
        this.askedAgain++
      },
    )
    return answer as Requests[R][1]
  }
}

/** The reply of a front, which sends empty messages as signs of life before it. */
function lively(
  nats: NatsConnection,
  subject: string,
  payload: Uint8Array,
  silence: number,
  left: number,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const end = (settle: () => void): void => {
      clearTimeout(timer)
      clearTimeout(last)
      signal?.removeEventListener('abort', stop)
      subscription.unsubscribe()
      settle()
    }
    const fail = (why: string): void => end(() => reject(new Error(why)))
    const stop = (): void => end(() => reject(signal?.reason))
    const heard = (error: Error | null, message: Msg): void => {
      if (error !== null) end(() => reject(error))
      else if (message.headers?.code === 503) fail('no front listens')
      else if (message.data.length > 0) end(() => resolve(message.data))
      else timer.refresh()
    }
    const reply = createInbox()
    const subscription = nats.subscribe(reply, { callback: heard })
    const timer = setTimeout(() => fail(`a front was silent for ${silence} ms`), silence)
    const last = setTimeout(() => fail('no time was left'), left)
    signal?.addEventListener('abort', stop, { once: true })
    try {
      nats.publish(subject, payload, { reply })
    } catch (error) {
      end(() => reject(error))
    }
  })
}
