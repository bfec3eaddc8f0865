import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { Worker } from 'node:worker_threads'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { rowWords } from '../../src/kernels/contract/layout.js'
import {
  addon,
  type Call,
  callsOf,
  cleanRows,
  type Kept,
  memoriesOf,
  N,
  newBlock,
  numbers,
  P,
  PAIRWISE,
  present,
  ROW,
  type Table,
  TIERS,
  tableOf,
  taken,
} from './calls.js'

function detached(): Uint32Array {
  const words = new Uint32Array(64)
  structuredClone(words.buffer, { transfer: [words.buffer] })
  return words
}

/** What JavaScript might hand over: right, nearly right and absurd. */
const anything = fc.oneof(
  fc.constantFrom<unknown>(undefined, null, true, false, 'avx2', '', 0n, Symbol('s'), {}, [], () => 1),
  fc.constantFrom(
    0,
    1,
    2,
    3,
    -1,
    0.5,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    25,
    64,
    512,
    2 ** 30,
    2 ** 31,
    2 ** 40,
    2 ** 53,
    1e300,
  ),
  fc.nat({ max: 600 }),
  fc.nat({ max: 600 }).map((n) => new Int8Array(n).fill(1)),
  fc.nat({ max: 600 }).map((n) => new Uint32Array(n).fill(0xffffffff)),
  fc.nat({ max: 600 }).map((n) => new Int32Array(n).fill(-(2 ** 31))),
  fc.nat({ max: 600 }).map((n) => new Float64Array(n).fill(Number.NaN)),
  fc.nat({ max: 20 }).map((n) => new Float64Array(n).fill(1)),
  fc.nat({ max: 6000 }).map((n) => new Float32Array(n).fill(Number.NEGATIVE_INFINITY)),
  fc.nat({ max: 60_000 }).map((n) => new Uint8Array(n).fill(0xff)),
  fc.constantFrom(
    new Uint8Array(64),
    new Float32Array(64),
    new DataView(new ArrayBuffer(64)),
    new ArrayBuffer(64),
  ),
  fc.constant(null).map(detached),
)

test.runIf(present)('the addon throws and never crashes, whatever it is handed', () => {
  const kernels = addon
    .tiers()
    .filter((tier) => tier.usable)
    .map((tier) => addon.kernels(tier.name, newBlock()))
  const functions = [
    addon.tiers,
    addon.kernels,
    addon.misalignment,
    addon.preferLargePages,
    addon.mapFile,
    addon.controlMemory,
    ...kernels.flatMap((table) => Object.values(table)),
  ]
  let thrown = 0
  fc.assert(
    fc.property(fc.nat(), fc.array(anything, { maxLength: 16 }), (which, values) => {
      try {
        ;(functions[which % functions.length] as (...all: unknown[]) => unknown)(...values)
      } catch (error) {
        expect(error).toBeInstanceOf(Error)
        thrown++
      }
    }),
    { seed: 5, numRuns: 5000 },
  )
  expect(thrown).toBeGreaterThan(2500)
})

const block = newBlock()
const kernelsOfBest = present ? tableOf(TIERS[0], block) : {}
const MEMORIES = memoriesOf(kernelsOfBest)
const CALLS = callsOf(kernelsOfBest, block)

/** The kernels of the best tier. */
function best(): Table {
  return kernelsOfBest
}

/** Writes the numbers that a call begins with. */
function control(...numbers: number[]): void {
  block.set(numbers)
}

function memoryOf(name: string, kernels = best()): Kept {
  return kernels['memory'](...MEMORIES[name]()) as Kept
}

test.runIf(present)('a memory with one argument spoilt is refused, or can be computed with', () => {
  const kernels = best()
  for (const given of Object.values(MEMORIES)) expect(kernels['memory'](...given())).toBeTypeOf('object')
  const names = Object.keys(MEMORIES)
  fc.assert(
    fc.property(fc.constantFrom(...names), fc.nat({ max: 9 }), anything, (name, which, value) => {
      const given = MEMORIES[name]()
      given[which % given.length] = value
      let memory: Kept
      try {
        memory = kernels['memory'](...given) as Kept
      } catch (error) {
        expect(error).toBeInstanceOf(TypeError)
        return
      }
      for (const [kernel, memories, rest] of CALLS) {
        if (!memories.includes(name)) continue
        try {
          kernels[kernel](...taken(memory), ...rest())
        } catch (error) {
          expect(error).toBeInstanceOf(TypeError)
        }
      }
    }),
    { seed: 6, numRuns: 5000 },
  )
})

