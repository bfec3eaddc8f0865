import { type MemoryFacts, newKey, RemoteMemory } from './served-memory.js'
import { type CallOptions, type ClientOptions, Transport } from './transport.js'

/** E = −Σ J_ij s_i s_j − Σ b_i s_i + offset, of variables ±1. */
export interface Problem {
  /** [i, j, J_ij], each pair once. */
  readonly edges?: readonly (readonly [i: number, j: number, weight?: number])[]
  readonly fields?: readonly number[]
  readonly variables?: number
  readonly offset?: number
}

export interface AnnealOptions {
  readonly numReads?: number
  readonly numSweeps?: number
  /** Milliseconds. */
  readonly maxTime?: number
  /** An energy that is good enough. */
  readonly target?: number
  readonly seed?: number | string
}

/** An annealing on the server. */
export interface Job {
  readonly id: string
  readonly state: 'queued' | 'running' | 'done' | 'cancelled' | 'failed'
  readonly progress?: {
    readonly done: number
    readonly total: number
    readonly energy: number
    readonly time: number
  }
  readonly result?: {
    readonly state: number[]
    readonly energy: number
    readonly sweeps: number
    readonly stopped: string
    readonly history: readonly (readonly [time: number, energy: number])[]
  }
  readonly error?: { readonly code: string; readonly message: string }
}

/** Milliseconds between two looks at a job. */
const LOOK = 100

/**
 * A client of hopfield-native-server, by fetch alone. A call that meets 429, 503 or a broken connection is sent again, at a random time that
 * grows, until its time is over: results are functions of memory, cue and options, and changes carry a key.
 */
export class HopfieldClient {
  readonly #transport: Transport

  constructor(options: ClientOptions) {
    this.#transport = new Transport(options)
  }

  /** A memory by its name; nothing is sent. */
  memory(name: string): RemoteMemory {
    return new RemoteMemory(this.#transport, name)
  }

  async memories(call: CallOptions = {}): Promise<MemoryFacts[]> {
    const answer = await this.#transport.call('GET', '/v1/memories', undefined, call)
    return (answer as { memories: MemoryFacts[] }).memories
  }

  /** Submits an annealing, and returns at once. */
  anneal(problem: Problem, options: AnnealOptions = {}, call: CallOptions = {}): Promise<Job> {
    return this.#transport.call(
      'POST',
      '/v1/jobs/anneal',
      { problem, options },
      call,
      newKey(),
    ) as Promise<Job>
  }

  job(id: string, call: CallOptions = {}): Promise<Job> {
    return this.#transport.call('GET', `/v1/jobs/${encodeURIComponent(id)}`, undefined, call) as Promise<Job>
  }

  cancel(id: string, call: CallOptions = {}): Promise<Job> {
    return this.#transport.call(
      'DELETE',
      `/v1/jobs/${encodeURIComponent(id)}`,
      undefined,
      call,
    ) as Promise<Job>
  }

  /** Looks at a job until it has ended. */
  async ended(id: string, call: Pick<CallOptions, 'signal'> = {}): Promise<Job> {
    for (;;) {
      const job = await this.job(id, call)
      if (job.state !== 'queued' && job.state !== 'running') return job
      await new Promise((resolve) => setTimeout(resolve, LOOK))
    }
  }
}
