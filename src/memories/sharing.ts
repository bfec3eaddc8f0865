import { ASYNC, type AsyncLimits } from '../async/async-options.js'
import { allBeside, allHere, Shared, type Steps } from '../async/steps.js'
import { describe, HopfieldError, isRevoked, within } from '../errors.js'
import { type Given, optional, Schema } from '../input/options.js'
import { checkInteger } from '../input/validate.js'
import { type BackendChoice, kernelsFor } from '../kernels/select.js'
import { isSharedArrayBuffer } from '../platform/node/system.js'
import type { GrowingRows } from '../storage/growing-rows.js'
import { type MemoryRecord, RecordReader } from '../storage/record.js'
import { type Room, readShared, type SharedPlace, writeShared } from '../storage/shared-record.js'
import { BACKEND } from './backend-option.js'
import type { ClassOf } from './keeping.js'
import { type HeldRecord, openRecord } from './opening.js'

/** The handle that `share` returns: a plain object, so that postMessage sends it without copying the memory. */
export interface SharedMemory {
  /** The class of the memory. */
  readonly kind: string
  /** Version of the handle. */
  readonly version: 2
  /** Everything the memory knows. Do not write into it: that changes the memory under every reader. */
  readonly memory: SharedArrayBuffer
  /** Where it starts in `memory`. */
  readonly byteOffset: number
  /** How many bytes it has: those of the file that `save` writes, but for the SHA-256. */
  readonly byteLength: number
}

const VERSION = 2
const MOST_PATTERNS = 2 ** 31 - 1

const SHARE = {
  /**
   * How many patterns there is to be room for, the stored ones included. Each pattern that this side then stores is published: a side that
   * has opened the handle takes it by `refresh`, without a copy. Only implicit weights of rule 'hebbian' and dense associative memories.
   */
  room: optional<number>((name, value) => checkInteger(name, value, 0, MOST_PATTERNS)),
  /**
   * How many bytes there is to be room for in ids of patterns that come, as JSON in UTF-8; 32 for each by default. Patterns whose ids have
   * no room go elsewhere, as patterns without room do. Only with `room`.
   */
  idBytes: optional<number>((name, value) => checkInteger(name, value, 0, MOST_PATTERNS)),
}
const { signal, onProgress } = ASYNC
const SHARE_ASYNC = { ...SHARE, signal, onProgress }
const OPEN = { ...BACKEND }

/** Options of `share`. */
export interface ShareOptions extends Given<typeof SHARE> {}
/** Options of `shareAsync`. */
export interface ShareAsyncOptions extends Given<typeof SHARE_ASYNC> {}
/** Options of `fromShared`. */
export interface FromSharedOptions extends Given<typeof OPEN> {}

const SHARING = new Schema(SHARE)
const SHARING_LATER = new Schema(SHARE_ASYNC)
const OPENING = new Schema(OPEN)

/** Method by which a memory that was opened goes on where patterns may come. */
export const GROW: unique symbol = Symbol('grow')
/** Property that holds what a memory knows of being shared. */
export const SHARES: unique symbol = Symbol('shares')

/** What sharing asks of a memory. */
export interface Sharer {
  readonly backend: BackendChoice
  readonly count: () => number
  readonly busy: () => boolean
  /** Whether a pattern that comes is all there is to say. */
  readonly growable: () => boolean
  /** Whether patterns that are stored are published. */
  readonly publishes: () => boolean
  /** Everything the memory knows. */
  record(derived: boolean): HeldRecord
  /** Columns of the patterns as they are at the call, made in small steps, where making them takes long. */
  readonly columnsLater: (() => Promise<Uint32Array | undefined>) | undefined
  /** Takes the arrays of a record that says the same in place of its own. */
  adopt(from: RecordReader, growing: GrowingRows | undefined): void
}

/** A record, and after how many changes it was taken. */
interface Taken extends HeldRecord {
  readonly changes: number
}

