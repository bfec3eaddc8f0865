import { isState, type Pair, type PairCue, type Pattern, received, type State, sent } from './states.js'
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
  /** Of memories without sweeps. */
  readonly maxSteps?: number
  readonly tolerance?: number
  /** Of ModernHopfield: false for no energies. */
  readonly energy?: boolean
  /** Of SparseAssociativeMemory. */
  readonly threshold?: number
  readonly winners?: number
  /** Of ContinuousHopfield. */
  readonly from?: 'outputs' | 'potentials'
  readonly method?: 'euler' | 'rk4'
  readonly step?: number
  readonly adaptive?: boolean
  readonly accuracy?: number
}

/** What a memory is asked with: a state, or of a memory of pairs a side or both. */
export type Cue = State | PairCue

/** The state that a recall ends with, in the form of the cue. */
export type Ended<C extends Cue> = C extends State ? C : C extends PairCue<infer S> ? Pair<S> : never

/** What a recall ends with. */
export interface Recalled<C extends Cue> {
  readonly state: Ended<C>
  readonly converged: boolean
  /** Missing where the memory has none. */
  readonly energy?: number
  /** Sweeps of ±1 states, steps of others. */
  readonly sweeps: number
  readonly flips?: number
  readonly cycle?: number
  /** The other state of a cycle of two. */
  readonly alternate?: Ended<C>
  /** How many patterns have a part in the end; of codes the indices of active units. */
  readonly active?: number | number[]
  /** Of graded neurons. */
  readonly potentials?: Ended<C>
  readonly diverged?: boolean
  readonly time?: number
  /** Of Boltzmann machines: means of visible and hidden units. */
  readonly means?: Ended<C>
  readonly hidden?: Ended<C>
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
  /** Of memories of pairs and of codes. */
  readonly inputs?: number
  readonly outputs?: number
  /** What a cue is, and what is stored, for people; no pattern where nothing can be stored. */
  readonly cue: string
  readonly pattern?: string
  /** What it answers. */
  readonly questions: readonly string[]
}

/** Rows of a result. */
const ROWS = ['state', 'alternate', 'potentials', 'means', 'hidden'] as const
type Raw = Uint8Array | number[]
type Result = Record<string, unknown>

/** A memory of a server. Each method answers as the method of that name in one process, with the same bits. */
export class RemoteMemory {
  readonly name: string
  readonly #transport: Transport
  readonly #path: string
  /** Asked for once, where sizes are needed. */
  #facts: Promise<MemoryFacts> | undefined

  constructor(transport: Transport, name: string) {
    this.#transport = transport
    this.name = name
    this.#path = `/v1/memories/${encodeURIComponent(name)}`
  }

  facts(call: CallOptions = {}): Promise<MemoryFacts> {
    return this.#transport.call('GET', this.#path, undefined, call) as Promise<MemoryFacts>
  }

  /** Recalls one cue; rows of the result come back in the form of the cue. */
  async recall<C extends Cue>(
    cue: C,
    options: RecallOptions = {},
    call: CallOptions = {},
  ): Promise<Recalled<C>> {
    const found = await this.#ask<Result>('recall', { cue: sent(cue), ...wired(options) }, call)
    return this.#recalled(cue, found, call)
  }

  /** Recalls several; cue b has the random stream `stream` + b. */
  async recallBatch<C extends Cue>(
    cues: readonly C[],
    options: RecallOptions = {},
    call: CallOptions = {},
  ): Promise<Recalled<C>[]> {
    const results = await this.#all<Result>('recall', cues, wired(options), call)
    return Promise.all(results.map((found, b) => this.#recalled(cues[b], found, call)))
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

  /** The overlap of a state with every pattern; of a pair of each side that is given. */
  overlaps(state: State, call?: CallOptions): Promise<number[]>
  overlaps(state: PairCue, call?: CallOptions): Promise<{ x?: number[]; y?: number[] }>
  async overlaps(state: Cue, call: CallOptions = {}): Promise<unknown> {
    return (await this.#ask<{ overlaps: unknown }>('overlaps', { cue: sent(state) }, call)).overlaps
  }

  /** E of a state, or of a pair. */
  async energy(state: State | Pair, call: CallOptions = {}): Promise<number> {
    return (await this.#ask<{ energy: number }>('energy', { cue: sent(state) }, call)).energy
  }

  /** F of a visible row of a RestrictedBoltzmannMachine. */
  async freeEnergy(row: State, call: CallOptions = {}): Promise<number> {
    return (await this.#ask<{ freeEnergy: number }>('free-energy', { cue: sent(row) }, call)).freeEnergy
  }

  /** About how many stored vectors of a RandomFeatureMemory a state is like. */
  async density(state: State, call: CallOptions = {}): Promise<number> {
    return (await this.#ask<{ density: number }>('density', { cue: sent(state) }, call)).density
  }

  /** Stores patterns, all of them or none. */
  store(
    patterns: readonly Pattern[],
    options: ChangeOptions & { readonly ids?: readonly Id[] } = {},
  ): Promise<Changed> {
    const { ids } = options
    return this.#change('store', { patterns: patterns.map(sent), ids }, options)
  }

  /** Puts another pattern in the place of one. */
  replace(id: Id, pattern: Pattern, options: ChangeOptions = {}): Promise<Changed> {
    return this.#change('replace', { id, pattern: sent(pattern) }, options)
  }

  /** Removes a pattern, by its id; of a RandomFeatureMemory by itself. */
  forget(which: Id | { readonly pattern: State }, options: ChangeOptions = {}): Promise<Changed> {
    const body = typeof which === 'object' ? { pattern: sent(which.pattern) } : { id: which }
    return this.#change('forget', body, options)
  }

  /** A result with its rows in the form of the cue. */
  async #recalled<C extends Cue>(cue: C, found: Result, call: CallOptions): Promise<Recalled<C>> {
    const result = { ...found }
    if (isState(cue)) {
      for (const name of ROWS) {
        if (found[name] !== undefined) result[name] = received(cue, found[name] as Raw)
      }
      return result as unknown as Recalled<C>
    }
    const { x, y } = found['state'] as { x: Raw; y: Raw }
    const like = (cue.x ?? cue.y) as State
    // Bits of the side that was not given do not say how many there are.
    const { inputs, outputs } =
      cue.x === undefined || cue.y === undefined ? await this.#size(call) : sizesOf(cue)
    result['state'] = { x: received(like, x, inputs), y: received(like, y, outputs) }
    return result as unknown as Recalled<C>
  }

  #size(call: CallOptions): Promise<MemoryFacts> {
    this.#facts ??= this.facts(call).catch((error: unknown) => {
      this.#facts = undefined
      throw error
    })
    return this.#facts
  }

  #ask<T>(path: string, body: object, call: CallOptions): Promise<T> {
    return this.#transport.call('POST', `${this.#path}/${path}`, body, call) as Promise<T>
  }

  async #all<T>(path: string, cues: readonly Cue[], options: object, call: CallOptions): Promise<T[]> {
    if (cues.length === 0) return []
    const { results } = await this.#ask<{ results: T[] }>(path, { cues: cues.map(sent), ...options }, call)
    return results
  }

  #change(path: string, body: object, { key = newKey(), ...call }: ChangeOptions): Promise<Changed> {
    return this.#transport.call('POST', `${this.#path}/${path}`, body, call, key) as Promise<Changed>
  }
}

function sizesOf({ x, y }: PairCue): { inputs?: number; outputs?: number } {
  return { ...(x && { inputs: x.length }), ...(y && { outputs: y.length }) }
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
