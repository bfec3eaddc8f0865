import { describe, expect, it } from 'vitest'
import { ContinuousHopfield } from '../../../src/index.js'
import {
  exact,
  IsingProblem,
  meanField,
  meanFieldAsync,
  parseGset,
  parseQubo,
} from '../../../src/optimization.js'
import { BACKENDS } from '../../helpers/backends.js'
import { HAS_INSTANCES, instance, signedGraph, slowEnergy } from '../helpers.js'

const without = <T extends { history: unknown }>(result: T) => ({ ...result, history: [] })

describe('meanField', () => {
  it('tells energies that the states have, counted in plain loops', () => {
    const problem = signedGraph(60, 6, 1)
    const result = meanField(problem, { numReads: 14, numSweeps: 100, seed: 4 })
    for (const [b, energy] of result.energies.entries())
      expect(slowEnergy(problem, result.states.pattern(b))).toBe(energy)
    expect(result).toMatchObject({
      stopped: 'end',
      sweeps: 100,
      seed: 4,
      energy: Math.min(...result.energies),
    })
  })

  it('is the same on every backend, for any number of threads, in any company, whole couplings or real', async () => {
    for (const problem of [
      signedGraph(40, 8, 3),
      IsingProblem.from({
        couplings: Array.from({ length: 30 }, (_, i) =>
          Float64Array.from({ length: 30 }, (_, j) => Math.sin((i + 1) * (j + 1))),
        ),
        fields: Array.from({ length: 30 }, (_, i) => Math.cos(i)),
      }),
    ]) {
      const options = { numReads: 14, numSweeps: 50, seed: 7n }
      const first = without(meanField(problem, options))
      for (const backend of BACKENDS) {
        expect(without(meanField(problem, { ...options, backend }))).toEqual(first)
        expect(without(await meanFieldAsync(problem, { ...options, backend, threads: 3 }))).toEqual(first)
      }
      expect(meanField(problem, { ...options, numReads: 3 }).energies).toEqual(first.energies.slice(0, 3))
    }
  })

  it('leads where the network of graded neurons does', () => {
    // In a ferromagnet both come to m = tanh(β(k·m + b)) and so to the sign of the field.
    const couplings = Array.from({ length: 6 }, (_, i) => Int8Array.from({ length: 6 }, (_, j) => +(i !== j)))
    const fields = new Float64Array(6).fill(0.25)
    const network = new ContinuousHopfield({
      neurons: 6,
      weights: couplings.flatMap((row) => [...row]),
      gain: 2,
      externalField: fields,
    })
    const { state } = network.recall(new Float64Array(6).fill(0.1))
    const found = meanField(IsingProblem.from({ couplings, fields }), {
      betas: new Float64Array(200).fill(2),
    })
    expect([...found.state]).toEqual(Array.from(state, Math.sign))
  })

  it.runIf(HAS_INSTANCES)('solves small real instances and comes near on G1', () => {
    for (const [name, best] of [
      ['gka1b', -133],
      ['gka1a', -3414],
    ] as const) {
      expect(meanField(parseQubo(instance(`qubo/${name}.sparse`)), { target: best })).toMatchObject({
        value: best,
      })
    }
    expect(meanField(parseGset(instance('gset/G1.txt.gz')), { numSweeps: 200 }).value).toBeGreaterThan(11_450)
  })

  it('begins where it is told, and finds what few variables have', () => {
    const problem = signedGraph(12, 4, 5)
    const start = exact(problem).state
    expect(meanField(problem, { initialStates: start, numSweeps: 40 }).energies).toHaveLength(1)
    for (const seed of [1, 2, 3]) expect(meanField(problem, { seed }).energy).toBe(exact(problem).energy)
  })

  it('takes a schedule of one sweep, one variable, fields alone, and nothing at all', () => {
    expect(meanField(IsingProblem.from({ fields: [2.5] }), { numSweeps: 1 })).toMatchObject({
      energy: -2.5,
      sweeps: 1,
    })
    expect(
      meanField(IsingProblem.from({ fields: [1, -2, 0] }), { betas: [Number.POSITIVE_INFINITY] }).energy,
    ).toBe(-3)
    expect(meanField(IsingProblem.from({ variables: 3 }), { betas: [0] }).energy).toBe(0)
    expect(() => meanField(IsingProblem.from({ variables: 0 }))).toThrow('at least one variable')
  })

  it('stays right where numbers are as large as they may be', () => {
    const problem = IsingProblem.from({
      edges: [
        [0, 1, 1e100],
        [1, 2, -1e100],
      ],
      fields: [1e100, 0, 0],
    })
    expect(meanField(problem)).toMatchObject({
      energy: -(1e100 + 1e100 + 1e100),
      state: Int8Array.of(1, 1, -1),
    })
  })

  it('heeds maxTime, a target and a signal', async () => {
    const problem = signedGraph(2000, 6, 9)
    expect(meanField(problem, { maxTime: 0 })).toMatchObject({ stopped: 'time' })
    const { stopped } = await meanFieldAsync(problem, { numSweeps: 1e6, maxTime: 30 })
    expect(stopped).toBe('time')
    const signal = AbortSignal.timeout(30)
    await expect(meanFieldAsync(problem, { numSweeps: 1e6, signal })).rejects.toThrow(/abort|timeout/i)
    const { energy } = meanField(signedGraph(40, 6, 2))
    expect(meanField(signedGraph(40, 6, 2), { target: energy, numReads: 1e5 })).toMatchObject({
      stopped: 'target',
      energy,
    })
  })

  it.each([
    [{ step: 0 }, 'step: expected a number'],
    [{ step: 2 }, 'step: expected a number'],
    [{ schedule: 'quadratic' }, 'schedule: expected'],
    [{ betas: [-1] }, 'betas[0]: expected a number, 0 or more'],
    [{ numSweeps: 0 }, 'numSweeps: expected an integer from 1'],
    [{ sweeps: 1 }, 'unknown option "sweeps"'],
  ])('refuses %j', async (options, message) => {
    const problem = IsingProblem.from({ edges: [[0, 1]] })
    expect(() => meanField(problem, options as never)).toThrow(`meanField: ${message}`)
    await expect(meanFieldAsync(problem, options as never)).rejects.toThrow(`meanFieldAsync: ${message}`)
  })
})
