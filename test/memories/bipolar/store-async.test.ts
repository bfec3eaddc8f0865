import { describe, expect, it } from 'vitest'
import {
  DenseAssociativeMemory,
  HopfieldNetwork,
  type HopfieldNetworkOptions,
  PackedPatterns,
  type Progress,
  randomPatterns,
} from '../../../src/index.js'
import { BACKENDS } from '../../helpers/backends.js'
import { refusal, rejection, untyped } from '../../helpers/refusal.js'

const neurons = 40
const patterns = randomPatterns({ count: 9, neurons, seed: 1 })
const [first, second] = [patterns.subarray(0, 3 * neurons), patterns.subarray(3 * neurons)]
const cue = randomPatterns({ count: 1, neurons, seed: 2 })

const RULES: readonly NonNullable<HopfieldNetworkOptions['learning']>[] = [
  'hebbian',
  'covariance',
  'sequence',
  'storkey',
  'pseudoinverse',
  { kind: 'pseudoinverse', dependent: 'skip' },
  { kind: 'palimpsest', limit: 2 },
  { kind: 'palimpsest', decay: 0.8 },
  'clipped',
  'perceptron',
  { kind: 'minimal-overlap', bound: 1 },
  { kind: 'unlearning', dreams: 30 },
  { kind: 'daydreaming', dreams: 30 },
  (given, { count, neurons: n }) => {
    const weights = new Float64Array(n * n)
    for (let mu = 0; mu < count; mu++) weights[1] += given[mu * n]
    return weights
  },
]
const FORMS: readonly Omit<HopfieldNetworkOptions, 'neurons'>[] = [
  ...RULES.map((learning) => ({ learning })),
  { weights: 'dense' },
  { connections: { kind: 'random', degree: 5, seed: 1 } },
  { learning: 'pseudoinverse', connections: { kind: 'random', degree: 5, seed: 1 } },
]

/** Everything a network knows. */
function all(net: HopfieldNetwork): unknown {
  const { state, energy } = net.recall(cue)
  return [net.patterns().words, net.ids, net.weights(), net.learningReport, net.symmetric, state, energy]
}

for (const backend of BACKENDS) {
  describe(`storeAsync, ${backend}`, () => {
    for (const form of FORMS) {
      const name = JSON.stringify(form, (_, value) => (typeof value === 'function' ? 'a function' : value))

      it(`learns the bits that store learns: ${name}`, async () => {
        const options = { neurons, backend, ...form }
        const here = new HopfieldNetwork(options)
        const beside = new HopfieldNetwork(options)
        for (const some of [first, second, patterns.subarray(0, 0)]) {
          if (some === second) {
            // What recalls have read must not be written to.
            await Promise.all([beside.recallAsync(cue), beside.storeAsync(some)])
          } else await beside.storeAsync(some)
          expect(all(beside)).toEqual(all(here.store(some)))
        }
        expect(all(beside.forget(2))).toEqual(all(here.forget(2)))
      })

      it(`shows the memory as it was until all is done: ${name}`, async () => {
        const net = new HopfieldNetwork({ neurons, backend, ...form }).store(first)
        const before = all(net)
        const later: Promise<unknown>[] = []
        const seen: unknown[] = []
        await net.storeAsync(second, {
          onProgress: () => {
            seen.push(all(net))
            later.push(net.recallAsync(cue))
          },
        })
        for (const one of seen) expect(one).toEqual(before)
        const was = new HopfieldNetwork({ neurons, backend, ...form }).store(first).recallBatch(cue)
        for (const one of await Promise.all(later)) expect(one).toEqual(was)
      })

      it(`changes nothing where it is stopped: ${name}`, async () => {
        const net = new HopfieldNetwork({ neurons, backend, ...form }).store(first)
        const before = all(net)
        const reason = new Error('enough')
        const told: Progress[] = []
        const thrown = net.storeAsync(second, {
          ids: ['a', 'b', 'c', 'd', 'e', 'f'],
          onProgress: (progress) => {
            told.push(progress)
            throw reason
          },
        })
        expect(await rejection(thrown)).toBe(reason)
        expect(told).toHaveLength(1)
        expect(all(net)).toEqual(before)
        const controller = new AbortController()
        const aborted = net.storeAsync(second, {
          signal: controller.signal,
          onProgress: () => controller.abort(reason),
        })
        expect(await rejection(aborted)).toBe(reason)
        expect(all(net)).toEqual(before)
        expect(all(net.store(second))).toEqual(
          all(new HopfieldNetwork({ neurons, backend, ...form }).store(first).store(second)),
        )
      })
    }

    it('stores in a dense associative memory as store does', async () => {
      const options = { neurons, interaction: { kind: 'polynomial', degree: 3 }, backend } as const
      const beside = await new DenseAssociativeMemory(options).storeAsync(first)
      await beside.storeAsync(PackedPatterns.from(second, { neurons }))
      const here = new DenseAssociativeMemory(options).store(patterns)
      expect(beside.recall(cue)).toEqual(here.recall(cue))
      expect(beside.nearest(cue)).toEqual(here.nearest(cue))
    })

    it('refuses every other change meanwhile, and none after it', async () => {
      const net = new HopfieldNetwork({ neurons, backend, learning: 'perceptron' }).store(first)
      const stored = net.storeAsync(second, { ids: [1, 2, 3, 4, 5, 6] })
      const changes = [
        () => net.store(first),
        () => net.forget(0),
        () => net.replace(0, cue),
        () => net.clear(),
      ]
      for (const change of changes) expect(refusal(change).code).toBe('ERR_HOPFIELD_BUSY')
      const again = net.storeAsync(first)
      expect(net.patternCount).toBe(3)
      expect(await rejection(again)).toMatchObject({ code: 'ERR_HOPFIELD_BUSY' })
      expect(await stored).toBe(net)
      expect(net.ids).toEqual([undefined, undefined, undefined, 1, 2, 3, 4, 5, 6])
      expect(net.forget({ id: 3 }).patternCount).toBe(8)
    })

    it('rejects what store refuses, under its own name', async () => {
      const net = new HopfieldNetwork({ neurons, backend, learning: 'pseudoinverse' }).store(first)
      const before = all(net)
      const bad = second.slice()
      bad[neurons + 3] = 0
      const refusals: [() => Promise<unknown>, string, RegExp][] = [
        [() => net.storeAsync(bad), 'ERR_HOPFIELD_VALUE', /^storeAsync: patterns\[43\]: expected \+1 or -1/],
        [() => net.storeAsync(untyped(null)), 'ERR_HOPFIELD_TYPE', /^storeAsync: patterns/],
        [
          () => net.storeAsync(second, untyped({ chunk: 1 })),
          'ERR_HOPFIELD_OPTION',
          /unknown option "chunk"/,
        ],
        [() => net.storeAsync(second, { ids: [1] }), 'ERR_HOPFIELD_SHAPE', /^storeAsync: ids/],
        [() => net.storeAsync(first), 'ERR_HOPFIELD_DEPENDENT', /^storeAsync: patterns\[0\]/],
      ]
      for (const [run, code, message] of refusals) {
        const error = await rejection(run())
        expect(error).toMatchObject({ code, message: expect.stringMatching(message) })
        expect(all(net)).toEqual(before)
      }
      const given = new HopfieldNetwork({ neurons, backend, weights: new Float64Array(neurons * neurons) })
      expect(await rejection(given.storeAsync(first))).toMatchObject({ code: 'ERR_HOPFIELD_OPTION' })
    })
  })
}
