import { connect } from '@nats-io/transport-node'
import { expect, test } from 'vitest'
import { Cluster } from '../src/network/cluster.js'
import { Killer, memory, requests } from './kills.js'
import { has, natsServer, replica } from './servers.js'

test.skipIf(!has('nats-server'))(
  '100,000 requests to two parts × two replicas under kills: none lost, doubled or changed',
  async () => {
    const server = await natsServer()
    const nats = await connect({ servers: `nats://127.0.0.1:${server.port}`, maxReconnectAttempts: -1 })
    const engines = [0, 1, 0, 1].map((part) => replica(server.port, 'killed', part, 2000))
    for (const engine of engines) engine.start()
    const cluster = await Cluster.open(nats, { memory: 'killed', deadline: 120_000, patience: 500 })
    await cluster.publish(memory, { shards: 2, axis: 'patterns' }, { deadline: 60_000 })
    const killer = new Killer(engines, 2000, 1)
    for (let from = 0; from < 100_000; from += 5000) {
      const { times, wrong } = await requests(cluster, 5000, from)
      expect(times.every((n) => n === 1)).toBe(true)
      expect(wrong).toEqual([])
      // A new version between any two rounds, while processes go on dying.
      await cluster.publish(memory, { shards: 2, axis: 'patterns' }, { deadline: 60_000 })
    }
    await killer.stop()
    expect(killer.kills).toBeGreaterThan(10)
    cluster.close()
    await Promise.all(engines.map((engine) => engine.stop()))
    await nats.close()
    await server.stop()
  },
)
