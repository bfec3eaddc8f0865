import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HopfieldNetwork, type RecallOptions, randomPatterns } from '../../../src/index.js'
import { BACKENDS } from '../../helpers/backends.js'
import { detach, refusal, untyped } from '../../helpers/refusal.js'

// A short visiting order is read where the recall is computed, and remembered there from call to call.

const SIZES = [1, 2, 63, 64, 65, 200, 255, 256, 257, 300, 600]

/** Networks that have been recalled from often, as those that keep what quick recalls are made of. */
const networks = SIZES.map((neurons) => {
  const patterns = randomPatterns({ count: Math.max(1, Math.floor(neurons / 12)), neurons, seed: 1 })
  const nets = BACKENDS.map((backend) => new HopfieldNetwork({ neurons, backend }).store(patterns))
  for (const net of nets) for (let k = 0; k < 12; k++) net.recall(patterns.subarray(0, neurons))
  return { neurons, nets }
})

const orders = (neurons: number): fc.Arbitrary<Uint32Array<ArrayBuffer>> => {
  const all = Array.from({ length: neurons }, (_, i) => i)
  const some = fc.array(fc.nat(neurons - 1), { minLength: 1, maxLength: 260 })
  const mixed = fc.shuffledSubarray(all, { minLength: 1 })
  const whole = fc.shuffledSubarray(all, { minLength: neurons })
  return fc.oneof(some, mixed, whole, fc.constant(all)).map((visits) => Uint32Array.from(visits))
}

const cases = fc.constantFrom(...networks).chain(({ neurons, nets }) =>
  fc.record({
    nets: fc.constant(nets),
    orders: fc.array(orders(neurons), { minLength: 1, maxLength: 3 }),
    cue: fc.array(fc.constantFrom(1, -1), { minLength: neurons, maxLength: neurons }),
    tie: fc.constantFrom('positive', 'negative', 'keep'),
    dynamics: fc.constantFrom('asynchronous', 'asynchronous', 'synchronous'),
    maxSweeps: fc.constantFrom(1, 2, 100),
  }),
)

describe('an order of the caller', () => {
  it('is visited as any other, whichever came before it', () => {
    fc.assert(
      fc.property(cases, ({ nets, orders: several, cue, ...options }) => {
        const spins = Int8Array.from(cue)
        const own = new Uint32Array(several[0].length)
        for (const order of [...several, several[0]]) {
          const results = nets.flatMap((net) => {
            const given = { ...(options as RecallOptions), order }
            // The same array with other contents: it is read at each call.
            const again = own.length === order.length ? own : order.slice()
            again.set(order)
            return [
              net.recall(spins, given),
              net.recall(spins, { ...given, order: again }),
              net.recall(spins, { ...given, order: Array.from(order) }),
              net.recallBatch(spins, given).at(0),
            ]
          })
          for (const result of results) expect(result).toEqual(results[0])
        }
      }),
      { numRuns: 300 },
    )
  })

  for (const backend of BACKENDS) {
    const neurons = 30
    const cue = new Int8Array(neurons).fill(1)
    const net = new HopfieldNetwork({ neurons, backend }).store(cue)

    it(`is refused where it names no neuron, ${backend}`, () => {
      const order = Uint32Array.of(3, 29)
      for (const dynamics of ['asynchronous', 'synchronous'] as const) {
        for (const trace of [false, true]) {
          order[1] = 29
          net.recall(cue, { order, dynamics, trace })
          for (const wrong of [30, 0x80000000, 0xffffffff]) {
            order[1] = wrong
            const message = `recall: order[1]: expected a neuron from 0 to 29, got ${wrong}`
            for (const given of [order, Array.from(order), Float64Array.from(order)])
              expect(refusal(() => net.recall(cue, { order: given, dynamics, trace }))).toMatchObject({
                code: 'ERR_HOPFIELD_VALUE',
                message,
              })
            // The order is looked at before the cue.
            const no = new Int8Array(neurons)
            expect(refusal(() => net.recall(no, { order, dynamics, trace })).message).toBe(message)
          }
        }
      }
    })

    it(`is looked at as a whole where it is long, ${backend}`, () => {
      for (const memory of [ArrayBuffer, SharedArrayBuffer]) {
        const order = new Uint32Array(new memory(4 * 1500)).map((_, u) => u % neurons)
        const given = new Uint32Array(new memory(4 * 1500))
        given.set(order)
        for (const dynamics of ['asynchronous', 'synchronous'] as const) {
          given[1400] = 3
          expect(net.recall(cue, { order: given, dynamics }).converged).toBe(true)
          given[1400] = 30
          expect(refusal(() => net.recall(cue, { order: given, dynamics })).message).toBe(
            'recall: order[1400]: expected a neuron from 0 to 29, got 30',
          )
        }
      }
    })

    it(`is looked at again for a smaller network, ${backend}`, () => {
      const small = new HopfieldNetwork({ neurons: 29, backend }).store(new Int8Array(29).fill(1))
      const order = Uint32Array.of(3, 29)
      net.recall(cue, { order })
      expect(refusal(() => small.recall(new Int8Array(29).fill(1), { order })).message).toMatch(/order\[1\]/)
      expect(net.recall(cue, { order }).converged).toBe(true)
    })

    it(`is refused where its buffer is gone, ${backend}`, () => {
      const order = Uint32Array.of(3, 4)
      for (let k = 0; k < 3000; k++) net.recall(cue, { order })
      const meddling = Object.defineProperty([...cue], 3, {
        get() {
          detach(order)
          return 1
        },
      })
      const gone = 'recall: order: the buffer of this array was transferred; pass a copy'
      expect(refusal(() => net.recall(meddling, { order })).message).toBe(gone)
      expect(refusal(() => net.recall(cue, { order })).code).toBe('ERR_HOPFIELD_SHAPE')
    })

    it(`may grow, shrink and lie in shared memory, ${backend}`, () => {
      const Resizable = ArrayBuffer as unknown as new (
        size: number,
        of: object,
      ) => ArrayBuffer & { resize(size: number): void }
      const buffer = new Resizable(8, { maxByteLength: 16 })
      const order = new Uint32Array(buffer)
      const half = cue.map((s, i) => (i < 4 ? -s : s))
      const flips = () => net.recall(half, { order, maxSweeps: 1 }).flips
      order.set([0, 1])
      expect([flips(), flips()]).toEqual([2, 2])
      buffer.resize(16)
      order.set([0, 1, 2, 3])
      expect([flips(), flips()]).toEqual([4, 4])
      buffer.resize(4)
      expect([flips(), flips()]).toEqual([1, 1])
      const shared = new Uint32Array(new SharedArrayBuffer(8)).fill(2)
      expect(net.recall(half, { order: untyped(shared), maxSweeps: 1 }).flips).toBe(1)
    })
  }
})
