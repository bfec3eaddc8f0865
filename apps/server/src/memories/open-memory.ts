import { load } from 'hopfield-native'
import type { ServerConfig } from '../config.js'
import type { Metrics } from '../metrics.js'
import { Questions } from './questions.js'
import { served } from './served.js'

/** A memory that is served, from its file on. */
export class OpenMemory {
  readonly name: string
  readonly path: string
  #questions: Questions

  private constructor(name: string, path: string, questions: Questions) {
    this.name = name
    this.path = path
    this.#questions = questions
  }

  static async open(name: string, path: string, config: ServerConfig, metrics: Metrics): Promise<OpenMemory> {
    const memory = served(await load(path, { mmap: true }))
    metrics.patterns.set({ memory: name }, memory.patternCount)
    return new OpenMemory(name, path, new Questions(name, memory, config, metrics))
  }

  /** What is asked of it as it is now. */
  get questions(): Questions {
    return this.#questions
  }

  /** What keeps it from being served or changed; undefined if nothing does. */
  get fault(): string | undefined {
    return undefined
  }

  async close(): Promise<void> {
    await this.#questions.close()
  }
}
