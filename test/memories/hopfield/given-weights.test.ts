import { describe, expect, it } from 'vitest'
import {
  type Connections,
  HopfieldNetwork,
  type LearningRule,
  type NumbersLike,
  randomPatterns,
} from '../../../src/index.js'
import { BACKENDS } from '../../helpers/backends.js'
import { refusal, untyped } from '../../helpers/refusal.js'
import { row } from '../../helpers/statistics.js'

const N = 23
const states = randomPatterns({ count: 6, neurons: N, seed: 2 })

/** Numbers of no order with an empty diagonal. */
function matrixOf(scale: number, symmetric: boolean): Float64Array {
  const out = new Float64Array(N * N)
  for (let i = 0; i < N; i++) {
    for (let j = 0; j < N; j++) {
      const [a, b] = symmetric ? [Math.min(i, j), Math.max(i, j)] : [i, j]
      out[i * N + j] = i === j ? 0 : Math.round(scale * Math.sin(a * 7.1 + b * 3.7)) / 64
    }
  }
  return out
}

/** The same matrix in compressed rows, without its zeros. */
function compressed(matrix: ArrayLike<number>): { indptr: number[]; indices: number[]; data: number[] } {
  const [indptr, indices, data]: [number[], number[], number[]] = [[0], [], []]
  for (let i = 0; i < N; i++) {
    for (let j = 0; j < N; j++) {
      if (matrix[i * N + j] === 0) continue
      indices.push(j)
      data.push(matrix[i * N + j])
    }
    indptr.push(indices.length)
  }
  return { indptr, indices, data }
}

