import { describe, expect, it } from 'vitest'
import {
  addNoise,
  binary,
  bipolar,
  formatGlyph,
  HopfieldError,
  type HopfieldErrorCode,
  HopfieldNetwork,
  mask,
  PackedPatterns,
  randomPatterns,
} from '../../src/index.js'
import { BACKENDS, VARIANTS } from '../helpers/backends.js'
import { detach, refusal, revoked, untyped } from '../helpers/refusal.js'

const TYPE = 'ERR_HOPFIELD_TYPE'
const SHAPE = 'ERR_HOPFIELD_SHAPE'
const VALUE = 'ERR_HOPFIELD_VALUE'
const RANGE = 'ERR_HOPFIELD_RANGE'
const OPTION = 'ERR_HOPFIELD_OPTION'
const MEMORY = 'ERR_HOPFIELD_MEMORY'

/** What was done, the code it is refused with, and words the message must hold. */
type Case = readonly [what: string, run: () => unknown, code: HopfieldErrorCode, ...words: string[]]

function refuses(cases: readonly Case[]): void {
  for (const [what, run, code, ...words] of cases) {
    it(`refuses ${what}`, () => {
      const error = refusal(run)
      expect(error.code).toBe(code)
      for (const word of words) expect(error.message).toContain(word)
    })
  }
}

/** Five good values with one replaced. */
function withBad(value: unknown, at: number): never {
  return untyped([1, -1, 1, -1, 1].map((good, i) => (i === at ? value : good)))
}

const BAD_SPINS: [string, unknown, string][] = [
  ['0', 0, 'got 0'],
  ['−0', -0, 'got 0'],
  ['2', 2, 'got 2'],
  ['0.5', 0.5, 'got 0.5'],
  ['257, which a byte would take for 1', 257, 'got 257'],
  ['255, which a byte would take for −1', 255, 'got 255'],
  ['NaN', Number.NaN, 'got NaN'],
  ['infinity', Number.POSITIVE_INFINITY, 'got Infinity'],
  ['null', null, 'got null'],
  ['undefined', undefined, 'got undefined'],
  ['true', true, 'got true'],
  ["'1'", '1', 'got "1"'],
  ['3n', 3n, 'got 3'],
  ['a symbol', Symbol('one'), 'got a symbol'],
  ['a function', () => 1, 'got a function'],
  ['an object', {}, 'got an object'],
  ['an object without prototype', Object.create(null), 'got an object'],
]

const NOT_STATES: [string, unknown, HopfieldErrorCode][] = [
  ['undefined', undefined, TYPE],
  ['null', null, TYPE],
  ['a number', 5, TYPE],
  ['a boolean', true, TYPE],
  ['a bigint', 5n, TYPE],
  ['a symbol', Symbol('state'), TYPE],
  ['a string', '#.#.#', TYPE],
  ['a string of another length', '#.#.#.#.', TYPE],
  ['a function', (a: number, b: number) => a + b, TYPE],
  ['an object without length', {}, TYPE],
  ['an object without prototype', Object.create(null), TYPE],
  ['a Set', new Set([1, -1]), TYPE],
  ['an ArrayBuffer', new ArrayBuffer(5), TYPE],
  ['a DataView', new DataView(new ArrayBuffer(5)), TYPE],
]

// States and options are read before a backend or a form of the weights comes in, so one network is asked.
const net = new HopfieldNetwork({ neurons: 5 }).store([1, -1, 1, -1, 1])
const good = Int8Array.of(1, 1, 1, -1, 1)

type Verb = readonly [verb: string, argument: string, call: (state: never) => unknown]

const RECALL: Verb = ['recall', 'cue', (state) => net.recall(state)]
const RECALL_BATCH: Verb = ['recallBatch', 'cues', (state) => net.recallBatch(state)]
const STORE: Verb = ['store', 'patterns', (state) => net.store(state)]
const MEASURES: readonly Verb[] = [
  ['localField', 'state', (state) => net.localField(state)],
  ['energy', 'state', (state) => net.energy(state)],
  ['overlaps', 'state', (state) => net.overlaps(state)],
  ['isFixedPoint', 'state', (state) => net.isFixedPoint(state)],
]

