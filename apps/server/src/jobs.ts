import { randomUUID } from 'node:crypto'
import { HopfieldError } from 'hopfield-native'
import { type AnnealAsyncOptions, annealAsync, type Edge, IsingProblem } from 'hopfield-native/optimization'
import type { ServerConfig } from './config.js'
import { ServerError, wireError } from './errors.js'

/** Largest number of variables: states of all reads are kept. */
export const MOST_VARIABLES = 65_536
/** Ended jobs that can still be asked for. */
const KEPT = 256

/** The problem of a job: E = −Σ J_ij s_i s_j − Σ b_i s_i + offset. */
export interface Problem {
  /** [i, j, J_ij], each pair once. */
  readonly edges?: readonly (readonly number[])[]
  /** b */
  readonly fields?: readonly number[]
  readonly variables?: number
  readonly offset?: number
}

/** What a request may say of the annealing. */
export type JobOptions = Pick<AnnealAsyncOptions, 'numReads' | 'numSweeps' | 'maxTime' | 'target'> & {
  readonly seed?: number | string
}

type State = 'queued' | 'running' | 'done' | 'cancelled' | 'failed'

/** A job as it is told. */
export interface JobReport {
  readonly id: string
  readonly state: State
  /** The best so far. */
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
    /** Milliseconds and energy, whenever a better state was found. */
    readonly history: readonly (readonly [number, number])[]
  }
  readonly error?: { readonly code: string; readonly message: string }
}

interface Job {
  report: JobReport
  readonly problem: IsingProblem
  readonly options: AnnealAsyncOptions
  readonly stop: AbortController
}

type Limits = Pick<ServerConfig, 'maxJobs' | 'maxJobTime' | 'threads'>

/** Problems that wait for the solver, are worked on, or were. One is worked on at a time. */
export class Jobs {
  readonly #limits: Limits
  readonly #jobs = new Map<string, Job>()
  /** The job that a client's key stands for. */
  readonly #keys = new Map<string, string>()
  readonly #queue: Job[] = []
  #running: Promise<void> | undefined
  #closed = false

  constructor(limits: Limits) {
    this.#limits = limits
  }

  /** @throws HopfieldError naming what is wrong with the problem; ERR_HOPFIELD_OVERLOADED; ServerError ERR_SERVER_CLOSING. */
  submit(problem: Problem, options: JobOptions, key: string | undefined): JobReport {
    const known = key === undefined ? undefined : this.#keys.get(key)
    if (known !== undefined && this.#jobs.has(known)) return this.report(known)
    if (this.#closed) throw new ServerError('ERR_SERVER_CLOSING', 503, 'the server is shutting down')
    const { maxJobs, maxJobTime, threads } = this.#limits
    if (this.#queue.length >= maxJobs) {
      throw new HopfieldError('ERR_HOPFIELD_OVERLOADED', `${maxJobs} jobs are waiting; submit it later`)
    }
    const { seed, maxTime = maxJobTime, ...rest } = options
    const job: Job = {
      report: { id: randomUUID(), state: 'queued' },
      problem: problemOf(problem),
      options: {
        ...rest,
        ...(seed !== undefined && { seed: typeof seed === 'string' ? BigInt(seed) : seed }),
        maxTime: Math.min(maxTime, maxJobTime),
        threads,
      },
      stop: new AbortController(),
    }
    const { id } = job.report
    this.#jobs.set(id, job)
    if (key !== undefined) this.#keys.set(key, id)
    this.#queue.push(job)
    this.#running ??= this.#work().finally(() => {
      this.#running = undefined
    })
    this.#clean()
    return job.report
  }

  /** @throws ServerError ERR_SERVER_NOT_FOUND */
  report(id: string): JobReport {
    return this.#get(id).report
  }

  /** Stops a job; what has ended stays as it is. */
  cancel(id: string): JobReport {
    const job = this.#get(id)
    const waiting = this.#queue.indexOf(job)
    if (waiting >= 0) {
      this.#queue.splice(waiting, 1)
      job.report = { id, state: 'cancelled' }
    } else job.stop.abort()
    return job.report
  }

  async close(): Promise<void> {
    this.#closed = true
    for (const { report } of this.#jobs.values()) this.cancel(report.id)
    await this.#running
  }

  #get(id: string): Job {
    const job = this.#jobs.get(id)
    if (job !== undefined) return job
    throw new ServerError('ERR_SERVER_NOT_FOUND', 404, 'there is no such job, or it ended long ago')
  }

  async #work(): Promise<void> {
    for (let job = this.#queue.shift(); job !== undefined; job = this.#queue.shift()) await this.#solve(job)
  }

  async #solve(job: Job): Promise<void> {
    const { id } = job.report
    const { signal } = job.stop
    job.report = { id, state: 'running' }
    try {
      const { state, energy, sweeps, stopped, history } = await annealAsync(job.problem, {
        ...job.options,
        signal,
        onProgress: ({ done, total, energy, time }) => {
          job.report = { id, state: 'running', progress: { done, total, energy, time } }
        },
      })
      job.report = {
        id,
        state: 'done',
        result: { state: Array.from(state), energy, sweeps, stopped, history },
      }
    } catch (error) {
      if (signal.aborted) job.report = { ...job.report, state: 'cancelled' }
      else {
        const { code, message } = wireError(error)
        job.report = { id, state: 'failed', error: { code, message } }
      }
    }
  }

  /** Forgets the oldest of those that have ended. */
  #clean(): void {
    for (const [id, { report }] of this.#jobs) {
      if (this.#jobs.size <= KEPT + this.#limits.maxJobs + 1) break
      if (report.state !== 'queued' && report.state !== 'running') this.#jobs.delete(id)
    }
    for (const [key, id] of this.#keys) if (!this.#jobs.has(id)) this.#keys.delete(key)
  }
}

/** Sizes are known before there is room made for them: a pair names its variables. */
function problemOf({ edges = [], ...rest }: Problem): IsingProblem {
  for (const [k, [i, j]] of edges.entries()) {
    if (i < MOST_VARIABLES && j < MOST_VARIABLES) continue
    throw new HopfieldError(
      'ERR_HOPFIELD_RANGE',
      `edges[${k}]: expected variables below ${MOST_VARIABLES}, got ${i} and ${j}`,
    )
  }
  return IsingProblem.from({ ...rest, edges: edges as unknown as Edge[] })
}
