import { received, type State, sent } from './states.js'
import type { CallOptions, Transport } from './transport.js'

export type Id = string | number

/** Options of a recall, as the memory has them. */
export interface RecallOptions {
  readonly seed?: number | bigint
  readonly stream?: number
  readonly dynamics?: 'asynchronous' | 'synchronous'
  readonly order?: 'random' | 'cyclic' | 'random-site'
  readonly tie?: 'positive' | 'negative' | 'keep'
  readonly maxSweeps?: number
  readonly temperature?:
    | number
    | readonly number[]
    | {
        readonly from: number
        readonly to: number
        readonly sweeps?: number
        readonly schedule?: 'linear' | 'geometric'
      }
  readonly externalField?: readonly number[]
  readonly clamp?: readonly (number | boolean)[]
  /** Of memories of vectors. */
  readonly maxSteps?: number
  readonly tolerance?: number
  readonly energy?: boolean
}

/** What a recall ends with. */
export interface Recalled<S extends State> {
  readonly state: S
  readonly converged: boolean
  readonly energy: number
  /** Sweeps of ±1 states, steps of vectors. */
  readonly sweeps: number
  readonly flips?: number
  readonly cycle?: number
  readonly active?: number
}

/** The patterns most like a state, the most similar first. */
export interface Found {
  readonly indices: number[]
  /** Overlaps ξ·s of ±1 patterns, similarities of vectors. */
  readonly similarities: number[]
  /** Their ids, where any pattern has one. */
  readonly ids?: (Id | null)[]
}

/** What a change is answered with, once it is on the server's disk. */
export interface Changed {
  readonly sequence: number
  /** Whether it had been made before, by the same key. */
  readonly repeated: boolean
  readonly patternCount: number
}

/** Options of a change. */
export interface ChangeOptions extends CallOptions {
  /** A name of this change: sent again under it, by this client or another, it is made once. By default a new one. */
  readonly key?: string
}

/** What there is to know of a memory. */
export interface MemoryFacts {
  readonly name: string
  readonly class: string
  readonly patternCount: number
  readonly neurons?: number
  readonly dimension?: number
}

type Raw = Uint8Array | number[]

/** A memory of a server. Each method answers as the method of that name in one process, with the same bits. */
export class RemoteMemory {
  readonly name: string
  readonly #transport: Transport
  readonly #path: string

  constructor(transport: Transport, name: string) {
    this.#transport = transport
    this.name = name
    this.#path = `/v1/memories/${encodeURIComponent(name)}`
  }

  facts(call: CallOptions = {}): Promise<MemoryFacts> {
    return this.#transport.call('GET', this.#path, undefined, call) as Promise<MemoryFacts>
  }

  /** Recalls one cue; the state comes back in the form of the cue. */
  async recall<S extends State>(
    cue: S,
    options: RecallOptions = {},
    call: CallOptions = {},
  ): Promise<Recalled<S>> {
    const { state, ...rest } = await this.#ask<Recalled<S> & { state: Raw }>(
      'recall',
      { cue: sent(cue), ...wired(options) },
      call,
    )
    return { ...rest, state: received(cue, state) } as Recalled<S>
  }

  /** Recalls several; cue b has the random stream `stream` + b. */
  async recallBatch<S extends State>(
    cues: readonly S[],
    options: RecallOptions = {},
    call: CallOptions = {},
  ): Promise<Recalled<S>[]> {
    const results = await this.#all<Recalled<S> & { state: Raw }>('recall', cues, wired(options), call)
    return results.map(
      ({ state, ...rest }, b) => ({ ...rest, state: received(cues[b], state) }) as Recalled<S>,
    )
  }

  /** The k patterns most like a state. */
  nearest(state: State, { k = 1 }: { k?: number } = {}, call: CallOptions = {}): Promise<Found> {
    return this.#ask('nearest', { cue: sent(state), k }, call)
  }

  nearestBatch(
    states: readonly State[],
    { k = 1 }: { k?: number } = {},
    call: CallOptions = {},
  ): Promise<Found[]> {
    return this.#all('nearest', states, { k }, call)
  }

  /** The overlap of a state with every pattern. */
  async overlaps(state: State, call: CallOptions = {}): Promise<number[]> {
    return (await this.#ask<{ overlaps: number[] }>('overlaps', { cue: sent(state) }, call)).overlaps
  }

  async energy(state: State, call: CallOptions = {}): Promise<number> {
    return (await this.#ask<{ energy: number }>('energy', { cue: sent(state) }, call)).energy
  }

  /** Stores patterns, all of them or none. */
  store(
    patterns: readonly State[],
    options: ChangeOptions & { readonly ids?: readonly Id[] } = {},
  ): Promise<Changed> {
    const { ids } = options
    return this.#change('store', { patterns: patterns.map(sent), ids }, options)
  }

  /** Puts another pattern in the place of one. */
  replace(id: Id, pattern: State, options: ChangeOptions = {}): Promise<Changed> {
    return this.#change('replace', { id, pattern: sent(pattern) }, options)
  }

  forget(id: Id, options: ChangeOptions = {}): Promise<Changed> {
    return this.#change('forget', { id }, options)
  }

  #ask<T>(path: string, body: object, call: CallOptions): Promise<T> {
    return this.#transport.call('POST', `${this.#path}/${path}`, body, call) as Promise<T>
  }

  async #all<T>(path: string, cues: readonly State[], options: object, call: CallOptions): Promise<T[]> {
    if (cues.length === 0) return []
    const { results } = await this.#ask<{ results: T[] }>(path, { cues: cues.map(sent), ...options }, call)
    return results
  }

  #change(path: string, body: object, { key = newKey(), ...call }: ChangeOptions): Promise<Changed> {
    return this.#transport.call('POST', `${this.#path}/${path}`, body, call, key) as Promise<Changed>
  }
}

/** A name that no other change has. Pages without TLS have no randomUUID. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** A seed of 64 bits travels as digits. */
function wired({ seed, ...options }: RecallOptions): object {
  return seed === undefined ? options : { ...options, seed: typeof seed === 'bigint' ? String(seed) : seed }
}
