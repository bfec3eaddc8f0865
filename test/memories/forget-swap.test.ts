import { describe, expect, test } from 'vitest'
import {
  BidirectionalMemory,
  DenseAssociativeMemory,
  HopfieldNetwork,
  ModernHopfield,
  randomPatterns,
} from '../../src/index.js'
import { BACKENDS } from '../helpers/backends.js'
import { refusal } from '../helpers/refusal.js'

const N = 70
const COUNT = 133
const patterns = randomPatterns({ count: COUNT, neurons: N, seed: 4 })
const cues = randomPatterns({ count: 4, neurons: N, seed: 5 })
/** Places that become free one after the other: the first, one twice, the last of 129, one that leaves whole words of columns. */
const FREE = [0, 17, 17, 129, 64, 127, 3, 100]

const pattern = (mu: number): Int8Array<ArrayBuffer> => patterns.slice(mu * N, (mu + 1) * N)
const join = (order: readonly number[]): Int8Array<ArrayBuffer> =>
  Int8Array.from(order.flatMap((mu) => Array.from(pattern(mu))))
const name = (mu: number): string | undefined => (mu % 5 === 0 ? undefined : `pattern ${mu}`)

/** What a memory answers, now. */
interface Asked {
  answers(): unknown
  later(): Promise<unknown>
}

type Made = {
  memory: HopfieldNetwork | DenseAssociativeMemory | ModernHopfield | BidirectionalMemory
} & Asked

for (const backend of BACKENDS) {
  const bipolar = (memory: HopfieldNetwork | DenseAssociativeMemory): Made => ({
    memory,
    answers: () => [memory.nearest(cues, { k: 3 }), memory.recallBatch(cues, { maxSweeps: 2 })],
    later: () =>
      Promise.all([memory.nearestAsync(cues, { k: 3 }), memory.recallAsync(cues, { maxSweeps: 2 })]),
  })
  const kinds: [string, (order: readonly number[]) => Made][] = [
    ['implicit weights', (order) => bipolar(new HopfieldNetwork({ neurons: N, backend }).store(join(order)))],
    [
      'a dense memory',
      (order) => {
        const interaction = { kind: 'polynomial', degree: 3 } as const
        return bipolar(new DenseAssociativeMemory({ neurons: N, interaction, backend }).store(join(order)))
      },
    ],
    [
      'a modern memory',
      (order) => {
        const values = Float32Array.from(join(order), (x, k) => x * (1 + (k % N) / N))
        const memory = new ModernHopfield({ dimension: N, valueDimension: N, beta: 0.5, backend })
        memory.store(Float32Array.from(join(order)), values)
        const queries = Float32Array.from(cues)
        return {
          memory,
          answers: () => [memory.top(queries.subarray(0, N), 5), memory.recallBatch(queries)],
          later: () => memory.recallAsync(queries),
        }
      },
    ],
    [
      'pairs',
      (order) => {
        const memory = new BidirectionalMemory({ inputs: N, outputs: N, backend })
        memory.store(join(order), join(order.map((mu) => (mu + 1) % COUNT)))
        return {
          memory,
          answers: () => memory.recallBatch({ xs: cues }, { maxSteps: 2 }),
          later: () => memory.recallAsync({ xs: cues }, { maxSteps: 2 }),
        }
      },
    ],
  ]
  describe(`forget with swap on ${backend}`, () => {
    test.each(
      kinds,
    )('of %s puts the last pattern into the free place, for all that is asked', async (_, make) => {
      const order = Array.from({ length: COUNT }, (__, mu) => mu)
      const swapped = make(order)
      swapped.answers()
      const waiting: [Promise<unknown>, unknown][] = []
      for (const [k, free] of FREE.entries()) {
        // A reader of another turn has what it was asked of.
        if (k % 3 === 1) waiting.push([swapped.later(), await make(order).later()])
        swapped.memory.forget(free, { swap: true })
        const last = order.pop() as number
        if (free < order.length) order[free] = last
        expect(swapped.answers()).toEqual(make(order).answers())
      }
      for (const [promise, expected] of waiting) expect(await promise).toEqual(expected)
    })
  })
}

test('ids stay with their patterns, looked up before or after', () => {
  for (const early of [true, false]) {
    const net = new HopfieldNetwork({ neurons: N })
    for (let mu = 0; mu < COUNT; mu++) {
      const id = name(mu)
      net.store(pattern(mu), id === undefined ? undefined : { ids: [id] })
    }
    if (early) expect(net.indexOf('pattern 9')).toBe(9)
    net.forget({ id: 'pattern 1' }, { swap: true }).forget(2, { swap: true }).forget(130, { swap: true })
    expect(net.idOf(1)).toBe(name(132))
    expect(net.idOf(2)).toBe(name(131))
    expect(net.indexOf('pattern 132')).toBe(1)
    expect(net.indexOf('pattern 1')).toBe(-1)
    expect(net.indexOf('pattern 2')).toBe(-1)
    net.store(pattern(1), { ids: ['pattern 1'] })
    expect(net.indexOf('pattern 1')).toBe(130)
    expect(net.pattern({ id: 'pattern 132' })).toEqual(pattern(132))
  }
})

test('where the order of patterns matters nothing is swapped', () => {
  for (const learning of ['pseudoinverse', 'sequence', 'palimpsest'] as const) {
    const net = new HopfieldNetwork({ neurons: N, learning }).store(patterns.subarray(0, 3 * N))
    expect(refusal(() => net.forget(0, { swap: true }))).toMatchObject({ code: 'ERR_HOPFIELD_OPTION' })
    expect(net.patternCount).toBe(3)
  }
})
