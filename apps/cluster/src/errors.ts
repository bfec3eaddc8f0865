/** Why a cluster gives no answer. */
const WHY = [
  /** What is asked has no exact answer from parts. */
  'ERR_CLUSTER_UNSUPPORTED',
  /** Nobody answers who should: no replica of a part, no front, no worker. */
  'ERR_CLUSTER_LOST',
  /** NATS or Redis cannot be reached. */
  'ERR_CLUSTER_ENGINE',
  /** A front has as many requests as it takes; ask again. */
  'ERR_CLUSTER_BUSY',
  /** One cue's question or answer is larger than NATS's max_payload. */
  'ERR_CLUSTER_SIZE',
  /** Another version of the map is in force. */
  'ERR_CLUSTER_MOVED',
  /** A part has answered with an error. */
  'ERR_CLUSTER_PART',
  /** Bytes that are no message of this version's format. */
  'ERR_CLUSTER_FORMAT',
  /** A malformed request or map. */
  'ERR_CLUSTER_VALUE',
] as const

export type Why = (typeof WHY)[number]

export function isWhy(code: unknown): code is Why {
  return WHY.some((why) => why === code)
}

export class ClusterError extends Error {
  override readonly name = 'ClusterError'
  readonly code: Why

  constructor(code: Why, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