describe.each(BACKENDS)('weights of one’s own, %s', (backend) => {
  it.each([true, false])('give the fields and energies they say, symmetric %s', (symmetric) => {
    const matrix = matrixOf(50, symmetric)
    const net = new HopfieldNetwork({ neurons: N, weights: matrix, backend })
    expect(net.symmetric).toBe(symmetric)
    for (let b = 0; b < 6; b++) {
      const state = row(states, N, b)
      const field = Float64Array.from({ length: N }, (_, i) =>
        matrix.subarray(i * N, (i + 1) * N).reduce((sum, w, j) => sum + w * state[j], 0),
      )
      // Multiples of 1/64: every sum is exact.
      expect(net.localField(state)).toEqual(field)
      expect(net.energy(state)).toBe(-0.5 * field.reduce((sum, h, i) => sum + h * state[i], 0))
    }
    expect(net.weights()).toEqual(matrix)
  })

  it('are the same as integers, floats, reals and compressed rows', () => {
    const matrix = matrixOf(50, false).map((w) => w * 64)
    const forms = [
      matrix,
      Array.from(matrix),
      Float32Array.from(matrix),
      Int32Array.from(matrix),
      compressed(matrix),
      { ...compressed(matrix), data: Int32Array.from(compressed(matrix).data) },
    ].map((weights) => new HopfieldNetwork({ neurons: N, weights, backend }))
    const runs = forms.map((net) => {
      const options = { seed: 5, tie: 'keep', maxSweeps: 30, trace: true } as const
      return [net.recallBatch(states, options), net.localField(row(states, N, 0)), net.symmetric]
    })
    for (const run of runs) expect(run).toEqual(runs[0])
  })

  it('are kept as 32-bit integers where they are whole numbers in no array of reals', () => {
    const matrix = matrixOf(50, true).map((w) => w * 64)
    const kept = (weights: NumbersLike): string =>
      new HopfieldNetwork({ neurons: N, weights, backend }).weights().constructor.name
    const learned = (weights: NumbersLike): string =>
      new HopfieldNetwork({ neurons: N, learning: () => weights, backend }).store(row(states, N, 0)).weights()
        .constructor.name
    for (const name of [kept, learned]) {
      expect(name(Array.from(matrix))).toBe('Int32Array')
      expect(name(Int16Array.from(matrix))).toBe('Int32Array')
      expect(name(matrix)).toBe('Float64Array')
      expect(name(Array.from(matrix, (w) => w * 2 ** 32))).toBe('Float64Array')
      expect(name(Array.from(matrix, (w) => w / 3))).toBe('Float64Array')
    }
  })

  it('never raise the energy where they are symmetric', () => {
    const net = new HopfieldNetwork({ neurons: N, weights: matrixOf(50, true), backend })
    for (let b = 0; b < 6; b++) {
      const { trace, converged } = net.recall(row(states, N, b), { trace: true })
      const energies = trace?.energies ?? []
      for (let k = 1; k < energies.length; k++) expect(energies[k]).toBeLessThanOrEqual(energies[k - 1])
      expect(converged).toBe(true)
    }
  })

  it('need a diagonal without negative numbers for that', () => {
    const weights = [-3, 1, 1, -3]
    const net = new HopfieldNetwork({ neurons: 2, weights, selfWeights: true, backend })
    expect(net.symmetric).toBe(true)
    const options = { order: 'cyclic', maxSweeps: 2, trace: true } as const
    expect(Array.from(net.recall([1, 1], options).trace.energies)).toEqual([2, 4, 2, 4, 2])
    const positive = new HopfieldNetwork({ neurons: 2, weights: [3, 1, 1, 3], selfWeights: true, backend })
    for (const state of [
      [1, 1],
      [1, -1],
    ]) {
      const { energies } = positive.recall(state, options).trace
      for (let k = 1; k < energies.length; k++) expect(energies[k]).toBeLessThanOrEqual(energies[k - 1])
    }
  })

  it('go round in cycles of the length that is told where they are not symmetric', () => {
    // Each neuron takes the value of the one before it: a lone +1 is back after as many sweeps as there are neurons.
    const ring = new Float64Array(N * N)
    for (let i = 0; i < N; i++) ring[i * N + ((i + N - 1) % N)] = 1
    const net = new HopfieldNetwork({ neurons: N, weights: ring, backend })
    const cue = Int8Array.from({ length: N }, (_, i) => (i === 0 ? 1 : -1))
    const result = net.recall(cue, { dynamics: 'synchronous' })
    expect([result.converged, result.cycle, result.alternate]).toEqual([false, N, undefined])
    expect(net.recallBatch(cue, { dynamics: 'synchronous' }).cycles).toEqual(Uint32Array.of(N))
    // A pair that turns: one follows, the other does the opposite. Four states, one sweep each.
    const pair = new HopfieldNetwork({ neurons: 2, weights: [0, 1, -1, 0], backend })
    expect(pair.recall([1, 1], { dynamics: 'synchronous' }).cycle).toBe(4)
    expect(pair.recall([1, 1], { order: 'cyclic' }).cycle).toBe(2)
    expect(pair.recall([1, 1], { order: 'random' }).cycle).toBe(0)
  })

  it('tell the other state of a two-cycle in a fixed order', () => {
    const pair = new HopfieldNetwork({ neurons: 2, weights: [0, 1, -1, 0], backend })
    const { state, alternate } = pair.recall([1, 1], { order: 'cyclic' })
    expect(Array.from(alternate ?? [])).toEqual(Array.from(state, (s) => -s))
  })

  it('keep a diagonal where it is asked for', () => {
    const weights = [2, 1, 1, 3]
    expect(refusal(() => new HopfieldNetwork({ neurons: 2, weights, backend })).message).toContain(
      'weights[0]: expected 0 on the diagonal, or selfWeights: true, got 2',
    )
    const net = new HopfieldNetwork({ neurons: 2, weights, selfWeights: true, backend })
    expect(net.localField([1, -1])).toEqual(Float64Array.of(1, -2))
  })

  it('take no patterns', () => {
    const net = new HopfieldNetwork({ neurons: 2, weights: [0, 1, 1, 0], backend })
    const sparse = new HopfieldNetwork({
      neurons: 2,
      weights: { indptr: [0, 1, 2], indices: [1, 0], data: [1, 1] },
      backend,
    })
    for (const some of [net, sparse]) {
      expect(refusal(() => some.store([1, -1])).message).toContain('store: this network has fixed weights')
      expect(refusal(() => some.clear()).code).toBe('ERR_HOPFIELD_OPTION')
      expect(some.patternCount).toBe(0)
    }
  })

  const bad: [string, object, string, string][] = [
    ['too few', { weights: [1, 2] }, 'SHAPE', 'weights: expected 4 numbers, got 2'],
    ['a hole', { weights: [0, Number.NaN, 1, 0] }, 'VALUE', 'weights[1]'],
    ['a word', { weights: 'full' }, 'OPTION', "'implicit', 'dense', 'sparse'"],
    [
      'a rule beside them',
      { weights: [0, 1, 1, 0], learning: 'hebbian' },
      'OPTION',
      'learning: cannot be combined',
    ],
    [
      'a norm beside them',
      { weights: [0, 1, 1, 0], normalize: 'none' },
      'OPTION',
      'normalize: cannot be combined',
    ],
    [
      'rows that fall',
      { weights: { indptr: [0, 2, 1], indices: [1], data: [1] } },
      'VALUE',
      'weights.indptr[2]',
    ],
    [
      'a column there is not',
      { weights: { indptr: [0, 1, 1], indices: [2], data: [1] } },
      'RANGE',
      'weights.indices[0]',
    ],
    [
      'too few numbers',
      { weights: { indptr: [0, 1, 2], indices: [1, 0], data: [1] } },
      'SHAPE',
      'weights.data: expected 2',
    ],
    [
      'a loop',
      { weights: { indptr: [0, 1, 1], indices: [0], data: [1] } },
      'VALUE',
      'weights.indices[0]: expected a neuron other than',
    ],
    ['sparse without connections', { weights: 'sparse' }, 'OPTION', 'connections: required with weights'],
    [
      'connections of a dense rule',
      { connections: { kind: 'ring', neighbours: 2 }, weights: 'dense' },
      'OPTION',
      'connections: cannot be combined',
    ],
    ['connections of no kind', { connections: {} }, 'OPTION', 'connections.kind'],
    [
      'as many neighbours as neurons',
      { connections: { kind: 'ring', neighbours: 2 } },
      'RANGE',
      'connections.neighbours',
    ],
    [
      'rewiring beyond 1',
      { neurons: 9, connections: { kind: 'small-world', neighbours: 2, rewire: 2 } },
      'RANGE',
      'connections.rewire',
    ],
  ]
  it.each(bad)('refuse %s', (_, options, code, message) => {
    const error = refusal(() => new HopfieldNetwork(untyped({ neurons: 2, backend, ...options })))
    expect(error.code).toBe(`ERR_HOPFIELD_${code}`)
    expect(error.message).toContain(message)
  })
})

