import { createHash } from 'node:crypto'
import { connect, type NatsConnection } from '@nats-io/transport-node'
import { HopfieldNetwork, randomPatterns } from 'hopfield-native'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ClusterError, type Why } from '../src/errors.js'
import { Cluster } from '../src/network/cluster.js'
import { Front } from '../src/network/front.js'
import { FrontClient } from '../src/network/front-client.js'
import { Replica } from '../src/network/replica.js'
import { Flows, worker } from '../src/queue/flows.js'
import { front, has, listens, natsServer, type Running, redisServer, removed, replica } from './servers.js'

// What is lost is named by a code, in time, and all goes on when it is back.

const net = new HopfieldNetwork({ neurons: 192 }).store(randomPatterns({ count: 200, neurons: 192 }))
const cue = net.pattern(3)
const right = net.nearest(cue).indices

/** The code with which a promise ends, and the message. */
async function why(promise: Promise<unknown>): Promise<[Why, string]> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (error instanceof ClusterError) return [error.code, error.message]
  throw new Error(`expected a ClusterError, got ${String(error)}`, { cause: error })
}

describe.skipIf(!has('nats-server'))('NATS and what is behind it', () => {
  let server: Running
  let nats: NatsConnection
  beforeAll(async () => {
    server = await natsServer()
    nats = await connect({
      servers: `nats://127.0.0.1:${server.port}`,
      maxReconnectAttempts: -1,
      reconnectTimeWait: 50,
    })
  })
  afterAll(async () => {
    await nats.close()
    await server.stop()
  })

  test('a lost part or front is named in time, and comes back', async () => {
    const memory = 'part'
    const replicas = await Promise.all([0, 1].map((part) => Replica.start(nats, { memory, part })))
    const cluster = await Cluster.open(nats, { memory, deadline: 30_000, patience: 100 })
    const client = new FrontClient(nats, { memory, deadline: 30_000, patience: 1000 })
    await cluster.publish(net, { shards: 2, axis: 'patterns' })
    const ask = (deadline?: number): Promise<Uint32Array> =>
      cluster.request(async (whole) => (await whole.nearest(cue)).indices, { deadline })
    expect(await ask()).toEqual(right)
    expect(await why(client.nearest(cue, 1, { deadline: 200 }))).toEqual([
      'ERR_CLUSTER_LOST',
      expect.stringContaining("no front of 'part' answered within 200 ms: no front listens"),
    ])
    const waiting = client.nearest(cue)
    const own = await Front.start(nats, { memory, patience: 100 })
    expect((await waiting).indices).toEqual(right)

    await replicas[1].stop()
    const lost = "no replica of part 1 of 2 (version 1) of 'part' answered within 300 ms"
    expect(await why(ask(300))).toEqual(['ERR_CLUSTER_LOST', expect.stringContaining(lost)])
    expect((await why(client.nearest(cue, 1, { deadline: 300 })))[0]).toBe('ERR_CLUSTER_LOST')
    replicas[1] = await Replica.start(nats, { memory, part: 1 })
    expect(await ask()).toEqual(right)
    expect((await client.nearest(cue)).indices).toEqual(right)
    const stop = AbortSignal.abort(new Error('enough'))
    await expect(cluster.request((whole) => whole.nearest(cue), { signal: stop })).rejects.toThrow('enough')
    await expect(client.nearest(cue, 1, { signal: stop })).rejects.toThrow('enough')

    // A front says what is wrong with a request, and goes on.
    expect(await why(client.nearest(cue.subarray(1)))).toEqual([
      'ERR_CLUSTER_VALUE',
      expect.stringContaining('expected states of values ±1, 192 each'),
    ])
    expect(await why(client.recall(cue, { maxSweeps: Number.NaN }))).toEqual([
      'ERR_CLUSTER_VALUE',
      expect.stringContaining('recall: maxSweeps: expected an integer of at least 0, got NaN'),
    ])
    const busy = await Front.start(nats, { memory: 'part', most: 0 })
    await own.stop()
    expect((await why(client.nearest(cue, 1, { deadline: 300 })))[0]).toBe('ERR_CLUSTER_BUSY')
    await busy.stop()
    cluster.close()
    await Promise.all(replicas.map((one) => one.stop()))
  })

  test('NATS: requests fail by its name; when it is back they go on, and new versions come', async () => {
    const memory = 'nats'
    const replicas = await Promise.all(
      [0, 1].map((part) => Replica.start(nats, { memory, part, grace: 200 })),
    )
    const cluster = await Cluster.open(nats, { memory, deadline: 60_000, patience: 100 })
    const own = await Front.start(nats, { memory, patience: 100 })
    const client = new FrontClient(nats, { memory, deadline: 60_000 })
    await cluster.publish(net, { shards: 2, axis: 'patterns' })
    const ask = (deadline?: number) => cluster.request((whole) => whole.nearest(cue), { deadline })
    expect((await ask()).indices).toEqual(right)

    await server.engine.stop()
    const away: [Why, unknown] = [
      'ERR_CLUSTER_ENGINE',
      expect.stringMatching(/^NATS has been away for \d+ ms/),
    ]
    expect(await why(ask(300))).toEqual(away)
    expect(await why(client.nearest(cue, 1, { deadline: 300 }))).toEqual(away)
    expect(await why(cluster.publish(net, { shards: 1 }, { deadline: 300 }))).toEqual(away)
    expect(await why(Cluster.open(nats, { memory, deadline: 300 }))).toEqual(away)
    // Those with time left outlast it.
    const waiting = [
      ask(),
      client.nearest(cue),
      cluster.publish(net, { shards: 2, axis: 'neurons' }),
    ] as const
    server.engine.start()
    await listens(server.port)
    expect((await waiting[0]).indices).toEqual(right)
    expect((await waiting[1]).indices).toEqual(right)
    expect(await waiting[2]).toMatchObject({ version: 2, axis: 'neurons' })
    expect((await ask()).indices).toEqual(right)
    expect((await client.nearest(cue)).indices).toEqual(right)
    expect((await cluster.publish(net, { shards: 2, axis: 'patterns' })).version).toBe(3)
    expect((await ask()).indices).toEqual(right)
    cluster.close()
    await own.stop()
    await Promise.all(replicas.map((one) => one.stop()))
  })

  test('a process that is told to end does so while NATS is away', async () => {
    const own = await natsServer()
    const processes = [replica(own.port, 'told', 0), front(own.port, 'told')]
    const client = await connect({ servers: `nats://127.0.0.1:${own.port}`, maxReconnectAttempts: -1 })
    for (const one of processes) one.start()
    const cluster = await Cluster.open(client, { memory: 'told' })
    await cluster.publish(net, { shards: 1 }, { deadline: 60_000 })
    await new FrontClient(client, { memory: 'told', deadline: 60_000 }).nearest(cue)
    await own.engine.stop()
    await Promise.all(processes.map((one) => one.stop('SIGTERM')))
    cluster.close()
    await client.close()
    await own.stop()
  })

  test('a closed connection is no engine that comes back', async () => {
    const own = await connect({ servers: `nats://127.0.0.1:${server.port}` })
    const cluster = await Cluster.open(own, { memory: 'closed' })
    await own.close()
    expect(await why(cluster.publish(net, { shards: 1 }))).toEqual([
      'ERR_CLUSTER_ENGINE',
      expect.stringContaining('the connection to NATS is closed'),
    ])
  })

  test('of publishers at the same time each gets a version of its own, and none goes back', async () => {
    const memory = 'publishers'
    const replicas = await Promise.all([0, 1, 2].map((part) => Replica.start(nats, { memory, part })))
    const clusters = await Promise.all([1, 2, 3].map(() => Cluster.open(nats, { memory })))
    const made = await Promise.allSettled(
      clusters.map((cluster, k) => cluster.publish(net, { shards: k + 1, axis: 'neurons' })),
    )
    const versions = made.flatMap((one) => (one.status === 'fulfilled' ? [one.value.version] : []))
    expect(new Set(versions).size).toBe(versions.length)
    for (const one of made)
      if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'ERR_CLUSTER_MOVED' })
    await expect
      .poll(() => clusters.map(({ map }) => map?.version), { timeout: 60_000 })
      .toEqual([1, 2, 3].map(() => Math.max(...versions)))
    for (const cluster of clusters) {
      expect((await cluster.request((whole) => whole.nearest(cue))).indices).toEqual(right)
      cluster.close()
    }
    await Promise.all(replicas.map((one) => one.stop()))
  })
})

