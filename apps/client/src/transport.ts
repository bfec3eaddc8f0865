import { decode, encode } from '@msgpack/msgpack'
import { ServedError } from './errors.js'

/** Options of a client. */
export interface ClientOptions {
  /** Where the server is: `http://localhost:7700`. */
  readonly url: string | URL
  readonly token?: string
  /** How often a request is sent again after 429, 503 or a broken connection; 4 by default. */
  readonly retries?: number
  /** Milliseconds for a call with all its retries; 30,000 by default. */
  readonly timeout?: number
  /** In place of the global fetch. */
  readonly fetch?: typeof fetch
}

/** Options of a call. */
export interface CallOptions {
  readonly signal?: AbortSignal
  /** Milliseconds for this call with all its retries. */
  readonly timeout?: number
}

const MSGPACK = 'application/msgpack'
/** Milliseconds before the first retry and before any, without what the server says. */
const FIRST = 50
const LONGEST = 2000

/** Sends requests, and sends them again where that may help. All of them may be sent twice: a change has a key. */
export class Transport {
  readonly #url: string
  readonly #token: string | undefined
  readonly #retries: number
  readonly #timeout: number
  readonly #fetch: typeof fetch

  constructor({ url, token, retries = 4, timeout = 30_000, fetch: given }: ClientOptions) {
    this.#url = String(url).replace(/\/+$/, '')
    this.#token = token
    this.#retries = retries
    this.#timeout = timeout
    // Browsers want fetch to be called on the window.
    this.#fetch = given ?? ((input, init) => fetch(input, init))
  }

  /**
   * The value of the answer.
   * @throws ServedError; what the signal was aborted with.
   */
  async call(
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    body: unknown,
    { signal, timeout = this.#timeout }: CallOptions,
    key?: string,
  ): Promise<unknown> {
    const end = Date.now() + timeout
    const bytes = body === undefined ? undefined : encode(body, { ignoreUndefined: true })
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.#once(method, path, bytes, { signal, left: end - Date.now(), key })
      } catch (error) {
        signal?.throwIfAborted()
        const wait = attempt < this.#retries ? waitAfter(error, attempt) : undefined
        if (wait === undefined || Date.now() + wait >= end) throw error
        await sleep(wait, signal)
      }
    }
  }

  async #once(
    method: string,
    path: string,
    body: Uint8Array | undefined,
    { signal, left, key }: { signal: AbortSignal | undefined; left: number; key: string | undefined },
  ): Promise<unknown> {
    if (left < 1) throw new ServedError('ERR_SERVER_DEADLINE', 0, 'the time of this call is over')
    const headers: Record<string, string> = {
      accept: MSGPACK,
      'hopfield-deadline-ms': String(Math.ceil(left)),
    }
    if (body !== undefined) headers['content-type'] = MSGPACK
    if (this.#token !== undefined) headers['authorization'] = `Bearer ${this.#token}`
    if (key !== undefined) headers['idempotency-key'] = key
    const over = AbortSignal.timeout(Math.ceil(left))
    const request: RequestInit = {
      method,
      headers,
      signal: signal === undefined ? over : AbortSignal.any([signal, over]),
      ...(body !== undefined && { body: body as Uint8Array<ArrayBuffer> }),
    }
    try {
      const response = await this.#fetch(`${this.#url}${path}`, request)
      const bytes = new Uint8Array(await response.arrayBuffer())
      if (response.ok) return decoded(response, bytes)
      throw refusal(response, bytes)
    } catch (error) {
      if (error instanceof ServedError) throw error
      signal?.throwIfAborted()
      if (over.aborted) throw new ServedError('ERR_SERVER_DEADLINE', 0, 'the time of this call is over')
      throw new ServedError('ERR_CLIENT_CONNECTION', 0, `no answer from ${this.#url}: ${reason(error)}`, {
        cause: error,
      })
    }
  }
}

/** Milliseconds after which to try again; undefined where that is of no use. */
function waitAfter(error: unknown, attempt: number): number | undefined {
  if (!(error instanceof ServedError)) return undefined
  const { code, status, retryAfter = 0 } = error
  if (status !== 429 && status !== 503 && code !== 'ERR_CLIENT_CONNECTION') return undefined
  // Any time up to the bound: clients that were refused together do not come back together.
  const most = Math.min(LONGEST, FIRST * 2 ** attempt)
  return retryAfter * 1000 + Math.random() * most
}

function sleep(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const aborted = () => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', aborted)
      resolve()
    }, milliseconds)
    signal?.addEventListener('abort', aborted, { once: true })
  })
}

function decoded(response: Response, bytes: Uint8Array): unknown {
  if (response.headers.get('content-type')?.startsWith(MSGPACK)) return decode(bytes)
  return JSON.parse(new TextDecoder().decode(bytes))
}

function refusal(response: Response, bytes: Uint8Array): ServedError {
  const { status, headers } = response
  const after = Number(headers.get('retry-after') ?? Number.NaN)
  const options = Number.isFinite(after) ? { retryAfter: after } : undefined
  try {
    const { code, message } = (decoded(response, bytes) as { error: { code: string; message: string } }).error
    return new ServedError(code, status, message, options)
  } catch {
    return new ServedError('ERR_SERVER_INTERNAL', status, `the answer had the status ${status}`, options)
  }
}

function reason(error: unknown): string {
  const { message, cause } = error as Error
  return cause instanceof Error ? `${message} (${cause.message})` : message
}
