import type { Id } from 'hopfield-native'
import type { PlainRow, Row, RowFormat } from './rows/row-format.js'

/** What a recall ends with. */
export interface Recalled {
  readonly state: Row
  readonly converged: boolean
  /** E of the state; undefined where the memory has none. */
  readonly energy?: number
  /** Sweeps of ±1 states, steps of others. */
  readonly sweeps: number
  /** What else there is, under the names of `recall`; rows are those of `also`. */
  readonly more?: Readonly<Record<string, unknown>>
  /** The packed answer to this recall alone, a character for each byte, where it is made for all of a batch at once. */
  readonly packed?: string | undefined
}

/** The patterns most like each of several states: k of them for each, one state behind the other. */
export interface Neighbours {
  readonly k: number
  readonly indices: Uint32Array
  /** Overlaps ξ·s of ±1 patterns, similarities of vectors. */
  readonly similarities: Int32Array | Float64Array
  readonly ids: readonly (Id | undefined)[] | undefined
}

/** The patterns most like one state. Views of its own would cost more than the search in few patterns. */
export interface Found {
  readonly all: Neighbours
  /** Which state it is. */
  readonly b: number
}

/** A number for each pattern, of a pair for each side that was asked. */
export type Overlaps = Float64Array | Readonly<Record<string, Float64Array | undefined>>

/** Results of a batch, by the number of the row. */
export interface Each<Single> {
  at(k: number): Single
}

/** Results of a batch of recalls; E, where there is any, and whether a recall came to rest also by themselves. */
export interface Recalls extends Each<Recalled> {
  readonly energies?: Float64Array
  readonly converged: Uint8Array
}

/** How a batch is to be computed. */
export interface How {
  /** On this thread, before anything else happens: for what takes less than the way to another one. */
  readonly here: boolean
  /** The random stream of each row. */
  readonly streams: Float64Array
  readonly signal?: AbortSignal
}

/** What a memory can be asked. */
export interface Question<Single, R extends Row = Row> {
  /** What a row of it is. */
  readonly cue: RowFormat<R>
  /** Numbers that are looked at for one row, about; they grow with the patterns. */
  work(): number
  run(rows: readonly R[], options: Readonly<Record<string, unknown>>, how: How): Promise<Each<Single>>
}

export interface Recalling<R extends Row = Row> extends Question<Recalled, R> {
  run(rows: readonly R[], options: Readonly<Record<string, unknown>>, how: How): Promise<Recalls>
  readonly state: RowFormat
  /** Rows among what else there is. */
  readonly also: Readonly<Record<string, RowFormat<PlainRow>>>
  /** Whether seeds and streams say anything. */
  readonly random: boolean
  /** Refuses cues that these options do not allow. @throws HopfieldError */
  check?(rows: readonly R[], options: Readonly<Record<string, unknown>>): void
}

/** All that there is to ask, by the last part of its address. */
export interface QuestionTable {
  readonly recall: Recalling
  readonly nearest?: Question<Found>
  readonly overlaps?: Question<Overlaps>
  readonly energy?: Question<number>
  readonly 'free-energy'?: Question<number>
  readonly density?: Question<number>
}

/** How what is stored changes. A method that throws has changed nothing. */
export interface Changes<R extends Row = Row> {
  readonly pattern: RowFormat<R>
  store(rows: readonly R[], ids: readonly Id[] | undefined): Promise<unknown>
  /** By id; undefined where patterns have none. */
  readonly keyed?: {
    /** −1 if no pattern has it. */
    indexOf(id: Id): number
    forget(id: Id): unknown
    replace(id: Id, row: R): unknown
  }
  /** Takes patterns away again where they have no ids. */
  take?(rows: readonly R[]): Promise<unknown>
}

/** How a memory is asked over the wire, whichever class it is of. */
export interface ServedMemory {
  /** The class: `HopfieldNetwork`, … */
  readonly kind: string
  /** What was stored, as far as it was patterns. */
  readonly patternCount: number
  readonly questions: QuestionTable
  /** undefined where nothing can be stored. */
  readonly changes: Changes | undefined
  /** What `GET /v1/memories/NAME` tells. */
  facts(): Readonly<Record<string, unknown>>
  save(path: string): Promise<void>
}
