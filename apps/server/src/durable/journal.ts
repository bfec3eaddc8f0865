import { type FileHandle, open, readFile, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import { encodeRecord, readLog } from './records.js'

/** Somebody waits until a change is on the disk. */
interface Waiting {
  readonly sequence: number
  resolve(): void
  reject(error: unknown): void
}

/** A log that is written to. Changes that come while the disk is busy go there together. */
export class Journal {
  readonly path: string
  readonly #file: FileHandle
  readonly #onSync: (seconds: number) => void
  #bytes: number
  /** Where the next record goes. */
  #end: number
  #last: number
  #synced: number
  #pending: Buffer[] = []
  #waiting: Waiting[] = []
  #writing: Promise<void> | undefined
  #failed: unknown

  private constructor(
    path: string,
    file: FileHandle,
    at: { bytes: number; last: number },
    onSync: (seconds: number) => void,
  ) {
    this.path = path
    this.#file = file
    this.#bytes = at.bytes
    this.#end = at.bytes
    this.#last = at.last
    this.#synced = at.last
    this.#onSync = onSync
  }

  /**
   * Opens a log behind its last whole record, and cuts what is torn behind that.
   * @throws HopfieldError ERR_HOPFIELD_FILE if it is damaged.
   */
  static async open(path: string, onSync: (seconds: number) => void): Promise<Journal> {
    const bytes = await readFile(path)
    const { records, end } = readLog(path, bytes)
    const file = await open(path, 'r+')
    try {
      if (end < bytes.length) await file.truncate(end)
      await file.sync()
    } catch (error) {
      await file.close()
      throw error
    }
    return new Journal(path, file, { bytes: end, last: records[records.length - 1].sequence }, onSync)
  }

  /** Bytes that it has, or will have. */
  get bytes(): number {
    return this.#bytes
  }

  /** The number of the last change. */
  get last(): number {
    return this.#last
  }

  /** Adds a change; the promise resolves when it is on the disk. */
  append(payload: Uint8Array): Promise<void> {
    if (this.#failed !== undefined) return Promise.reject(this.#failed)
    const sequence = ++this.#last
    const bytes = encodeRecord({ sequence, synced: this.#synced, payload })
    this.#bytes += bytes.length
    this.#pending.push(bytes)
    return new Promise((resolve, reject) => {
      this.#waiting.push({ sequence, resolve, reject })
      this.#write()
    })
  }

  /** Resolves when everything is on the disk. */
  async settled(): Promise<void> {
    while (this.#writing !== undefined) await this.#writing
    if (this.#failed !== undefined) throw this.#failed
  }

  async close(): Promise<void> {
    try {
      await this.settled()
    } finally {
      await this.#file.close()
    }
  }

  #write(): void {
    if (this.#writing !== undefined) return
    this.#writing = this.#drain().finally(() => {
      this.#writing = undefined
    })
  }

  async #drain(): Promise<void> {
    while (this.#pending.length > 0) {
      // Requests of the same turn of the event loop go to the disk together.
      await new Promise(setImmediate)
      const bytes = Buffer.concat(this.#pending)
      const until = this.#last
      this.#pending = []
      try {
        for (let at = 0; at < bytes.length; ) {
          at += (await this.#file.write(bytes, at, bytes.length - at, this.#end + at)).bytesWritten
        }
        this.#end += bytes.length
        const began = performance.now()
        await this.#file.datasync()
        this.#onSync((performance.now() - began) / 1000)
      } catch (error) {
        // What is on the disk is not known any more: nothing else goes there.
        this.#failed = error
        for (const { reject } of this.#waiting.splice(0)) reject(error)
        return
      }
      this.#synced = until
      while (this.#waiting.length > 0 && this.#waiting[0].sequence <= until) this.#waiting.shift()?.resolve()
    }
  }
}

/** Writes a log as a whole, under its name at once. */
export async function writeLog(path: string, bytes: Buffer): Promise<void> {
  const beside = `${path}.tmp`
  const file = await open(beside, 'w', 0o600)
  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(beside, path)
  await syncFolder(path)
}

/** Makes the name of a file last; where folders cannot be opened, as on Windows, names need no such thing. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(dirname(path), 'r').catch(() => undefined)
  await folder?.sync().catch(() => {})
  await folder?.close()
}