describe.skipIf(!has('redis-server'))('Redis and what is behind it', () => {
  test('Redis: a batch fails by its name; under the same name it is done when Redis is back', async () => {
    const server = await redisServer()
    const options = { connection: { host: '127.0.0.1', port: server.port }, queue: 'lost' }
    const bytes = net.toBytes()
    const file = createHash('sha256').update(bytes).digest('hex')
    const [flows, patient] = [new Flows({ ...options, patience: 300 }), new Flows(options)]
    const recall = (of: Flows, name: string, deadline?: number) =>
      of.recall(name, file, cue, 192, {}, { deadline })
    const { states } = net.recallBatch(cue)

    expect(await why(recall(patient, 'batch', 300))).toEqual([
      'ERR_CLUSTER_LOST',
      expect.stringContaining("flow 'batch': not done within 300 ms"),
    ])
    await server.engine.stop()
    expect(await why(recall(flows, 'batch'))).toEqual([
      'ERR_CLUSTER_ENGINE',
      expect.stringContaining('Redis has not answered for 300 ms'),
    ])
    const waiting = recall(patient, 'batch')
    server.engine.start()
    await listens(server.port)
    const doing = worker(options, async () => bytes)
    expect((await waiting).states).toEqual(states)

    // A Redis that has forgotten everything: what is waited for is asked again.
    await doing.close()
    const other = recall(patient, 'other')
    await expect
      .poll(() => why(recall(patient, 'other', 50)), { timeout: 60_000 })
      .toEqual(['ERR_CLUSTER_LOST', expect.anything()])
    await server.engine.stop()
    removed(`${server.folder}/appendonlydir`)
    server.engine.start()
    await listens(server.port)
    const again = worker(options, async () => bytes)
    expect((await other).states).toEqual(states)
    expect(patient.doneAgain).toBeGreaterThan(0)
    await again.close()
    await Promise.all([flows.close(), patient.close()])
    await server.stop()
  })
})
