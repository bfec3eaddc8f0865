import type { FastifyReply } from 'fastify'
import type { Found, Recalled, Row, ServedMemory } from '../memories/served-memory.js'
import { type Asked, type Form, MSGPACK, PACKED, type Wire } from './asked.js'
import { toMsgpack } from './msgpack.js'

/** Sends a value as the client wants it. */
export function send(reply: FastifyReply, wire: Wire, value: unknown): FastifyReply {
  if (wire !== 'msgpack') return reply.send(value)
  return reply.type(MSGPACK).send(toMsgpack(value))
}

/** Sends bytes. */
export function sendPacked(reply: FastifyReply, bytes: Uint8Array): FastifyReply {
  return reply.type(PACKED).send(bytes)
}

/** One result, or all of them. */
export function oneOrAll<Single>({ lone }: Asked, results: readonly Single[]): unknown {
  return lone ? results[0] : { results }
}

/** A state in the form that it came in. */
export function stateIn(form: Form, memory: ServedMemory, row: Row): unknown {
  if (form === 'numbers') return memory.numbers(row)
  const bytes = memory.bytes(row)
  return form === 'bytes'
    ? bytes
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64')
}

/**
 * Recalls of B cues as bytes, little-endian: B energies f64, B sweeps u32, B flags u8 (1: converged), then the B states.
 */
export function packRecalled(memory: ServedMemory, found: readonly Recalled[]): Uint8Array {
  const count = found.length
  const size = memory.rowBytes
  const bytes = Buffer.allocUnsafe(count * (13 + size))
  for (let k = 0; k < count; k++) {
    const { energy, sweeps, converged, state } = found[k]
    bytes.writeDoubleLE(energy, 8 * k)
    bytes.writeUInt32LE(sweeps, 8 * count + 4 * k)
    bytes[12 * count + k] = converged ? 1 : 0
    bytes.set(memory.bytes(state), 13 * count + size * k)
  }
  return bytes
}

/** Searches of B states: B × k indices u32, then B × k similarities, i32 of ±1 states and f64 of vectors. */
export function packFound(found: readonly Found[]): Uint8Array {
  const { length: k } = found[0].indices
  const whole = found[0].similarities instanceof Int32Array
  const each = whole ? 4 : 8
  const bytes = Buffer.alloc(found.length * k * (4 + each))
  for (const [b, { indices, similarities }] of found.entries()) {
    for (let j = 0; j < k; j++) {
      bytes.writeUInt32LE(indices[j], 4 * (b * k + j))
      const at = 4 * k * found.length + each * (b * k + j)
      if (whole) bytes.writeInt32LE(similarities[j], at)
      else bytes.writeDoubleLE(similarities[j], at)
    }
  }
  return bytes
}

/** Numbers as f64, one behind the other. */
export function packNumbers(rows: readonly ArrayLike<number>[]): Uint8Array {
  const width = rows[0].length
  const bytes = Buffer.alloc(8 * width * rows.length)
  for (const [b, row] of rows.entries()) {
    for (let k = 0; k < width; k++) bytes.writeDoubleLE(row[k], 8 * (b * width + k))
  }
  return bytes
}
