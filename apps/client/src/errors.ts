/** What the server refused, or what kept its answer from coming. */
export class ServedError extends Error {
  /** A code of the package (docs/errors.md) or the server (docs/server.md); ERR_CLIENT_CONNECTION where no answer came. */
  readonly code: string
  /** The status of the answer; 0 where none came. */
  readonly status: number
  /** Seconds after which the server wants to be asked again, if it said so. */
  readonly retryAfter: number | undefined

  constructor(
    code: string,
    status: number,
    message: string,
    options?: ErrorOptions & { retryAfter?: number },
  ) {
    super(message, options)
    this.name = 'ServedError'
    this.code = code
    this.status = status
    this.retryAfter = options?.retryAfter
  }
}
