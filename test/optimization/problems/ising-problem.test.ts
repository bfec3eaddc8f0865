import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HopfieldNetwork, randomPatterns } from '../../../src/index.js'
import {
  fromBinaryQuadraticModel,
  graphColouring,
  IsingProblem,
  maxCut,
  parseGset,
  parseIsing,
  parseQubo,
  qubo,
  toBinaryQuadraticModel,
  tsp,
} from '../../../src/optimization.js'
import { FIXED } from '../../helpers/property.js'
import { slowEnergy, stateOf } from '../helpers.js'

const spin = fc.constantFrom(-1, 1)
/** Pairs with repeats and loops, fields and a state. */
const systems = (weight: fc.Arbitrary<number>) =>
  fc.integer({ min: 1, max: 9 }).chain((n) => {
    const variable = fc.integer({ min: 0, max: n - 1 })
    return fc.record({
      n: fc.constant(n),
      edges: fc.array(fc.tuple(variable, variable, weight), { maxLength: 20 }),
      fields: fc.array(weight, { minLength: n, maxLength: n }),
      state: fc.array(spin, { minLength: n, maxLength: n }),
    })
  })
const whole = systems(fc.integer({ min: -1000, max: 1000 }))
const real = systems(fc.integer({ min: -1000, max: 1000 }).map((x) => x / 64))

