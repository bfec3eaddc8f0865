import { addNoise, HopfieldNetwork, randomPatterns } from 'hopfield-native'
import type { Cluster } from '../src/network/cluster.js'
import type { Engine } from './servers.js'

const NEURONS = 200
const PATTERNS = 24

export const memory = new HopfieldNetwork({ neurons: NEURONS }).store(
  randomPatterns({ count: PATTERNS, neurons: NEURONS, seed: 11 }),
)

const cueOf = (b: number): Int8Array =>
  addNoise(memory.pattern(b % PATTERNS), { noise: 0.05 + 0.01 * (b % 30), seed: b })

/** What one process says, as text. */
function expected(b: number): string {
  const cue = cueOf(b)
  if (b % 3 === 0) return [...memory.nearest(cue, { k: 3 }).indices].join()
  const dynamics = b % 3 === 1 ? 'synchronous' : 'asynchronous'
  const { state, sweeps, flips, energy } = memory.recall(cue, { dynamics, stream: b })
  return `${state.join()};${sweeps};${flips};${energy}`
}

async function answered(cluster: Cluster, b: number): Promise<string> {
  const cue = cueOf(b)
  return cluster.request(async (whole) => {
    if (b % 3 === 0) return [...(await whole.nearest(cue, 3)).indices].join()
    const dynamics = b % 3 === 1 ? 'synchronous' : 'asynchronous'
    const { states, sweeps, flips, energies } = await whole.recall(cue, { dynamics, stream: b })
    return `${states.join()};${sweeps[0]};${flips[0]};${energies[0]}`
  })
}

/**
 * Sends the requests `from` and following, 32 at a time, while `meanwhile` goes on. Each is counted once it is answered, and compared with one process.
 * @returns how often each was answered, and those whose answers differ.
 */
export async function requests(
  cluster: Cluster,
  count: number,
  from = 0,
): Promise<{ times: Uint8Array; wrong: number[] }> {
  const times = new Uint8Array(count)
  const wrong: number[] = []
  let next = 0
  const one = async (): Promise<void> => {
    while (next < count) {
      const k = next++
      const b = from + k
      const got = await answered(cluster, b)
      times[k]++
      if (got !== expected(b)) wrong.push(b)
    }
  }
  await Promise.all(Array.from({ length: 32 }, one))
  return { times, wrong }
}

/** Kills one process after the other, by chance, and starts it again, until told to stop. */
export class Killer {
  kills = 0
  #stopped = false
  readonly #running: Promise<void>

  constructor(engines: readonly Engine[], pause: number, seed: number) {
    this.#running = this.#go(engines, pause, seed)
  }

  async #go(engines: readonly Engine[], pause: number, seed: number): Promise<void> {
    let state = seed
    while (!this.#stopped) {
      await new Promise((resolve) => setTimeout(resolve, pause))
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0
      const engine = engines[(state >>> 16) % engines.length]
      await engine.stop()
      this.kills++
      engine.start()
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true
    await this.#running
  }
}
