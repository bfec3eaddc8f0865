import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { graphColouring, maxCut, numberPartitioning, qubo } from '../../../src/optimization.js'
import { FIXED } from '../../helpers/property.js'
import { enumerate, slowEnergy, stateOf } from '../helpers.js'

const graphs = fc.integer({ min: 1, max: 7 }).chain((n) => {
  const node = fc.integer({ min: 0, max: n - 1 })
  return fc.record({
    n: fc.constant(n),
    edges: fc.array(fc.tuple(node, node, fc.integer({ min: -5, max: 9 })), { maxLength: 15 }),
  })
})

describe('maxCut', () => {
  it('has the cut as value, and −J for the weights', () => {
    const property = fc.property(graphs, ({ n, edges }) => {
      const problem = maxCut(edges, { nodes: n })
      const total = edges.reduce((sum, [i, j, w]) => sum + (i === j ? 0 : w), 0)
      for (let t = 0; t < 2 ** n; t++) {
        const state = stateOf(t, n)
        const cut = edges.reduce((sum, [i, j, w]) => sum + (state[i] === state[j] ? 0 : w), 0)
        expect(problem.value(state)).toBe(cut)
        expect(problem.energy(state)).toBe(total - 2 * cut + 0)
        expect(problem.decode(state).cut).toBe(cut)
      }
    })
    fc.assert(property, { ...FIXED, numRuns: 30 })
  })

  it('takes edges, arrays, a matrix and compressed rows', () => {
    const state = [1, -1, 1]
    const graphs = [
      [
        [0, 1, 5],
        [1, 2],
      ],
      { from: [0, 1], to: [1, 2], weights: [5, 1] },
      Int8Array.of(0, 5, 0, 5, 0, 1, 0, 1, 0),
      { indptr: [0, 1, 3, 4], indices: [1, 0, 2, 1], data: [5, 5, 1, 1] },
    ] as const
    for (const graph of graphs) expect(maxCut(graph as never).value(state)).toBe(6)
    expect(maxCut(graphs[0] as never).decode(state)).toEqual({
      left: Uint32Array.of(0, 2),
      right: Uint32Array.of(1),
      cut: 6,
    })
    expect(maxCut(graphs[0] as never).sense).toBe('max')
  })

  it('refuses a matrix that is no graph, and says where', () => {
    expect(() => maxCut(Int8Array.of(0, 1, 0, 0))).toThrow(
      'maxCut: graph: expected a symmetric matrix, got 1 at [0][1]',
    )
  })
})

describe('qubo', () => {
  it('has xᵀQx as energy and value, whatever Q is', () => {
    const square = fc
      .integer({ min: 1, max: 6 })
      .chain((n) => fc.array(fc.integer({ min: -50, max: 50 }), { minLength: n * n, maxLength: n * n }))
    const property = fc.property(square, (matrix) => {
      const n = Math.sqrt(matrix.length)
      const problem = qubo(matrix, { offset: 1 })
      for (let t = 0; t < 2 ** n; t++) {
        const x = stateOf(t, n).map((s) => (1 + s) / 2)
        let expected = 1
        for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) expected += matrix[i * n + j] * x[i] * x[j]
        expect(problem.energy(stateOf(t, n))).toBe(expected)
        expect(problem.value(stateOf(t, n))).toBe(expected)
        expect(problem.decode(stateOf(t, n))).toEqual(Uint8Array.from(x))
      }
      expect(problem.exact).toBe(true)
    })
    fc.assert(property, { ...FIXED, numRuns: 40 })
  })

  it('takes rows, compressed rows and pairs', () => {
    const matrices = [
      [
        [-1, 2],
        [0, -1],
      ],
      { indptr: [0, 2, 3], indices: [0, 1, 1], data: [-1, 2, -1] },
      { from: [0, 0, 1], to: [0, 1, 1], weights: [-1, 2, -1] },
    ]
    for (const matrix of matrices) expect(qubo(matrix as never).energy([1, 1])).toBe(0)
  })
})

describe('numberPartitioning', () => {
  it('has the squared difference as energy, and the difference as value', () => {
    const property = fc.property(
      fc.array(fc.integer({ min: -99, max: 99 }), { minLength: 1, maxLength: 6 }),
      (a) => {
        const problem = numberPartitioning(a)
        for (let t = 0; t < 2 ** a.length; t++) {
          const state = stateOf(t, a.length)
          const difference = a.reduce((sum, x, i) => sum + x * state[i], 0)
          expect(problem.energy(state)).toBe(difference ** 2)
          expect(problem.value(state)).toBe(Math.abs(difference))
          const { left, right, sums } = problem.decode(state)
          expect(left.length + right.length).toBe(a.length)
          expect(sums[0] - sums[1]).toBe(difference)
        }
      },
    )
    fc.assert(property, { ...FIXED, numRuns: 30 })
  })

  it('has exact differences where energies are beyond 2^53', () => {
    const problem = numberPartitioning([2 ** 52 + 1, 2 ** 52, 2 ** 52 + 2])
    expect(problem.exact).toBe(false)
    expect(problem.value([1, -1, -1])).toBe(2 ** 52 + 1)
    expect(numberPartitioning([2 ** 53, 1, 2 ** 53]).value([1, 1, -1])).toBe(1)
  })

  it('takes none and one, and refuses NaN', () => {
    expect(numberPartitioning([]).value([])).toBe(0)
    expect(numberPartitioning([5]).energy([-1])).toBe(25)
    expect(() => numberPartitioning([1, Number.NaN])).toThrow(
      'numberPartitioning: numbers[1]: expected a number',
    )
  })
})

describe('graphColouring', () => {
  const TRIANGLE = [
    [0, 1],
    [1, 2],
    [0, 2],
  ] as const

  it('has energy 0 at colourings, and nowhere else', () => {
    const problem = graphColouring([...TRIANGLE, [2, 3]], { colours: 3 })
    const { energy, states } = enumerate(problem)
    expect(energy).toBe(0)
    // Three colours for the triangle in any order, two for the node that hangs on it.
    expect(states).toHaveLength(12)
    for (const state of states) expect(problem.decode(state)).toMatchObject({ valid: true, conflicts: 0 })
  })

  it('has its least energy at the fewest conflicts where colours do not suffice', () => {
    const problem = graphColouring(TRIANGLE, { colours: 2 })
    const { energy, states } = enumerate(problem)
    expect(energy).toBe(1)
    expect(states).toHaveLength(6)
    for (const state of states) {
      expect(problem.decode(state)).toMatchObject({ conflicts: 1, uncoloured: 0, valid: false })
      expect(problem.value(state)).toBe(1)
    }
  })

  it('tells nodes without a colour from conflicts', () => {
    const problem = graphColouring([[0, 1]], { colours: 2 })
    expect(problem.decode([1, 1, -1, -1])).toEqual({
      colours: Int32Array.of(-1, -1),
      conflicts: 0,
      uncoloured: 2,
      valid: false,
    })
    expect(slowEnergy(problem, [1, -1, 1, -1])).toBe(1)
  })

  it('refuses loops', () => {
    expect(() => graphColouring([[1, 1]], { colours: 2 })).toThrow('graph: node 1 has an edge to itself')
  })
})