describe('the energy of an Ising problem', () => {
  it.each([
    ['whole numbers', whole],
    ['sixty-fourths', real],
  ])('is Σ over the pairs as they were given, exactly, of %s', (_, of) => {
    const property = fc.property(of, ({ n, edges, fields, state }) => {
      const problem = IsingProblem.from({ edges, fields, offset: 3 })
      const pairs = edges.reduce((sum, [i, j, w]) => sum - w * state[i] * state[j], 0)
      const expected = pairs - fields.reduce((sum, b, i) => sum + b * state[i], 0) + 3
      expect(problem.variables).toBe(n)
      expect(problem.energy(state)).toBe(expected + 0)
      expect(problem.value(state)).toBe(expected + 0)
      expect(slowEnergy(problem, state)).toBe(expected + 0)
      expect(problem.lowerBound).toBeLessThanOrEqual(expected)
    })
    fc.assert(property, FIXED)
  })

  it('is the same of pairs, of a matrix and of compressed rows', () => {
    const property = fc.property(whole, ({ n, edges, fields, state }) => {
      const matrix = new Float64Array(n * n)
      for (const [i, j, w] of edges) {
        matrix[i * n + j] += w
        matrix[j * n + i] += w
      }
      const rows = Array.from({ length: n }, (_, i) => matrix.subarray(i * n, (i + 1) * n))
      const indptr = Uint32Array.from({ length: n + 1 }, (_, i) => i * n)
      const indices = Uint32Array.from({ length: n * n }, (_, k) => k % n)
      const expected = IsingProblem.from({ edges, fields }).energy(state)
      for (const couplings of [matrix, rows, { indptr, indices, data: matrix }]) {
        expect(IsingProblem.from({ couplings, fields }).energy(state)).toBe(expected)
      }
    })
    fc.assert(property, FIXED)
  })

  it('says how many pairs came again, in lists in either order and in compressed rows at the same place', () => {
    const edges: [number, number, number][] = [
      [0, 1, 2],
      [1, 2, 1],
      [1, 0, 3],
      [2, 2, 1],
      [2, 2, 1],
      [0, 1, -5],
    ]
    const from = edges.map(([i]) => i)
    const to = edges.map(([, j]) => j)
    const lines = `3 6\n${edges.map(([i, j, w]) => `${i + 1} ${j + 1} ${w}\n`).join('')}`
    for (const problem of [
      IsingProblem.from({ edges }),
      maxCut({ from, to }),
      qubo({ from, to }),
      parseGset(lines),
      parseQubo(lines),
      parseIsing(lines),
      fromBinaryQuadraticModel({ vartype: 'SPIN', linear: [1, 1, 1], quadratic: edges }),
      fromBinaryQuadraticModel({ vartype: 'BINARY', linear: [1, 1, 1], quadratic: edges }),
    ])
      expect(problem.repeatedPairs).toBe(3)
    const rows = { indptr: [0, 3, 5], indices: [1, 0, 1, 0, 0], data: [1, 4, 2, 1, 2] }
    expect(IsingProblem.from({ couplings: rows }).repeatedPairs).toBe(2)
    expect(qubo(rows).repeatedPairs).toBe(2)
    expect(qubo([0, 1, 2, 0]).repeatedPairs).toBe(0)
    expect(graphColouring([[0, 1], [1, 0]], { colours: 2 }).repeatedPairs).toBe(1) // biome-ignore format: short
    expect(tsp([[0, 0], [1, 0], [0, 1]]).repeatedPairs).toBe(0) // biome-ignore format: short
  })

  it('does not depend on the order of compressed rows, nor on repeats that add up', () => {
    const sorted = { indptr: [0, 2, 4, 6], indices: [1, 2, 0, 2, 0, 1], data: [5, -2, 5, 4, -2, 4] }
    const shuffled = {
      indptr: [0, 3, 6, 9],
      indices: [2, 1, 1, 2, 0, 1, 1, 0, 2],
      data: [-2, 2, 3, 4, 5, 8, 4, -2, 0],
    }
    const one = IsingProblem.from({ couplings: sorted })
    const other = IsingProblem.from({ couplings: shuffled })
    expect(other.couplings).toEqual(one.couplings)
    expect(other.offset).toBe(one.offset - 4)
    for (const indices of [
      [1, 2, 0, 2, 0, 1],
      [2, 1, 0, 2, 0, 1],
    ]) {
      const wrong = { ...sorted, indices, data: [5, 5, 5, 4, 5, 9] }
      expect(() => IsingProblem.from({ couplings: wrong })).toThrow(
        'expected a symmetric matrix, got 4 at [1][2] and 9 at [2][1]',
      )
    }
  })

  it('is the same of many states and of one', () => {
    const problem = IsingProblem.from({
      edges: [
        [0, 1, 2.5],
        [1, 2, -1],
      ],
      fields: [1, 0, -0.25],
    })
    const states = Array.from({ length: 8 }, (_, t) => stateOf(t, 3))
    expect(problem.energies(states)).toEqual(Float64Array.from(states, (state) => problem.energy(state)))
  })

  it('keeps whole couplings as integers, of any width', () => {
    for (const Kind of [Int8Array, Int16Array, Int32Array, Float32Array, Float64Array, BigInt64Array]) {
      const weights = (Kind as typeof BigInt64Array).from(
        [-3, 2].map((x) => (Kind === BigInt64Array ? BigInt(x) : x)) as never,
      )
      const problem = IsingProblem.from({ edges: { from: [0, 1], to: [1, 2], weights } })
      expect(problem.couplings.data).toEqual(Int32Array.of(-3, -3, 2, 2))
    }
    expect(IsingProblem.from({ edges: [[0, 1, 0.5]] }).couplings.data).toEqual(Float64Array.of(0.5, 0.5))
    expect(IsingProblem.from({ edges: [[0, 1, -(2 ** 31)]] }).couplings.data).toBeInstanceOf(Float64Array)
  })

  it('is exact below 2^53, and says where it is not', () => {
    const large = IsingProblem.from({
      edges: [
        [0, 1, 2 ** 51],
        [1, 2, 2 ** 51 + 1],
      ],
    })
    expect(large.exact).toBe(true)
    expect(large.energy([1, 1, 1])).toBe(-(2 ** 52) - 1)
    expect(IsingProblem.from({ edges: [[0, 1, 2 ** 53]] }).exact).toBe(false)
    expect(IsingProblem.from({ edges: [[0, 1, 2 ** 53]] }).energy([1, -1])).toBe(2 ** 53)
    expect(IsingProblem.from({ edges: [[0, 1, 0.5]] }).exact).toBe(false)
  })
})

