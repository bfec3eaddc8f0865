/** Why a cluster gives no answer. */
export type Why =
  /** What is asked has no exact answer from parts. */
  | 'ERR_CLUSTER_UNSUPPORTED'
  /** No replica of a part answers. */
  | 'ERR_CLUSTER_LOST'
  /** The parts serve another version of the map than the request began with. */
  | 'ERR_CLUSTER_MOVED'
  /** A part has answered with an error. */
  | 'ERR_CLUSTER_PART'
  /** A malformed request or map. */
  | 'ERR_CLUSTER_VALUE'

export class ClusterError extends Error {
  override readonly name = 'ClusterError'
  readonly code: Why

  constructor(code: Why, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