describe.each(BACKENDS)('connections, %s', (backend) => {
  const neurons = 60
  const patterns = randomPatterns({ count: 4, neurons, seed: 8 })
  const of = (connections: Connections): HopfieldNetwork =>
    new HopfieldNetwork({ neurons, connections, backend }).store(patterns)
  /** How many others each neuron hears. */
  const degrees = (net: HopfieldNetwork): number[] => {
    // Four patterns: weights are even and may be zero, so that one pattern tells who hears whom.
    const one = Array.from(
      net
        .clear()
        .store(row(patterns, neurons, 0))
        .weights(),
    )
    return Array.from({ length: neurons }, (_, i) =>
      one.slice(i * neurons, (i + 1) * neurons).reduce((sum, w) => sum + Math.abs(w), 0),
    )
  }

  it('carry Hebb’s weights where they are, and nothing elsewhere', () => {
    const full = new HopfieldNetwork({ neurons, backend }).store(patterns).weights()
    const net = of({ kind: 'random', degree: 7, seed: 3 })
    const some = net.weights()
    expect(some.filter((w, k) => w !== 0 && w !== full[k]).length).toBe(0)
    net.forget(1).forget(2)
    const rest = new HopfieldNetwork({ neurons, backend }).store(patterns).forget(1).forget(2).weights()
    expect(net.weights().filter((w, k) => w !== 0 && w !== rest[k]).length).toBe(0)
  })

  const rules: LearningRule[] = [
    { kind: 'hebbian' },
    { kind: 'covariance' },
    { kind: 'sequence', cyclic: true },
    { kind: 'palimpsest', decay: 0.8 },
    { kind: 'pseudoinverse' },
  ]

  it.each(
    rules,
  )('carry the weights of rule $kind where they are, in the share of their number', (learning) => {
    const counts = learning.kind === 'hebbian' || learning.kind === 'sequence'
    const full = new HopfieldNetwork({ neurons, learning, backend }).store(patterns).forget(1)
    const connections = { kind: 'random', degree: 7, seed: 3 } as const
    const net = new HopfieldNetwork({ neurons, learning, connections, backend }).store(patterns).forget(1)
    const heard = degrees(of(connections)).map(() => 0)
    const [some, all] = [net.weights(), full.weights()]
    for (const [k, w] of some.entries()) {
      if (w === 0) continue
      heard[Math.floor(k / neurons)]++
      expect(w).toBeCloseTo(counts ? all[k] : (all[k] * neurons) / 7, 9)
    }
    expect(Math.max(...heard)).toBeLessThanOrEqual(7)
    expect(net.symmetric).toBe(false)
    // Σ_j J_ij s_j with the textbook's weights.
    const state = row(patterns, neurons, 2)
    const fields = net.localField(state)
    for (let i = 0; i < neurons; i++) {
      const sum = state.reduce((total, s, j) => total + some[i * neurons + j] * s, 0)
      expect(fields[i]).toBeCloseTo(counts ? sum / 7 : sum + (net.constantField?.[i] ?? 0), 9)
    }
  })

  it.each(rules)('from everyone to everyone recall with rule $kind as no connections do', (learning) => {
    const connections = { kind: 'random', degree: neurons - 1 } as const
    const net = new HopfieldNetwork({ neurons, learning, connections, backend }).store(patterns)
    const plain = new HopfieldNetwork({ neurons, learning, backend }).store(patterns)
    expect(net.symmetric).toBe(plain.symmetric)
    for (const dynamics of ['asynchronous', 'synchronous'] as const) {
      const options = { dynamics, seed: 5, maxSweeps: 20 }
      const cues = randomPatterns({ count: 12, neurons, seed: 9 })
      expect(net.recallBatch(cues, options).states).toEqual(plain.recallBatch(cues, options).states)
    }
  })

  it('leave out patterns that depend on others, as asked', () => {
    const learning = { kind: 'pseudoinverse', dependent: 'skip' } as const
    const connections = { kind: 'ring', neighbours: 4 } as const
    const net = new HopfieldNetwork({ neurons, learning, connections, backend })
    net.store([row(patterns, neurons, 0), row(patterns, neurons, 0), row(patterns, neurons, 1)])
    expect(net.patternCount).toBe(2)
    expect(net.learningReport).toEqual({ skipped: [{ index: 1, on: [0] }] })
    expect(net.pattern(1)).toEqual(row(patterns, neurons, 1))
  })

  it('are drawn once for each neuron, as many as asked', () => {
    expect(degrees(of({ kind: 'random', degree: 7, seed: 3 }))).toEqual(new Array(neurons).fill(7))
    expect(of({ kind: 'random', degree: 7, seed: 3 }).symmetric).toBe(false)
    expect(of({ kind: 'random', degree: neurons - 1 }).symmetric).toBe(true)
  })

  it('may go both ways, with the degree asked on average', () => {
    const net = of({ kind: 'random', degree: 12, symmetric: true, seed: 4 })
    expect(net.symmetric).toBe(true)
    // 1770 pairs, each with probability 12/59: mean degree 12 ± 2·√(1770·p·(1 − p))/60 ≈ 0.56.
    const mean = degrees(net).reduce((sum, d) => sum + d, 0) / neurons
    expect(Math.abs(mean - 12)).toBeLessThan(4 * 0.57)
    expect(of({ kind: 'random', degree: 59, symmetric: true }).weights()).toEqual(
      new HopfieldNetwork({ neurons, backend }).store(patterns).weights(),
    )
  })

  it('lie on a ring, or are led elsewhere without loops or pairs twice', () => {
    const ring = of({ kind: 'ring', neighbours: 4 })
    expect(degrees(ring)).toEqual(new Array(neurons).fill(4))
    expect(ring.symmetric).toBe(true)
    const world = of({ kind: 'small-world', neighbours: 4, rewire: 0.3, seed: 5 })
    expect(world.symmetric).toBe(true)
    const found = degrees(world)
    expect(found.reduce((sum, d) => sum + d, 0)).toBe(4 * neurons)
    expect(found.every((d) => d === 4)).toBe(false)
    expect(degrees(of({ kind: 'small-world', neighbours: 4, rewire: 0 }))).toEqual(
      degrees(of({ kind: 'ring', neighbours: 4 })),
    )
  })

  it('may be given', () => {
    const starts = Uint32Array.from({ length: neurons + 1 }, (_, i) => i)
    const sources = Uint32Array.from({ length: neurons }, (_, i) => (i + 1) % neurons)
    expect(degrees(of({ starts, sources }))).toEqual(new Array(neurons).fill(1))
  })

  it('are the same for the same seed, and others for another', () => {
    const some = of({ kind: 'random', degree: 5, seed: 3 }).weights()
    expect(of({ kind: 'random', degree: 5, seed: 3n }).weights()).toEqual(some)
    expect(of({ kind: 'random', degree: 5, seed: 4 }).weights()).not.toEqual(some)
  })

  it('count a field by the mean number of sources', () => {
    const net = of({ kind: 'random', degree: 6, seed: 3 })
      .clear()
      .store(row(patterns, neurons, 0))
    expect(net.localField(net.pattern(0))).toEqual(Float64Array.from(net.pattern(0)))
  })
})
