import type { FastifyReply } from 'fastify'
import type { Form, PlainRow } from '../memories/rows/row-format.js'
import type { Found, Overlaps, Recalled, Recalling } from '../memories/served-memory.js'
import { type Asked, MSGPACK, PACKED, type Wire } from './asked.js'
import { toMsgpack } from './msgpack.js'

/** Sends a value as the client wants it. */
export function send(reply: FastifyReply, wire: Wire, value: unknown): FastifyReply {
  if (wire !== 'msgpack') return reply.send(value)
  return reply.type(MSGPACK).send(toMsgpack(value))
}

/** Sends bytes. */
export function sendPacked(reply: FastifyReply, bytes: Uint8Array): void {
  reply.type(PACKED).send(bytes)
}

/** One result, or all of them. */
export function oneOrAll<Single>({ lone }: Asked, results: readonly Single[]): unknown {
  return lone ? results[0] : { results }
}

/** What a recall found, with its rows in the form of the cue. */
export function writtenRecall(form: Form, { state, also }: Recalling, found: Recalled): object {
  const { converged, energy, sweeps, more = {} } = found
  const others = Object.entries(more).map(([name, value]) => [
    name,
    Object.hasOwn(also, name) ? also[name].written(value as PlainRow, form) : value,
  ])
  const ends = energy === undefined ? { converged, sweeps } : { converged, energy, sweeps }
  return { ...ends, state: state.written(found.state, form), ...Object.fromEntries(others) }
}

/** Overlaps as lists. */
export function writtenOverlaps(overlaps: Overlaps): unknown {
  if (overlaps instanceof Float64Array) return Array.from(overlaps)
  const sides = Object.entries(overlaps).map(([side, values]) => [side, values && Array.from(values)])
  return Object.fromEntries(sides)
}

/**
 * Recalls of B cues as bytes, little-endian: B energies f64, B sweeps u32, B flags u8 (1: converged), then the B states. The
 * energy is NaN where there is none.
 */
export function packRecalled({ state: states }: Recalling, found: readonly Recalled[]): Buffer {
  const count = found.length
  const size = states.bytes
  const bytes = Buffer.allocUnsafe(count * (13 + size))
  for (let k = 0; k < count; k++) {
    const { energy = Number.NaN, sweeps, converged, state } = found[k]
    bytes.writeDoubleLE(energy, 8 * k)
    bytes.writeUInt32LE(sweeps, 8 * count + 4 * k)
    bytes[12 * count + k] = converged ? 1 : 0
    bytes.set(states.pack(state), 13 * count + size * k)
  }
  return bytes
}

/** Searches of B states: B × k indices u32, then B × k similarities, i32 of ±1 states and f64 of vectors. */
export function packFound(found: readonly Found[]): Buffer {
  const { k, similarities } = found[0].all
  const whole = similarities instanceof Int32Array
  const each = whole ? 4 : 8
  const count = found.length * k
  const bytes = Buffer.allocUnsafe(count * (4 + each))
  let at = 0
  for (const { all, b } of found) {
    for (let j = b * k; j < (b + 1) * k; j++, at++) {
      bytes.writeUInt32LE(all.indices[j], 4 * at)
      const place = 4 * count + each * at
      if (whole) bytes.writeInt32LE(all.similarities[j], place)
      else bytes.writeDoubleLE(all.similarities[j], place)
    }
  }
  return bytes
}

/** A search in JSON and MessagePack. */
export function writtenFound({ all, b }: Found): object {
  const own = [b * all.k, (b + 1) * all.k] as const
  return {
    indices: Array.from(all.indices.subarray(...own)),
    similarities: Array.from(all.similarities.subarray(...own)),
    ...(all.ids && { ids: all.ids.slice(...own).map((id) => id ?? null) }),
  }
}

/** Numbers as f64, one behind the other; of pairs those of the first side first. */
export function packNumbers(rows: readonly (Overlaps | readonly number[])[]): Buffer {
  const parts = rows.flatMap((row): ArrayLike<number>[] => {
    if (row instanceof Float64Array || Array.isArray(row)) return [row]
    return Object.values(row).filter((side) => side !== undefined)
  })
  const bytes = Buffer.alloc(8 * parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    for (let k = 0; k < part.length; k++, at += 8) bytes.writeDoubleLE(part[k], at)
  }
  return bytes
}
