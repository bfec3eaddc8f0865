import { unwatch, watch } from '../async/aborts.js'
import { ASYNC, type AsyncLimits } from '../async/async-options.js'
import { FirstFailure } from '../async/first-failure.js'
import { allHere, type KernelCall, onWay, type Steps } from '../async/steps.js'
import { allocate, describe, HopfieldError, isRevoked, within } from '../errors.js'
import { flag, type Given, optional, type Read, Schema } from '../input/options.js'
import { transferred } from '../input/spins.js'
import { isTransferred, plainArray, type Uint8s } from '../input/typed-arrays.js'
import { checkBoolean } from '../input/validate.js'
import { FLAG, type Flag, type Kernels } from '../kernels/contract/kernels.js'
import { kernelsFor } from '../kernels/select.js'
import { type OpenPieces, readingFile, replacingFile } from '../platform/node/files.js'
import { breathe, spent } from '../platform/turn.js'
import { encode, recordOf, verify } from '../storage/container.js'
import { mapFile } from '../storage/mapped-file.js'
import { type MemoryRecord, misfit, RecordReader, type Values } from '../storage/record.js'
import {
  arrayAt,
  fromLittleEndian,
  type Header,
  headerLength,
  type Layout,
  littleEndian,
  type Place,
  PREFIX,
  parseHeader,
  roomFor,
  windows,
} from '../storage/safetensors.js'
import { BACKEND } from './backend-option.js'
import { type HeldRecord, type MemoryClass, openRecord } from './opening.js'

const BYTES = { ...BACKEND }
const { signal, onProgress } = ASYNC

const SAVE = {
  /** Stops the work; the promise then rejects with `signal.reason`, and the file is as it was. */
  signal,
  /** Called on this thread with bytes that are done, of all bytes: each is read or written once, and digested once. */
  onProgress,
}

const LOAD = {
  ...BACKEND,
  /**
   * true: the file is mapped into memory and not read; opening takes the same time for every size, and a recall reads what it needs.
   * The file must not be written to or cut while the memory is in use: the system ends a process that reads what was cut off. `save` and
   * `mv` onto it are safe, because they put a new file in its place; `cp` onto it is not. Where files cannot be mapped it is read. false
   * by default.
   */
  mmap: flag(false),
  /** Whether the SHA-256 of the file and all contents are checked at once. By default they are unless `mmap`: then at first use, without the SHA-256. */
  verify: optional<boolean>(checkBoolean),
  signal,
  onProgress,
}

export interface SaveOptions extends Given<typeof SAVE> {}
export interface LoadOptions extends Given<typeof LOAD> {}
export interface FromBytesOptions extends Given<typeof BYTES> {}

const SAVING = new Schema(SAVE)
const LOADING = new Schema(LOAD)
const READING = new Schema(BYTES)

type Limits = Pick<AsyncLimits, 'signal' | 'onProgress'>

/** What steps of a memory yield. */
type StepsOf = Steps<void> extends Generator<infer Step, void> ? Step : never

/** Counts bytes, gives others their turn, and stops where the caller wants it. */
class Journey {
  readonly #limits: Limits
  #done = 0
  readonly #failure = new FirstFailure()
  /** Of the kernel that runs. */
  #flag: Flag | undefined
  total = 0

  constructor(limits: Limits) {
    this.#limits = limits
  }

  aborted(): void {
    this.#fail(this.#limits.signal?.reason)
  }

  async step(bytes: number): Promise<void> {
    this.#done += bytes
    try {
      const answer: unknown = this.#limits.onProgress?.({ done: this.#done, total: this.total })
      // An asynchronous onProgress may reject.
      if (answer instanceof Promise) answer.catch((error) => this.#fail(error))
    } catch (error) {
      this.#fail(error)
    }
    if (spent()) await breathe()
    this.check()
  }

  /** Steps that yield a number have read or written so many bytes. */
  async steps<T>(work: Generator<number | StepsOf, T>): Promise<T> {
    for (;;) {
      const { done, value } = work.next()
      if (done) return value
      if (typeof value === 'number') await this.step(value)
      else if (spent()) await breathe()
      if (value !== undefined && typeof value === 'object' && 'here' in value) await this.#call(value)
      this.check()
    }
  }

  async #call(call: KernelCall): Promise<void> {
    const flag = new Int32Array(FLAG.length)
    this.#flag = flag
    await onWay(call, flag)
    this.#flag = undefined
  }

  check(): void {
    this.#failure.throwIfKnown()
  }

  async unlessStopped(work: Promise<unknown>): Promise<void> {
    await this.#failure.unlessKnown(work)
    this.check()
  }

