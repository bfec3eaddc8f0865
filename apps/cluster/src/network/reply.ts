import { HopfieldError } from 'hopfield-native'
import { ClusterError, isWhy } from '../errors.js'
import { decode, encode } from './codec.js'

/** What parts and fronts reply. */
type Reply = { readonly answer: unknown } | { readonly error: string; readonly code?: string }

/** The reply that holds an answer, or says that it is too large. */
export function answering(answer: unknown, most: number): Uint8Array {
  const bytes = encode({ answer } satisfies Reply)
  if (bytes.length <= most) return bytes
  return refusing(
    new ClusterError('ERR_CLUSTER_SIZE', `an answer of ${bytes.length} bytes, max_payload is ${most}`),
  )
}

export function refusing(error: unknown): Uint8Array {
  const message = error instanceof Error ? error.message : String(error)
  const known = error instanceof ClusterError || error instanceof HopfieldError
  return encode({ error: message, ...(known && { code: error.code }) } satisfies Reply)
}

/**
 * The answer of a reply.
 * @param who begins the message of the error.
 * @throws ClusterError with the code that was sent, or ERR_CLUSTER_PART.
 */
export function answerOf(bytes: Uint8Array, who: string): unknown {
  const reply = decode(bytes) as Reply
  if ('answer' in reply) return reply.answer
  const { error, code } = reply
  throw new ClusterError(isWhy(code) ? code : 'ERR_CLUSTER_PART', `${who}: ${error}`)
}