describe('bad states', () => {
  // One state and several are read by two functions, and each is asked everything.
  for (const [verb, name, call] of [RECALL, RECALL_BATCH]) {
    refuses([
      ...BAD_SPINS.map(
        ([what, value, got]): Case => [
          `${what} in an array, ${verb}`,
          () => call(withBad(value, 3)),
          VALUE,
          `${name}[3]`,
          'expected +1 or -1',
          got,
        ],
      ),
      ...NOT_STATES.map(
        ([what, value, code]): Case => [
          `${what} for a state, ${verb}`,
          () => call(untyped(value)),
          code,
          name,
        ],
      ),
      [
        `0 in an Int8Array, ${verb}`,
        () => call(untyped(Int8Array.of(1, 1, 1, 1, 0))),
        VALUE,
        `${name}[4]`,
        'got 0',
      ],
      [
        `2 in an Int8Array, ${verb}`,
        () => call(untyped(Int8Array.of(2, 1, 1, 1, 0))),
        VALUE,
        `${name}[0]`,
        'got 2',
      ],
      [
        `−128 in an Int8Array, ${verb}`,
        () => call(untyped(Int8Array.of(1, 1, -128, 1, 0))),
        VALUE,
        `${name}[2]`,
        'got -128',
      ],
      [
        `NaN in a Float64Array, ${verb}`,
        () => call(untyped(Float64Array.of(1, Number.NaN, 1, 1, 1))),
        VALUE,
        `${name}[1]`,
        'got NaN',
      ],
      [
        `257 in a Float32Array, ${verb}`,
        () => call(untyped(Float32Array.of(1, 257, 1, 1, 1))),
        VALUE,
        `${name}[1]`,
        'got 257',
      ],
      [
        `255 in a Uint8Array, ${verb}`,
        () => call(untyped(Uint8Array.of(1, 1, 255, 1, 1))),
        VALUE,
        `${name}[2]`,
        'got 255',
      ],
      [
        `another integer in a BigInt64Array, ${verb}`,
        () => call(untyped(BigInt64Array.of(1n, 2n, 1n, 1n, 1n))),
        VALUE,
        `${name}[1]`,
        'got 2',
      ],
      [
        `a hole in an array, ${verb}`,
        () => call(untyped(Object.assign([1, -1, 1, -1, 1], { 2: undefined }))),
        VALUE,
        `${name}[2]`,
      ],
      // biome-ignore lint/suspicious/noSparseArray: a hole is what is tested
      [`a sparse array, ${verb}`, () => call(untyped([1, , 1, -1, 1])), VALUE, `${name}[1]`, 'undefined'],
      [`one value too few, ${verb}`, () => call(untyped([1, 1, 1, 1])), SHAPE, name, '5 values', 'got 4'],
      [
        `one value too many, ${verb}`,
        () => call(untyped(new Int8Array(6).fill(1))),
        SHAPE,
        name,
        '5 values',
        'got 6',
      ],
      [
        `packed patterns of another size, ${verb}`,
        () => call(untyped(PackedPatterns.from([1, 1], { neurons: 2 }))),
        SHAPE,
        name,
        '2',
      ],
      [
        `a length without values, ${verb}`,
        () => call(untyped({ length: 5 })),
        VALUE,
        `${name}[0]`,
        'got undefined',
      ],
      [
        `packed patterns whose memory is gone, ${verb}`,
        () => {
          const packed = PackedPatterns.from(good, { neurons: 5 })
          detach(packed.words)
          call(untyped(packed))
        },
        SHAPE,
        name,
      ],
      [
        `an array whose memory is gone, ${verb}`,
        () => call(untyped(detach(Int8Array.from(good)))),
        SHAPE,
        name,
      ],
    ])
  }

  // The other methods call the same two: one refusal of each kind shows that they do.
  for (const [verb, name, call] of [STORE, ...MEASURES]) {
    refuses([
      [
        `0 in an array, ${verb}`,
        () => call(withBad(0, 3)),
        VALUE,
        `${name}[3]`,
        'expected +1 or -1',
        'got 0',
      ],
      [
        `3 in an Int8Array, ${verb}`,
        () => call(untyped(Int8Array.of(1, 1, 3, 1, 1))),
        VALUE,
        `${name}[2]`,
        'got 3',
      ],
      [`null for a state, ${verb}`, () => call(untyped(null)), TYPE, name],
      [`one value too few, ${verb}`, () => call(untyped([1, 1, 1, 1])), SHAPE, name, '5 values', 'got 4'],
      [
        `packed patterns of another size, ${verb}`,
        () => call(untyped(PackedPatterns.from([1, 1], { neurons: 2 }))),
        SHAPE,
        name,
      ],
      [
        `an array whose memory is gone, ${verb}`,
        () => call(untyped(detach(Int8Array.from(good)))),
        SHAPE,
        name,
      ],
    ])
  }

  for (const [verb, , call] of [RECALL, RECALL_BATCH, STORE, ...MEASURES]) {
    it(`does not read beyond an Int8Array that lies about its length, ${verb}`, () => {
      const liar = Object.defineProperty(Int8Array.of(1, 1), 'length', { value: 5 })
      expect(() => call(untyped(liar))).toThrow(/expected/)
    })
  }

  for (const [verb, name, call] of [RECALL, ...MEASURES]) {
    refuses([
      [`no values, ${verb}`, () => call(untyped([])), SHAPE, name, 'got 0'],
      [`two states where one belongs, ${verb}`, () => call(untyped([good, good])), SHAPE, name],
      [
        `two packed states where one belongs, ${verb}`,
        () => call(untyped(PackedPatterns.from([good, good], { neurons: 5 }))),
        SHAPE,
        name,
      ],
      [
        `no packed state where one belongs, ${verb}`,
        () => call(untyped(PackedPatterns.from([], { neurons: 5 }))),
        SHAPE,
        name,
      ],
    ])
  }

  for (const [verb, name, call] of [RECALL_BATCH, STORE]) {
    refuses([
      [
        `a bad value among several states, ${verb}`,
        () => call(untyped([good, good, [1, 1, 1, 0, 1]])),
        VALUE,
        `${name}[2][3]`,
        'got 0',
      ],
      [
        `a bad byte among several states, ${verb}`,
        () => call(untyped([good, good, Int8Array.of(1, 1, 1, 1, 3)])),
        VALUE,
        `${name}[2][4]`,
        'got 3',
      ],
      [
        `a bad value in a flat batch, ${verb}`,
        () => call(untyped([...good, ...good, 1, 1, 9, 1, 1])),
        VALUE,
        `${name}[12]`,
        'got 9',
      ],
      [
        `a bad byte in a flat batch, ${verb}`,
        () => call(untyped(Int8Array.of(...good, ...good, 1, 1, 9, 1, 1))),
        VALUE,
        `${name}[12]`,
        'got 9',
      ],
      [
        `a short state among several, ${verb}`,
        () => call(untyped([good, [1]])),
        SHAPE,
        `${name}[1]`,
        'got 1',
      ],
      [`a number among several states, ${verb}`, () => call(untyped([good, 1])), TYPE, `${name}[1]`],
      [`null among several states, ${verb}`, () => call(untyped([good, null])), TYPE, `${name}[1]`, 'null'],
      [
        `a hole among several states, ${verb}`,
        // biome-ignore lint/suspicious/noSparseArray: a hole is what is tested
        () => call(untyped([good, , good])),
        TYPE,
        `${name}[1]`,
        'undefined',
      ],
      [
        `more states than memory can hold, ${verb}`,
        () => call(untyped({ length: 5 * 2 ** 49, 0: 1 })),
        MEMORY,
        name,
      ],
    ])
  }

  it('lets an error thrown by a getter through', () => {
    const trap = new Proxy([1, -1, 1, -1, 1], {
      get: (target, key) => {
        if (key === '3') throw new RangeError('mine')
        return Reflect.get(target, key)
      },
    })
    expect(() => net.recall(trap)).toThrow(new RangeError('mine'))
  })

  it('reads a getter once, so that it cannot pass the check and change', () => {
    let reads = 0
    const fickle = Object.defineProperty([1, -1, 1, -1, 1], 2, { get: () => (reads++ === 0 ? 1 : 0) })
    expect(net.recall(fickle).state).toEqual(net.recall([1, -1, 1, -1, 1]).state)
  })

  it('refuses an array whose length changes while it is read', () => {
    let asked = 0
    const growing = new Proxy([1, -1, 1, -1, 1], {
      get: (target, key) => (key === 'length' ? (asked++ < 1 ? 5 : 3) : Reflect.get(target, key)),
    })
    expect(refusal(() => net.recallBatch(growing)).name).toBe('HopfieldError')
  })

  it.each(VARIANTS)('is not confused by a cue that changes the network while it is read, %o', (variant) => {
    const own = new HopfieldNetwork({ neurons: 5, ...variant }).store([1, -1, 1, -1, 1])
    const cue = Object.defineProperty([1, -1, 1, -1, 1], 4, {
      get: () => {
        own.clear()
        return 1
      },
    })
    expect(own.recall(cue, { tie: 'negative' }).state).toEqual(new Int8Array(5).fill(-1))
  })

  it('tells the first offender of several', () => {
    expect(refusal(() => net.recall([1, 1, 3, 0, 7])).message).toContain('cue[2]')
  })
})

