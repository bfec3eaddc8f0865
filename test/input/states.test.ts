import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { HopfieldNetwork, PackedPatterns, randomPatterns, type StateLike } from '../../src/index.js'
import { VARIANTS } from '../helpers/backends.js'

// Every way of handing over the same states. Wrong ones are in errors.test.ts.

const neurons = 67
const plain = randomPatterns({ count: 3, neurons, seed: 1 })
const xi = plain.slice(0, neurons)

function shifted(values: ArrayLike<number>): Int8Array {
  const room = new Int8Array(values.length + 8).fill(7)
  room.set(values, 3)
  return room.subarray(3, 3 + values.length)
}

function shared(values: ArrayLike<number>): Int8Array {
  const view = new Int8Array(new SharedArrayBuffer(values.length))
  view.set(values)
  return view
}

const KINDS: [string, (values: Int8Array) => ArrayLike<number>][] = [
  ['an array', (values) => Array.from(values)],
  ['a frozen array', (values) => Object.freeze(Array.from(values))],
  ['an Int16Array', (values) => Int16Array.from(values)],
  ['an Int32Array', (values) => Int32Array.from(values)],
  ['a Float32Array', (values) => Float32Array.from(values)],
  ['a Float64Array', (values) => Float64Array.from(values)],
  ['an Int8Array at an odd offset of a larger buffer', shifted],
  ['an Int8Array in shared memory', shared],
  ['an object with a length and indices', (values) => ({ ...Array.from(values), length: values.length })],
  [
    'an Int8Array of another realm',
    (values) => runInNewContext('Int8Array.from(v)', { v: Array.from(values) }),
  ],
]

for (const { backend, weights } of VARIANTS) {
  const empty = (): HopfieldNetwork => new HopfieldNetwork({ neurons, backend, weights })
  const net = empty().store(plain)

  describe(`states, ${backend}, ${weights}`, () => {
    for (const [kind, make] of KINDS) {
      it(`are stored from ${kind}`, () => {
        expect(empty().store(make(plain)).weights()).toEqual(net.weights())
      })

      it(`are stored from several of ${kind}`, () => {
        const rows = [0, 1, 2].map((mu) => make(plain.slice(mu * neurons, (mu + 1) * neurons)))
        expect(empty().store(rows).weights()).toEqual(net.weights())
      })

      it(`are recalled from ${kind}`, () => {
        expect(net.recall(make(xi))).toEqual(net.recall(xi))
      })

      it(`are recalled in a batch from ${kind}`, () => {
        expect(net.recallBatch(make(plain))).toEqual(net.recallBatch(plain))
      })
    }

    it('are recalled as Int8Array whatever they came as', () => {
      expect(net.recall(Array.from(xi)).state).toBeInstanceOf(Int8Array)
    })

    it('do not let values beside a view leak in', () => {
      // The view lies between sevens: reading one byte too many or too few would be an error.
      expect(net.recallBatch(shifted(plain)).states).toEqual(net.recallBatch(plain).states)
    })

    const asked: [string, (state: StateLike) => unknown][] = [
      ['localField', (state) => net.localField(state)],
      ['energy', (state) => net.energy(state)],
      ['overlaps', (state) => net.overlaps(state)],
      ['isFixedPoint', (state) => net.isFixedPoint(state)],
    ]
    for (const [name, ask] of asked) {
      it(`may be packed, an array, a view or shared for ${name}`, () => {
        const forms = [PackedPatterns.from(xi, { neurons }), Array.from(xi), shifted(xi), shared(xi)]
        expect(forms.map(ask)).toEqual(forms.map(() => ask(xi)))
      })

      it(`are left as they are by ${name}`, () => {
        const state = xi.slice()
        ask(state)
        expect(state).toEqual(xi)
      })
    }
  })

  describe(`networks of every awkward size, ${backend}, ${weights}`, () => {
    for (const n of [1, 2, 7, 8, 9, 31, 32, 33, 63, 64, 65, 511, 512, 513]) {
      it(`${n} neurons give their pattern back`, () => {
        const pattern = randomPatterns({ count: 1, neurons: n, seed: n })
        const small = new HopfieldNetwork({ neurons: n, backend, weights }).store(pattern)
        expect(small.pattern(0)).toEqual(pattern)
      })

      it(`${n} neurons give a batch of the wrong way round its energies`, () => {
        // One stored pattern: E(±ξ) = −(N−1)/2.
        const pattern = randomPatterns({ count: 1, neurons: n, seed: n })
        const small = new HopfieldNetwork({ neurons: n, backend, weights }).store(pattern)
        const energies = [small.energy(pattern), small.energy(pattern.map((s) => -s))]
        expect(energies).toEqual([(1 - n) / 2, (1 - n) / 2])
      })
    }
  })
}
