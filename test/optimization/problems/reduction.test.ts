import { describe, expect, it } from 'vitest'
import { rowWords } from '../../../src/kernels/contract/layout.js'
import { isingOf, problemOfIsing } from '../../../src/optimization/problems/ising-problem.js'
import { type Reduced, reduction } from '../../../src/optimization/problems/reduction.js'
import { exact, IsingProblem } from '../../../src/optimization.js'
import { atOnce } from '../../../src/platform/turn.js'
import { glass, slowEnergy, stateOf, WEIGHTS } from '../helpers.js'

function reducedOf(problem: IsingProblem): Reduced | undefined {
  return atOnce(reduction(isingOf(problem)))
}

/** The state of the whole problem that state number t of the smaller one tells. */
function expanded(reduced: Reduced, t: number, variables: number): Int8Array {
  const row = new Uint32Array(rowWords(reduced.ising.variables))
  if (row.length > 0) row[0] = t
  const out = reduced.expand(row)
  return Int8Array.from({ length: variables }, (_, i) => ((out[i >>> 5] >>> (i & 31)) & 1 ? 1 : -1))
}

describe('reduction', () => {
  it.each(
    Object.entries(WEIGHTS),
  )('keeps an optimum, and the energy of every state, with weights of %s', (_, weigh) => {
    let taken = 0
    for (let seed = 0; seed < 20; seed++) {
      const problem = glass(14, 6 + seed, weigh, seed)
      const reduced = reducedOf(problem)
      if (reduced === undefined) continue
      const { variables } = reduced.ising
      taken += 14 - variables
      let least = Number.POSITIVE_INFINITY
      for (let t = 0; t < 2 ** variables; t++) {
        const energy = slowEnergy(problem, expanded(reduced, t, 14))
        least = Math.min(least, energy)
        if (variables === 0 || t % 37 !== 0) continue
        expect(problemOfIsing(reduced.ising).energy(stateOf(t, variables))).toBeCloseTo(energy, 9)
      }
      expect(least).toBeCloseTo(exact(problem).energy, 9)
    }
    expect(taken).toBeGreaterThan(60)
  })

  it('leaves nothing of trees, rings and fields alone', () => {
    const ring = Array.from({ length: 9 }, (_, i) => [i, (i + 1) % 9, i === 4 ? -2 : 1] as const)
    for (const edges of [ring, ring.slice(1), []]) {
      const problem = IsingProblem.from({ variables: 9, edges, offset: 3 })
      const reduced = reducedOf(problem) as Reduced
      expect(reduced.ising.variables).toBe(0)
      expect(problem.energy(expanded(reduced, 0, 9))).toBe(exact(problem).energy)
    }
    const alone = reducedOf(IsingProblem.from({ fields: [1, -2] })) as Reduced
    expect(expanded(alone, 0, 2)).toEqual(Int8Array.of(1, -1))
  })

  it('says that there is nothing to take out', () => {
    const complete = [0, 1, 2, 3, 4].flatMap((i) =>
      [0, 1, 2, 3, 4].slice(i + 1).map((j) => [i, j, -1] as const),
    )
    expect(reducedOf(IsingProblem.from({ edges: complete }))).toBeUndefined()
  })

  it('keeps whole numbers whole', () => {
    const reduced = reducedOf(glass(200, 240, WEIGHTS['±1'], 3)) as Reduced
    expect(reduced.ising.variables).toBeGreaterThan(0)
    expect(reduced.ising.exact).toBe(true)
  })
})