  /** Stops here, or not at all any more. */
  finish(): void {
    this.check()
    this.#failure.finish()
  }

  #fail(error: unknown): void {
    if (this.#failure.note(error) && this.#flag !== undefined) Atomics.store(this.#flag, FLAG.stop, 1)
  }
}

/** Runs work that a signal may stop. */
async function travelling<T>(limits: Limits, work: (journey: Journey) => Promise<T>): Promise<T> {
  const { signal } = limits
  signal?.throwIfAborted()
  const journey = new Journey(limits)
  if (signal !== undefined) watch(signal, journey)
  try {
    const result = await work(journey)
    journey.check()
    return result
  } finally {
    if (signal !== undefined) unwatch(signal, journey)
  }
}

/** Writes a record into a file, and releases it. */
export async function saveRecord(
  path: string,
  options: SaveOptions | undefined,
  take: () => HeldRecord,
): Promise<void> {
  const limits = SAVING.read('save', options)
  const at = checkPath('save', path)
  const { record, settling, release } = take()
  try {
    await travelling(limits, async (journey) => {
      await journey.steps(settling)
      const { digested, total, pieces } = encode(record)
      journey.total = digested + total
      const layout = await journey.steps(pieces())
      await replacingFile(at, (file) => write(file, layout, journey), journey).catch((error: unknown) => {
        throw unusable('write', at, error, journey)
      })
    })
  } catch (error) {
    throw within('save', error)
  } finally {
    release()
  }
}

async function write(file: OpenPieces, { header, pieces }: Layout, journey: Journey): Promise<void> {
  await file.write(header, 0)
  await journey.step(header.length)
  for (const { position, values } of pieces) {
    let at = position
    for (const window of littleEndian(values)) {
      await file.write(window, at)
      at += window.length
      await journey.step(window.length)
    }
  }
}

/** A record as the bytes of a file. */
export function bytesOf({ record, settling, release }: HeldRecord): Uint8s {
  try {
    allHere(settling)
    const { header, pieces, total } = here(encode(record).pieces())
    const out = allocate('toBytes', total, () => new Uint8Array(total))
    out.set(header)
    for (const { position, values } of pieces) {
      let at = position
      for (const window of littleEndian(values)) {
        out.set(window, at)
        at += window.length
      }
    }
    return out
  } catch (error) {
    throw within('toBytes', error)
  } finally {
    release()
  }
}

function here<T>(work: Generator<unknown, T>): T {
  for (;;) {
    const { done, value } = work.next()
    if (done) return value as T
  }
}

/** Finds the class of a memory by the name in its record. */
export type ClassOf<Memory> = (kind: string) => MemoryClass<Memory>

/** Makes a memory of the bytes of a file, which are copied. */
export function memoryOf<Memory>(
  bytes: unknown,
  options: FromBytesOptions | undefined,
  classOf: ClassOf<Memory>,
): Memory {
  const { backend } = READING.read('fromBytes', options)
  const kernels = kernelsFor(backend)
  try {
    const file = readBytes(bytes)
    const length = headerLength(file, file.length)
    const header = parseHeader(file.subarray(PREFIX, PREFIX + length), file.length)
    const base = PREFIX + length
    const copy = (place: Place): Values => {
      const values = roomFor(place, kernels.allocate)
      let at = base + place.begin
      for (const window of windows(values)) {
        window.set(file.subarray(at, at + window.length))
        at += window.length
      }
      fromLittleEndian(values)
      return values
    }
    const { record, padding } = opened(header, copy)
    const Class = classOf(record.kind)
    checkPadding(padding)
    here(verify(header, record))
    const from = new RecordReader(record, false)
    const memory = openRecord(Class, from, backend)
    from.settle()
    return memory
  } catch (error) {
    throw within('fromBytes', error)
  }
}

function readBytes(given: unknown): Uint8Array {
  if (isTransferred(given)) throw transferred('bytes')
  const bytes = plainArray(given, Uint8Array)
  if (bytes !== undefined) return bytes
  if (!isRevoked(given) && given instanceof ArrayBuffer) return new Uint8Array(given)
  throw new HopfieldError('ERR_HOPFIELD_TYPE', `bytes: expected a Uint8Array, got ${describe(given)}`)
}

interface Opened {
  readonly record: MemoryRecord
  readonly padding: ReadonlyMap<string, Values>
}

/** The record of a file whose arrays `take` finds. */
function opened(header: Header, take: (place: Place) => Values): Opened {
  const arraysOf = (places: ReadonlyMap<string, Place>): Map<string, Values> =>
    new Map(Array.from(places, ([name, place]) => [name, take(place)]))
  return { record: recordOf(header, arraysOf(header.places)), padding: arraysOf(header.padding) }
}

