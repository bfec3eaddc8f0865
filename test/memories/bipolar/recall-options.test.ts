import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addNoise, HopfieldNetwork, type Order, randomPatterns } from '../../../src/index.js'
import { WordStream } from '../../../src/numerics/philox.js'
import { VARIANTS } from '../../helpers/backends.js'
import { flipped, O, T, X } from '../../helpers/glyphs.js'
import { FIXED, questions } from '../../helpers/property.js'
import { chiSquare, chiSquareLimit } from '../../helpers/statistics.js'

const ORDERS: readonly Order[] = ['random', 'cyclic', 'random-site']

for (const { backend, weights } of VARIANTS) {
  const crowded = new HopfieldNetwork({ neurons: 100, backend, weights }).store(
    randomPatterns({ count: 20, neurons: 100, seed: 1 }),
  )
  const cue = randomPatterns({ count: 1, neurons: 100, seed: 2 })
  /** The order in which neurons flip: it gives the visiting order away. */
  const flips = (options: object): number[] =>
    Array.from(crowded.recall(cue, { ...options, trace: true }).trace?.flips ?? [])

  describe(`recall, ${backend}, ${weights}`, () => {
    const letters = new HopfieldNetwork({ neurons: 25, backend, weights }).store([X, T, O])

    it('of a stored letter is that letter, after one quiet sweep', () => {
      expect(letters.recall(X)).toEqual({
        state: X,
        converged: true,
        sweeps: 1,
        flips: 0,
        energy: letters.energy(X),
        cycle: 1,
      })
    })

    it('gives a fresh state every time', () => {
      expect(letters.recall(X).state).not.toBe(letters.recall(X).state)
    })

    it('is a function of memory, cue and options alone', () => {
      expect(crowded.recall(cue, { seed: 9 })).toEqual(crowded.recall(cue, { seed: 9 }))
    })

    it('does not depend on what was asked before', () => {
      const fresh = crowded.recall(cue, { seed: 9 })
      crowded.recall(cue, { dynamics: 'synchronous', maxSweeps: 3, tie: 'keep' })
      crowded.recall(
        cue.map((s) => -s),
        { order: 'cyclic' },
      )
      expect(crowded.recall(cue, { seed: 9 })).toEqual(fresh)
    })

    it('takes undefined for the default of every option', () => {
      const spelt = crowded.recall(cue, {
        dynamics: 'asynchronous',
        order: 'random',
        seed: 0,
        stream: 0,
        maxSweeps: 100,
        tie: 'positive',
        trace: false,
      })
      expect(crowded.recall(cue)).toEqual(spelt)
      expect(crowded.recall(cue, {})).toEqual(spelt)
    })

    it('counts as many flips as the trace lists', () => {
      const { flips, trace } = crowded.recall(cue, { trace: true })
      expect(trace?.flips.length).toBe(flips)
    })

    it('reports the energy of the state it returns', () => {
      for (const order of ORDERS) {
        const { state, energy } = crowded.recall(cue, { order })
        expect(energy).toBe(crowded.energy(state))
      }
    })

    it('never ends above the energy of the cue', () => {
      const property = fc.property(questions(), ({ neurons, patterns, cue }) => {
        const net = new HopfieldNetwork({ neurons, backend, weights }).store(patterns)
        expect(net.recall(cue).energy).toBeLessThanOrEqual(net.energy(cue))
      })
      fc.assert(property, FIXED)
    })
  })

  describe(`order, ${backend}, ${weights}`, () => {
    it("'cyclic' is the explicit order 0…N−1", () => {
      const order = Array.from({ length: 100 }, (_, i) => i)
      expect(crowded.recall(cue, { order, trace: true })).toEqual(
        crowded.recall(cue, { order: 'cyclic', trace: true }),
      )
    })

    it('is read at each call, though the last one is remembered', () => {
      const order = Uint32Array.from({ length: 100 }, (_, i) => i)
      const ascending = flips({ order, maxSweeps: 1 })
      expect(flips({ order, maxSweeps: 1 })).toEqual(ascending)
      order.reverse()
      const descending = flips({ order, maxSweeps: 1 })
      expect(descending).toEqual([...descending].sort((a, b) => b - a))
      expect(descending).not.toEqual(ascending)
      expect(flips({ order: order.subarray(1), maxSweeps: 1 })).not.toContain(99)
    })

    it('that was right for one network is refused by a smaller one', () => {
      const order = Uint32Array.of(3, 99)
      expect(flips({ order, maxSweeps: 1 }).every((i) => i === 3 || i === 99)).toBe(true)
      const small = new HopfieldNetwork({ neurons: 99, backend, weights })
      expect(() => small.recall(new Int8Array(99).fill(1), { order })).toThrow('order[1]')
      expect(() => flips({ order })).not.toThrow()
    })

    it("'cyclic' does not depend on the seed", () => {
      expect(flips({ order: 'cyclic', seed: 1 })).toEqual(flips({ order: 'cyclic', seed: 2 }))
    })

    it("'cyclic' visits neurons in ascending order", () => {
      const first = flips({ order: 'cyclic', maxSweeps: 1 })
      expect(first).toEqual([...first].sort((a, b) => a - b))
    })

    it("'random' visits every neuron once a sweep", () => {
      // An empty memory with ties to +1 flips exactly the neurons it visits, when all of them begin at −1.
      const blank = new HopfieldNetwork({ neurons: 100, backend, weights })
      const { trace } = blank.recall(new Int8Array(100).fill(-1), { maxSweeps: 1, trace: true })
      const sorted = Array.from(trace?.flips ?? []).sort((a, b) => a - b)
      expect(sorted).toEqual(Array.from({ length: 100 }, (_, i) => i))
    })

    it("'random' draws a new permutation for every sweep from the words of (seed, sweep, stream)", () => {
      const words = new WordStream(5, 6)
      const order = Array.from({ length: 20 }, (_, sweep) => {
        const visits = new Uint32Array(100)
        words.seek(sweep, 7 + 2 ** 33).permutation(visits, 100)
        return Array.from(visits)
      }).flat()
      // Twenty sweeps of random order are one sweep of all these visits.
      const options = { seed: 5n + (6n << 32n), stream: 7 + 2 ** 33 }
      expect(flips({ ...options, maxSweeps: 20 })).toEqual(flips({ order, maxSweeps: 1 }))
    })

    it("'random-site' draws every site from the words of (seed, sweep, stream)", () => {
      const words = new WordStream(5, 6)
      const order = Array.from({ length: 20 }, (_, sweep) => {
        words.seek(sweep, 7 + 2 ** 33)
        return Array.from({ length: 100 }, () => words.bounded(100))
      }).flat()
      const options = { seed: 5n + (6n << 32n), stream: 7 + 2 ** 33, order: 'random-site' }
      expect(flips({ ...options, maxSweeps: 20 })).toEqual(flips({ order, maxSweeps: 1 }))
    })

    it("'random-site' draws with replacement: a sweep visits about 1 − 1/e of the neurons", () => {
      // N draws of N sites miss a given one with (1 − 1/N)^N = .3677 at N = 4000. The number of visited sites has
      // variance below N·.3677·.6323; 4 standard deviations.
      const neurons = 4000
      const { flips } = new HopfieldNetwork({ neurons, backend }).recall(new Int8Array(neurons).fill(-1), {
        order: 'random-site',
        maxSweeps: 1,
        seed: 3,
      })
      const missed = (1 - 1 / neurons) ** neurons
      const tolerance = 4 * Math.sqrt(neurons * missed * (1 - missed))
      expect(Math.abs(flips - neurons * (1 - missed))).toBeLessThan(tolerance)
    })

    it("'random-site' says converged only at a fixed point, however quiet the sweep was", () => {
      // A sweep of 9 random draws often misses the one unstable neuron: it must not be taken for convergence.
      const xi = randomPatterns({ count: 1, neurons: 9, seed: 5 })
      const net = new HopfieldNetwork({ neurons: 9, backend, weights }).store(xi)
      let quiet = 0
      for (let seed = 0; seed < 100; seed++) {
        const { state, converged, flips } = net.recall(flipped(xi, [4]), {
          order: 'random-site',
          seed,
          maxSweeps: 1,
        })
        if (flips === 0) quiet++
        expect(converged).toBe(false)
        expect(net.recall(state, { order: 'random-site', seed }).state).toEqual(xi)
      }
      expect(quiet).toBeGreaterThan(0)
    })

    it('an explicit order visits what it lists and nothing else', () => {
      const xi = randomPatterns({ count: 1, neurons: 40, seed: 6 })
      const net = new HopfieldNetwork({ neurons: 40, backend, weights }).store(xi)
      const { state } = net.recall(flipped(xi, [3, 7, 39]), { order: [3, 39] })
      expect(state).toEqual(flipped(xi, [7]))
    })

    it('an explicit order may visit a neuron more than once a sweep', () => {
      const order = [...Array.from({ length: 100 }, (_, i) => i), ...Array.from({ length: 100 }, (_, i) => i)]
      const twice = crowded.recall(cue, { order })
      const once = crowded.recall(cue, { order: 'cyclic' })
      expect(twice.state).toEqual(once.state)
      expect(twice.sweeps).toBeLessThan(once.sweeps)
    })

    it('an explicit order may be shorter than the network, sweep after sweep', () => {
      const xi = randomPatterns({ count: 1, neurons: 40, seed: 6 })
      const net = new HopfieldNetwork({ neurons: 40, backend, weights }).store(xi)
      expect(net.recall(flipped(xi, [3]), { order: [3] })).toMatchObject({
        sweeps: 2,
        flips: 1,
        converged: true,
      })
    })

    for (const [kind, make] of [
      ['an array', (order: number[]) => order],
      ['a Uint32Array', (order: number[]) => Uint32Array.from(order)],
      ['an Int8Array', (order: number[]) => Int8Array.from(order)],
      ['a Float64Array', (order: number[]) => Float64Array.from(order)],
      ['a view at an odd offset', (order: number[]) => Uint8Array.from([0, ...order]).subarray(1)],
    ] as const) {
      it(`an explicit order may be ${kind}`, () => {
        const order = Array.from({ length: 100 }, (_, i) => (i * 37) % 100)
        expect(crowded.recall(cue, { order: make(order) })).toEqual(crowded.recall(cue, { order }))
      })
    }

    it("the caller's order is not changed", () => {
      const order = Uint32Array.from({ length: 100 }, (_, i) => 99 - i)
      crowded.recall(cue, { order })
      expect(order).toEqual(Uint32Array.from({ length: 100 }, (_, i) => 99 - i))
    })
  })

  describe(`seed and stream, ${backend}, ${weights}`, () => {
    for (const seed of [0, 1, 2 ** 32 - 1, 2 ** 32, 2 ** 32 + 1, Number.MAX_SAFE_INTEGER]) {
      it(`the number ${seed} and the bigint ${seed}n are the same seed`, () => {
        expect(flips({ seed })).toEqual(flips({ seed: BigInt(seed) }))
      })
    }

    it('different seeds give different orders', () => {
      const orders = [0n, 1n, 2n ** 32n, 2n ** 32n + 1n, 2n ** 63n, 2n ** 64n - 1n].map((seed) =>
        flips({ seed }).join(),
      )
      expect(new Set(orders).size).toBe(6)
    })

    it('different streams give different orders', () => {
      const orders = [0, 1, 2, 2 ** 32, 2 ** 32 + 1, 2 ** 52].map((stream) => flips({ stream }).join())
      expect(new Set(orders).size).toBe(6)
    })

    it('a stream is not the same as adding to the seed', () => {
      expect(flips({ seed: 0, stream: 1 })).not.toEqual(flips({ seed: 1, stream: 0 }))
    })

    it('seed 0 is the default', () => {
      expect(flips({ seed: 0 })).toEqual(flips({}))
    })

    it('noise and update order of one seed are unrelated', () => {
      // If both came from one stream of words, the flipped neuron would tell of the neuron visited at some place of
      // the order. Every pair (flipped neuron, neuron at place k) must be equally frequent: 64 classes, place by place.
      const blank = new HopfieldNetwork({ neurons: 8, backend, weights })
      const down = new Int8Array(8).fill(-1)
      const pairs = Array.from({ length: 8 }, () => new Uint32Array(64))
      for (let seed = 0; seed < 3000; seed++) {
        const flippedByNoise = addNoise(down, { count: 1, seed }).indexOf(1)
        const visits = blank.recall(down, { seed, maxSweeps: 1, trace: true }).trace?.flips ?? []
        for (const [k, i] of visits.entries()) pairs[k][8 * flippedByNoise + i]++
      }
      expect(Math.max(...pairs.map(chiSquare))).toBeLessThan(chiSquareLimit(64))
    })

    it('the first neuron visited is uniform over seeds', () => {
      const blank = new HopfieldNetwork({ neurons: 8, backend, weights })
      const down = new Int8Array(8).fill(-1)
      const counts = new Uint32Array(8)
      for (let seed = 0; seed < 4000; seed++) {
        counts[blank.recall(down, { seed, maxSweeps: 1, trace: true }).trace?.flips[0] ?? 0]++
      }
      expect(chiSquare(counts)).toBeLessThan(chiSquareLimit(8))
    })
  })

  describe(`maxSweeps, ${backend}, ${weights}`, () => {
    it('stops a recall that is not yet at rest', () => {
      const { sweeps, converged, cycle } = crowded.recall(cue, { maxSweeps: 1 })
      expect({ sweeps, converged, cycle }).toEqual({ sweeps: 1, converged: false, cycle: 0 })
    })

    it('gives the state and the energy where it stopped', () => {
      const { state, energy } = crowded.recall(cue, { maxSweeps: 1 })
      expect(crowded.isFixedPoint(state)).toBe(false)
      expect(energy).toBe(crowded.energy(state))
    })

    it('does not change a recall that rests earlier', () => {
      const free = crowded.recall(cue, { maxSweeps: 2 ** 31 - 1 })
      expect(crowded.recall(cue, { maxSweeps: free.sweeps })).toEqual(free)
    })

    it('that is one less than needed only misses the quiet sweep', () => {
      const free = crowded.recall(cue)
      const cut = crowded.recall(cue, { maxSweeps: free.sweeps - 1 })
      expect(cut).toEqual({ ...free, sweeps: free.sweeps - 1, converged: false, cycle: 0 })
    })
  })

  describe(`synchronous dynamics, ${backend}, ${weights}`, () => {
    // Two patterns with a two-cycle between them: two neurons that are each other's negative.
    const pair = new HopfieldNetwork({ neurons: 2, backend, weights }).store([1, -1])

    it('reports a two-cycle as not converged, with both states', () => {
      expect(pair.recall([1, 1], { dynamics: 'synchronous' })).toMatchObject({
        converged: false,
        cycle: 2,
        sweeps: 2,
        flips: 4,
        state: Int8Array.of(1, 1),
        alternate: Int8Array.of(-1, -1),
      })
    })

    it('has no alternate at a fixed point', () => {
      expect(pair.recall([1, -1], { dynamics: 'synchronous' })).not.toHaveProperty('alternate')
    })

    it('cannot tell a two-cycle after one sweep', () => {
      const result = pair.recall([1, 1], { dynamics: 'synchronous', maxSweeps: 1 })
      expect(result).toMatchObject({ converged: false, cycle: 0, state: Int8Array.of(-1, -1) })
    })

    it('gives the other state of a two-cycle under clamp and external field too', () => {
      // Neurons 0 and 1 alternate; neuron 2, held, has no say: the field cancels nothing.
      const net = new HopfieldNetwork({ neurons: 3, backend, weights }).store([1, -1, 1])
      const options = {
        dynamics: 'synchronous',
        clamp: [0, 0, 1],
        externalField: [-1 / 3, 1 / 3, 0],
      } as const
      const { cycle, state, alternate } = net.recall([1, 1, 1], options)
      expect(cycle).toBe(2)
      expect([state, alternate]).toEqual([Int8Array.of(1, 1, 1), Int8Array.of(-1, -1, 1)])
    })

    it('does not depend on the seed, nor on the order', () => {
      const plain = crowded.recall(cue, { dynamics: 'synchronous' })
      expect(crowded.recall(cue, { dynamics: 'synchronous', seed: 7, order: 'cyclic' })).toEqual(plain)
    })

    it('updates all neurons from the same state', () => {
      const { state } = crowded.recall(cue, { dynamics: 'synchronous', maxSweeps: 1 })
      expect(state).toEqual(Int8Array.from(crowded.localField(cue), (h) => (h >= 0 ? 1 : -1)))
    })
  })

  describe(`tie, ${backend}, ${weights}`, () => {
    // Neurons 0 and 1 are uncoupled and so always at a tie; neurons 2 and 3 hold each other.
    const net = new HopfieldNetwork({ neurons: 4, backend, weights }).store([
      [1, 1, 1, 1],
      [1, -1, 1, 1],
      [-1, 1, 1, 1],
      [-1, -1, 1, 1],
    ])
    const start = Int8Array.of(1, -1, 1, 1)

    for (const dynamics of ['asynchronous', 'synchronous'] as const) {
      for (const [tie, end] of [
        ['positive', [1, 1, 1, 1]],
        ['negative', [-1, -1, 1, 1]],
        ['keep', [1, -1, 1, 1]],
      ] as const) {
        it(`'${tie}' decides neurons without field, ${dynamics}`, () => {
          expect(Array.from(net.recall(start, { dynamics, tie }).state)).toEqual(end)
        })

        it(`isFixedPoint knows '${tie}', where ${dynamics} recall ends`, () => {
          expect(net.isFixedPoint(net.recall(start, { dynamics, tie }).state, { tie })).toBe(true)
        })
      }
    }

    it("'positive' is the default of isFixedPoint", () => {
      expect([net.isFixedPoint([1, 1, 1, 1]), net.isFixedPoint(start)]).toEqual([true, false])
    })
  })
}
