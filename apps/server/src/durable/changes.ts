import { createHash } from 'node:crypto'
import { decode, encode } from '@msgpack/msgpack'
import type { Id } from 'hopfield-native'
import { HopfieldError } from 'hopfield-native'
import type { ServedMemory } from '../memories/served-memory.js'

/** A change of a memory, as the log has it. Rows are packed, one behind the other. */
export type Change =
  | { readonly kind: 'store'; readonly rows: Uint8Array; readonly ids?: readonly Id[] }
  | { readonly kind: 'replace'; readonly rows: Uint8Array; readonly id: Id }
  | { readonly kind: 'forget'; readonly id: Id }

/** A change with the name that its client gave it, so that it happens once however often it is sent. */
export interface NamedChange {
  readonly change: Change
  readonly key?: string | undefined
}

/** Does what a change says. @throws HopfieldError; then nothing has changed. */
export async function apply(memory: ServedMemory, change: Change): Promise<void> {
  if (change.kind === 'forget') memory.forget(change.id)
  else if (change.kind === 'replace') memory.replace(change.id, memory.rows(change.rows)[0])
  else await memory.store(memory.rows(change.rows), change.ids)
}

export function encodeChange({ change, key }: NamedChange): Uint8Array {
  return encode(key === undefined ? change : { ...change, key }, { ignoreUndefined: true })
}

/** @throws HopfieldError ERR_HOPFIELD_FILE for what this version does not write. */
export function decodeChange(payload: Uint8Array): NamedChange {
  const { key, ...change } = decode(payload) as Change & { key?: string }
  if (!['store', 'replace', 'forget'].includes(change.kind)) {
    throw new HopfieldError('ERR_HOPFIELD_FILE', `a log holds a change of an unknown kind, ${change.kind}`)
  }
  return { change, key }
}

/** What tells two changes of one name apart. */
export function markOf(change: Change): string {
  return createHash('sha256')
    .update(encode(change, { ignoreUndefined: true }))
    .digest('base64')
    .slice(0, 16)
}
