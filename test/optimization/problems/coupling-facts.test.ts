import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { factsOf, inRows } from '../../../src/optimization/problems/coupling-facts.js'
import { isingOf } from '../../../src/optimization/problems/ising-problem.js'
import { IsingProblem } from '../../../src/optimization.js'
import { atOnce } from '../../../src/platform/turn.js'
import { FIXED } from '../../helpers/property.js'

describe('what solvers ask of all couplings', () => {
  it('is what their definitions say', () => {
    const whole = fc.integer({ min: -9, max: 9 })
    const rows = fc.array(fc.array(whole, { minLength: 6, maxLength: 6 }), { minLength: 6, maxLength: 6 })
    const property = fc.property(rows, fc.array(whole, { minLength: 6, maxLength: 6 }), (numbers, given) => {
      const couplings = numbers.map((row, i) =>
        row.map((_, j) => (i === j ? 0 : numbers[i][j] + numbers[j][i])),
      )
      const { model, facts } = isingOf(IsingProblem.from({ couplings, fields: given }))
      const b = model.fields ?? new Float64Array(6)
      // In the unit in which the problem has them: all are whole.
      const J = couplings.map((row) => row.map((x) => x * model.scale))
      const all = J.flat()
      const sum = (values: number[]): number => values.reduce((total, x) => total + x, 0)
      const ofRow = (of: (x: number) => number): number[] => J.map((row, i) => sum(row.map(of)) + of(b[i]))
      expect(facts).toEqual({
        exact: true,
        span: sum(all.map(Math.abs)) / 2 + sum(Array.from(b, Math.abs)),
        squares: sum(all.map((x) => x * x)),
        most: Math.max(...ofRow(Math.abs)),
        odd: ofRow((x) => x).some((x) => x % 2 !== 0),
      })
    })
    fc.assert(property, FIXED)
  })

  it('is not exact with a number that is not whole, nor where sums are too large', () => {
    const table = (weights: Float64Array) => ({
      starts: Uint32Array.of(0, 1, 2),
      sources: Uint32Array.of(1, 0),
      weights,
    })
    const exact = (x: number, b: number): boolean =>
      atOnce(factsOf(table(Float64Array.of(x, x)), Float64Array.of(b, 0))).exact
    expect([exact(3, 1), exact(3.5, 1), exact(3, 0.5), exact(2 ** 53, 0)]).toEqual([
      true,
      false,
      false,
      false,
    ])
  })

  it('is found in steps that hold every row once', () => {
    const starts = Uint32Array.from({ length: 1001 }, (_, i) => i * 999)
    const parts = [...inRows({ starts, sources: new Uint32Array(0), weights: new Int32Array(0) })]
    expect(parts.length).toBeGreaterThan(10)
    expect(parts.map(([from]) => from)).toEqual([0, ...parts.slice(0, -1).map(([, to]) => to)])
    expect(parts.at(-1)?.[1]).toBe(1000)
  })
})
