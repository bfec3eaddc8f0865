import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { WordStream } from '../../src/numerics/philox.js'
import { IsingProblem } from '../../src/optimization.js'
import { realData } from '../helpers/data.js'

/** Whether the real instances are here. */
export const HAS_INSTANCES: boolean = ['gset', 'qubo', 'tsp'].every((name) => realData(name) !== undefined)

/** A file of the real instances. */
export function instance(path: string): string {
  const bytes = readFileSync(realData(path) as string)
  return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')
}

/** ±1 couplings of a random graph. */
export function signedGraph(n: number, degree: number, seed: number): IsingProblem {
  const edges = Array.from({ length: (n * degree) / 2 }, (_, k) => {
    const x = Math.imul(k * 2 + seed, 2654435761) >>> 0
    return [x % n, (x >>> 11) % n, x & 0x80000000 ? 1 : -1] as const
  })
  return IsingProblem.from({ variables: n, edges: edges.filter(([i, j]) => i !== j) })
}

/** State number t: bit i is variable i. */
export function stateOf(t: number, variables: number): Int8Array {
  return Int8Array.from({ length: variables }, (_, i) => ((t >>> i) & 1 ? 1 : -1))
}

/** E straight from couplings, fields and offset, in plain loops over what the problem shows. */
export function slowEnergy(problem: IsingProblem<unknown>, state: ArrayLike<number>): number {
  const { indptr, indices, data } = problem.couplings as unknown as Record<string, ArrayLike<number>>
  const fields = problem.fields
  let twice = 0
  for (let i = 0; i < problem.variables; i++) {
    for (let k = indptr[i]; k < indptr[i + 1]; k++) twice += data[k] * state[i] * state[indices[k]]
  }
  let single = 0
  for (let i = 0; i < problem.variables; i++) single += fields[i] * state[i]
  return -twice / 2 - single + problem.offset
}

/** Least energy by looking at all states, one flip after the other (Gray 1953): for whole numbers, which no sum rounds. */
export function enumerate(problem: IsingProblem<unknown>): { energy: number; states: Int8Array[] } {
  const n = problem.variables
  const { indptr, indices, data } = problem.couplings as unknown as Record<string, ArrayLike<number>>
  const fields = problem.fields
  const state = new Int8Array(n).fill(-1)
  let now = slowEnergy(problem, state)
  let energy = now
  let states = [state.slice()]
  for (let t = 1; t < 2 ** n; t++) {
    const i = 31 - Math.clz32(t & -t)
    let field = fields[i]
    for (let k = indptr[i]; k < indptr[i + 1]; k++) field += data[k] * state[indices[k]]
    now += 2 * state[i] * field
    state[i] = -state[i]
    if (now < energy) states = []
    if (now <= energy) states.push(state.slice())
    energy = Math.min(now, energy)
  }
  return { energy, states }
}

export type Weigh = (draw: WordStream) => number
export const WEIGHTS: Record<string, Weigh> = {
  '±1': (draw) => (draw.word() & 1 ? 1 : -1),
  integers: (draw) => draw.bounded(2001) - 1000,
  reals: (draw) => draw.uniform() - 0.5,
}

/** A random graph with a field on each variable. */
export function glass(n: number, pairs: number, weigh: Weigh, seed: number): IsingProblem {
  const draw = new WordStream(seed, 1).seek(0, 0)
  const edges = Array.from({ length: pairs }, () => {
    const i = draw.bounded(n)
    return [i, (i + 1 + draw.bounded(n - 1)) % n, weigh(draw)] as const
  })
  return IsingProblem.from({ variables: n, edges, fields: Array.from({ length: n }, () => weigh(draw)) })
}

/** A result without what the clock says. */
export const timeless = <T extends { history: unknown }>(result: T): T => ({ ...result, history: [] })
