import { connect, type NatsConnection } from '@nats-io/transport-node'
import { ModernHopfield } from 'hopfield-native'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Cluster } from '../src/network/cluster.js'
import { Replica } from '../src/network/replica.js'
import { has, natsServer, type Running } from './servers.js'

describe.skipIf(!has('nats-server'))('a memory in parts behind NATS', () => {
  let server: Running
  let nats: NatsConnection
  const dial = (): Promise<NatsConnection> =>
    connect({ servers: `nats://127.0.0.1:${server.port}`, maxReconnectAttempts: -1, reconnectTimeWait: 50 })

  beforeAll(async () => {
    server = await natsServer()
    nats = await dial()
  })
  afterAll(async () => {
    await nats.close()
    await server.stop()
  })

  test('numbers keep their bits on the way, and a part’s error comes back by name', async () => {
    const keys = Float32Array.from({ length: 200 * 6 }, (_, k) => Math.sin(k * k))
    const net = new ModernHopfield({ dimension: 6, beta: 3 }).store(keys)
    const replicas = await Promise.all(
      [0, 1, 2].map((part) => Replica.start(nats, { memory: 'modern', part })),
    )
    const cluster = await Cluster.open(nats, { memory: 'modern' })
    await cluster.publish(net, { shards: 3 })
    const queries = keys.slice(0, 30)
    const got = await cluster.request((whole) => whole.retrieve(queries, { tolerance: 1e-5 }))
    const { states, energies, steps } = net.recallBatch(queries, { tolerance: 1e-5 })
    expect(got).toMatchObject({ states, energies, steps })
    const bad = Float32Array.from({ length: 6 }, () => Number.NaN)
    await expect(cluster.request((whole) => whole.retrieve(bad))).rejects.toThrow(
      /^part \d: peaks: queries\[0\]/,
    )
    cluster.close()
    await Promise.all(replicas.map((one) => one.stop()))
  })
})
