import { open, readFile, rename, stat, unlink } from 'node:fs/promises'
import { encode } from '@msgpack/msgpack'
import { HopfieldError, load } from 'hopfield-native'
import { ServerError } from '../errors.js'
import { served } from '../memories/served.js'
import type { ServedMemory } from '../memories/served-memory.js'
import { apply, type Change, decodeChange, encodeChange, markOf } from './changes.js'
import { Follower, type Head, headOf } from './follower.js'
import { Journal, syncFolder, writeLog } from './journal.js'
import { KnownKeys } from './known-keys.js'
import { encodeRecord, type LogRecord, readLog } from './records.js'

/** What a change is answered with. */
export interface Acknowledged {
  /** The number of the change. */
  readonly sequence: number
  /** Whether it had been made before, by a request of the same name. */
  readonly repeated: boolean
}

export interface KeeperOptions {
  readonly writable: boolean
  /** Bytes of a log after which a new snapshot is made. */
  readonly compactAfter: number
  /** Changes that may wait. */
  readonly maxQueue: number
  onSync(seconds: number): void
  /** A snapshot that could not be made; changes go on in the log. */
  onFailure(error: unknown): void
}

/**
 * A memory with its file and the log of its changes.
 *
 * A log belongs to a snapshot by the SHA-256 of that in its name. So one rename makes both the next: a new snapshot is written beside the
 * old one, its log too, and then it takes the name of the old one. Whenever the process ends, there is the old pair or the new.
 */
export class Keeper {
  readonly path: string
  readonly memory: ServedMemory
  readonly #options: KeeperOptions
  readonly #keys: KnownKeys
  #snapshot: string
  #journal: Journal | undefined
  /** Where nothing is written: what reads the changes of another process. */
  readonly #follower: Follower | undefined
  #identity: string
  /** Changes are made one after the other. */
  #turn: Promise<unknown> = Promise.resolve()
  #waiting = 0
  #fault: string | undefined
  #compacting: Promise<void> | undefined
  /** Bytes of the log at which a new snapshot is made. */
  #compactAt: number
  /** Changes since the snapshot that is being written. */
  #behind: Uint8Array[] | undefined

  private constructor(
    path: string,
    memory: ServedMemory,
    options: KeeperOptions,
    from: { keys: KnownKeys; snapshot: string; identity: string; journal: Journal | undefined },
  ) {
    this.path = path
    this.memory = memory
    this.#options = options
    this.#compactAt = options.compactAfter
    this.#keys = from.keys
    this.#snapshot = from.snapshot
    this.#identity = from.identity
    this.#journal = from.journal
    if (!options.writable) this.#follower = new Follower(logOf(path, from.snapshot), from.snapshot)
  }

  /**
   * Opens a memory as its last acknowledged change has left it.
   * @throws HopfieldError ERR_HOPFIELD_FILE if the file or its log is damaged.
   */
  static async open(path: string, options: KeeperOptions): Promise<Keeper> {
    for (;;) {
      const identity = await identityOf(path)
      const memory = served(await load(path, { mmap: true }))
      const snapshot = await digestOf(path)
      // Another file may have taken the place meanwhile.
      if (identity !== (await identityOf(path))) continue
      const keys = new KnownKeys()
      const log = logOf(path, snapshot)
      const journal = options.writable ? await replay(log, { memory, snapshot, keys, options }) : undefined
      const keeper = new Keeper(path, memory, options, { keys, snapshot, identity, journal })
      await keeper.follow()
      // Its writer may have put a new snapshot there, and taken the log away before it was read.
      if (options.writable || identity === (await identityOf(path))) return keeper
    }
  }

  /** What keeps it from being changed; undefined if nothing does. */
  get fault(): string | undefined {
    return this.#fault
  }

