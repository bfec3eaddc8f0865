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

/** What a hop costs, and searches a second with one part and with two, each part a process of its own on this machine. */
export async function measure(nats: NatsConnection, servers: string, patterns: number): Promise<string[]> {
  const neurons = 256
  const memory = new DenseAssociativeMemory({ neurons, interaction: { kind: 'polynomial', degree: 2 } })
  memory.store(randomPatterns({ count: patterns, neurons, packed: true }))
  const cues = randomPatterns({ count: 64, neurons, seed: 1 })
  const name = `measure-${process.pid}`
  const replicas = [0, 1].map((part) =>
    spawn(process.execPath, [MAIN, '--servers', servers, '--memory', name, 'serve', '--part', String(part)], {
      stdio: 'inherit',
    }),
  )
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
      if (shards === 2) lines.push(await hops(nats, subjectOf(name, version, 0)))
    }
    lines.push(
      `nearest of ${patterns} patterns of ${neurons} neurons: ${rates.map((rate) => rate.toFixed(0)).join(' a second with one part, ')} with two, ${(rates[1] / rates[0]).toFixed(2)} times as many`,
    )
  } finally {
    cluster.close()
    for (const replica of replicas) {
      replica.kill()
      await once(replica, 'exit')
    }
  }
  return lines
}

/** Round trips of a question that takes no work, one after the other. */
async function hops(nats: NatsConnection, subject: string): Promise<string> {
  const payload = encode({ operation: 'ready' })
  const times = new Float64Array(5000)
  for (let k = 0; k < times.length; k++) {
    const begin = performance.now()
    await nats.request(subject, payload, { timeout: 5000 })
    times[k] = performance.now() - begin
  }
  times.sort()
  return `a hop: ${quantile(times, 0.5).toFixed(3)} ms, p99 ${quantile(times, 0.99).toFixed(3)} ms`
}