test.runIf(present)('a kernel on a memory with one argument spoilt throws, or writes nowhere else', () => {
  const kernels = best()
  const handles = new Map(Object.keys(MEMORIES).map((name) => [name, memoryOf(name)]))
  for (const [kernel, memories, rest] of CALLS) {
    for (const name of memories) {
      expect(
        () => kernels[kernel](...taken(handles.get(name)), ...rest()),
        `${kernel} of ${name}`,
      ).not.toThrow()
    }
  }
  const any = fc.oneof(anything, fc.constantFrom(...[...handles.values()].map((handle) => handle.id)))
  const calls = CALLS.flatMap(([kernel, memories, rest]) => memories.map((name) => ({ kernel, name, rest })))
  fc.assert(
    fc.property(
      fc.constantFrom(...calls),
      fc.nat({ max: 7 }),
      any,
      ({ kernel, name, rest }, which, value) => {
        const given = [...taken(handles.get(name)), ...rest()]
        given[which % given.length] = value
        try {
          kernels[kernel](...given)
        } catch (error) {
          expect(error).toBeInstanceOf(TypeError)
        }
      },
    ),
    { seed: 7, numRuns: 5000 },
  )
})

test.runIf(present)('a recall that is refused changes nothing', () => {
  const kernels = best()
  const memory = memoryOf('implicit')
  control(0, 0, 0, 10, 1, 0, 0, N, 0, 1, 1)
  const good = (): unknown[] => [
    ...taken(memory),
    new Int8Array(N).fill(1),
    new Int8Array(N),
    new Float64Array(5),
  ]
  expect(kernels['recall'](...good())).toBe(-1)
  for (const which of [0, 2, 4]) {
    for (const value of [undefined, {}, new Int32Array(100), new Float64Array(3), detached()]) {
      const given = good()
      given[which] = value
      expect(() => kernels['recall'](...given)).toThrow(TypeError)
      expect(given[3]).toEqual(new Int8Array(N))
    }
  }
})

test.runIf(present)('a control block with one number spoilt is refused, or can be computed with', () => {
  const kernels = best()
  const handles = new Map(Object.keys(MEMORIES).map((name) => [name, memoryOf(name)]))
  const controlled = CALLS.filter(([kernel]) => /recall|retrieve|logits|integrate/.test(kernel))
  const calls = controlled.flatMap(([kernel, memories, rest]) =>
    memories.map((name) => ({ kernel, name, rest })),
  )
  const spoilt = fc.constantFrom(-1, 0, 0.5, 1, 2, 3, 63, 64, 2 ** 31, 2 ** 53, Number.NaN, 1 / 0)
  fc.assert(
    fc.property(
      fc.constantFrom(...calls),
      fc.nat({ max: 11 }),
      spoilt,
      ({ kernel, name, rest }, at, value) => {
        const given = rest()
        // The most sweeps and steps take longer than a test should.
        block[at] = value > 1000 && (at === 3 || at === 6) ? 1000 : value
        try {
          kernels[kernel](...taken(handles.get(name)), ...given)
        } catch (error) {
          expect(error).toBeInstanceOf(TypeError)
        }
      },
    ),
    { seed: 10, numRuns: 3000 },
  )
})

test.runIf(present)('a recall of no cues is no error, here or off the event loop', async () => {
  const kernels = best()
  const memory = memoryOf('implicit')
  control(0, 0, 0, 10, 1, 0, 0, N, 0, 0, 1)
  const none = [new Uint32Array(0), new Uint32Array(0), new Float64Array(0)]
  expect(kernels['recall'](...taken(memory), ...none)).toBe(-1)
  await expect(kernels['recallAsync'](...taken(memory), ...none)).resolves.toBeUndefined()
})

test.runIf(present)('a cue that lies in the control block is recalled as any other', () => {
  const kernels = best()
  const cue = Int8Array.from({ length: N }, (_, i) => (i % 3 === 0 ? 1 : -1))
  for (const name of PAIRWISE) {
    const memory = memoryOf(name)
    control(1, 0, 0, 3, 1, 0, 0, N, 0, 1, 1)
    const [state, outcome] = [new Int8Array(N), new Float64Array(5)]
    kernels['recall'](...taken(memory), cue, state, outcome)
    control(1, 0, 0, 3, 1, 0, 0, N, 0, 1, 0)
    new Int8Array(block.buffer, 8 * 24, N).set(cue)
    kernels['recall'](...taken(memory))
    expect(new Int8Array(block.buffer, 8 * 152, N)).toEqual(state)
    expect(block.subarray(16, 21)).toEqual(outcome)
    block[10] = 0
    block[9] = 2
    expect(() => kernels['recall'](...taken(memory))).toThrow(TypeError)
  }
})

