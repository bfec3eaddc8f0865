import type { FastifyBaseLogger } from 'fastify'
import type { ServerConfig } from '../config.js'
import type { Change } from '../durable/changes.js'
import { type Acknowledged, Keeper, type KeeperOptions } from '../durable/keeper.js'
import { type Lock, lock } from '../durable/lock.js'
import type { Metrics } from '../metrics.js'
import { Questions } from './questions.js'

/** What a memory needs of its server. */
export interface Surroundings {
  readonly config: ServerConfig
  readonly metrics: Metrics
  readonly log: FastifyBaseLogger
  /** Whether anybody may write. */
  readonly writable: boolean
}

/** A memory that is served, from its file on: when another file takes its place, that one is served from then on. */
export class OpenMemory {
  readonly name: string
  readonly #around: Surroundings
  readonly #options: KeeperOptions
  readonly #lock: Lock | undefined
  readonly #leaving = new Set<Promise<void>>()
  #keeper: Keeper
  #questions: Questions
  /** The timer that looks for another file, and the look that is going on. */
  #timer: NodeJS.Timeout | undefined
  #looking: Promise<void> | undefined
  /** A file that could not be opened is not tried again until another one is there. */
  #refused: string | undefined

  private constructor(
    name: string,
    around: Surroundings,
    opened: { keeper: Keeper; options: KeeperOptions; held: Lock | undefined },
  ) {
    this.name = name
    this.#around = around
    this.#options = opened.options
    this.#lock = opened.held
    this.#keeper = opened.keeper
    this.#questions = this.#questionsOf(opened.keeper)
    const { watchEvery } = around.config
    if (watchEvery > 0) this.#timer = setInterval(() => void this.reload(), watchEvery).unref()
  }

  /** @throws HopfieldError ERR_HOPFIELD_FILE; ServerError ERR_SERVER_CONFLICT if another process writes to it. */
  static async open(name: string, path: string, around: Surroundings): Promise<OpenMemory> {
    const { config, metrics, log, writable } = around
    const options: KeeperOptions = {
      writable,
      compactAfter: config.compactAfter,
      maxQueue: config.maxQueue,
      onSync: (seconds) => metrics.syncs.observe({ memory: name }, seconds),
      onFailure: (error) => log.error(error, `${name}: no new snapshot could be written`),
    }
    const held = writable ? await lock(path) : undefined
    try {
      const keeper = await Keeper.open(path, options)
      return new OpenMemory(name, around, { keeper, options, held })
    } catch (error) {
      await held?.release()
      throw error
    }
  }

  /** What is asked of it as it is now. */
  get questions(): Questions {
    return this.#questions
  }

  /** What keeps it from being changed, or from following who changes it; undefined if nothing does. */
  get fault(): string | undefined {
    const { fault } = this.#keeper
    return fault === undefined ? undefined : `${this.name}: ${fault}`
  }

  /** Makes a change; see {@link Keeper}. */
  async change(change: Change, key: string | undefined, signal?: AbortSignal): Promise<Acknowledged> {
    const acknowledged = await this.#keeper.change(change, key, signal)
    if (!acknowledged.repeated) this.#around.metrics.changes.inc({ memory: this.name, kind: change.kind })
    return acknowledged
  }

  /** Writes a new snapshot, and begins a new log. */
  compact(): Promise<void> {
    return this.#keeper.compact()
  }

  /** Looks whether another file has taken the place of this one, and serves it; or else for changes that another process has made. */
  reload(): Promise<void> {
    this.#looking ??= this.#reload().finally(() => {
      this.#looking = undefined
    })
    return this.#looking
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    await this.#looking
    await Promise.all([this.#questions.close(), ...this.#leaving])
    await this.#keeper.close()
    await this.#lock?.release()
  }

  async #reload(): Promise<void> {
    const { log, metrics } = this.#around
    const old = this.#keeper
    try {
      const replacement = await old.replacement()
      if (replacement === undefined) return await this.#follow(old)
      if (replacement === this.#refused) return
      this.#refused = replacement
      const keeper = await Keeper.open(old.path, this.#options)
      // A change that has come to the old one is made, and superseded.
      const leaving = Promise.all([this.#questions.close(), old.close(true)])
        .catch((error: unknown) => log.error(error, `${this.name}: the log of the old file`))
        .then(() => {})
        .finally(() => this.#leaving.delete(leaving))
      this.#leaving.add(leaving)
      this.#keeper = keeper
      this.#questions = this.#questionsOf(keeper)
      metrics.reloads.inc({ memory: this.name, end: 'served' })
      log.info(`${this.name}: another file has taken its place, and is served now`)
    } catch (error) {
      metrics.reloads.inc({ memory: this.name, end: 'refused' })
      log.error(error, `${this.name}: another file has taken its place, and cannot be served; the old one is`)
    }
  }

  /** Takes what another process has written. */
  async #follow(keeper: Keeper): Promise<void> {
    try {
      const count = await keeper.follow()
      if (count > 0) this.#around.metrics.changes.inc({ memory: this.name, kind: 'followed' }, count)
    } catch (error) {
      this.#around.log.error(error, `${this.name}: changes of another process cannot be read`)
    }
  }

  #questionsOf(keeper: Keeper): Questions {
    const { config, metrics } = this.#around
    return new Questions(this.name, keeper.memory, config, metrics)
  }
}
