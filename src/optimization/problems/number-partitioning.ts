import { allocate, describe, HopfieldError, within } from '../../errors.js'
import type { NumbersLike, Uint32s } from '../../input/typed-arrays.js'
import { element, lengthOf } from '../../input/validate.js'
import { narrowed } from './coupling-table.js'
import { type IsingProblem, problemOf } from './ising-problem.js'
import { sidesOf } from './max-cut.js'

/** Numbers in two heaps. */
export interface Partition {
  /** Indices of the numbers in each heap, ascending; s_i = +1 is left. */
  left: Uint32s
  right: Uint32s
  /** Sums of both heaps. */
  sums: readonly [left: number, right: number]
  /** |Σ left − Σ right|. */
  difference: number
}

/** N² couplings of f64 in 256 megabytes. */
const MOST_NUMBERS = 4096

/**
 * Number partitioning: two heaps of numbers whose sums are as equal as can be. E = (Σ a_i s_i)², so J_ij = −2 a_i a_j (Lucas 2014).
 * `value` is the difference of the sums, of whole numbers exact even where energies beyond 2^53 are rounded.
 * @param numbers at most 4096, of magnitude at most 1e50.
 * @throws HopfieldError ERR_HOPFIELD_VALUE naming the first number that is wrong; ERR_HOPFIELD_TYPE, _RANGE.
 */
export function numberPartitioning(numbers: NumbersLike): IsingProblem<Partition> {
  try {
    const a = readNumbers(numbers)
    const n = a.length
    const exactly = a.every(Number.isInteger) && a.reduce((sum, x) => sum + Math.abs(x), 0) >= 2 ** 53
    const sumsOf = (state: Int8Array): Pick<Partition, 'sums' | 'difference'> => {
      const sum = (side: number): number => a.reduce((total, x, i) => total + (state[i] === side ? x : 0), 0)
      const sums = [sum(1), sum(-1)] as const
      if (!exactly) return { sums, difference: Math.abs(sums[0] - sums[1]) }
      const difference = a.reduce((total, x, i) => total + BigInt(x) * BigInt(state[i]), 0n)
      return { sums, difference: Math.abs(Number(difference)) }
    }
    const model = () => {
      const all = n * Math.max(n - 1, 0)
      const starts = Uint32Array.from({ length: n + 1 }, (_, i) => i * Math.max(n - 1, 0))
      const sources = allocate('numbers', all * 12, () => new Uint32Array(all))
      const products = new Float64Array(all)
      let offset = 0
      for (let i = 0, k = 0; i < n; i++) {
        offset += a[i] * a[i]
        for (let j = 0; j < n; j++) {
          if (j === i) continue
          sources[k] = j
          products[k++] = -2 * (a[i] * a[j]) + 0
        }
      }
      const table = withoutZeros(n, starts, sources, products)
      return { table, fields: undefined, scale: 1, offset }
    }
    return problemOf(n, model, {
      sense: 'min',
      value: (state) => sumsOf(state).difference,
      // A difference is the root of an energy.
      bound: (energy) => Math.sqrt(Math.max(energy, 0)) * (1 - 2 ** -50),
      decode: (state) => ({ ...sidesOf(state), ...sumsOf(state) }),
    })
  } catch (error) {
    throw within('numberPartitioning', error)
  }
}

function withoutZeros(n: number, starts: Uint32Array, sources: Uint32Array, products: Float64Array) {
  let at = 0
  let from = 0
  for (let i = 0; i < n; i++) {
    const end = starts[i + 1]
    starts[i] = at
    for (let k = from; k < end; k++) {
      if (products[k] === 0) continue
      sources[at] = sources[k]
      products[at++] = products[k]
    }
    from = end
  }
  starts[n] = at
  return { starts, sources: sources.slice(0, at), weights: narrowed(products.subarray(0, at)) }
}

function readNumbers(given: unknown): readonly number[] {
  const length = lengthOf(given)
  if (length < 0) {
    throw new HopfieldError('ERR_HOPFIELD_TYPE', `numbers: expected an array, got ${describe(given)}`)
  }
  if (length > MOST_NUMBERS) {
    throw new HopfieldError('ERR_HOPFIELD_RANGE', `numbers: expected at most ${MOST_NUMBERS}, got ${length}`)
  }
  return Array.from({ length }, (_, i) => {
    const x = element(given as ArrayLike<unknown>, i)
    if (typeof x === 'number' && Math.abs(x) <= 1e50) return x
    throw new HopfieldError(
      'ERR_HOPFIELD_VALUE',
      `numbers[${i}]: expected a number from -1e50 to 1e50, got ${describe(x)}`,
    )
  })
}