test.runIf(present)('few visits that lie in the control block are made as any others', () => {
  const kernels = best()
  const memory = memoryOf('implicit')
  const cue = Int8Array.from({ length: N }, (_, i) => (i % 3 === 0 ? 1 : -1))
  const visits = Uint32Array.of(N - 1, 0, 3, 0)
  const [state, outcome] = [new Int8Array(N), new Float64Array(5)]
  control(0, 3, 0, 3, 1, 0, 0, N, 0, 1, 3)
  kernels['recall'](...taken(memory), cue, state, outcome, visits)
  const here = new Uint32Array(block.buffer, 8 * 280, 256)
  new Int8Array(block.buffer, 8 * 24, N).set(cue)
  here.set(visits)
  control(0, 3, 0, 3, 1, 0, 0, N, 0, 1, 64, 4)
  kernels['recall'](...taken(memory))
  expect(new Int8Array(block.buffer, 8 * 152, N)).toEqual(state)
  expect(block.subarray(16, 21)).toEqual(outcome)
  here[3] = N
  expect(kernels['recall'](...taken(memory))).toBe(-5)
  here[1] = 0xffffffff
  expect(kernels['recall'](...taken(memory))).toBe(-3)
  for (const also of [2, 1 | 2]) {
    block[10] = 64 | also
    expect(() => kernels['recall'](...taken(memory), cue, state, outcome, visits)).toThrow('visits once')
  }
  const rows = [new Uint32Array(ROW), new Uint32Array(ROW)]
  block[10] = 64 | 1
  expect(kernels['recall'](...taken(memory), cue, state, outcome)).toBe(-3)
  expect(() => kernels['recallTraced'](...taken(memory), ...rows, outcome)).toThrow('visits in an array')
  block[10] = 64
  block[11] = 0
  expect(() => kernels['recall'](...taken(memory))).toThrow(TypeError)
  block[11] = 257
  expect(() => kernels['recall'](...taken(memory))).toThrow(TypeError)
})

test.runIf(present)(
  'a control block in memory of the addon is read where it lies, whoever takes its buffer away',
  () => {
    const block = new Float64Array(addon.controlMemory() as ArrayBuffer)
    expect(block.length).toBe(408)
    const kernels = tableOf(TIERS[0], block)
    const memory = memoryOf('implicit', kernels)
    block.set([1, 0, 0, 3, 1, 0, 0, N, 0, 0, 1])
    const none = [new Uint32Array(0), new Uint32Array(0), new Float64Array(0)]
    expect(kernels['recall'](...taken(memory), ...none)).toBe(-1)
    const { buffer } = block as { buffer: ArrayBuffer & { transfer?: () => ArrayBuffer } }
    const taker = buffer.transfer?.() // Node 22
    if (taker !== undefined) expect(block.length).toBe(0)
    expect(kernels['recall'](...taken(memory), ...none)).toBe(-1)
  },
)

test.runIf(present)('a control block is shared memory, or is looked for at each call', () => {
  expect(() => addon.kernels(TIERS[0], new Float64Array(407))).toThrow('a control block')
  const own = new Float64Array(408)
  const kernels = tableOf(TIERS[0], own)
  const memory = memoryOf('implicit', kernels)
  own.set([1, 0, 0, 3, 1, 0, 0, N, 0, 0, 1])
  const none = [new Uint32Array(0), new Uint32Array(0), new Float64Array(0)]
  expect(kernels['recall'](...taken(memory), ...none)).toBe(-1)
  structuredClone(own.buffer, { transfer: [own.buffer] })
  expect(() => kernels['recall'](...taken(memory), ...none)).toThrow('the control block is gone')
})

test.runIf(present)('a memory serves the tier and the kernels it was made for, and nothing else does', () => {
  const kernels = best()
  const memory = memoryOf('implicit')
  const fields = (id: unknown): unknown =>
    kernels['localFields'](id, undefined, new Uint32Array(ROW), new Float64Array(N))
  expect(() => fields(memory.id)).not.toThrow()
  const keys = memoryOf('keys')
  expect(() => fields(keys.id)).toThrow('a memory for this kernel')
  for (const fake of [memory, { ...memory }, BigInt(memory.id), String(memory.id), -1, 1e300, Number.NaN]) {
    expect(() => fields(fake)).toThrow('a memory of this addon')
  }
  const [, other] = TIERS
  if (other !== undefined) {
    const elsewhere = memoryOf('implicit', tableOf(other, newBlock()))
    expect(() => fields(elsewhere.id)).toThrow('a memory for this kernel')
  }
})

