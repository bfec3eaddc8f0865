import { Worker } from 'node:worker_threads'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type HopfieldErrorCode,
  HopfieldNetwork,
  randomPatterns,
  type SharedNetwork,
} from '../../../src/index.js'
import { BACKENDS, VARIANTS } from '../../helpers/backends.js'
import { refusal, untyped } from '../../helpers/refusal.js'

const neurons = 75
const patterns = randomPatterns({ count: 12, neurons, seed: 1 })
const cues = randomPatterns({ count: 20, neurons, seed: 2 })
const more = randomPatterns({ count: 3, neurons, seed: 3 })

/** The first message of a worker that runs `code`. */
function messageOf(code: string, workerData: unknown): Promise<never> {
  const worker = new Worker(code, { eval: true, workerData })
  return new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject))
}

for (const { backend, weights } of VARIANTS) {
  describe(`share, ${backend}, ${weights}`, () => {
    const make = (): HopfieldNetwork => new HopfieldNetwork({ neurons, backend, weights }).store(patterns)
    const open = (handle: SharedNetwork): HopfieldNetwork => HopfieldNetwork.fromShared(handle, { backend })

    it('opens to a network that answers the same', async () => {
      const net = make()
      const copy = open(net.share())
      expect(copy.patternCount).toBe(12)
      expect(copy.patterns().words).toEqual(net.patterns().words)
      expect(copy.weights()).toEqual(net.weights())
      for (const dynamics of ['asynchronous', 'synchronous'] as const) {
        const expected = make().recallBatch(cues, { dynamics })
        for (const some of [net, copy]) {
          expect(some.recallBatch(cues, { dynamics })).toEqual(expected)
          expect(await some.recallAsync(cues, { dynamics, chunk: 3 })).toEqual(expected)
        }
      }
    })

    for (const other of BACKENDS) {
      it(`opens with the ${other} backend too`, () => {
        const copy = HopfieldNetwork.fromShared(make().share(), { backend: other })
        expect(copy.recallBatch(cues)).toEqual(make().recallBatch(cues))
      })
    }

    it('hands out one memory until something changes', () => {
      const net = make()
      const first = net.share()
      expect(net.share()).toEqual(first)
      expect(net.share().memory).toBe(first.memory)
      expect(open(first).share().memory).toBe(first.memory)
      net.store(more)
      expect(net.share().memory).not.toBe(first.memory)
      expect(open(net.share()).recallBatch(cues)).toEqual(make().store(more).recallBatch(cues))
    })

    it('shares bytes and not a copy of them', () => {
      const net = make()
      const handle = net.share()
      const copy = open(structuredClone(handle))
      const before = copy.pattern(0)[0]
      new Uint32Array(handle.memory, handle.byteOffset)[0] ^= 1
      expect(copy.pattern(0)[0]).toBe(-before)
      expect(net.pattern(0)[0]).toBe(-before)
    })

    it('shares a network without patterns, and one whose units are integers', () => {
      const empty = new HopfieldNetwork({ neurons, backend, weights, normalize: 'none' })
      const copy = open(empty.share())
      expect(copy.patternCount).toBe(0)
      expect(copy.store(patterns).energy(cues.subarray(0, neurons))).toBe(
        empty.store(patterns).energy(cues.subarray(0, neurons)),
      )
    })

    const changes: [string, (net: HopfieldNetwork) => unknown][] = [
      ['store', (net) => net.store(more)],
      ['forget', (net) => net.forget(2)],
      ['forget of the last', (net) => net.forget(11)],
      ['clear', (net) => net.clear()],
      ['clear and store', (net) => net.clear().store(more)],
      ['a store that fails', (net) => refusal(() => net.store([...more.subarray(1), 0]))],
    ]
    for (const [what, change] of changes) {
      it(`keeps ${what} on one side to that side`, () => {
        const expected = make()
        change(expected)
        const net = make()
        const handle = net.share()
        const bytes = new Uint8Array(handle.memory).slice()
        const [left, right] = [open(handle), open(handle)]
        for (const changed of [left, net]) {
          change(changed)
          expect(changed.recallBatch(cues)).toEqual(expected.recallBatch(cues))
          expect(changed.weights()).toEqual(expected.weights())
          expect(changed.patterns().words).toEqual(expected.patterns().words)
        }
        expect(new Uint8Array(handle.memory)).toEqual(bytes)
        expect(right.recallBatch(cues)).toEqual(make().recallBatch(cues))
      })
    }

    it('gives the same bits in a worker', async () => {
      const net = make()
      const code = `
        const { parentPort, workerData } = require('node:worker_threads')
        import('hopfield-native').then(async ({ HopfieldNetwork }) => {
          const { handle, cues, backend } = workerData
          const net = HopfieldNetwork.fromShared(handle, { backend })
          const batch = net.recallBatch(cues)
          const async = await net.recallAsync(cues, { chunk: 4 })
          new Uint32Array(handle.memory, handle.byteOffset)[0] ^= 1
          parentPort.postMessage({ batch, async })
        })`
      const expected = net.recallBatch(cues)
      const before = net.pattern(0)[0]
      const { batch, async } = (await messageOf(code, { handle: net.share(), cues, backend })) as Record<
        string,
        unknown
      >
      expect(batch).toEqual(expected)
      expect(async).toEqual(expected)
      expect(net.pattern(0)[0]).toBe(-before)
    })

    it('lets nobody read outside the memory, whatever is written into it meanwhile', async () => {
      const net = make()
      const { memory } = net.share()
      const bytes = new Uint8Array(memory)
      for (let round = 0; round < 20; round++) {
        const running = ['asynchronous', 'synchronous'].map((dynamics) =>
          net.recallAsync(cues, { dynamics: dynamics as 'synchronous', chunk: 2, maxSweeps: 9 }),
        )
        for (let k = 0; k < bytes.length; k++) bytes[k] = (k * 31 + round * 77) ^ (k >>> 3)
        await Promise.all(running)
        net.recallBatch(cues, { maxSweeps: 9 })
        net.energyBatch(cues)
        net.overlapsBatch(cues)
      }
    })
  })

  describe(`fromShared refuses, ${backend}, ${weights}`, () => {
    const good = new HopfieldNetwork({ neurons, backend, weights }).store(patterns).share()
    const cases: [string, unknown, HopfieldErrorCode, string][] = [
      ['nothing', undefined, 'ERR_HOPFIELD_TYPE', 'handle'],
      ['null', null, 'ERR_HOPFIELD_TYPE', 'handle'],
      ['a buffer', good.memory, 'ERR_HOPFIELD_FORMAT', 'handle'],
      ['another kind', { ...good, kind: 'Hopfield' }, 'ERR_HOPFIELD_FORMAT', 'Hopfield'],
      ['another version', { ...good, version: 2 }, 'ERR_HOPFIELD_FORMAT', '2'],
      ['no neurons', { ...good, neurons: 0 }, 'ERR_HOPFIELD_RANGE', 'neurons'],
      ['more neurons', { ...good, neurons: 1e6 }, 'ERR_HOPFIELD_SHAPE', 'memory'],
      ['as many neurons as can be', { ...good, neurons: 2 ** 30 }, 'ERR_HOPFIELD_SHAPE', 'memory'],
      ['neurons in words', { ...good, neurons: '75' }, 'ERR_HOPFIELD_TYPE', 'neurons'],
      ['more patterns', { ...good, count: 1000 }, 'ERR_HOPFIELD_SHAPE', 'memory'],
      ['as many patterns as can be', { ...good, count: 2 ** 33 }, 'ERR_HOPFIELD_SHAPE', 'memory'],
      ['−1 patterns', { ...good, count: -1 }, 'ERR_HOPFIELD_RANGE', 'count'],
      ['NaN patterns', { ...good, count: Number.NaN }, 'ERR_HOPFIELD_RANGE', 'count'],
      ['other weights', { ...good, weights: 'sparse' }, 'ERR_HOPFIELD_OPTION', 'weights'],
      ['other units', { ...good, normalize: true }, 'ERR_HOPFIELD_OPTION', 'normalize'],
      ['an ArrayBuffer', { ...good, memory: new ArrayBuffer(1e6) }, 'ERR_HOPFIELD_TYPE', 'memory'],
      ['a typed array', { ...good, memory: new Uint8Array(good.memory) }, 'ERR_HOPFIELD_TYPE', 'memory'],
      [
        'what only looks like memory',
        { ...good, memory: Object.create(SharedArrayBuffer.prototype) },
        'ERR_HOPFIELD_TYPE',
        'memory',
      ],
      ['too little memory', { ...good, memory: new SharedArrayBuffer(64) }, 'ERR_HOPFIELD_SHAPE', 'memory'],
      ['a place beyond the end', { ...good, byteOffset: 2 ** 40 }, 'ERR_HOPFIELD_SHAPE', 'memory'],
      ['a crooked place', { ...good, byteOffset: 4 }, 'ERR_HOPFIELD_SHAPE', '16'],
      ['a place before the beginning', { ...good, byteOffset: -64 }, 'ERR_HOPFIELD_RANGE', 'byteOffset'],
    ]
    for (const [what, handle, code, word] of cases) {
      it(what, () => {
        const error = refusal(() => HopfieldNetwork.fromShared(untyped(handle), { backend }))
        expect(error.code).toBe(code)
        expect(error.message).toContain(word)
      })
    }

    it('bytes that no share wrote', () => {
      const spoilt = (word: number, bits: number): SharedNetwork => {
        const handle = new HopfieldNetwork({ neurons, backend, weights }).store(patterns).share()
        new Uint32Array(handle.memory, handle.byteOffset)[word] ^= bits
        return handle
      }
      // Pattern 3 beyond its 75th neuron, in the word that holds it and in the last one of the row.
      const spoils = [spoilt(3 * 16 + 2, 1 << 11), spoilt(3 * 16 + 15, 1)]
      // A column that is not the patterns', and one beyond the 12th pattern.
      if (weights === 'implicit') spoils.push(spoilt(12 * 16 + 2 * 70, 4), spoilt(12 * 16 + 2 * 70, 1 << 12))
      for (const handle of spoils) {
        const error = refusal(() => HopfieldNetwork.fromShared(handle, { backend }))
        expect(error).toMatchObject({ code: 'ERR_HOPFIELD_VALUE' })
        expect(error.message).toContain('handle.memory')
      }
    })

    it('options it does not know', () => {
      const error = refusal(() => HopfieldNetwork.fromShared(good, untyped({ neurons: 5 })))
      expect(error.code).toBe('ERR_HOPFIELD_OPTION')
    })

    it('or opens to something that recalls, whatever the handle says', () => {
      const value = fc.oneof(
        fc.constantFrom<unknown>(undefined, null, 'dense', 'implicit', 'none', true, {}, good.memory, 1n),
        fc.constantFrom(0, 1, 16, 64, 512, -1, 0.5, 2 ** 30, 2 ** 33, 2 ** 53, Number.NaN),
        fc.nat({ max: 100 }),
      )
      const keys = Object.keys(good) as (keyof SharedNetwork)[]
      let opened = 0
      const property = fc.property(
        fc.array(fc.tuple(fc.constantFrom(...keys), value), { maxLength: 3 }),
        (edits) => {
          const handle = { ...good, ...Object.fromEntries(edits) }
          let net: HopfieldNetwork
          try {
            net = HopfieldNetwork.fromShared(handle as SharedNetwork, { backend })
          } catch (error) {
            expect(error).toMatchObject({ name: 'HopfieldError' })
            return
          }
          opened++
          for (const dynamics of ['asynchronous', 'synchronous'] as const) {
            net.recall(new Int8Array(net.neurons).fill(1), { maxSweeps: 3, dynamics })
          }
        },
      )
      fc.assert(property, { seed: 7, numRuns: 2000 })
      expect(opened).toBeGreaterThan(10)
    })
  })

  describe(`workers on shared memory, ${backend}, ${weights}`, () => {
    it('may be terminated in the middle of a recall, and nobody else notices', async () => {
      const size = 1000
      const net = new HopfieldNetwork({ neurons: size, backend, weights }).store(
        randomPatterns({ count: 60, neurons: size, seed: 1 }),
      )
      const asked = randomPatterns({ count: 8, neurons: size, seed: 2 })
      const expected = net.recallBatch(asked, { maxSweeps: 5 })
      const code = `
        const { parentPort, workerData } = require('node:worker_threads')
        import('hopfield-native').then(async ({ HopfieldNetwork, RecallBatcher, randomPatterns }) => {
          const { handle, backend, how } = workerData
          const net = HopfieldNetwork.fromShared(handle, { backend })
          const cues = randomPatterns({ count: 400, neurons: net.neurons, seed: 3 })
          if (how === 'batch') {
            parentPort.postMessage('ready')
            for (;;) net.recallBatch(cues)
          }
          const batcher = new RecallBatcher(net, { maxSize: 8 })
          for (let k = 0; k < 40; k++) batcher.recall(cues.subarray(0, net.neurons)).catch(() => {})
          let told = false
          const onProgress = () => {
            if (!told) parentPort.postMessage('ready')
            told = true
          }
          for (;;) await Promise.all([1, 2, 3].map(() => net.recallAsync(cues, { chunk: 1, threads: 4, onProgress })))
        })`
      for (let round = 0; round < 3; round++) {
        const workers = ['batch', 'async', 'async'].map(
          (how) => new Worker(code, { eval: true, workerData: { handle: net.share(), backend, how } }),
        )
        await Promise.all(
          workers.map(
            (worker) =>
              new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject)),
          ),
        )
        const running = net.recallAsync(asked, { maxSweeps: 5, chunk: 1 })
        expect(await Promise.all(workers.map((worker) => worker.terminate()))).toEqual([1, 1, 1])
        expect(await running).toEqual(expected)
      }
    })
  })
}
