import { HopfieldError, type HopfieldErrorCode } from 'hopfield-native'

/** Codes of what the server itself refuses. Stable across versions, as those of the package. */
export type ServerErrorCode =
  | 'ERR_SERVER_BODY'
  | 'ERR_SERVER_TOO_LARGE'
  | 'ERR_SERVER_MEDIA_TYPE'
  | 'ERR_SERVER_UNAUTHORIZED'
  | 'ERR_SERVER_FORBIDDEN'
  | 'ERR_SERVER_NOT_FOUND'
  | 'ERR_SERVER_CONFLICT'
  | 'ERR_SERVER_RATE'
  | 'ERR_SERVER_DEADLINE'
  | 'ERR_SERVER_DISCONNECTED'
  | 'ERR_SERVER_CLOSING'
  | 'ERR_SERVER_STORAGE'
  | 'ERR_SERVER_INTERNAL'

/** An answer that is no result. */
export interface WireError {
  readonly status: number
  readonly code: ServerErrorCode | HopfieldErrorCode
  readonly message: string
  /** Seconds after which the same request may succeed. */
  readonly retryAfter?: number
}

/** What the server refuses, with the status of its answer. */
export class ServerError extends Error {
  readonly code: ServerErrorCode
  readonly status: number

  constructor(code: ServerErrorCode, status: number, message: string) {
    super(message)
    this.name = 'ServerError'
    this.code = code
    this.status = status
  }
}

/** The status that each code of the package has; whatever is not here is the caller's fault: 400. */
const STATUS: Partial<Record<HopfieldErrorCode, number>> = {
  ERR_HOPFIELD_OVERLOADED: 429,
  ERR_HOPFIELD_BUSY: 503,
  ERR_HOPFIELD_CLOSED: 503,
  ERR_HOPFIELD_MEMORY: 503,
  ERR_HOPFIELD_BACKEND: 500,
  ERR_HOPFIELD_FILE: 500,
}

/** By Fastify's own status: which of our codes says the same. */
const OURS: Readonly<Record<number, ServerErrorCode>> = {
  401: 'ERR_SERVER_UNAUTHORIZED',
  403: 'ERR_SERVER_FORBIDDEN',
  404: 'ERR_SERVER_NOT_FOUND',
  413: 'ERR_SERVER_TOO_LARGE',
  415: 'ERR_SERVER_MEDIA_TYPE',
  429: 'ERR_SERVER_RATE',
  503: 'ERR_SERVER_CLOSING',
}

/** What is told of an error. Of what is nobody's fault but ours no message goes out. */
export function wireError(error: unknown): WireError {
  if (error instanceof HopfieldError) {
    const status = STATUS[error.code] ?? 400
    return told(status, error.code, error.message)
  }
  if (error instanceof ServerError) return told(error.status, error.code, error.message)
  const { statusCode, message } = (error ?? {}) as { statusCode?: unknown; message?: unknown }
  if (typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500) {
    return told(statusCode, OURS[statusCode] ?? 'ERR_SERVER_BODY', String(message))
  }
  return told(500, 'ERR_SERVER_INTERNAL', 'the server failed; its log says more')
}

function told(status: number, code: WireError['code'], message: string): WireError {
  return status === 429 || status === 503
    ? { status, code, message, retryAfter: 1 }
    : { status, code, message }
}
