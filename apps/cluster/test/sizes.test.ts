import { connect, type NatsConnection } from '@nats-io/transport-node'
import {
  type AnyMemory,
  addNoise,
  DenseAssociativeMemory,
  HopfieldNetwork,
  ModernHopfield,
  randomPatterns,
} from 'hopfield-native'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Cluster } from '../src/network/cluster.js'
import { Replica } from '../src/network/replica.js'
import type { SplitOptions } from '../src/parts/split.js'
import type { Coordinator } from '../src/recall/coordinator.js'
import { has, natsServer, type Running } from './servers.js'

// A server that takes 16 kB: batches go in runs whose messages fit, with the bits of one batch.
describe.skipIf(!has('nats-server'))('max_payload', () => {
  let server: Running
  let nats: NatsConnection
  let replicas: Replica[]
  let cluster: Cluster
  beforeAll(async () => {
    server = await natsServer('16KB')
    nats = await connect({ servers: `nats://127.0.0.1:${server.port}` })
    replicas = await Promise.all([0, 1].map((part) => Replica.start(nats, { memory: 'small', part })))
    cluster = await Cluster.open(nats, { memory: 'small', deadline: 60_000 })
  })
  afterAll(async () => {
    cluster.close()
    await Promise.all(replicas.map((one) => one.stop()))
    await nats.close()
    await server.stop()
  })

  const of = async <T>(
    memory: AnyMemory,
    options: Omit<SplitOptions, 'version' | 'shards'>,
    ask: (whole: Coordinator) => Promise<T>,
  ): Promise<T> => {
    await cluster.publish(memory, { shards: 2, ...options })
    return cluster.request(ask)
  }
  const cues = (net: { pattern(mu: number): Int8Array }, count: number): Int8Array =>
    Int8Array.from(
      Array.from({ length: count }, (_, b) => [...addNoise(net.pattern(b), { noise: 0.15, seed: b })]).flat(),
    )

  test.each([
    ['patterns', 'synchronous'],
    ['patterns', 'asynchronous'],
    ['neurons', 'synchronous'],
  ] as const)('Hebb by %s, %s: 40 cues', async (axis, dynamics) => {
    const neurons = 700
    const net = new HopfieldNetwork({ neurons }).store(randomPatterns({ count: 130, neurons }))
    const given = cues(net, 40)
    const streams = Array.from({ length: 40 }, (_, b) => 1000 - b)
    const options = { dynamics, streams, maxSweeps: 4 }
    const { states, sweeps, flips, energies, cycles, converged } = net.recallBatch(given, options)
    const got = await of(net, { axis }, (whole) => whole.recall(given, options))
    expect(got).toMatchObject({ states, sweeps, flips, energies, cycles, converged })
    const { indices } = net.nearest(given, { k: 100 })
    const found = await cluster.request((whole) => whole.nearest(given, 100))
    expect(found.indices).toEqual(indices)
    const overlaps = await cluster.request((whole) => whole.overlaps(given))
    expect(overlaps.map((v) => v / neurons)).toEqual(net.overlapsBatch(given))
  })

  test('a dense memory: how many patterns are within reach is known by the answer alone', async () => {
    const neurons = 70
    const interaction = { kind: 'exponential', beta: 0.2 } as const
    const memory = new DenseAssociativeMemory({ neurons, interaction })
    memory.store(randomPatterns({ count: 300, neurons, seed: 4 }))
    const given = cues(memory, 30)
    const options = { dynamics: 'synchronous', maxSweeps: 5 } as const
    const { states, energies, active } = memory.recallBatch(given, options)
    const got = await of(memory, {}, (whole) => whole.recall(given, options))
    expect(got).toMatchObject({ states, energies, active })
  })

  test('real vectors with values: 120 queries', async () => {
    const real = (length: number, seed: number): Float32Array =>
      Float32Array.from({ length }, (_, k) => Math.sin((k + 1) * (k + seed) * 0.37))
    const memory = new ModernHopfield({ dimension: 40, beta: 3, valueDimension: 70 })
    memory.store(real(40 * 90, 1), real(70 * 90, 2))
    const queries = real(40 * 120, 5)
    const { states, energies, active } = memory.recallBatch(queries)
    const got = await of(memory, {}, (whole) => whole.retrieve(queries))
    expect(got).toMatchObject({ states, energies, active })
    expect(await cluster.request((whole) => whole.overlaps(queries))).toEqual(memory.overlapsBatch(queries))
  })

  test('one cue that is too large is refused, and says what to do', async () => {
    const neurons = 40_000
    const net = new HopfieldNetwork({ neurons }).store(randomPatterns({ count: 100, neurons }))
    const asking = of(net, { axis: 'patterns' }, (whole) =>
      whole.recall(net.pattern(0), { dynamics: 'synchronous' }),
    )
    await expect(asking).rejects.toMatchObject({
      code: 'ERR_CLUSTER_SIZE',
      message: expect.stringMatching(
        /an answer of \d+ bytes, max_payload is 16384; that is one cue's: raise/,
      ),
    })
  })
})
