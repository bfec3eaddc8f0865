import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { BlockList } from 'node:net'
import type { FastifyRequest } from 'fastify'
import type { ServerConfig } from '../config.js'
import { ServerError } from '../errors.js'

type Right = 'read' | 'write'

/** Addresses of this machine alone. */
const LOOPBACK = new BlockList()
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4')
LOOPBACK.addAddress('::1', 'ipv6')

export function isLoopback(host: string): boolean {
  if (host === 'localhost') return true
  return LOOPBACK.check(host) || (host.includes(':') && LOOPBACK.check(host, 'ipv6'))
}

/** Refuses to be reached from elsewhere by anybody. */
export function checkExposure({ host, readTokens, writeTokens }: ServerConfig): void {
  if (isLoopback(host) || readTokens.length + writeTokens.length > 0) return
  throw new ServerError(
    'ERR_SERVER_FORBIDDEN',
    403,
    `refusing to listen on ${host} without a token: anybody could read the memories. Set HOPFIELD_READ_TOKEN or HOPFIELD_WRITE_TOKEN, or listen on 127.0.0.1`,
  )
}

/** Who may do what. */
export class Tokens {
  readonly #key = randomBytes(32)
  readonly #known: readonly { readonly digest: Buffer; readonly right: Right }[]
  /** Whether anybody may write. */
  readonly writable: boolean

  constructor({ readTokens, writeTokens, writable }: ServerConfig) {
    const known = (tokens: readonly string[], right: Right) =>
      tokens.map((token) => ({ digest: this.#digest(token), right }))
    this.#known = [...known(readTokens, 'read'), ...known(writeTokens, 'write')]
    this.writable = this.open ? writable : writeTokens.length > 0
  }

  /** Whether nobody needs a token. */
  get open(): boolean {
    return this.#known.length === 0
  }

  /**
   * Lets a request pass that has the right.
   * @throws ServerError ERR_SERVER_UNAUTHORIZED without a token that is known; ERR_SERVER_FORBIDDEN for one that may only read.
   */
  check(request: FastifyRequest, wanted: Right): void {
    if (this.open) {
      checkHost(request)
      if (wanted === 'read' || this.writable) return
      throw new ServerError(
        'ERR_SERVER_FORBIDDEN',
        403,
        'this server only reads: start it with --writable, or with a token that may write',
      )
    }
    const given = /^Bearer ([\x21-\x7e]{1,512})$/i.exec(request.headers.authorization ?? '')?.[1]
    const right = given === undefined ? undefined : this.#rightOf(given)
    if (right === undefined) {
      throw new ServerError('ERR_SERVER_UNAUTHORIZED', 401, 'expected the header authorization: Bearer TOKEN')
    }
    if (wanted === 'write' && right === 'read') {
      throw new ServerError('ERR_SERVER_FORBIDDEN', 403, 'this token may read, and not write')
    }
  }

  /** Digests are compared, all of them and each in constant time: nothing tells how much of a token was right. */
  #rightOf(token: string): Right | undefined {
    const digest = this.#digest(token)
    let found: Right | undefined
    for (const known of this.#known) {
      if (timingSafeEqual(known.digest, digest) && found !== 'write') found = known.right
    }
    return found
  }

  #digest(token: string): Buffer {
    return createHmac('sha256', this.#key).update(token).digest()
  }
}

/** The last header `host` that was good. */
let lastGood = 'localhost'

/** A page from elsewhere can make a browser call this machine by a name of its own, whose address it changes meanwhile. */
function checkHost(request: FastifyRequest): void {
  const given = request.headers.host ?? ''
  // Requests come thousands of times a second, and hardly ever to two names.
  if (given === lastGood) return
  const host = request.hostname.replace(/^\[|\]$/g, '')
  if (isLoopback(host)) {
    lastGood = given
    return
  }
  throw new ServerError(
    'ERR_SERVER_FORBIDDEN',
    403,
    `without tokens this server answers to localhost alone, and not to ${JSON.stringify(host)}`,
  )
}