describe('what an Ising problem is made of', () => {
  it('adds up pairs that are there twice, in either order, and drops what adds up to nothing', () => {
    const { couplings, edgeCount } = IsingProblem.from({
      edges: [
        [0, 1, 2],
        [1, 0, 3],
        [1, 2, 1],
        [2, 1, -1],
      ],
    })
    expect(edgeCount).toBe(1)
    expect(couplings).toEqual({
      indptr: Uint32Array.of(0, 1, 2, 2),
      indices: Uint32Array.of(1, 0),
      data: Int32Array.of(5, 5),
    })
  })

  it('takes variables with themselves as a constant', () => {
    expect(IsingProblem.from({ edges: [[0, 0, 4]] }).energy([-1])).toBe(-4)
    expect(IsingProblem.from({ couplings: [[4]] }).energy([-1])).toBe(-2)
  })

  it('may have no variable, one, or parts that are not connected', () => {
    const none = IsingProblem.from({ offset: 7 })
    expect([none.variables, none.energy([]), none.value([]), none.lowerBound]).toEqual([0, 7, 7, 7])
    expect(IsingProblem.from({ fields: [2] }).energy([1])).toBe(-2)
    expect(
      IsingProblem.from({
        variables: 4,
        edges: [
          [0, 1],
          [2, 3],
        ],
      }).energy([1, 1, -1, -1]),
    ).toBe(-2)
  })

  it.each([
    [
      {
        couplings: [
          [0, 1],
          [2, 0],
        ],
      },
      'ERR_HOPFIELD_VALUE',
      'couplings: expected a symmetric matrix, got 1 at [0][1] and 2 at [1][0]',
    ],
    [
      {
        couplings: [
          [0, Number.NaN],
          [0, 0],
        ],
      },
      'ERR_HOPFIELD_VALUE',
      'couplings[0][1]: expected a number',
    ],
    [{ couplings: [0, 1, 1] }, 'ERR_HOPFIELD_SHAPE', 'couplings: expected N × N numbers, got 3'],
    [{ couplings: [[0]], edges: [] }, 'ERR_HOPFIELD_OPTION', 'edges: cannot be combined with couplings'],
    [{ edges: [[0, 1, Number.NaN]] }, 'ERR_HOPFIELD_VALUE', 'edges[0][2]: expected a number'],
    [{ edges: [[0, 1, Number.POSITIVE_INFINITY]] }, 'ERR_HOPFIELD_VALUE', 'edges[0][2]: expected a number'],
    [
      { edges: [[0, 5]], variables: 5 },
      'ERR_HOPFIELD_RANGE',
      'edges[0][1]: expected an integer from 0 to 4, got 5',
    ],
    [{ edges: [[0]] }, 'ERR_HOPFIELD_SHAPE', 'edges[0]: expected [i, j] or [i, j, weight]'],
    [{ edges: 3 }, 'ERR_HOPFIELD_TYPE', 'edges: expected pairs'],
    [{ edges: { from: [0], to: [1, 2] } }, 'ERR_HOPFIELD_SHAPE', 'edges.to: expected 1 variables, got 2'],
    [{ fields: [Number.NaN] }, 'ERR_HOPFIELD_VALUE', 'fields[0]: expected a finite number'],
    [{ fields: [1], variables: 2 }, 'ERR_HOPFIELD_SHAPE', 'fields: expected 2 values, got 1'],
    [{ offset: Number.NaN }, 'ERR_HOPFIELD_VALUE', 'offset: expected a number'],
    [{ couplngs: [] }, 'ERR_HOPFIELD_OPTION', 'unknown option "couplngs"'],
  ])('refuses %j, and says why', (options, code, message) => {
    const make = () => IsingProblem.from(options as never)
    expect(make).toThrow(expect.objectContaining({ code }))
    expect(make).toThrow(`IsingProblem.from: ${message}`)
  })

  it('cannot be constructed by callers, who are told what to call', () => {
    const Class = IsingProblem as unknown as new (ising: unknown) => unknown
    for (const given of [undefined, {}, []])
      expect(() => new Class(given)).toThrow('IsingProblem: cannot be constructed; call IsingProblem.from')
  })

  it('refuses states of another length', () => {
    expect(() => IsingProblem.from({ fields: [1] }).energy([1, 1])).toThrow(
      'energy: state: expected 1 values, got 2',
    )
    expect(() => IsingProblem.from({}).energy([1])).toThrow('energy: state: expected no values')
  })
})