function checkPadding(padding: ReadonlyMap<string, Values>): void {
  for (const [name, values] of padding) {
    if (values.some((byte) => byte !== 0)) throw misfit(name, 'expected zeros')
  }
}

/** Makes a memory of a file. */
export async function fromFile<Memory>(
  path: string,
  options: LoadOptions | undefined,
  classOf: ClassOf<Memory>,
): Promise<Memory> {
  const read = LOADING.read('load', options)
  const at = checkPath('load', path)
  const kernels = kernelsFor(read.backend)
  try {
    return await travelling(read, (journey) => openFile(at, kernels, read, classOf, journey))
  } catch (error) {
    throw within('load', located(at, error))
  }
}

/** What is wrong with a file, with its name; an error that has it already, and one of anything else, stays as it is. */
function located(path: string, error: unknown): unknown {
  if (!(error instanceof HopfieldError) || error.code !== 'ERR_HOPFIELD_FILE') return error
  const file = `the file ${JSON.stringify(path)}`
  return error.message.includes(file) ? error : new HopfieldError(error.code, `${file}: ${error.message}`)
}

async function openFile<Memory>(
  path: string,
  kernels: Kernels,
  read: Read<typeof LOAD>,
  classOf: ClassOf<Memory>,
  journey: Journey,
): Promise<Memory> {
  const map = read.mmap ? mapFile(kernels, path) : undefined
  const { header, file } =
    map === undefined ? await wholeFile(path, kernels, journey) : mappedFile(map, kernels)
  const { record, padding } = file
  const whole = read.verify ?? map === undefined
  // Whoever opens a record may write into its arrays: those of a map are the process's own as well.
  const from = new RecordReader(record, false)
  const Class = classOf(record.kind)
  if (whole) {
    checkPadding(padding)
    await journey.steps(verify(header, record))
  }
  const memory = openRecord(Class, from, read.backend)
  await journey.steps(whole ? from.settling() : from.converting())
  return memory
}

function mappedFile(map: ArrayBuffer, kernels: Kernels): { header: Header; file: Opened } {
  const length = headerLength(new Uint8Array(map, 0, Math.min(PREFIX, map.byteLength)), map.byteLength)
  const header = parseHeader(new Uint8Array(map, PREFIX, length), map.byteLength)
  const take = (place: Place): Values => arrayAt(map, PREFIX + length, place, kernels.allocate)
  return { header, file: opened(header, take) }
}

async function wholeFile(
  path: string,
  kernels: Kernels,
  journey: Journey,
): Promise<{ header: Header; file: Opened }> {
  const reading = readingFile(path, async (file) => {
    const prefix = new Uint8Array(PREFIX)
    if (file.bytes >= PREFIX) await file.read(prefix, 0)
    const length = headerLength(prefix, file.bytes)
    const text = allocate('header', length, () => new Uint8Array(length))
    await file.read(text, PREFIX)
    const header = parseHeader(text, file.bytes)
    journey.total = PREFIX + length + 2 * header.size
    await journey.step(PREFIX + length)
    const found = new Map<Place, Values>()
    for (const place of [...header.places.values(), ...header.padding.values()]) {
      const values = roomFor(place, kernels.allocate)
      let at = PREFIX + length + place.begin
      for (const window of windows(values)) {
        await file.read(window, at)
        at += window.length
        await journey.step(window.length)
      }
      fromLittleEndian(values)
      found.set(place, values)
    }
    return { header, file: opened(header, (place) => found.get(place) as Values) }
  })
  return reading.catch((error: unknown) => {
    throw unusable('read', path, error, journey)
  })
}

function checkPath(method: string, path: unknown): string {
  if (typeof path === 'string' && path !== '') return path
  const got = path === '' ? 'an empty one' : describe(path)
  throw new HopfieldError('ERR_HOPFIELD_TYPE', `${method}: path: expected the name of a file, got ${got}`)
}

/** The error of a file that the system refuses; what was said already, and what the caller wanted to stop, stays as it is. */
function unusable(verb: string, path: string, error: unknown, journey: Journey): unknown {
  try {
    journey.check()
  } catch (reason) {
    return reason
  }
  // Only what the system says has a code of its own.
  if (error instanceof HopfieldError || typeof (error as { code?: unknown }).code !== 'string') return error
  const message = `cannot ${verb} the file ${JSON.stringify(path)}: ${(error as Error).message}`
  return new HopfieldError('ERR_HOPFIELD_FILE', message, { cause: error })
}