describe('bad recall options', () => {
  const given = (options: unknown) => (): unknown => net.recall(good, untyped(options))
  refuses([
    ['null for options', given(null), TYPE, 'null'],
    ['a number for options', given(3), TYPE, 'got 3'],
    ['a string for options', given('cyclic'), TYPE, '"cyclic"'],
    ['an array for options', given([]), TYPE, 'options'],
    ['a function for options', given(() => ({})), TYPE, 'options'],
    ['a misspelt option', given({ maxsweeps: 3 }), OPTION, '"maxsweeps"', 'maxSweeps'],
    ['options that are inherited', given(Object.create({ beta: 1 })), TYPE, 'options', 'prototype'],
    ['a Map for options', given(new Map()), TYPE, 'options', 'Map'],
    ['a promise for options', given(Promise.resolve({})), TYPE, 'options', 'Promise'],
    [
      'an instance of a class for options',
      given(new HopfieldError('ERR_HOPFIELD_TYPE', '')),
      TYPE,
      'options',
    ],
    ['a revoked Proxy for options', given(revoked()), TYPE, 'options', 'a revoked Proxy'],
    ['an option called constructor', given({ constructor: 1 }), OPTION, '"constructor"'],
    ['an option called __proto__', given(JSON.parse('{"__proto__":1}')), OPTION, '"__proto__"'],
    ['an unknown dynamics', given({ dynamics: 'parallel' }), OPTION, 'dynamics', "'synchronous'"],
    ['null for dynamics', given({ dynamics: null }), OPTION, 'dynamics', 'null'],
    ['an unknown tie rule', given({ tie: 'zero' }), OPTION, 'tie', "'keep'", '"zero"'],
    ['a number for the tie rule', given({ tie: 1 }), OPTION, 'tie', 'got 1'],
    ['an unknown order', given({ order: 'sorted' }), OPTION, 'order', "'cyclic'"],
    ['a number for the order', given({ order: 1 }), OPTION, 'order', 'got 1'],
    ['an empty order', given({ order: [] }), SHAPE, 'order'],
    ['an order beyond the last neuron', given({ order: [0, 5] }), VALUE, 'order[1]', '4', 'got 5'],
    ['a negative neuron in the order', given({ order: [-1] }), VALUE, 'order[0]', 'got -1'],
    ['half a neuron in the order', given({ order: [1, 2, 0.5] }), VALUE, 'order[2]', '0.5'],
    ['NaN in the order', given({ order: [Number.NaN] }), VALUE, 'order[0]', 'NaN'],
    ['a string in the order', given({ order: ['1'] }), VALUE, 'order[0]', '"1"'],
    // biome-ignore lint/suspicious/noSparseArray: a hole is what is tested
    ['a hole in the order', given({ order: [1, , 2] }), VALUE, 'order[1]', 'undefined'],
    ['2^32 in the order, which 32 bits take for 0', given({ order: [2 ** 32] }), VALUE, 'order[0]'],
    ['a negative seed', given({ seed: -1 }), RANGE, 'seed', '-1'],
    ['a fractional seed', given({ seed: 1.5 }), RANGE, 'seed', '1.5'],
    ['a seed of 2^53 that may have been rounded', given({ seed: 2 ** 53 }), RANGE, 'seed'],
    ['NaN for a seed', given({ seed: Number.NaN }), RANGE, 'seed', 'NaN'],
    ['infinity for a seed', given({ seed: Number.POSITIVE_INFINITY }), RANGE, 'seed'],
    ['a string for a seed', given({ seed: '1' }), TYPE, 'seed', '"1"'],
    ['null for a seed', given({ seed: null }), TYPE, 'seed', 'null'],
    ['a seed of −1n', given({ seed: -1n }), RANGE, 'seed', '-1n'],
    ['a seed of 2^64', given({ seed: 1n << 64n }), RANGE, 'seed', '18446744073709551616n'],
    ['a negative stream', given({ stream: -1 }), RANGE, 'stream', '-1'],
    ['a stream beyond 2^52', given({ stream: 2 ** 52 + 1 }), RANGE, 'stream'],
    ['a bigint stream', given({ stream: 1n }), TYPE, 'stream', '1n'],
    ['no sweeps', given({ maxSweeps: 0 }), RANGE, 'maxSweeps', 'got 0'],
    ['half a sweep', given({ maxSweeps: 0.5 }), RANGE, 'maxSweeps', '0.5'],
    ['infinitely many sweeps', given({ maxSweeps: Number.POSITIVE_INFINITY }), RANGE, 'maxSweeps'],
    ['2^31 sweeps', given({ maxSweeps: 2 ** 31 }), RANGE, 'maxSweeps', '2147483648'],
    ['a string of sweeps', given({ maxSweeps: '9' }), TYPE, 'maxSweeps', '"9"'],
    ['a number for trace', given({ trace: 1 }), TYPE, 'trace', 'got 1'],
    ['a number for the external field', given({ externalField: 1 }), TYPE, 'externalField'],
    ['a short external field', given({ externalField: [1] }), SHAPE, 'externalField', 'got 1'],
    [
      `NaN in the external field`,
      given({ externalField: [0, 0, Number.NaN, 0, 0] }),
      VALUE,
      'externalField[2]',
      'NaN',
    ],
    [
      `NaN in an external field of doubles`,
      given({ externalField: Float64Array.of(0, 0, 0, 0, Number.NaN) }),
      VALUE,
      'externalField[4]',
    ],
    [
      `infinity in the external field`,
      given({ externalField: Float64Array.of(Number.NEGATIVE_INFINITY, 0, 0, 0, 0) }),
      VALUE,
      'externalField[0]',
      '-Infinity',
    ],
    [
      `a string in the external field`,
      given({ externalField: [0, '1', 0, 0, 0] }),
      VALUE,
      'externalField[1]',
    ],
    [
      `an external field whose memory is gone`,
      given({ externalField: detach(new Float64Array(5)) }),
      SHAPE,
      'externalField',
    ],
    ['a short clamp', given({ clamp: [1] }), SHAPE, 'clamp', 'got 1'],
    ['a number for the clamp', given({ clamp: 1 }), TYPE, 'clamp'],
    ['a spin in the clamp', given({ clamp: [1, 0, -1, 0, 0] }), VALUE, 'clamp[2]', '-1'],
    ['a string in the clamp', given({ clamp: [1, 0, '1', 0, 0] }), VALUE, 'clamp[2]'],
  ])

  // The options of recallBatch are those of recall, read by the same function.
  refuses([
    ['null for options of recallBatch', () => net.recallBatch(good, untyped(null)), TYPE, 'null'],
    [
      'a misspelt option of recallBatch',
      () => net.recallBatch(good, untyped({ maxsweeps: 3 })),
      OPTION,
      '"maxsweeps"',
    ],
    [
      'an unknown tie rule of recallBatch',
      () => net.recallBatch(good, untyped({ tie: 'zero' })),
      OPTION,
      'tie',
    ],
    ['a short clamp of recallBatch', () => net.recallBatch(good, { clamp: [1] }), SHAPE, 'clamp', 'got 1'],
    ['packed in recall', () => net.recall(good, untyped({ packed: true })), OPTION, '"packed"'],
    ['a number for packed', () => net.recallBatch(good, untyped({ packed: 1 })), TYPE, 'packed', 'got 1'],
    ['an unknown option of energy', () => net.energy(good, untyped({ field: [] })), OPTION, '"field"'],
    ['a short field for energy', () => net.energy(good, { externalField: [1] }), SHAPE, 'externalField'],
    ['null options of energy', () => net.energy(good, untyped(null)), TYPE, 'null'],
    [
      'an unknown option of isFixedPoint',
      () => net.isFixedPoint(good, untyped({ ties: 1 })),
      OPTION,
      '"ties"',
    ],
    ['an unknown tie for isFixedPoint', () => net.isFixedPoint(good, untyped({ tie: '+' })), OPTION, 'tie'],
    ['an unknown option of weights', () => net.weights(untyped({ normalise: true })), OPTION, '"normalise"'],
    ['a number for normalize', () => net.weights(untyped({ normalize: 1 })), TYPE, 'normalize'],
    ['a bigint for a pattern index', () => net.pattern(untyped(0n)), TYPE, 'pattern: index', '0n'],
    ['a string for an index to forget', () => net.forget(untyped('0')), TYPE, 'index', '"0"'],
    ['no index to forget', () => net.forget(untyped(undefined)), TYPE, 'index', 'undefined'],
  ])

  const blank = new HopfieldNetwork({ neurons: 5 })
  refuses([
    ['a symbol to forget, in an empty network', () => blank.forget(untyped(Symbol('x'))), TYPE, 'index'],
    [
      'a symbol for a pattern, in an empty network',
      () => blank.pattern(untyped(Symbol('x'))),
      TYPE,
      'pattern: index',
    ],
  ])

  it('a recall that is refused leaves the network as it was', () => {
    const before = net.weights()
    refusal(() => net.recall(good, untyped({ order: [9] })))
    expect(net.weights()).toEqual(before)
  })
})

