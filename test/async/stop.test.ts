import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { describe, expect, it } from 'vitest'
import {
  BidirectionalMemory,
  ContinuousHopfield,
  HopfieldNetwork,
  ModernHopfield,
  type Progress,
  RecallBatcher,
  randomCodes,
  randomPatterns,
  SparseAssociativeMemory,
} from '../../src/index.js'
import { annealAsync, maxCut } from '../../src/optimization.js'
import { BACKENDS, type Backend } from '../helpers/backends.js'

type Limits = { signal?: AbortSignal; onProgress?: (progress: Progress) => void }
type Call = (limits: Limits) => Promise<unknown>

/** The best of some attempts: others compute here too. */
async function best(attempts: number, enough: number, measure: () => Promise<number>): Promise<number> {
  let least = Number.POSITIVE_INFINITY
  for (let k = 0; k < attempts && least >= enough; k++) least = Math.min(least, await measure())
  return least
}

/** Milliseconds from an abort to its answer. */
async function answer(call: Call): Promise<number> {
  const stop = new AbortController()
  const running = call({ signal: stop.signal })
  const settled = running.then(
    () => 'done',
    (error: unknown) => error,
  )
  // Turns of the event loop, as a timeout of the caller's would have.
  await delay(20)
  const [from, used] = [performance.now(), process.cpuUsage()]
  stop.abort('enough')
  expect(await settled).toBe('enough')
  const { user, system } = process.cpuUsage(used)
  // Who had to wait for a processor was not late by itself.
  return Math.min(performance.now() - from, (user + system) / 1e3)
}

function waves(length: number): Float32Array {
  return Float32Array.from({ length }, (_, k) => Math.sin(k * 12.9898))
}

/** Calls that would take seconds to minutes. */
function longCalls(backend: Backend): [string, () => Call][] {
  const size = backend === 'native' ? 1 : 4
  const network = (neurons: number, count: number): HopfieldNetwork =>
    new HopfieldNetwork({ neurons, backend }).store(randomPatterns({ count, neurons, seed: 1 }))
  const cues = (count: number, neurons: number): Int8Array => randomPatterns({ count, neurons, seed: 2 })
  const anneals =
    (neurons: number, degree: number, numReads: number): (() => Call) =>
    () => {
      const edges = Array.from({ length: neurons * degree }, (_, k): [number, number, number] => {
        const i = Math.floor(k / degree)
        return [i, (i + 1 + (k % degree)) % neurons, ((k * 7) % 21) - 10]
      })
      const problem = maxCut(edges)
      return (limits) => annealAsync(problem, { numReads, numSweeps: 2 ** 24, backend, ...limits })
    }
  return [
    ['annealing of few variables, all coupled', anneals(200, 99, 8)],
    ['annealing of very few variables by many reads', anneals(10, 1, 512)],
    [
      'a recall at a temperature',
      () => {
        const net = network(512, 25)
        const some = cues(2000, 512)
        return (limits) => net.recallAsync(some, { temperature: 0.3, ...limits })
      },
    ],
    [
      'a recall of many sweeps',
      () => {
        const net = network(1024, 51)
        const some = cues(5000 / size, 1024)
        return (limits) => net.recallAsync(some, { maxSweeps: 300, order: 'random-site', ...limits })
      },
    ],
    [
      'one recall of a large network',
      () => {
        const net = network(16_384 / size, 1600 / size)
        const some = cues(1, 16_384 / size)
        return (limits) => net.recallAsync(some, { maxSweeps: 100_000, temperature: 0.5, ...limits })
      },
    ],
    [
      'one sweep of a dense network',
      () => {
        const neurons = 4096
        const net = new HopfieldNetwork({ neurons, weights: 'dense', backend })
        net.store(cues(2, neurons))
        const some = randomPatterns({ count: backend === 'native' ? 1000 : 1, neurons, seed: 5 })
        const options = { temperature: 100, maxSweeps: 1_000_000 }
        return (limits) => net.recallAsync(some, { ...options, ...limits })
      },
    ],
    [
      'a long burn-in',
      () => {
        const net = network(512, 25)
        const starts = cues(64, 512)
        return (limits) => net.sampleAsync(starts, { temperature: 0.5, burnIn: 20_000, ...limits })
      },
    ],
    [
      'an integration that cannot come to rest',
      () => {
        const weights = network(256, 10).weights()
        const net = new ContinuousHopfield({ neurons: 256, weights, backend })
        const some = Float64Array.from(waves(256 * 100))
        return (limits) => net.recallAsync(some, { tolerance: 0, maxSteps: 1_000_000, ...limits })
      },
    ],
    [
      'a soft retrieval in many steps',
      () => {
        const memory = new ModernHopfield({ dimension: 64, beta: 0.1, backend })
        memory.store(waves(64 * (20_000 / size ** 2)))
        const some = waves(64 * 500)
        return (limits) => memory.recallAsync(some, { maxSteps: 10_000, tolerance: 0, ...limits })
      },
    ],
    [
      'pairs that settle',
      () => {
        const [inputs, outputs] = [4096 / size, 4096 / size]
        const memory = new BidirectionalMemory({ inputs, outputs, backend })
        memory.store(
          cues(600 / size, inputs),
          randomPatterns({ count: 600 / size, neurons: outputs, seed: 3 }),
        )
        const some = { xs: randomPatterns({ count: 8000, neurons: inputs, seed: 4 }) }
        return (limits) => memory.recallAsync(some, limits)
      },
    ],
    [
      'codes',
      () => {
        const units = 20_000
        const memory = new SparseAssociativeMemory({
          neurons: units,
          backend,
          rule: { kind: 'tsodyks-feigelman', activity: 0.2 },
        })
        const codes = randomCodes({ count: 500, neurons: units, active: 4000 })
        memory.store(codes)
        return (limits) => memory.recallAsync(codes, { winners: 4000, maxSteps: 100, ...limits })
      },
    ],
  ]
}

