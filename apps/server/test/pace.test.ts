import { HopfieldNetwork, ModernHopfield, randomPatterns } from 'hopfield-native'
import { expect, test } from 'vitest'
import { Pace } from '../src/memories/pace.js'
import { served } from '../src/memories/served.js'

/** A question whose batch of B rows takes `fixed + each·B` milliseconds, asked with batches of these sizes: which were answered here. */
function answered(pace: Pace, sizes: readonly number[], fixed: number, each: number): boolean[] {
  return sizes.map((rows) => {
    const here = pace.here(rows)
    if (here) pace.note(rows, fixed + each * rows)
    else pace.away(rows)
    return here
  })
}
const pace = (options = {}) => new Pace(1024 * 51, options, 0.4)

test('small batches that cost more a row do not send large ones away', () => {
  const sizes = Array.from({ length: 40 }, (_, k) => 2 ** (k % 7))
  expect(answered(pace(), sizes, 0.04, 0.002).every(Boolean)).toBe(true)
})

test('a batch that would hold the event loop is answered elsewhere', () => {
  const slow = pace()
  answered(slow, [1, 2, 4, 8], 0.01, 0.02)
  expect([slow.here(8), slow.here(64)]).toEqual([true, false])
})

test('one batch that another program held up changes nothing', () => {
  const held = pace()
  answered(held, [64, 64, 64], 0.04, 0.002)
  held.note(64, 300)
  expect(held.here(64)).toBe(true)
})

test('a memory that has grown is noticed, and after a while tried again', () => {
  const grown = pace()
  answered(grown, [64, 64, 64], 0.04, 0.002)
  expect(answered(grown, Array(80).fill(64), 0.04, 0.02)).toContain(false)
  expect(answered(grown, Array(200).fill(64), 0.04, 0.002)).toContain(true)
})

test.each([{ temperature: 1 }, { maxSweeps: 201 }, { maxSteps: 201 }])('never here: %o', (options) => {
  expect(pace(options).here(1)).toBe(false)
})

test('never here: a memory of more numbers than are tried', () => {
  expect(new Pace(2 ** 20 + 1, {}, 0.4).here(1)).toBe(false)
})

test('what a row takes grows with what a memory has stored', () => {
  const spins = new HopfieldNetwork({ neurons: 64 })
  const vectors = new ModernHopfield({ dimension: 2 })
  const works = [served(spins), served(vectors)].flatMap(({ questions: { recall, nearest } }) => [
    () => recall.work(),
    () => nearest?.work(),
  ])
  expect(works.map((work) => work())).toEqual([0, 0, 0, 0])
  spins.store(randomPatterns({ count: 3, neurons: 64 }))
  vectors.store([1, 0, 0, 1])
  expect(works.map((work) => work())).toEqual([192, 192, 4, 4])
})