describe('bad options of a network', () => {
  const made = (options: object) => (): unknown => new HopfieldNetwork(untyped(options))
  refuses([
    ['no neurons option', made({}), TYPE, 'neurons', 'undefined'],
    ['zero neurons', made({ neurons: 0 }), RANGE, 'neurons', 'got 0'],
    ['half a neuron', made({ neurons: 2.5 }), RANGE, 'neurons', '2.5'],
    ['NaN neurons', made({ neurons: Number.NaN }), RANGE, 'neurons', 'NaN'],
    ['more than 2^30 neurons', made({ neurons: 2 ** 30 + 1 }), RANGE, 'neurons', '1073741824'],
    ['a string of neurons', made({ neurons: '25' }), TYPE, 'neurons', '"25"'],
    ['an unknown learning rule', made({ neurons: 5, learning: 'hebb' }), OPTION, 'learning', "'hebbian'"],
    ['an unknown form of weights', made({ neurons: 5, weights: 'full' }), OPTION, 'weights', "'dense'"],
    ['an unknown backend', made({ neurons: 5, backend: 'gpu' }), OPTION, 'backend', '"gpu"'],
    ['an unknown normalisation', made({ neurons: 5, normalize: true }), OPTION, 'normalize', 'true'],
    ['an unknown option', made({ neurons: 5, size: 5 }), OPTION, '"size"', 'neurons'],
  ])
})