  /**
   * Makes a change, and resolves when it is on the disk.
   * @param signal gives it up as long as its turn has not come.
   * @throws ServerError ERR_SERVER_CONFLICT for a name that another change has; ERR_SERVER_STORAGE; HopfieldError of the memory. A
   * rejection; then nothing has changed, unless the disk failed.
   */
  async change(change: Change, key?: string, signal?: AbortSignal): Promise<Acknowledged> {
    if (this.#waiting >= this.#options.maxQueue) {
      throw new HopfieldError(
        'ERR_HOPFIELD_OVERLOADED',
        `${this.#waiting} changes are waiting; send them later`,
      )
    }
    this.#waiting++
    try {
      const { sequence, repeated, durable } = await this.#inTurn(() => {
        signal?.throwIfAborted()
        return this.#make(change, key)
      })
      await durable
      return { sequence, repeated }
    } finally {
      this.#waiting--
    }
  }

  /**
   * Makes the changes that another process has written since; where this one writes there are none.
   * @returns how many.
   * @throws HopfieldError ERR_HOPFIELD_FILE if its log is damaged; the memory stays as the last change before has left it.
   */
  async follow(): Promise<number> {
    const follower = this.#follower
    if (follower === undefined || this.#fault !== undefined) return 0
    return this.#inTurn(async () => {
      try {
        const records = await follower.more()
        // A log of this name that was begun anew: whatever is in its place now has to be opened.
        if (records === undefined) this.#snapshot = this.#identity = ''
        for (const { payload } of records ?? []) await apply(this.memory, decodeChange(payload).change)
        return records?.length ?? 0
      } catch (error) {
        this.#fault = (error as Error).message
        throw error
      }
    })
  }

  /** What tells the file that has taken the place of this one; undefined if none has, or one that says the same. */
  async replacement(): Promise<string | undefined> {
    if (this.#compacting !== undefined) return undefined
    const identity = await identityOf(this.path)
    if (identity === this.#identity) return undefined
    // A copy: the log belongs to it as well.
    const same = (await digestOf(this.path).catch(() => undefined)) === this.#snapshot
    if (same) this.#identity = identity
    return same || this.#compacting !== undefined ? undefined : identity
  }

  /** Ends it; with `superseded` its log is put aside, since another file has taken the place of the snapshot. */
  async close(superseded = false): Promise<void> {
    await this.#compacting?.catch(() => {})
    await this.#inTurn(async () => {
      const journal = this.#journal
      this.#journal = undefined
      // What it could not write was told to those who asked for it.
      await journal?.close().catch(() => {})
      if (superseded && journal !== undefined) await rename(journal.path, `${journal.path}.superseded`)
    })
  }

  /**
   * Writes a new snapshot, and begins a new log. A memory whose log could not be written is changed again after that.
   * @throws ServerError ERR_SERVER_STORAGE if that cannot be; then the old pair stays.
   */
  compact(): Promise<void> {
    this.#compacting ??= this.#compact()
      .catch((error: unknown) => {
        // Not again with every change.
        this.#compactAt = (this.#journal?.bytes ?? 0) + this.#options.compactAfter
        this.#options.onFailure(error)
        const why = `no new snapshot could be written: ${(error as Error).message}`
        throw new ServerError('ERR_SERVER_STORAGE', 503, why)
      })
      .finally(() => {
        this.#behind = undefined
        this.#compacting = undefined
      })
    return this.#compacting
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work)
    this.#turn = done.catch(() => {})
    return done
  }

  async #make(
    change: Change,
    key: string | undefined,
  ): Promise<{ sequence: number; repeated: boolean; durable: Promise<void> }> {
    if (this.#fault !== undefined) throw new ServerError('ERR_SERVER_STORAGE', 503, this.#fault)
    const journal = this.#open()
    const mark = markOf(change)
    const known = key === undefined ? undefined : this.#keys.get(key)
    if (known !== undefined) {
      if (known.mark === mark) return { sequence: known.sequence, repeated: true, durable: known.durable }
      throw new ServerError('ERR_SERVER_CONFLICT', 409, 'another change had this idempotency-key')
    }
    await apply(this.memory, change)
    const payload = encodeChange({ change, key })
    const durable = journal.append(payload).catch((error: Error) => {
      this.#fault = `the log cannot be written: ${error.message}`
      throw new ServerError('ERR_SERVER_STORAGE', 503, this.#fault)
    })
    this.#behind?.push(payload)
    const sequence = journal.last
    // Nobody may wait for it: a fault is then told by the next change.
    durable.catch(() => {})
    if (key !== undefined) this.#keys.add(key, { sequence, mark, durable })
    // Nobody waits for it, and `onFailure` was told.
    if (journal.bytes > this.#compactAt) this.compact().catch(() => {})
    return { sequence, repeated: false, durable }
  }

  async #compact(): Promise<void> {
    const beside = `${this.path}.next`
    // `save` takes the memory as it is when it is called, and writes it while changes go on.
    const { saving, last } = await this.#inTurn(async () => {
      const { last } = this.#open()
      this.#behind = []
      const saving = this.memory.save(beside)
      saving.catch(() => {})
      return { saving, last }
    })
    try {
      await saving
      await this.#inTurn(() => this.#exchange(beside, last))
    } catch (error) {
      // It may be as large as the memory, and the disk may be full.
      await unlink(beside).catch(() => {})
      throw error
    }
  }

  #open(): Journal {
    if (this.#journal !== undefined) return this.#journal
    throw new ServerError('ERR_SERVER_STORAGE', 503, 'this memory is closed')
  }

  /** Puts a new snapshot, which has changes up to one, and the log of those after it in the place of the old ones. */
  async #exchange(beside: string, last: number): Promise<void> {
    const snapshot = await digestOf(beside)
    const old = this.#open()
    // Changes that it could not take were made in the memory: the snapshot has them, or the new log.
    await old.settled().catch(() => {})
    if ((await identityOf(this.path)) !== this.#identity) {
      throw new Error('another file has taken the place of the memory')
    }
    const log = logOf(this.path, snapshot)
    const head: Head = { snapshot, keys: this.#keys.written(last) }
    const records = [encode(head), ...(this.#behind ?? [])].map((payload, k) =>
      encodeRecord({ sequence: last + k, synced: last + k, payload }),
    )
    await writeLog(log, Buffer.concat(records))
    await rename(beside, this.path)
    await syncFolder(this.path)
    this.#identity = await identityOf(this.path)
    this.#snapshot = snapshot
    this.#journal = await Journal.open(log, this.#options.onSync)
    this.#keys.settle()
    this.#fault = undefined
    await old.close().catch(() => {})
    if (old.path !== log) await unlink(old.path)
    this.#compactAt = this.#options.compactAfter
  }
}