/** Learning that would take seconds to minutes. */
function longLessons(backend: Backend): [string, () => Call][] {
  const rules = [
    'storkey',
    'pseudoinverse',
    'perceptron',
    'minimal-overlap',
    { kind: 'unlearning', dreams: 2 ** 31 - 1 },
    { kind: 'daydreaming', dreams: 2 ** 31 - 1 },
  ] as const
  return rules.map((learning) => [
    typeof learning === 'string' ? learning : learning.kind,
    () => {
      const net = new HopfieldNetwork({ neurons: 1000, learning, backend })
      const many = randomPatterns({ count: 1000, neurons: 1000, seed: 4, packed: true })
      return async (limits) => {
        try {
          await net.storeAsync(many, limits)
        } finally {
          expect(net.patternCount).toBe(0)
        }
      }
    },
  ])
}

for (const backend of BACKENDS) {
  describe(`a long call, ${backend}`, () => {
    for (const [what, prepare] of longCalls(backend)) {
      it(`answers an abort of ${what} within 20 ms`, async () => {
        const call = prepare()
        expect(await best(6, 20, () => answer(call))).toBeLessThan(20)
      })
    }

    for (const [what, prepare] of longLessons(backend)) {
      it(`answers an abort of learning by ${what} within 20 ms`, async () => {
        const call = prepare()
        expect(await best(6, 20, () => answer(call))).toBeLessThan(20)
      })
    }

    it('answers the end of a batcher’s cue at once, and goes on for the others', async () => {
      const net = new HopfieldNetwork({ neurons: 64, backend }).store(
        randomPatterns({ count: 3, neurons: 64 }),
      )
      const batcher = new RecallBatcher(net, { maxWait: 50 })
      const stop = new AbortController()
      const [gone, stays] = [
        batcher.recall(net.pattern(0), { signal: stop.signal }),
        batcher.recall(net.pattern(1)),
      ]
      stop.abort('enough')
      await expect(gone).rejects.toBe('enough')
      expect((await stays).state).toEqual(net.pattern(1))
      await batcher.close()
    })

    it('tells ten times a second how far it is, never backwards', async () => {
      const net = new HopfieldNetwork({ neurons: 512, backend }).store(
        randomPatterns({ count: 25, neurons: 512 }),
      )
      const cues = randomPatterns({ count: backend === 'native' ? 200 : 20, neurons: 512, seed: 2 })
      const starts = cues.subarray(0, 512 * (backend === 'native' ? 64 : 4))
      const temperature = 0.3
      const calls: Call[] = [
        (limits) => net.recallAsync(cues, { temperature, maxSweeps: 300, threads: 1, ...limits }),
        (limits) => net.sampleAsync(starts, { temperature, samples: 2, burnIn: 250, ...limits }),
      ]
      for (const call of calls) {
        const told: (Progress & { at: number })[] = []
        const longest = await best(5, 100, async () => {
          told.length = 0
          const from = performance.now()
          await call({
            onProgress: (progress) => told.push({ ...progress, at: performance.now() }),
          })
          return Math.max(...told.map(({ at }, k) => at - (told[k - 1]?.at ?? from)))
        })
        expect(longest).toBeLessThan(100)
        for (const [k, { done }] of told.entries())
          expect(done).toBeGreaterThanOrEqual(told[k - 1]?.done ?? 0)
        expect(told.at(-1)?.done).toBe(told.at(-1)?.total)
      }
    })

    it('does not keep a short call waiting', async () => {
      const net = new HopfieldNetwork({ neurons: 1024, backend }).store(
        randomPatterns({ count: 51, neurons: 1024 }),
      )
      const cues = randomPatterns({ count: 5000, neurons: 1024, seed: 2 })
      const stop = new AbortController()
      // As many as there are processors keep all hands busy.
      const running = Array.from({ length: 4 }, () =>
        net
          .recallAsync(cues, { temperature: 0.5, maxSweeps: 300, signal: stop.signal })
          .catch((error: unknown) => error),
      )
      await delay(20)
      const late = await best(6, 100, async () => {
        const from = performance.now()
        await net.recallAsync(net.pattern(0))
        return performance.now() - from
      })
      stop.abort('enough')
      expect(await Promise.all(running)).toEqual(Array(4).fill('enough'))
      expect(late).toBeLessThan(100)
    })

    it('lets files be read meanwhile', async () => {
      const net = new HopfieldNetwork({ neurons: 1024, backend }).store(
        randomPatterns({ count: 51, neurons: 1024 }),
      )
      const cues = randomPatterns({ count: 5000, neurons: 1024, seed: 2 })
      const stop = new AbortController()
      const running = Array.from({ length: 4 }, () =>
        net
          .recallAsync(cues, { temperature: 0.5, maxSweeps: 300, signal: stop.signal })
          .catch((error: unknown) => error),
      )
      const longest = await best(6, 50, async () => {
        const from = performance.now()
        await readFile(import.meta.filename)
        return performance.now() - from
      })
      stop.abort('enough')
      expect(await Promise.all(running)).toEqual(Array(4).fill('enough'))
      expect(longest).toBeLessThan(50)
    })

    /** Starts what takes minutes, and then says so. */
    const program = (say: string): string => `
      import('hopfield-native').then(({ HopfieldNetwork, randomPatterns }) => {
        const net = new HopfieldNetwork({ neurons: 1024, backend: '${backend}' })
        net.store(randomPatterns({ count: 51, neurons: 1024 }))
        const cues = randomPatterns({ count: 5000, neurons: 1024, seed: 2 })
        for (let k = 0; k < 3; k++) net.recallAsync(cues, { temperature: 0.5, maxSweeps: 300, threads: 4 })
        setTimeout(() => { ${say} }, 50)
      })`

    it('ends with the process', async () => {
      const late = await best(5, 100, async () => {
        const code = program('process.stdout.write(String(Date.now()), () => process.exit(7))')
        const child = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'inherit'] })
        let said = ''
        child.stdout.on('data', (text: Buffer) => {
          said += text
        })
        const [status] = await once(child, 'exit')
        expect(status).toBe(7)
        return Date.now() - Number(said)
      })
      // It took four seconds and more; Node itself takes ten milliseconds.
      expect(late).toBeLessThan(100)
    })

    it('ends with its worker', async () => {
      const late = await best(5, 100, async () => {
        const worker = new Worker(program("require('node:worker_threads').parentPort.postMessage('ready')"), {
          eval: true,
        })
        await once(worker, 'message')
        const from = performance.now()
        expect(await worker.terminate()).toBe(1)
        return performance.now() - from
      })
      expect(late).toBeLessThan(100)
    })
  })
}