for (const backend of BACKENDS) {
  describe(`networks too large for memory, ${backend}`, () => {
    refuses([
      [
        'dense weights of 2^30 neurons',
        () => new HopfieldNetwork({ neurons: 2 ** 30, backend, weights: 'dense' }),
        MEMORY,
        'bytes',
      ],
      [
        'to write out the weights of 2^30 neurons',
        () => new HopfieldNetwork({ neurons: 2 ** 30, backend }).weights(),
        MEMORY,
        'bytes',
      ],
    ])
  })
}

describe('bad networks', () => {
  refuses([
    ['no options', () => new HopfieldNetwork(untyped(undefined)), TYPE, 'HopfieldNetwork'],
    ['null for options', () => new HopfieldNetwork(untyped(null)), TYPE, 'null'],
    ['a number for options', () => new HopfieldNetwork(untyped(25)), TYPE, '25'],
  ])
})

describe('bad helpers', () => {
  refuses([
    ['a state of NaN in addNoise', () => addNoise([Number.NaN], { count: 1 }), VALUE, 'state[0]'],
    ['a number for a state in addNoise', () => addNoise(untyped(5), { count: 1 }), TYPE, 'state'],
    ['no options of addNoise', () => addNoise([1], untyped(undefined)), OPTION, 'addNoise'],
    ['neither flips nor fraction', () => addNoise([1], {}), OPTION, 'noise', 'count'],
    [
      'the flips of before',
      () => addNoise([1], untyped({ flips: 1 })),
      OPTION,
      'flips: it is now called count',
    ],
    [
      'the fraction of before',
      () => addNoise([1], untyped({ fraction: 1 })),
      OPTION,
      'it is now called noise',
    ],
    ['both flips and fraction', () => addNoise([1], { count: 1, noise: 1 }), OPTION, 'noise', 'count'],
    ['more flips than neurons', () => addNoise([1, 1], { count: 3 }), RANGE, 'count', '2', 'got 3'],
    ['a negative number of flips', () => addNoise([1, 1], { count: -1 }), RANGE, 'count'],
    ['half a flip', () => addNoise([1, 1], { count: 0.5 }), RANGE, 'count'],
    ['a fraction above 1', () => addNoise([1, 1], { noise: 1.01 }), RANGE, 'noise'],
    ['a fraction of NaN', () => addNoise([1, 1], { noise: Number.NaN }), RANGE, 'noise'],
    ['a string for a fraction', () => addNoise([1, 1], { noise: untyped('.2') }), TYPE, 'noise'],
    ['a fractional seed of noise', () => addNoise([1], { count: 1, seed: 0.5 }), RANGE, 'seed'],
    ['a negative stream of noise', () => addNoise([1], { count: 1, stream: -1 }), RANGE, 'stream'],
    ['an unknown option of addNoise', () => addNoise([1], untyped({ flip: 1 })), OPTION, '"flip"'],
    ['a bad state in mask', () => mask([0], { keep: 0.5 }), VALUE, 'state[0]'],
    ['no options of mask', () => mask([1], untyped(undefined)), TYPE, 'mask'],
    ['no keep in mask', () => mask([1], untyped({})), TYPE, 'keep'],
    ['a fraction above 1 in mask', () => mask([1], { keep: 2 }), RANGE, 'keep'],
    ['flags of the wrong length in mask', () => mask([1, 1], { keep: [1] }), SHAPE, 'keep'],
    ['a flag that is none in mask', () => mask([1, 1], { keep: [1, 2] }), VALUE, 'keep[1]', 'got 2'],
    ['a fill of 0 in mask', () => mask([1], { keep: 0, fill: untyped(0) }), OPTION, 'fill', 'got 0'],
    ['a symbol for fill in mask', () => mask([1], { keep: 0, fill: untyped(Symbol('x')) }), OPTION, 'fill'],
    [
      'an object without prototype for fill in mask',
      () => mask([1], { keep: 0, fill: untyped(Object.create(null)) }),
      OPTION,
      'fill',
    ],
    ['an unknown option of mask', () => mask([1], untyped({ keep: 0, kept: 1 })), OPTION, '"kept"'],
    ['a negative count of random patterns', () => randomPatterns({ count: -1, neurons: 1 }), RANGE, 'count'],
    ['no neurons of random patterns', () => randomPatterns({ count: 1, neurons: 0 }), RANGE, 'neurons'],
    ['an activity above 1', () => randomPatterns({ count: 1, neurons: 1, activity: 2 }), RANGE, 'activity'],
    [
      'a number for packed',
      () => randomPatterns(untyped({ count: 1, neurons: 1, packed: 1 })),
      TYPE,
      'packed',
    ],
    ['no options of random patterns', () => randomPatterns(untyped(undefined)), TYPE, 'randomPatterns'],
    ['an unknown option of random patterns', () => randomPatterns(untyped({ n: 1 })), OPTION, '"n"'],
    [
      'more random patterns than memory can hold',
      () => randomPatterns({ count: 2 ** 32, neurons: 2 ** 30 }),
      MEMORY,
      'randomPatterns',
    ],
    ['2 as a bit', () => bipolar([0, 1, 2]), VALUE, 'bits[2]', 'got 2'],
    ['−1 as a bit', () => bipolar([0, -1]), VALUE, 'bits[1]', 'got -1'],
    ['a number for bits', () => bipolar(untyped(5)), TYPE, 'bits'],
    ['null for bits', () => bipolar(untyped(null)), TYPE, 'bits', 'null'],
    ['an unknown mark', () => bipolar('#.\n#o'), VALUE, 'row 1', 'column 1', '"o"'],
    ['ragged rows', () => bipolar('#.# #.'), SHAPE, 'row 1'],
    ['an empty drawing', () => bipolar(''), SHAPE, 'at least one row'],
    ['a blank drawing', () => bipolar(' \n '), SHAPE, 'at least one row'],
    ['0 as a spin', () => binary([1, 0]), VALUE, 'state[1]', 'got 0'],
    ['a string for a state', () => binary(untyped('11')), TYPE, 'state'],
    ['a width that does not divide', () => formatGlyph([1, 1, 1], { width: 2 }), SHAPE, 'width', '2', '3'],
    ['no width where N is no square', () => formatGlyph([1, 1, 1]), RANGE, 'width'],
    ['a width of zero', () => formatGlyph([1, 1], { width: 0 }), RANGE, 'width'],
    [
      'an unknown option of formatGlyph',
      () => formatGlyph([1], untyped({ columns: 1 })),
      OPTION,
      '"columns"',
    ],
    ['a state of zeros in formatGlyph', () => formatGlyph([0]), VALUE, 'state[0]'],
  ])
})

describe('HopfieldError', () => {
  const error = refusal(() => new HopfieldNetwork({ neurons: 0 }))

  it('is an Error', () => {
    expect(error).toBeInstanceOf(Error)
  })

  it('is named HopfieldError', () => {
    expect(error.name).toBe('HopfieldError')
  })

  it('can be made by users, with a cause', () => {
    const cause = new Error('first')
    const own = new HopfieldError('ERR_HOPFIELD_FORMAT', 'mine', { cause })
    expect(own).toMatchObject({ code: 'ERR_HOPFIELD_FORMAT', message: 'mine', cause })
  })

  it('keeps the cause of a failed allocation', () => {
    const { cause } = refusal(() => randomPatterns({ count: 2 ** 32, neurons: 2 ** 30 }))
    expect(cause).toBeInstanceOf(RangeError)
  })

  it('cuts long strings short', () => {
    const { message } = refusal(() => new HopfieldNetwork({ neurons: untyped('x'.repeat(1e6)) }))
    expect(message.length).toBeLessThan(200)
  })
})