/** Makes the changes of a log, and opens it for more. */
async function replay(
  log: string,
  to: { memory: ServedMemory; snapshot: string; keys: KnownKeys; options: KeeperOptions },
): Promise<Journal> {
  const { memory, snapshot, keys, options } = to
  const bytes = await readFile(log).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (bytes === undefined) {
    const head: Head = { snapshot, keys: [] }
    await writeLog(log, encodeRecord({ sequence: 0, synced: 0, payload: encode(head) }))
    return Journal.open(log, options.onSync)
  }
  const { records } = readLog(log, bytes)
  const [first, ...changes] = records
  keys.read(headOf(log, first, snapshot).keys)
  for (const record of changes) await again(memory, keys, record)
  return Journal.open(log, options.onSync)
}

async function again(memory: ServedMemory, keys: KnownKeys, { sequence, payload }: LogRecord): Promise<void> {
  const { change, key } = decodeChange(payload)
  await apply(memory, change)
  if (key !== undefined) keys.add(key, { sequence, mark: markOf(change), durable: Promise.resolve() })
}

function logOf(path: string, snapshot: string): string {
  return `${path}.${snapshot.slice(0, 16)}.log`
}

/** What tells a file from another that has taken its place. */
async function identityOf(path: string): Promise<string> {
  const { dev, ino, size, mtimeMs } = await stat(path)
  return [dev, ino, size, mtimeMs].join()
}

/** The SHA-256 that a file says it has: that of its contents, if it is one of `save`. */
async function digestOf(path: string): Promise<string> {
  const file = await open(path, 'r')
  try {
    const prefix = Buffer.alloc(8)
    await file.read(prefix, 0, 8, 0)
    const length = Number(prefix.readBigUInt64LE(0))
    const { size } = await file.stat()
    if (length > size) throw new HopfieldError('ERR_HOPFIELD_FILE', `${path}: the file was cut`)
    const header = Buffer.alloc(length)
    await file.read(header, 0, length, 8)
    const sha256: unknown = JSON.parse(header.toString('utf8')).__metadata__?.sha256
    if (typeof sha256 === 'string' && /^[\da-f]{64}$/.test(sha256)) return sha256
    throw new HopfieldError(
      'ERR_HOPFIELD_FILE',
      `${path}: __metadata__.sha256: expected 64 hexadecimal digits`,
    )
  } finally {
    await file.close()
  }
}
