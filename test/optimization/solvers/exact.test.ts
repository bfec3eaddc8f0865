import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { randomPatterns } from '../../../src/index.js'
import { exact, exactAsync, IsingProblem, maxCut, parseQubo, qubo, tabu } from '../../../src/optimization.js'
import { BACKENDS } from '../../helpers/backends.js'
import { FIXED } from '../../helpers/property.js'
import { enumerate, HAS_INSTANCES, instance, slowEnergy } from '../helpers.js'

const problems = fc.integer({ min: 1, max: 11 }).chain((n) => {
  const variable = fc.integer({ min: 0, max: n - 1 })
  const weight = fc.integer({ min: -6, max: 6 })
  return fc.record({
    n: fc.constant(n),
    edges: fc.array(fc.tuple(variable, variable, weight), { maxLength: 60 }),
    fields: fc.option(fc.array(weight, { minLength: n, maxLength: n }), { nil: undefined }),
  })
})

const Z = 12

describe.each(BACKENDS)('exact, %s', (backend) => {
  it('finds the least energy, and how many states have it', () => {
    const property = fc.property(problems, ({ n, edges, fields }) => {
      const problem = IsingProblem.from({ variables: n, edges, ...(fields && { fields }), offset: 1 })
      const { energy, states } = enumerate(problem)
      const found = exact(problem, { backend })
      expect(found).toMatchObject({ energy, minima: states.length, stopped: 'end' })
      expect(slowEnergy(problem, found.state)).toBe(energy)
      expect(found.value).toBe(energy)
      expect(Array.from(found.states.unpack())).toEqual(Array.from(found.state))
      expect(Array.from(found.energies)).toEqual([energy])
    })
    fc.assert(property, { ...FIXED, numRuns: 60 })
  })

  it('finds it with real numbers, and beyond 32-bit sums', () => {
    for (const scale of [1 / 7, 2 ** 30]) {
      const edges = Array.from(
        { length: 40 },
        (_, k) => [k % Z, (k * 5 + 1) % Z, scale * (((k * 37) % 19) - 9)] as const,
      )
      const problem = IsingProblem.from({ edges, variables: Z })
      const { energy, state } = exact(problem, { backend })
      const least = Math.min(
        ...Array.from({ length: 2 ** Z }, (_, t) =>
          slowEnergy(
            problem,
            Array.from({ length: Z }, (_, i) => ((t >>> i) & 1 ? 1 : -1)),
          ),
        ),
      )
      // Twelve sums of up to twelve numbers of magnitude 9·scale·12, each rounded to 53 bits.
      expect(Math.abs(energy - least)).toBeLessThan(scale * 1e-10)
      expect(energy).toBe(problem.energy(state))
    }
  })

  it('solves dense problems in parts, off the event loop as well', async () => {
    const edges: [number, number, number][] = []
    for (let i = 0; i < 18; i++) for (let j = 0; j < i; j++) edges.push([i, j, ((i * 7 + j * 13) % 11) - 5])
    const problem = IsingProblem.from({ edges })
    const found = exact(problem, { backend })
    const { history, ...rest } = await exactAsync(problem, { backend, threads: 2 })
    expect({ ...rest, history: [] }).toEqual({ ...found, history: [] })
    expect(history.at(-1)?.[1]).toBe(found.energy)
    expect(found.energy).toBe(enumerate(problem).energy)
  })
})

