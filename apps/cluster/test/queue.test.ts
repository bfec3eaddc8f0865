import { createHash } from 'node:crypto'
import { Queue, type Worker } from 'bullmq'
import { addNoise, HopfieldNetwork, RandomFeatureMemory, randomPatterns } from 'hopfield-native'
import { formatIsing, maxCut } from 'hopfield-native/optimization'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Flows, worker } from '../src/queue/flows.js'
import { JOIN, WORK } from '../src/queue/work.js'
import { has, type Running, redisServer } from './servers.js'

const NEURONS = 120
const net = new HopfieldNetwork({ neurons: NEURONS }).store(
  randomPatterns({ count: 30, neurons: NEURONS, seed: 2 }),
)
const bytes = net.toBytes()
const file = createHash('sha256').update(bytes).digest('hex')
const cues = Int8Array.from(
  Array.from({ length: 700 }, (_, b) => [...addNoise(net.pattern(b % 30), { noise: 0.2, seed: b })]).flat(),
)

describe.skipIf(!has('redis-server'))('batches as flows on Redis', () => {
  let server: Running
  let flows: Flows
  let workers: Worker[]

  beforeAll(async () => {
    server = await redisServer()
    const options = { connection: { host: '127.0.0.1', port: server.port }, queue: 'test' }
    flows = new Flows(options)
    workers = [1, 2].map(() => worker(options, async () => bytes))
  })
  afterAll(async () => {
    await Promise.all(workers.map((one) => one.close()))
    await flows.close()
    await server.stop()
  })

  test('a batch in jobs of 256 cues has the bits of one batch, at a temperature too', async () => {
    const options = { temperature: 0.3, maxSweeps: 4, seed: 9 }
    const one = net.recallBatch(cues, options)
    const { states, sweeps, flips, energies, cycles, converged } = one
    const got = await flows.recall('batch', file, cues, NEURONS, options, { chunk: 1 })
    expect(got).toEqual({ states, sweeps, flips, energies, cycles, converged })
    // The same name is the same work.
    expect(await flows.recall('batch', file, cues, NEURONS, options, { chunk: 1 })).toEqual(got)
  })

  test('what jobs have learned merges into the file of one memory', async () => {
    const options = { dimension: 16, frequencies: 64, beta: 4, vectors: 'bipolar', seed: 3 } as const
    const vectors = Float32Array.from(randomPatterns({ count: 90, neurons: 16, seed: 5 }))
    const { memory } = await flows.learn('learn', options, vectors, { chunk: 25 })
    expect(memory).toEqual(new RandomFeatureMemory(options).store(vectors).toBytes())
  })

  test('annealing runs of several seeds end in the best of them', async () => {
    const edges = Array.from({ length: 90 }, (_, k) => [k % 30, (k * 7 + 1 + (k % 5)) % 30])
    const problem = formatIsing(
      maxCut(
        edges.filter(([a, b]) => a !== b),
        { nodes: 30 },
      ),
    )
    const best = await flows.anneal('anneal', { problem, seed: 4, numReads: 8, numSweeps: 20 }, 3)
    const made = await Promise.all(
      [4, 5, 6].map((seed) => WORK.anneal({ problem, seed, numReads: 8, numSweeps: 20 }, async () => bytes)),
    )
    expect(best).toEqual(JOIN.anneal(made))
    expect(best.energy).toBe(Math.min(...made.map(({ energy }) => energy)))
  })

  test('a job that fails is told to who asked', async () => {
    await expect(
      flows.learn('bad', { dimension: 3, frequencies: 8, beta: 4, vectors: 'bipolar' }, new Float32Array(3)),
    ).rejects.toThrow('storeAsync')
    // Nobody could do it: it is not tried again.
    await expect(flows.recall('digest', 'f'.repeat(64), cues, NEURONS)).rejects.toMatchObject({
      code: 'ERR_CLUSTER_PART',
      message: expect.stringContaining('its bytes have another digest'),
    })
    const queue = new Queue('test', { connection: { host: '127.0.0.1', port: server.port } })
    expect((await queue.getJob('digest-0'))?.attemptsMade).toBe(1)
    await queue.close()
  })
})
