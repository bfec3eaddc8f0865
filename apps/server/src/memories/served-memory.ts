import type { Id } from 'hopfield-native'

/** A state or a vector as it travels: packed bits, or numbers. */
export type Row = Uint8Array | Float32Array

/** What a recall ends with. */
export interface Recalled {
  readonly state: Row
  readonly converged: boolean
  readonly energy: number
  /** Sweeps of ±1 states, steps of vectors. */
  readonly sweeps: number
  /** Of ±1 states. */
  readonly flips?: number
  readonly cycle?: number
  /** Patterns with a vote or a weight at the end, where the memory tells it. */
  readonly active?: number
}

/** The patterns most like a state. */
export interface Found {
  readonly indices: Uint32Array
  /** Overlaps ξ·s of ±1 patterns, similarities of vectors. */
  readonly similarities: Int32Array | Float64Array
  readonly ids?: readonly (Id | undefined)[]
}

/** Results of a batch, by the number of the row. */
export interface Each<Single> {
  at(k: number): Single
}

/** Results of a batch of recalls; E and whether a recall came to rest also by themselves. */
export interface Recalls extends Each<Recalled> {
  readonly energies: Float64Array
  readonly converged: Uint8Array
}

/** How a memory is asked over the wire, whichever class it is of. */
export interface ServedMemory {
  /** The class: `HopfieldNetwork`, … */
  readonly kind: string
  readonly patternCount: number
  /** Neurons of a state, numbers of a vector. */
  readonly width: number
  /** Bytes of one row in a packed body. */
  readonly rowBytes: number
  /** What `GET /v1/memories/NAME` tells. */
  facts(): Readonly<Record<string, unknown>>

  /** A row of what a body has. @throws HopfieldError */
  row(name: string, given: unknown): Row
  /** The rows of a packed body; they may be views of it. @throws HopfieldError */
  rows(bytes: Uint8Array): Row[]
  /** A row as numbers that JSON has. */
  numbers(row: Row): number[]
  /** A row as bytes of a packed body. */
  bytes(row: Row): Uint8Array

  /** @param here whether to compute on this thread, before anything else happens: for what takes less than the way to another one. */
  recall(
    rows: readonly Row[],
    options: object,
    streams: Float64Array,
    here: boolean,
    signal?: AbortSignal,
  ): Promise<Recalls>
  nearest(rows: readonly Row[], k: number, here: boolean): Promise<Each<Found>>
  overlaps(rows: readonly Row[], here: boolean): Promise<Each<Float64Array>>
  energies(rows: readonly Row[], here: boolean): Promise<Each<number>>

  /** The index of an id; −1 if no pattern has it. */
  indexOf(id: Id): number
  /** @throws HopfieldError; then nothing has changed. */
  store(rows: readonly Row[], ids: readonly Id[] | undefined): Promise<void>
  forget(id: Id): void
  replace(id: Id, row: Row): void
  save(path: string): Promise<void>
}