describe('exact by dynamic programming', () => {
  it('solves trees of any size: no bond is unsatisfied', () => {
    const edges = Array.from({ length: 999 }, (_, k) => [k + 1, (k * 7919) % (k + 1), (k % 5) - 2.5] as const)
    const { energy, minima, state } = exact(IsingProblem.from({ edges }))
    expect(energy).toBe(-edges.reduce((sum, [, , w]) => sum + Math.abs(w), 0))
    expect(minima).toBe(2)
    for (const [i, j, w] of edges) expect(state[i] * state[j]).toBe(Math.sign(w))
  })

  it('solves rings: one bond of a frustrated one is unsatisfied, at any of them', () => {
    const ring = Array.from({ length: 101 }, (_, k) => [k, (k + 1) % 101, -1] as const)
    expect(exact(IsingProblem.from({ edges: ring }))).toMatchObject({ energy: -99, minima: 202 })
  })

  it('solves lattices of ±1 as enumeration does', () => {
    const lattice = (width: number, height: number, seed: number) => {
      const edges: [number, number, number][] = []
      const signs = randomPatterns({ count: 2, neurons: width * height, seed })
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          const at = y * width + x
          if (x + 1 < width) edges.push([at, at + 1, signs[at]])
          if (y + 1 < height) edges.push([at, at + width, signs[width * height + at]])
        }
      }
      return IsingProblem.from({ edges })
    }
    const small = lattice(4, 4, 1)
    const { energy, states } = enumerate(small)
    expect(exact(small)).toMatchObject({ energy, minima: states.length })
    const strip = lattice(8, 60, 2)
    const long = exact(strip)
    expect(long.energy).toBe(strip.energy(long.state))
    expect(tabu(strip, { numReads: 3 }).energy).toBeGreaterThanOrEqual(long.energy)
    // −1.4015 a variable in the bulk of the ±J model (Hartmann and Young 2001); 1.87 of 2 bonds are left at these edges, and one strip of 480
    // differs from the mean by some 0.75/√480 = 0.034.
    expect(Math.abs(long.energy / 480 + 1.4015 * (1.87 / 2))).toBeLessThan(4 * 0.034)
  })

  it('solves wide lattices from end to end', () => {
    const [width, height] = [11, 20]
    // A product of hidden signs, so that all couplings can be satisfied at once: in two states.
    const hidden = randomPatterns({ count: 1, neurons: width * height, seed: 3 })
    const edges: [number, number, number][] = []
    for (let at = 0; at < width * height; at++) {
      for (const [step, there] of [
        [1, (at + 1) % width !== 0],
        [width, at + width < width * height],
      ] as const)
        if (there) edges.push([at, at + step, hidden[at] * hidden[at + step]])
    }
    const { energy, minima, state } = exact(IsingProblem.from({ edges }))
    expect([energy, minima]).toEqual([-edges.length, 2])
    expect(state).toEqual(hidden.map((sign) => sign * hidden[0] * state[0]))
  })

  it('takes parts that are not connected, and variables without any', () => {
    const problem = IsingProblem.from({
      variables: 40,
      edges: [
        [0, 1],
        [38, 39, -2],
      ],
    })
    expect(exact(problem)).toMatchObject({ energy: -3, minima: 2 ** 38 })
  })
})

describe('what exact says', () => {
  it('tells values and solutions in the words of the problem', () => {
    const square = maxCut([
      [0, 1],
      [1, 2],
      [2, 3],
      [3, 0],
    ])
    expect(exact(square)).toMatchObject({ value: 4, energy: -4, minima: 2, solution: { cut: 4 } })
    expect(
      exact(
        qubo([
          [-1, 2],
          [0, -1],
        ]),
      ).value,
    ).toBe(-1)
    expect(exact(IsingProblem.from({ fields: [-3] }))).toMatchObject({ energy: -3, state: Int8Array.of(-1) })
  })

  it('stops at a target or when time is over, and says so', () => {
    const edges: [number, number, number][] = []
    for (let i = 0; i < 30; i++) for (let j = 0; j < i; j++) edges.push([i, j, ((i * 7 + j * 13) % 11) - 5])
    const problem = IsingProblem.from({ edges })
    expect(exact(problem, { maxTime: 0 })).toMatchObject({ stopped: 'time', minima: undefined })
    const stopped = exact(problem, { target: -100 })
    expect(stopped.stopped).toBe('target')
    expect(stopped.value).toBeLessThanOrEqual(-100)
  })

  it('refuses what it cannot prove, and says what to do', () => {
    const edges: [number, number][] = []
    for (let i = 0; i < 40; i++) for (let j = 0; j < i; j++) edges.push([i, j])
    expect(() => exact(maxCut(edges))).toThrow('exact: problem: expected at most 32 variables')
    expect(() => exact(IsingProblem.from({}))).toThrow(
      'exact: problem: expected at least one variable, got 0',
    )
    expect(() => exact({} as never)).toThrow('exact: problem: expected an IsingProblem')
    expect(() => exact(maxCut([[0, 1]]), { seed: 1 } as never)).toThrow('exact: unknown option "seed"')
  })
})

describe.skipIf(!HAS_INSTANCES)('known optima', () => {
  it('gka1b: −133, among all 2^20 states', () => {
    const problem = parseQubo(instance('qubo/gka1b.sparse'))
    expect(exact(problem)).toMatchObject({ value: -133, energy: -133, stopped: 'end' })
  })
})
