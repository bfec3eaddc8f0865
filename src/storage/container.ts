import { sha256 } from '../platform/node/digest.js'
import { VERSION } from '../platform/version.js'
import { canonicalJson, parseJson } from './json.js'
import { type Fact, type Facts, type MemoryRecord, misfit, type Tensor, type Values } from './record.js'
import { dtypeOf, type Header, type Layout, layOut, littleEndian, namesOf } from './safetensors.js'

// A record as a safetensors file: its arrays are tensors, all else is in the metadata.

/** Who wrote a file, in its metadata. */
const FORMAT = 'hopfield-native'
/** Raised when older packages would misread what newer ones write. */
const FORMAT_VERSION = 1
/** What a file says of itself, without its arrays. */
interface Said {
  readonly class: string
  readonly form: string
  /** Canonical JSON. */
  readonly options: string
  /** Canonical JSON. */
  readonly facts: string
}

/** A file that is to be written. */
export interface Encoding {
  /** Bytes of all arrays, which a digest reads. */
  readonly digested: number
  /** Bytes of the file. */
  readonly total: number
  /** Makes its pieces in small steps: each yields how many bytes it has digested. */
  pieces(): Generator<number, Layout>
}

/** What a header says of a record, without its arrays and their digest. */
export function describeRecord({
  kind,
  form,
  options,
  facts,
}: MemoryRecord): Readonly<Record<string, string>> {
  const said: Said = { class: kind, form, options: canonicalJson(options), facts: canonicalJson(facts) }
  return { format: FORMAT, version: String(FORMAT_VERSION), package: VERSION, ...said }
}

/** A record as a file. */
export function encode(record: MemoryRecord): Encoding {
  const metadata = describeRecord(record)
  const laidOut = (digest: string): Layout => layOut({ ...metadata, sha256: digest }, record.arrays)
  let digested = 0
  for (const { values } of record.arrays.values()) digested += values.byteLength
  return {
    digested,
    // All digests have the same length.
    total: laidOut('0'.repeat(64)).total,
    *pieces() {
      return laidOut(yield* digestOf(metadata, record.arrays))
    },
  }
}

/**
 * SHA-256 of the canonical JSON of metadata and arrays, and then of the bytes of the arrays by name: of all that a file says, however
 * its header is written and its arrays are ordered.
 */
function* digestOf(
  metadata: Readonly<Record<string, string>>,
  arrays: ReadonlyMap<string, Tensor>,
): Generator<number, string> {
  const hash = sha256()
  const described: Record<string, Fact> = Object.create(null)
  for (const [name, { values, shape }] of arrays) described[name] = { dtype: dtypeOf(values), shape }
  hash.update(new TextEncoder().encode(canonicalJson({ metadata, arrays: described })))
  for (const name of namesOf(arrays)) {
    for (const window of littleEndian((arrays.get(name) as Tensor).values)) {
      hash.update(window)
      yield window.length
    }
  }
  return hash.hex()
}

/** The record of a file, as it says it is. Contents of arrays are for whoever opens the record to check. */
export function recordOf({ metadata, places }: Header, arrays: ReadonlyMap<string, Values>): MemoryRecord {
  checkVersion(metadata)
  const tensors = Array.from(places, ([name, { shape }]): [string, Tensor] => {
    return [name, { values: arrays.get(name) as Values, shape }]
  })
  return {
    kind: text(metadata, 'class'),
    form: text(metadata, 'form'),
    options: facts(metadata, 'options'),
    facts: facts(metadata, 'facts'),
    arrays: new Map(tensors),
  }
}

/** Checks that a file is as it was written, in small steps: each yields how many bytes it has read. */
export function* verify({ metadata }: Header, { arrays }: MemoryRecord): Generator<number, void> {
  const { sha256: expected, ...said } = Object.fromEntries(metadata)
  const digest = yield* digestOf(said, arrays)
  if (digest === expected) return
  const got = `${expected ?? 'none'}, but the contents have ${digest}`
  throw misfit(
    '__metadata__.sha256',
    `expected the SHA-256 of the contents, got ${got}; the file was changed or damaged`,
  )
}

function checkVersion(metadata: ReadonlyMap<string, string>): void {
  const format = metadata.get('format')
  if (format !== FORMAT) {
    const got = format === undefined ? 'none' : JSON.stringify(format)
    throw misfit('__metadata__.format', `expected "${FORMAT}", got ${got}; no memory was saved here`)
  }
  const version = text(metadata, 'version')
  if (version === String(FORMAT_VERSION)) return
  const newer = /^\d{1,9}$/.test(version) && Number(version) > FORMAT_VERSION
  const by = `hopfield-native ${metadata.get('package') ?? 'of some version'}`
  throw misfit(
    '__metadata__.version',
    newer
      ? `expected ${FORMAT_VERSION}, got ${version}, written by ${by}; a newer package reads it`
      : `expected ${FORMAT_VERSION}, got ${JSON.stringify(version)}`,
  )
}

function text(metadata: ReadonlyMap<string, string>, name: string): string {
  const found = metadata.get(name)
  if (found === undefined) throw misfit(`__metadata__.${name}`, 'expected a string, got none')
  return found
}

function facts(metadata: ReadonlyMap<string, string>, name: string): Facts {
  const place = `__metadata__.${name}`
  const value = parseJson(place, new TextEncoder().encode(text(metadata, name)))
  if (value !== null && typeof value === 'object' && !Array.isArray(value)) return value as Facts
  throw misfit(place, 'expected an object')
}
