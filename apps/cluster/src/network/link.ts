import type { NatsConnection } from '@nats-io/transport-node'
import { ClusterError } from '../errors.js'
import { tried, type Until } from '../tries.js'

/** Whether NATS is there, as far as a connection knows. */
class Link {
  /** Since when it has been away, as performance.now() has it. */
  away: number | undefined
  /** Called when it is back. */
  readonly back: Set<() => void> = new Set()

  constructor(nats: NatsConnection) {
    const watching = async (): Promise<void> => {
      for await (const { type } of nats.status()) {
        if (type === 'disconnect') this.away ??= performance.now()
        else if (type === 'reconnect') {
          this.away = undefined
          for (const tell of this.back) tell()
        }
      }
    }
    watching().catch(() => {})
  }
}

const links = new WeakMap<NatsConnection, Link>()

/** Begins to watch a connection. */
export function watchLink(nats: NatsConnection): Link {
  const link = links.get(nats) ?? new Link(nats)
  links.set(nats, link)
  return link
}

const CLOSED = 'the connection to NATS is closed; connect again, with maxReconnectAttempts: -1'

/**
 * Tries a step over NATS until it works. A step may be done twice.
 * @param otherwise makes the error at the deadline, of why the last try failed; where NATS is away, it is ERR_CLUSTER_ENGINE.
 * @param again called before each further try; what it throws ends the tries.
 */
export function triedOver<T>(
  nats: NatsConnection,
  limit: Until,
  step: (left: number) => Promise<T>,
  otherwise: (cause: Error) => ClusterError,
  again: () => void = () => {},
): Promise<T> {
  const link = watchLink(nats)
  return tried(
    limit,
    (left) => {
      if (nats.isClosed()) throw new ClusterError('ERR_CLUSTER_ENGINE', CLOSED)
      return step(left)
    },
    (cause) => {
      if (link.away === undefined) return otherwise(cause instanceof Error ? cause : new Error(String(cause)))
      const since = Math.round(performance.now() - link.away)
      return new ClusterError(
        'ERR_CLUSTER_ENGINE',
        `NATS has been away for ${since} ms, longer than the deadline of ${limit.deadline} ms; start nats-server, and requests go on`,
        { cause },
      )
    },
    again,
  )
}
