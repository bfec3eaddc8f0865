import { createHash } from 'node:crypto'
import { decode, encode } from '@msgpack/msgpack'
import type { Id } from 'hopfield-native'
import { HopfieldError } from 'hopfield-native'
import { ServerError } from '../errors.js'
import type { ServedMemory } from '../memories/served-memory.js'

/** A change of a memory, as the log has it. Rows are packed, one behind the other. */
export type Change =
  | { readonly kind: 'store'; readonly rows: Uint8Array; readonly ids?: readonly Id[] }
  | { readonly kind: 'replace'; readonly rows: Uint8Array; readonly id: Id }
  | { readonly kind: 'forget'; readonly id: Id }
  /** Where patterns have no ids. */
  | { readonly kind: 'forget'; readonly rows: Uint8Array; readonly id?: undefined }

/** A change with the name that its client gave it, so that it happens once however often it is sent. */
export interface NamedChange {
  readonly change: Change
  readonly key?: string | undefined
}

/**
 * Does what a change says.
 * @throws HopfieldError, also ERR_HOPFIELD_OPTION for a change that the memory does not have; ServerError ERR_SERVER_NOT_FOUND for an id that
 * no pattern has. Then nothing has changed.
 */
export async function apply({ kind, changes }: ServedMemory, change: Change): Promise<void> {
  const refused = (what: string) =>
    new HopfieldError('ERR_HOPFIELD_OPTION', `${what}: not supported by a ${kind}`)
  if (changes === undefined) throw refused(change.kind)
  const { pattern, keyed } = changes
  if (change.kind === 'store') {
    if (change.ids !== undefined && keyed === undefined) throw refused('ids')
    await changes.store(pattern.readAll('store', change.rows), change.ids)
  } else if (change.id === undefined) {
    if (changes.take === undefined) throw refused('forget by pattern')
    await changes.take(pattern.readAll('forget', change.rows))
  } else {
    if (keyed === undefined) throw refused(`${change.kind} by id`)
    if (keyed.indexOf(change.id) < 0) {
      throw new ServerError('ERR_SERVER_NOT_FOUND', 404, `no pattern has the id ${JSON.stringify(change.id)}`)
    }
    if (change.kind === 'forget') keyed.forget(change.id)
    else keyed.replace(change.id, pattern.readAll('replace', change.rows)[0])
  }
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
