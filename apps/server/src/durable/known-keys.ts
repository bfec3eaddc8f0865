/** Names of changes that are remembered, so that a change which is sent again is not made again. */
const MOST = 10_000

/** What became of a change. */
export interface Made {
  readonly sequence: number
  /** Of what the change was: another one of the same name is an error. */
  readonly mark: string
  /** Settles when it is on the disk. */
  readonly durable: Promise<void>
}

/** The names of the latest changes. */
export class KnownKeys {
  readonly #made = new Map<string, Made>()

  get(key: string): Made | undefined {
    return this.#made.get(key)
  }

  add(key: string, made: Made): void {
    this.#made.set(key, made)
    if (this.#made.size > MOST) this.#made.delete(this.#made.keys().next().value as string)
  }

  /** All of them are on the disk. */
  settle(): void {
    for (const [key, { sequence, mark }] of this.#made) {
      this.#made.set(key, { sequence, mark, durable: Promise.resolve() })
    }
  }

  /** As the first record of a log has them, up to a change. */
  written(until: number): [key: string, sequence: number, mark: string][] {
    return Array.from(
      this.#made,
      ([key, { sequence, mark }]) => [key, sequence, mark] as [string, number, string],
    ).filter(([, sequence]) => sequence <= until)
  }

  read(written: readonly (readonly [string, number, string])[]): void {
    for (const [key, sequence, mark] of written) {
      this.add(key, { sequence, mark, durable: Promise.resolve() })
    }
  }
}
