import { ServerError } from '../errors.js'
import type { OpenMemory } from './open-memory.js'

/** The memories of a server, by name. */
export class Shelf {
  readonly #memories: ReadonlyMap<string, OpenMemory>

  constructor(memories: ReadonlyMap<string, OpenMemory>) {
    this.#memories = memories
  }

  /** The memory of a name; undefined if there is none. */
  find(name: string): OpenMemory | undefined {
    return this.#memories.get(name)
  }

  /** @throws ServerError ERR_SERVER_NOT_FOUND */
  get(name: string): OpenMemory {
    const found = this.#memories.get(name)
    if (found !== undefined) return found
    throw new ServerError('ERR_SERVER_NOT_FOUND', 404, `there is no memory ${JSON.stringify(name)}`)
  }

  all(): readonly OpenMemory[] {
    return [...this.#memories.values()]
  }

  /** Why the server is not ready; undefined if it is. */
  get fault(): string | undefined {
    return this.all().find(({ fault }) => fault !== undefined)?.fault
  }

  async close(): Promise<void> {
    await Promise.all(this.all().map((memory) => memory.close()))
  }
}