test.runIf(present)(
  'the id of a memory that is gone leads nowhere, though its place is taken again',
  async () => {
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc') as () => void
    const kernels = best()
    const gone = Array.from({ length: 50 }, () => memoryOf('implicit').id)
    const answers = (): unknown[] =>
      gone.filter((id) => {
        try {
          return (
            kernels['localFields'](id, undefined, new Uint32Array(ROW), new Float64Array(N)) === undefined
          )
        } catch (error) {
          expect(String(error)).toContain('a memory of this addon')
          return false
        }
      })
    // Some may be held by the stack; once they are gone, they are so before and behind their finalizers.
    collect()
    expect(answers().length).toBeLessThan(50)
    await new Promise((resolve) => setTimeout(resolve, 20))
    collect()
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(answers()).toEqual([])
    const places = new Set(gone.map((id) => id % 2 ** 26))
    const again: Kept[] = []
    do again.push(memoryOf('implicit'))
    while (!places.has(again[again.length - 1].id % 2 ** 26) && again.length < 100_000)
    expect(again.length).toBeLessThan(100_000)
    expect(answers()).toEqual([])
  },
)

test.runIf(present)('a memory holds its arrays, and nobody can take them off', () => {
  const memory = memoryOf('implicit') as unknown as Record<string, unknown>
  expect(() => {
    memory['0'] = undefined
  }).toThrow(TypeError)
  expect(() => {
    memory['id'] = 0
  }).toThrow(TypeError)
  expect(Reflect.deleteProperty(memory, '0')).toBe(false)
  expect(memory['0']).toEqual(cleanRows(P))
})

test.runIf(present)('contents that would lead a kernel out of its arrays are refused', () => {
  const kernels = best()
  const spoilt = (name: string, which: number, value: unknown): (() => unknown) => {
    const given = MEMORIES[name]()
    given[which] = value
    return () => kernels['memory'](...given)
  }
  const full = new Uint32Array(3 * rowWords(70)).fill(0xffffffff)
  for (const name of ['coupled', 'bits', 'sparse', 'interaction']) {
    expect(spoilt(name, 2, full), name).toThrow('rows with zero padding')
  }
  expect(spoilt('interaction', 3, new Uint32Array(2 * N))).toThrow('the columns of these rows')
  expect(spoilt('sparse', 4, new Uint32Array(2 * N).fill(N))).toThrow('indices within bounds')
  expect(spoilt('sparse', 3, new Uint32Array(N + 1).fill(1))).toThrow('ascending numbers')
  expect(spoilt('sparse', 7, new Uint32Array(2 * N).fill(N))).toThrow('indices within bounds')
  expect(spoilt('coupled', 1, Float64Array.of(N, P, 3, P + 1, 0))).toThrow('a whole number within bounds')
  expect(spoilt('coupled', 8, 0.5)).toThrow('a unit')
  expect(spoilt('coupled', 7, numbers(N - 1))).toThrow('a longer array')
  expect(spoilt('sparse', 9, numbers(N - 1))).toThrow('a longer array')
  expect(spoilt('covariance', 3, Uint32Array.of(1))).toThrow('indices within bounds')
  expect(spoilt('pairs', 2, full)).toThrow('rows with zero padding')
})

test.runIf(present)('padding bits of states count as zero', () => {
  const kernels = best()
  for (const name of PAIRWISE) {
    const memory = memoryOf(name)
    const answers = [0, 1].map((dirty) => {
      const [fields, quadratics] = [new Float64Array(N), new Float64Array(2)]
      const state = new Uint32Array(2 * ROW).map((_, k) =>
        k % ROW === 0 ? (dirty ? 0xffffffff : 2 ** N - 1) : dirty ? 7 : 0,
      )
      kernels['localFields'](...taken(memory), state, fields)
      kernels['quadratics'](...taken(memory), state, 2, quadratics)
      return [fields, quadratics]
    })
    expect(answers[0]).toEqual(answers[1])
  }
})

test('workers may load the package many times and be terminated in the middle of a recall', async () => {
  const script = `
    import('hopfield-native').then(({ HopfieldNetwork, randomPatterns }) => {
      const { parentPort } = require('node:worker_threads')
      const net = new HopfieldNetwork({ neurons: 2000 }).store(randomPatterns({ count: 100, neurons: 2000, seed: 1 }))
      const cues = randomPatterns({ count: 50, neurons: 2000, seed: 2 })
      parentPort.postMessage('ready')
      for (;;) net.recallBatch(cues, { trace: true })
    })`
  for (let round = 0; round < 5; round++) {
    const workers = Array.from({ length: 4 }, () => new Worker(script, { eval: true }))
    await Promise.all(
      workers.map(
        (worker) => new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject)),
      ),
    )
    const codes = await Promise.all(workers.map((worker) => worker.terminate()))
    expect(codes).toEqual([1, 1, 1, 1])
  }
})

