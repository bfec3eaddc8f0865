import { connect, type NatsConnection } from '@nats-io/transport-node'
import { HopfieldNetwork, ModernHopfield, randomPatterns } from 'hopfield-native'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Cluster } from '../src/network/cluster.js'
import { Replica } from '../src/network/replica.js'
import { Killer, memory, requests } from './kills.js'
import { type Engine, has, listens, natsServer, type Running, replica } from './servers.js'

describe.skipIf(!has('nats-server'))('a memory in parts behind NATS', () => {
  let server: Running
  let nats: NatsConnection
  const engines: Engine[] = []
  const dial = (): Promise<NatsConnection> =>
    connect({ servers: `nats://127.0.0.1:${server.port}`, maxReconnectAttempts: -1, reconnectTimeWait: 50 })

  beforeAll(async () => {
    server = await natsServer()
    nats = await dial()
  })
  afterAll(async () => {
    await Promise.all(engines.map((engine) => engine.stop()))
    await nats.close()
    await server.stop()
  })

  test('two parts × two replicas: kills of processes lose, double and change no answer, and a reload no request', async () => {
    for (const part of [0, 1, 0, 1]) engines.push(replica(server.port, 'killed', part, 500))
    for (const engine of engines) engine.start()
    const cluster = await Cluster.open(nats, { memory: 'killed', deadline: 60_000, patience: 500 })
    await cluster.publish(memory, { shards: 2, axis: 'patterns' })
    const killer = new Killer(engines, 2000, 7)
    for (let from = 0; from < 1500 || killer.kills < 3; from += 300) {
      const { times, wrong } = await requests(cluster, 300, from)
      expect(times.every((n) => n === 1)).toBe(true)
      expect(wrong).toEqual([])
    }
    await killer.stop()

    // A reload while requests run: version 2 is cut anew, and version 1 goes half a second later.
    const reloading = requests(cluster, 500)
    expect((await cluster.publish(memory, { shards: 2, axis: 'patterns' })).version).toBe(2)
    const reloaded = await reloading
    expect(reloaded.times.every((n) => n === 1)).toBe(true)
    expect(reloaded.wrong).toEqual([])
    cluster.close()
    await Promise.all(engines.splice(0).map((engine) => engine.stop()))
  }, 300_000)

  test('a lost part is named in time, and comes back', async () => {
    const net = new HopfieldNetwork({ neurons: 64 }).store(randomPatterns({ count: 128, neurons: 64 }))
    const replicas = await Promise.all([0, 1].map((part) => Replica.start(nats, { memory: 'lost', part })))
    const cluster = await Cluster.open(nats, { memory: 'lost', deadline: 30_000, patience: 100 })
    await cluster.publish(net, { shards: 2, axis: 'patterns' })
    const cue = net.pattern(3)
    const ask = (deadline?: number): Promise<Uint32Array> =>
      cluster.request(async (whole) => (await whole.nearest(cue)).indices, { deadline })
    expect(await ask()).toEqual(net.nearest(cue).indices)
    await replicas[1].stop()
    await expect(ask(300)).rejects.toThrow(
      "no replica of part 1 of 2 (version 1) of 'lost' answered within 300 ms",
    )
    replicas[1] = await Replica.start(nats, { memory: 'lost', part: 1 })
    await expect.poll(() => ask(), { timeout: 10_000 }).toEqual(net.nearest(cue).indices)
    const stop = AbortSignal.abort(new Error('enough'))
    await expect(cluster.request((whole) => whole.nearest(cue), { signal: stop })).rejects.toThrow('enough')

    // The same of the server itself: requests fail in time, and all goes on when it is back.
    await server.engine.stop()
    await expect(ask(300)).rejects.toThrow('answered within 300 ms')
    server.engine.start()
    await listens(server.port)
    await expect.poll(() => ask(), { timeout: 20_000 }).toEqual(net.nearest(cue).indices)
    cluster.close()
    await Promise.all(replicas.map((one) => one.stop()))
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
