import { open } from 'node:fs/promises'
import { decode } from '@msgpack/msgpack'
import { HopfieldError } from 'hopfield-native'
import { type LogRecord, readLog, recordsFrom } from './records.js'

/** The first record of a log. */
export interface Head {
  /** The snapshot whose changes follow. */
  readonly snapshot: string
  readonly keys: readonly (readonly [string, number, string])[]
}

/** @throws HopfieldError ERR_HOPFIELD_FILE for a log of another snapshot. */
export function headOf(log: string, { payload }: LogRecord, snapshot: string): Head {
  const head = decode(payload) as Head
  if (head.snapshot === snapshot) return head
  throw new HopfieldError('ERR_HOPFIELD_FILE', `${log}: it holds changes of another snapshot`)
}

/** Reads a log that another process writes, as far as its records are whole. */
export class Follower {
  readonly #log: string
  readonly #snapshot: string
  /** The file whose records were read; a log that is begun anew is another one. */
  #file: number | undefined
  /** Behind the last record that was read. */
  #at = 0
  #next: number | undefined

  constructor(log: string, snapshot: string) {
    this.#log = log
    this.#snapshot = snapshot
  }

  /**
   * What has come since it was last asked; undefined if the log has been begun anew, so that what was read may be no longer so. A record that is
   * not whole is being written, or its writer has ended: it is looked at again.
   * @throws HopfieldError ERR_HOPFIELD_FILE if the log is damaged.
   */
  async more(): Promise<readonly LogRecord[] | undefined> {
    const file = await open(this.#log, 'r').catch((error: NodeJS.ErrnoException) => {
      // There is none before the first change, and none of a snapshot that was replaced.
      if (error.code === 'ENOENT') return undefined
      throw error
    })
    if (file === undefined) return []
    try {
      const { ino, size } = await file.stat()
      if (this.#file !== undefined && this.#file !== ino) return undefined
      this.#file = ino
      if (size <= this.#at) return []
      const bytes = Buffer.alloc(size - this.#at)
      const { bytesRead } = await file.read(bytes, 0, bytes.length, this.#at)
      return this.#read(bytes.subarray(0, bytesRead))
    } finally {
      await file.close()
    }
  }

  #read(bytes: Buffer): readonly LogRecord[] {
    const first = this.#next === undefined
    // A log is made with its first record, so that one is there or damaged.
    const { records, end } = first
      ? readLog(this.#log, bytes)
      : recordsFrom(this.#log, bytes, { at: this.#at, next: this.#next })
    if (records.length === 0) return records
    this.#at += end
    this.#next = records[records.length - 1].sequence + 1
    if (!first) return records
    headOf(this.#log, records[0], this.#snapshot)
    return records.slice(1)
  }
}
