import { Packr } from 'msgpackr'

// Typed arrays travel as their bytes, little-endian, so that no number changes on the way.
const packr = new Packr({ moreTypes: true, useRecords: false, mapsAsObjects: true })

export function encode(value: unknown): Uint8Array {
  return Uint8Array.from(packr.pack(value))
}

export function decode(bytes: Uint8Array): unknown {
  return packr.unpack(bytes)
}

/** What a part replies. */
export type Reply = { readonly answer: unknown } | { readonly error: string }
