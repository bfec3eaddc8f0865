import { encode } from '../network/codec.js'
import { Part } from '../parts/part.js'
import type { Answered, Ask, Asked, Operation } from '../parts/questions.js'
import type { Cut } from '../parts/split.js'
import type { Setting } from './costs.js'

/** A cluster on a clock of its own: real parts answer real questions, and their messages take the time that links would. */
export class Simulation {
  /** Seconds. */
  now = 0
  asked = 0
  answered = 0
  readonly #parts: readonly Part[]
  readonly #held: readonly number[]
  readonly #setting: Setting
  readonly #events: { at: number; run: () => void }[] = []
  /** When the coordinator's link is free to send, and to receive. */
  #sends = 0
  #receives = 0
  readonly #free: number[]

  /** @param held bytes of patterns of each part. */
  constructor({ map, files }: Cut, setting: Setting, held: readonly number[]) {
    this.#parts = map.shards.map(({ file }) => new Part(files.get(file) as Uint8Array, map))
    this.#held = held
    this.#setting = setting
    this.#free = map.shards.map(() => 0)
  }

  readonly ask: Ask = <O extends Operation>(part: number, operation: O, asked: Asked<O>) =>
    new Promise<Answered<O>>((resolve) => {
      const { bandwidth, latency, speed, batch } = this.#setting
      const out = encode({ operation, asked }).length
      this.asked += out
      this.#sends = Math.max(this.#sends, this.now) + out / bandwidth
      this.#at(this.#sends + latency, () => {
        const answer = this.#parts[part].answer(operation, asked)
        // Fields compare and read out; overlaps and read-outs go through the patterns once.
        const passes = operation === 'fields' ? 2 : 1
        const done = Math.max(this.#free[part], this.now) + (passes * batch * this.#held[part]) / speed
        this.#free[part] = done
        this.#at(done + latency, () => {
          const back = encode({ answer }).length
          this.answered += back
          this.#receives = Math.max(this.#receives, this.now) + back / bandwidth
          this.#at(this.#receives, () => resolve(answer))
        })
      })
    })

  /** Runs until the work is done, and returns what it ends in. */
  async run<T>(work: Promise<T>): Promise<T> {
    let done = false
    const settled = work.finally(() => {
      done = true
    })
    while (true) {
      // What was resolved asks its next questions first.
      await new Promise((resolve) => setImmediate(resolve))
      if (done) return settled
      this.#events.sort((a, b) => b.at - a.at)
      const event = this.#events.pop()
      if (event === undefined) throw new Error('simulation: nothing happens any more')
      this.now = event.at
      event.run()
    }
  }

  #at(at: number, run: () => void): void {
    this.#events.push({ at, run })
  }
}