/** The shared memory that a memory lies in, until it changes. */
export class Sharing {
  readonly #sharer: Sharer
  #handle: SharedMemory | undefined
  #room: Room | undefined
  /** Changes so far. */
  #changes = 0

  constructor(sharer: Sharer) {
    this.#sharer = sharer
  }

  /** The memory has changed. */
  changed(): void {
    this.#changes++
    if (!this.#sharer.publishes()) this.#handle = undefined
  }

  /** The memory has taken what came through its handle, which says so too; a record from before does not. */
  refreshed(): void {
    this.#changes++
  }

  /** The memory was opened from a handle. */
  opened(handle: SharedMemory): void {
    this.#handle = handle
  }

  share(options: ShareOptions | undefined): SharedMemory {
    const read = SHARING.read('share', options)
    try {
      const room = roomOf(read)
      if (this.#sharer.busy()) throw busy()
      return this.#known(room) ?? allHere(this.#from(this.#take(room), room))
    } catch (error) {
      throw within('share', error)
    }
  }

  async shareAsync(options: ShareAsyncOptions | undefined): Promise<SharedMemory> {
    const read = SHARING_LATER.read('shareAsync', options)
    try {
      const room = roomOf(read)
      if (this.#sharer.busy()) throw busy()
      const known = this.#known(room)
      if (known !== undefined) return known
      return await this.#later(room, read)
    } catch (error) {
      throw within('shareAsync', error)
    }
  }

  async #later(
    room: Room | undefined,
    limits: Pick<AsyncLimits, 'signal' | 'onProgress'>,
  ): Promise<SharedMemory> {
    this.#check(room)
    limits.signal?.throwIfAborted()
    const { columnsLater } = this.#sharer
    const making = room === undefined ? columnsLater?.() : undefined
    // Nobody waits for them where the work stops before.
    making?.catch(() => {})
    // Both are of this turn; the steps may begin in a later one.
    const held = this.#take(room, making)
    try {
      return await allBeside(this.#from(held, room, making), limits)
    } finally {
      held.release()
    }
  }

  #known(room: Room | undefined): SharedMemory | undefined {
    if (room === undefined) return this.#handle
    const { patterns, idBytes } = room
    const same = patterns === this.#room?.patterns && (idBytes ?? this.#room.idBytes) === this.#room.idBytes
    return same ? this.#handle : undefined
  }

  #check(room: Room | undefined): void {
    if (room === undefined) return
    const count = this.#sharer.count()
    if (!this.#sharer.growable()) {
      throw new HopfieldError(
        'ERR_HOPFIELD_OPTION',
        "room: only supported by implicit weights of rule 'hebbian' and by dense associative memories; share others again after a change",
      )
    }
    if (room.patterns >= count) return
    throw new HopfieldError(
      'ERR_HOPFIELD_RANGE',
      `room: expected at least ${count}, the stored patterns, got ${room.patterns}`,
    )
  }

  /** Everything the memory knows now; columns only where none are under way, and none where patterns are to come. */
  #take(room: Room | undefined, making?: Promise<unknown>): Taken {
    this.#check(room)
    return { ...this.#sharer.record(room === undefined && making === undefined), changes: this.#changes }
  }

  *#from(
    { record, settling, release, changes }: Taken,
    room: Room | undefined,
    making?: Promise<Uint32Array | undefined>,
  ): Steps<SharedMemory> {
    const kernels = kernelsFor(this.#sharer.backend)
    let place: SharedPlace
    try {
      yield* settling
      place = yield* writeShared(kernels, yield* withColumns(record, making), room)
    } finally {
      release()
    }
    const handle: SharedMemory = { kind: record.kind, version: VERSION, ...place }
    // Where the memory has changed meanwhile, the handle is of what it was at the call.
    if (changes !== this.#changes || this.#sharer.busy()) return handle
    const opened = readShared(place, kernels.allocate)
    this.#sharer.adopt(new RecordReader(opened.record, true, true), opened.growing?.(true))
    this.#handle = handle
    this.#room = room
    return handle
  }
}

/** @throws HopfieldError ERR_HOPFIELD_OPTION for room for ids alone. */
function roomOf({
  room: patterns,
  idBytes,
}: {
  readonly room: number | undefined
  readonly idBytes: number | undefined
}): Room | undefined {
  if (patterns !== undefined) return { patterns, idBytes }
  if (idBytes === undefined) return undefined
  throw new HopfieldError('ERR_HOPFIELD_OPTION', 'idBytes: only together with room')
}

/** A record with the columns that were waited for, if there are any. */
function* withColumns(
  record: MemoryRecord,
  making: Promise<Uint32Array | undefined> | undefined,
): Steps<MemoryRecord> {
  if (making === undefined) return record
  let columns: Uint32Array | undefined
  yield new Shared(
    making.then((made) => {
      columns = made
    }),
  )
  if (columns === undefined) return record
  const neurons = record.options['neurons'] as number
  const shape = [neurons, columns.length / neurons]
  return { ...record, arrays: new Map(record.arrays).set('patterns.columns', { values: columns, shape }) }
}

/** A memory that can be opened. */
interface Openable {
  readonly [SHARES]: Sharing
  [GROW](growing: GrowingRows): void
}

/** Opens a handle from anywhere, which is read once. */
export function openShared<Memory extends Openable>(
  given: unknown,
  options: FromSharedOptions | undefined,
  classOf: ClassOf<Memory>,
): Memory {
  const { backend } = OPENING.read('fromShared', options)
  try {
    const handle = readHandle(given)
    const { record, growing } = readShared(handle, kernelsFor(backend).allocate)
    const from = new RecordReader(record, true)
    const memory = openRecord(classOf(record.kind), from, backend)
    from.settle()
    if (growing !== undefined) memory[GROW](growing(false))
    memory[SHARES].opened(handle)
    return memory
  } catch (error) {
    throw within('fromShared', asHandleError(error))
  }
}

function readHandle(handle: unknown): SharedMemory {
  if (handle === null || typeof handle !== 'object' || isRevoked(handle)) {
    throw new HopfieldError(
      'ERR_HOPFIELD_TYPE',
      `handle: expected a handle of share(), got ${describe(handle)}`,
    )
  }
  // Each field is read once, because a getter may return another value the second time.
  const { kind, version, memory, byteOffset, byteLength } = handle as {
    [key in keyof SharedMemory]?: unknown
  }
  if (typeof kind !== 'string' || version !== VERSION) {
    const got = `${describe(kind)} version ${describe(version)}`
    throw new HopfieldError(
      'ERR_HOPFIELD_FORMAT',
      `handle: expected a handle of share(), version ${VERSION}, got ${got}`,
    )
  }
  if (!isSharedArrayBuffer(memory)) {
    throw new HopfieldError(
      'ERR_HOPFIELD_TYPE',
      `handle.memory: expected a SharedArrayBuffer, got ${describe(memory)}`,
    )
  }
  const all = memory.byteLength
  const from = checkInteger('handle.byteOffset', byteOffset, 0, all)
  const bytes = checkInteger('handle.byteLength', byteLength, 0, all - from)
  return { kind, version, memory, byteOffset: from, byteLength: bytes }
}

/** What a file would be blamed for is a fault of the handle here. */
function asHandleError(error: unknown): unknown {
  if (!(error instanceof HopfieldError) || error.code !== 'ERR_HOPFIELD_FILE') return error
  return new HopfieldError('ERR_HOPFIELD_FORMAT', `handle.memory: ${error.message}`, { cause: error })
}

function busy(): HopfieldError {
  return new HopfieldError(
    'ERR_HOPFIELD_BUSY',
    'a change of this memory is running; call again after it has ended',
  )
}
