import { expect, test } from 'vitest'
import { randomCodes, SparseAssociativeMemory } from '../src/index.js'

const code = (n: number): { neurons: number; rule: 'willshaw' } => ({ neurons: n, rule: 'willshaw' })

test('random codes have exactly k ones', () => {
  const codes = randomCodes({ neurons: 100, active: 7, count: 50, seed: 1 })
  for (let mu = 0; mu < 50; mu++) {
    expect(codes.subarray(mu * 100, mu * 100 + 100).reduce((sum, bit) => sum + bit, 0)).toBe(7)
  }
})

test('the fill of the matrix is that of Willshaw, and no unit of a stored pattern is missing', () => {
  const codes = randomCodes({ neurons: 1000, active: 10, count: 6931, seed: 2 })
  const memory = new SparseAssociativeMemory(code(1000)).store(codes)
  // 1 − (1 − 90/999000)^6931 = .4644. Of 499500 pairs of units, independent: four standard errors are .0028.
  expect(Math.abs(memory.fill - 0.4644)).toBeLessThan(0.003)
  for (let mu = 0; mu < 6931; mu += 100) {
    const pattern = codes.subarray(mu * 1000, mu * 1000 + 1000)
    const { state } = memory.recall(pattern)
    expect(pattern.every((bit, i) => state[i] >= bit)).toBe(true)
  }
})

test('pairs come back, winners with equal counts are the lowest, and forgetting one is refused', () => {
  const memory = new SparseAssociativeMemory({ ...code(4), outputs: 3 }).store([[1, 1, 0, 0]], [[0, 1, 1]])
  expect([...memory.recall([1, 1, 0, 0]).state]).toEqual([0, 1, 1])
  expect([...memory.recall([1, 0, 0, 0], { winners: 1 }).active]).toEqual([1])
  expect([...memory.recall([1, 1, 1, 0], { threshold: 2 }).active]).toEqual([1, 2])
  expect(() => memory.forget(0)).toThrow(expect.objectContaining({ code: 'ERR_HOPFIELD_OPTION' }))
  expect(() => memory.recall([1, 2, 0, 0])).toThrow('cue[1]: expected 0 or 1, got 2')
  expect(memory.clear().fill).toBe(0)
})