describe('a network as a problem, and a problem as a network', () => {
  const patterns = randomPatterns({ count: 3, neurons: 20, seed: 1 })
  const states = randomPatterns({ count: 10, neurons: 20, seed: 2 })

  it.each([
    ['hebbian', {}],
    ['hebbian as integers', { normalize: 'none' }],
    ['pseudoinverse', { learning: 'pseudoinverse' }],
    ['storkey', { learning: 'storkey' }],
  ] as const)('has the energies of the network: %s', (_, options) => {
    const network = new HopfieldNetwork({ neurons: 20, ...options }).store(patterns)
    const problem = IsingProblem.of(network)
    if (options !== undefined && 'learning' in options) {
      // Real weights are summed in another order: 190 products, each rounded to 53 bits.
      for (let b = 0; b < 10; b++) {
        const state = states.slice(b * 20, (b + 1) * 20)
        expect(Math.abs(problem.energy(state) - network.energy(state))).toBeLessThan(1e-12)
      }
    } else expect(problem.energies(states)).toEqual(network.energyBatch(states))
  })

  it('takes an external field along', () => {
    const network = new HopfieldNetwork({ neurons: 20, normalize: 'none' }).store(patterns)
    const externalField = Float64Array.from({ length: 20 }, (_, i) => i - 7)
    const problem = IsingProblem.of(network, { externalField })
    expect(problem.energies(states)).toEqual(network.energyBatch(states, { externalField }))
  })

  it('goes back to a network with the same energies', () => {
    const problem = IsingProblem.from({
      edges: [
        [0, 1, 2],
        [1, 2, -3],
      ],
      fields: [1, 0, -1],
      offset: 5,
    })
    const network = problem.toNetwork()
    for (let t = 0; t < 8; t++) {
      const state = stateOf(t, 3)
      const energy = network.energy(state, { externalField: problem.fields }) + problem.offset
      expect(problem.energy(state)).toBe(energy)
      expect(IsingProblem.of(network, { externalField: problem.fields }).energy(state)).toBe(energy - 5)
    }
  })

  it('refuses what has no symmetric weights, and what is no network', () => {
    const given = new HopfieldNetwork({ neurons: 2, weights: [0, 1, 2, 0] })
    expect(() => IsingProblem.of(given)).toThrow(
      'IsingProblem.of: network.weights: expected a symmetric matrix',
    )
    expect(() => IsingProblem.of({} as never)).toThrow('network: expected a HopfieldNetwork')
    expect(() => IsingProblem.from({}).toNetwork()).toThrow('toNetwork: expected at least one variable')
  })
})

describe('a problem in the words of dimod', () => {
  it.each(['SPIN', 'BINARY'] as const)('has the same energies in %s, and comes back the same', (vartype) => {
    const property = fc.property(whole, ({ edges, fields, state }) => {
      const problem = IsingProblem.from({ edges, fields, offset: -2 })
      const { linear, quadratic, offset } = toBinaryQuadraticModel(problem, vartype)
      const v = state.map((s) => (vartype === 'SPIN' ? s : (1 + s) / 2))
      let energy = linear.reduce((sum, h, i) => sum + h * v[i], offset)
      for (const [k, w] of quadratic.weights.entries())
        energy += w * v[quadratic.from[k]] * v[quadratic.to[k]]
      expect(energy + 0).toBe(problem.energy(state))
      const back = fromBinaryQuadraticModel({ vartype, linear, quadratic, offset })
      expect(back.couplings).toEqual(problem.couplings)
      expect(back.fields).toEqual(problem.fields)
      expect(back.offset).toBe(problem.offset)
      expect(Array.from(back.decode(state))).toEqual(v)
    })
    fc.assert(property, FIXED)
  })

  it('has dimod’s own numbers', () => {
    // dimod: BinaryQuadraticModel({'a': 1}, {('a', 'b'): 4}, 0, 'BINARY').to_ising() is ({a: 1.5, b: 1}, {(a, b): 1}, 1.5).
    const problem = fromBinaryQuadraticModel({ vartype: 'BINARY', linear: [1, 0], quadratic: [[0, 1, 4]] })
    expect(toBinaryQuadraticModel(problem, 'SPIN')).toEqual({
      vartype: 'SPIN',
      linear: Float64Array.of(1.5, 1),
      quadratic: { from: Uint32Array.of(0), to: Uint32Array.of(1), weights: Float64Array.of(1) },
      offset: 1.5,
    })
  })
})
