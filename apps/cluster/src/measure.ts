import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { NatsConnection } from '@nats-io/transport-node'
import { DenseAssociativeMemory, randomPatterns } from 'hopfield-native'
import { Cluster } from './network/cluster.js'
import { encode } from './network/codec.js'
import { subjectOf } from './network/store.js'

const MAIN = fileURLToPath(new URL('./main.js', import.meta.url))

const quantile = (sorted: Float64Array, q: number): number =>
  sorted[Math.min(Math.floor(q * sorted.length), sorted.length - 1)]

/** Where the echo of a measurement listens. */
export function echoOf(memory: string): string {
  return `hopfield.${memory}.echo`
}

/** What a hop costs, and searches a second with one part and with two, each part a process of its own on this machine. */
export async function measure(nats: NatsConnection, servers: string, patterns: number): Promise<string[]> {
  const neurons = 256
  const memory = new DenseAssociativeMemory({ neurons, interaction: { kind: 'polynomial', degree: 2 } })
  memory.store(randomPatterns({ count: patterns, neurons, packed: true }))
  const cues = randomPatterns({ count: 64, neurons, seed: 1 })
  const name = `measure-${process.pid}`
  const run = (...args: string[]) =>
    spawn(process.execPath, [MAIN, '--servers', servers, '--memory', name, ...args], { stdio: 'inherit' })
  const processes = [run('serve', '--part', '0'), run('serve', '--part', '1'), run('echo')]
  const cluster = await Cluster.open(nats, { memory: name })
  const lines: string[] = []
  const rates: number[] = []
  try {
    for (const shards of [1, 2]) {
      const { version } = await cluster.publish(memory, { shards }, { deadline: 120_000 })
      const search = (): Promise<unknown> => cluster.request((whole) => whole.nearest(cues))
      await search()
      const begin = performance.now()
      const requests = 40
      let left = requests
      const one = async (): Promise<void> => {
        while (left-- > 0) await search()
      }
      await Promise.all([one(), one(), one(), one()])
      rates.push((1000 * requests * 64) / (performance.now() - begin))
      if (shards === 2)
        lines.push(...(await hops(nats, echoOf(name), subjectOf(name, version, 0), () => cluster.ready(0))))
    }
    lines.push(
      `nearest of ${patterns} patterns of ${neurons} neurons: ${rates.map((rate) => rate.toFixed(0)).join(' per second with one part, ')} with two, ${(rates[1] / rates[0]).toFixed(2)} times as many`,
    )
  } finally {
    cluster.close()
    for (const one of processes) {
      one.kill()
      await once(one, 'exit')
    }
  }
  return lines
}

/** Round trips of one kind. */
interface Trips {
  readonly what: string
  readonly times: Float64Array
  readonly go: () => Promise<unknown>
}

/**
 * What a hop costs, and how much of it is the engine's own: an echo by a process of its own, a question that takes no work, and that
 * question with its encoding and decoding, by turns, one after the other.
 */
async function hops(
  nats: NatsConnection,
  echo: string,
  subject: string,
  asked: () => Promise<unknown>,
  count = 5000,
): Promise<string[]> {
  const payload = encode({ operation: 'ready' })
  const kinds: Trips[] = [
    ['NATS alone, an echo', () => nats.request(echo, payload, { timeout: 5000 })] as const,
    ['a hop, a question without work', () => nats.request(subject, payload, { timeout: 5000 })] as const,
    ['the same through the coordinator', asked] as const,
  ].map(([what, go]) => ({ what, go, times: new Float64Array(count) }))
  for (let k = -200; k < count; k++) {
    for (const { go, times } of kinds) {
      const begin = performance.now()
      await go()
      if (k >= 0) times[k] = performance.now() - begin
    }
  }
  return kinds.map(({ what, times }) => {
    times.sort()
    const [half, most] = [0.5, 0.99].map((q) => quantile(times, q).toFixed(3))
    return `${what}: ${half} ms, p99 ${most} ms`
  })
}
