import { describe, expect, it } from 'vitest'
import { rowWords } from '../../../src/kernels/contract/layout.js'
import { contraction } from '../../../src/optimization/problems/contraction.js'
import { isingOf, problemOfIsing } from '../../../src/optimization/problems/ising-problem.js'
import { IsingProblem } from '../../../src/optimization.js'
import { glass, slowEnergy, stateOf, WEIGHTS } from '../helpers.js'

const N = 14

function packed(states: readonly number[], n = N): Uint32Array {
  const words = rowWords(n)
  const out = new Uint32Array(states.length * words)
  for (const [k, t] of states.entries()) out[k * words] = t & (2 ** n - 1)
  return out
}

function unpacked(row: Uint32Array, n = N): Int8Array {
  return Int8Array.from({ length: n }, (_, i) => ((row[i >>> 5] >>> (i & 31)) & 1 ? 1 : -1))
}

describe('contraction', () => {
  it.each(
    Object.entries(WEIGHTS),
  )('has states with the energies of those they tell, with weights of %s', (_, weigh) => {
    for (let seed = 0; seed < 12; seed++) {
      const problem = glass(N, 10 + 3 * seed, weigh, seed)
      const parents = packed([0x1a2b + 77 * seed, 0x1a0f + 5 * seed, 0x3a2b])
      const contracted = contraction(isingOf(problem), parents)
      const { variables } = contracted.ising
      for (let t = 0; t < 2 ** variables; t += variables > 6 ? 13 : 1) {
        const row = new Uint32Array(rowWords(variables)).fill(t, 0, 1)
        const state = unpacked(contracted.expand(row))
        const energy =
          variables === 0
            ? contracted.ising.model.offset
            : problemOfIsing(contracted.ising).energy(stateOf(t, variables))
        expect(energy).toBeCloseTo(slowEnergy(problem, state), 9)
        expect(contracted.restrict(contracted.expand(row))).toEqual(row)
      }
    }
  })

  it('has its parents among its states', () => {
    for (let seed = 0; seed < 12; seed++) {
      // Without fields and with.
      const whole = glass(N, 30, WEIGHTS['±1'], seed)
      const { indptr, indices, data } = whole.couplings
      const plain = IsingProblem.from({ couplings: { indptr, indices, data }, variables: N })
      for (const problem of [whole, plain]) {
        const parents = packed([0x155 * (seed + 3), 0x2f1 * (seed + 1), 0x777 * seed, 0x3fff])
        const contracted = contraction(isingOf(problem), parents)
        for (let k = 0; k < 4; k++) {
          const parent = parents.slice(k * rowWords(N), (k + 1) * rowWords(N))
          expect(contracted.expand(contracted.restrict(parent))).toEqual(parent)
        }
      }
    }
  })

  it('keeps apart what the parents agree about but nothing connects, and holds fast what agrees with a field', () => {
    const pairs = IsingProblem.from({ edges: [[0, 1, 1], [2, 3, -1]], fields: [0, 0, 0, 0, 1], variables: 5 }) // biome-ignore format: pairs
    const { ising } = contraction(isingOf(pairs), packed([0b10011, 0b11100], 5))
    expect(ising.variables).toBe(2)
    expect(ising.model.table.sources).toHaveLength(0)
    expect(contraction(isingOf(pairs), packed([0b10011], 5)).ising.variables).toBe(2)
  })
})