test.runIf(present)(
  'a search, a wiring or a change of synapses with one argument spoilt throws, or computes',
  () => {
    const { nearest, interleave, willshawStore, rewired, ascend } = best()
    const good: [Call, () => unknown[]][] = [
      [interleave, () => [new Uint32Array(160).fill(7), 10, 70, new Uint32Array(64)]],
      [
        nearest,
        () => [
          new Uint32Array(64).fill(7),
          10,
          70,
          new Uint32Array(48),
          3,
          0,
          2,
          new Uint32Array(6),
          new Int32Array(6),
        ],
      ],
      [rewired, () => [1, 2, 3, 4, 0.5, 100, new Uint32Array(37)]],
      [ascend, () => [Uint32Array.of(0, 2, 2, 9), 3, new Uint32Array(9).fill(3), new Uint32Array(1)]],
      [
        willshawStore,
        () => [
          new Uint32Array(40 * rowWords(40)),
          40,
          40,
          Uint32Array.of(1, 39),
          new Uint32Array(rowWords(40)).fill(7),
        ],
      ],
    ]
    for (const [call, values] of good) expect(() => call(...values())).not.toThrow()
    fc.assert(
      fc.property(fc.nat({ max: good.length - 1 }), fc.nat({ max: 8 }), anything, (what, which, value) => {
        const [call, given] = good[what]
        const values = given()
        values[which % values.length] = value
        try {
          call(...values)
        } catch (error) {
          expect(error).toBeInstanceOf(TypeError)
        }
      }),
      { seed: 8, numRuns: 3000 },
    )
  },
)

test.runIf(present)('a learning rule with one argument spoilt throws, or computes within its arrays', () => {
  const kernels = best()
  const { storkey, rankOne, border, retire, responses, perceptron, bounded, clipped } = kernels
  const { correlations, minimalOverlap, signedSums } = kernels
  const [n, count] = [9, 3]
  const rows = (many: number): Uint32Array =>
    new Uint32Array(rowWords(n) * many).map((_, k) => (k * 2654435761) >>> 23)
  // Eight numbers behind each array are somebody else's.
  const guarded: Float64Array[] = []
  const reals = (length: number): Float64Array => {
    const all = new Float64Array(length + 8).fill(0.01, 0, length)
    guarded.push(all)
    return all.subarray(0, length)
  }
  const whole = (): Int32Array => new Int32Array(n * 16)
  const good: [(...all: unknown[]) => unknown, () => unknown[]][] = [
    [storkey, () => [rows(count), count, n, reals(n * 16)]],
    [rankOne, () => [rows(1), n, 0.1, reals(n * 16)]],
    [border, () => [rows(count + 2), 2, count, n, 1e-9, reals(40), 8, reals(5)]],
    [retire, () => [reals(24), 8, count, 1]],
    [responses, () => [reals(24), 8, new Uint32Array(18), count, n, reals(n * 8), reals(n)]],
    [perceptron, () => [rows(count), count, n, 0.5, 20, whole(), new Uint32Array(n)]],
    [bounded, () => [rows(count), count, n, 4, whole()]],
    [correlations, () => [new Uint32Array(18), new Uint32Array(10), count, n, 5, new Int32Array(45)]],
    [signedSums, () => [rows(8 * count), 16, 70, reals(70), count, reals(count)]],
    [minimalOverlap, () => [rows(count), count, n, 1, 20, whole(), new Uint32Array(n), reals(2 * n)]],
    [clipped, () => [new Uint32Array(18), count, n, new Uint32Array(n * rowWords(n))]],
  ]
  for (const [call, values] of good) expect(() => call(...values())).not.toThrow()
  fc.assert(
    fc.property(fc.nat({ max: good.length - 1 }), fc.nat({ max: 7 }), anything, (what, which, value) => {
      const [call, given] = good[what]
      guarded.length = 0
      const values = given()
      // As many epochs as a word can count take longer than a test should.
      const steps = which === 4 && (call === perceptron || call === minimalOverlap)
      if (!steps) values[which % values.length] = value
      try {
        call(...values)
      } catch (error) {
        expect(error).toBeInstanceOf(TypeError)
      }
      expect(guarded.every((all) => all.subarray(-8).every((x) => x === 0))).toBe(true)
    }),
    { seed: 9, numRuns: 5000 },
  )
})
