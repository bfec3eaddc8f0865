import { describe, expect, it } from 'vitest'
import { HopfieldNetwork, type LearningRule, randomPatterns } from '../../src/index.js'
import { BACKENDS } from '../helpers/backends.js'
import { refusal, untyped } from '../helpers/refusal.js'
import { row } from '../helpers/statistics.js'

const N = 37
const P = 6
const patterns = randomPatterns({ count: P, neurons: N, seed: 1, activity: 0.4 })
const states = randomPatterns({ count: 5, neurons: N, seed: 2 })

/** J_ij = Σ_μν A_μν ξ_i^μ ξ_j^ν / N, by the textbook. */
function textbook(couples: (mu: number, nu: number) => number, selfWeights: boolean): Float64Array {
  const matrix = new Float64Array(N * N)
  for (let i = 0; i < N; i++) {
    for (let j = 0; j < N; j++) {
      if (i === j && !selfWeights) continue
      for (let mu = 0; mu < P; mu++) {
        for (let nu = 0; nu < P; nu++) {
          matrix[i * N + j] += (couples(mu, nu) * row(patterns, N, mu)[i] * row(patterns, N, nu)[j]) / N
        }
      }
    }
  }
  return matrix
}

function product(matrix: Float64Array, state: Int8Array): Float64Array {
  return Float64Array.from({ length: N }, (_, i) => {
    let sum = 0
    for (let j = 0; j < N; j++) sum += matrix[i * N + j] * state[j]
    return sum
  })
}

const close = (actual: ArrayLike<number>, expected: ArrayLike<number>): void => {
  expect(actual.length).toBe(expected.length)
  for (let k = 0; k < expected.length; k++) expect(actual[k]).toBeCloseTo(expected[k], 9)
}

const RULES: [string, LearningRule, (mu: number, nu: number) => number][] = [
  ['hebbian', { kind: 'hebbian' }, (mu, nu) => (mu === nu ? 1 : 0)],
  ['covariance', { kind: 'covariance' }, (mu, nu) => (mu === nu ? 1 : 0) - 1 / P],
  ['sequence', { kind: 'sequence' }, (mu, nu) => (mu === nu + 1 ? 1 : 0)],
  ['sequence, cyclic', { kind: 'sequence', cyclic: true }, (mu, nu) => (mu === (nu + 1) % P ? 1 : 0)],
  ['sequence of lag 2', { kind: 'sequence', lag: 2 }, (mu, nu) => (mu === nu + 2 ? 1 : 0)],
  [
    'sequence of a lag beyond its end, cyclic',
    { kind: 'sequence', lag: P + 2, cyclic: true },
    (mu, nu) => (mu === (nu + 2) % P ? 1 : 0),
  ],
  ['palimpsest', { kind: 'palimpsest', decay: 0.9 }, (mu, nu) => (mu === nu ? 0.9 ** (P - 1 - mu) : 0)],
]

describe.each(BACKENDS)('rules that live in the patterns, %s', (backend) => {
  describe.each(RULES)('%s', (_, learning, couples) => {
    it.each([
      false,
      true,
    ])('has the textbook’s weights, fields and energies, self-weights %s', (selfWeights) => {
      const matrix = textbook(couples, selfWeights)
      const net = new HopfieldNetwork({ neurons: N, learning, selfWeights, backend }).store(patterns)
      close(net.weights({ normalize: true }), matrix)
      for (let b = 0; b < 5; b++) {
        const state = row(states, N, b)
        const field = product(matrix, state)
        // covariance.test.ts has its value.
        const constant = net.constantField ?? new Float64Array(N)
        close(
          net.localField(state),
          field.map((h, i) => h + constant[i]),
        )
        const energy = field.reduce((sum, h, i) => sum - (h / 2 + constant[i]) * state[i], 0)
        expect(net.energy(state)).toBeCloseTo(energy, 9)
      }
      close(
        net.energyBatch(states),
        Array.from({ length: 5 }, (_, b) => net.energy(row(states, N, b))),
      )
    })

    it('does not care how patterns came, one by one or together', () => {
      const together = new HopfieldNetwork({ neurons: N, learning, backend }).store(patterns)
      const apart = new HopfieldNetwork({ neurons: N, learning, backend })
      for (let mu = 0; mu < P; mu++) apart.store(row(patterns, N, mu))
      expect(apart.localField(row(states, N, 0))).toEqual(together.localField(row(states, N, 0)))
      expect(apart.recallBatch(states)).toEqual(together.recallBatch(states))
    })

    it('recalls off the event loop what it recalls on it, while patterns come and go', async () => {
      const net = new HopfieldNetwork({ neurons: N, learning, backend }).store(patterns)
      const expected = net.recallBatch(states, { seed: 3 })
      const later = net.recallAsync(states, { seed: 3, chunk: 1 })
      net
        .forget(0)
        .store(row(states, N, 0))
        .clear()
      expect(await later).toEqual(expected)
    })

    it('forgets everything when it is cleared', () => {
      const net = new HopfieldNetwork({ neurons: N, learning, backend }).store(patterns).clear()
      expect(net.patternCount).toBe(0)
      expect(net.localField(row(states, N, 0))).toEqual(new Float64Array(N))
      expect(net.store(patterns).localField(row(states, N, 0))).toEqual(
        new HopfieldNetwork({ neurons: N, learning, backend }).store(patterns).localField(row(states, N, 0)),
      )
    })
  })

  it('tells which rules are symmetric', () => {
    const symmetric = RULES.map(([, learning]) => new HopfieldNetwork({ neurons: N, learning }).symmetric)
    expect(symmetric).toEqual([true, true, false, false, false, false, true])
  })

  it('hears itself where it is asked to, and goes on as Hebb otherwise', () => {
    const plain = new HopfieldNetwork({ neurons: N, backend }).store(patterns)
    const own = new HopfieldNetwork({ neurons: N, selfWeights: true, backend }).store(patterns)
    const state = row(states, N, 1)
    close(
      own.localField(state),
      Float64Array.from(plain.localField(state), (h, i) => h + (P / N) * state[i]),
    )
  })

  it('walks along a stored sequence, and round it if it is cyclic', () => {
    const neurons = 500
    const steps = randomPatterns({ count: 7, neurons, seed: 5 })
    const open = new HopfieldNetwork({ neurons, learning: 'sequence', backend }).store(steps)
    const walk = open.recall(row(steps, neurons, 0), { dynamics: 'synchronous', maxSweeps: 6, trace: true })
    for (let k = 0; k <= 6; k++) expect(walk.trace.overlaps[k * 7 + k]).toBe(1)
    const ring = new HopfieldNetwork({
      neurons,
      learning: { kind: 'sequence', cyclic: true },
      backend,
    }).store(steps)
    const round = ring.recall(row(steps, neurons, 0), { dynamics: 'synchronous' })
    expect([round.cycle, round.converged]).toEqual([7, false])
  })

  it('remembers the newest patterns of a palimpsest and loses the oldest', () => {
    const neurons = 300
    const many = randomPatterns({ count: 200, neurons, seed: 6 })
    const net = new HopfieldNetwork({
      neurons,
      learning: { kind: 'palimpsest', decay: 0.95 },
      backend,
    }).store(many)
    const overlap = (mu: number): number => net.overlaps(net.recall(row(many, neurons, mu)).state)[mu]
    expect(overlap(199)).toBeGreaterThan(0.98)
    expect(Math.abs(overlap(0))).toBeLessThan(0.5)
    const hebb = new HopfieldNetwork({ neurons, backend }).store(many)
    expect(hebb.overlaps(hebb.recall(row(many, neurons, 199)).state)[199]).toBeLessThan(0.7)
  })

  it('takes a rule of one’s own, and calls it with all that is stored', () => {
    const seen: number[] = []
    const net = new HopfieldNetwork({
      neurons: N,
      backend,
      learning: (given, { count, neurons }) => {
        seen.push(count)
        const out = new Float64Array(neurons * neurons)
        for (let mu = 0; mu < count; mu++) {
          for (let i = 0; i < neurons; i++) {
            for (let j = 0; j < neurons; j++) {
              out[i * neurons + j] += (given[mu * neurons + i] * given[mu * neurons + j]) / neurons
            }
          }
        }
        return out
      },
    })
    net
      .store(row(patterns, N, 0))
      .store(patterns.subarray(N))
      .forget(2)
    expect(seen).toEqual([1, P, P - 1])
    const hebb = new HopfieldNetwork({ neurons: N, backend }).store(patterns).forget(2)
    close(net.localField(row(states, N, 0)), hebb.localField(row(states, N, 0)))
    expect(net.patternCount).toBe(P - 1)
  })

  it('leaves everything as it was where a rule of one’s own fails', () => {
    let bad = false
    const net = new HopfieldNetwork({
      neurons: N,
      backend,
      learning: (_, { neurons }) => new Float64Array(bad ? 3 : neurons * neurons).fill(0.1),
    }).store(row(patterns, N, 0))
    const before = net.localField(row(states, N, 0))
    bad = true
    const error = refusal(() => net.store(patterns))
    expect(error.code).toBe('ERR_HOPFIELD_SHAPE')
    expect(error.message).toContain(`weights of the learning rule: expected ${N * N} numbers, got 3`)
    expect(net.patternCount).toBe(1)
    expect(net.localField(row(states, N, 0))).toEqual(before)
  })

  it.each([
    { kind: 'storkey' },
    { kind: 'pseudoinverse' },
    { kind: 'perceptron', margin: 0.2 },
    { kind: 'clipped' },
    { kind: 'palimpsest', limit: 2 },
    { kind: 'unlearning', dreams: 20 },
    { kind: 'daydreaming', dreams: 20, tau: 8, seed: 3 },
  ] as LearningRule[])('has fields and energies of the weights it tells: $kind', (learning) => {
    const net = new HopfieldNetwork({ neurons: N, learning, backend }).store(patterns)
    const matrix = net.weights({ normalize: true })
    for (let i = 0; i < N; i++) expect(matrix[i * N + i]).toBe(0)
    for (let b = 0; b < 5; b++) {
      const state = row(states, N, b)
      const field = product(matrix, state)
      close(net.localField(state), field)
      expect(net.energy(state)).toBeCloseTo(-0.5 * field.reduce((sum, h, i) => sum + h * state[i], 0), 9)
      const { state: end, converged } = net.recall(state, { order: 'cyclic' })
      if (converged) expect(net.isFixedPoint(end)).toBe(true)
    }
  })

  it.each([
    { kind: 'storkey' },
    { kind: 'pseudoinverse' },
    { kind: 'perceptron' },
    { kind: 'clipped' },
    { kind: 'palimpsest', limit: 2 },
    { kind: 'unlearning', dreams: 20 },
  ] as LearningRule[])('forgets a pattern as if it had never come, and all of them: $kind', (learning) => {
    const net = new HopfieldNetwork({ neurons: N, learning, backend }).store(patterns)
    net.forget(2)
    const rest = [0, 1, 3, 4, 5].map((mu) => row(patterns, N, mu))
    const without = new HopfieldNetwork({ neurons: N, learning, backend }).store(rest)
    expect(net.patternCount).toBe(5)
    expect(net.pattern(2)).toEqual(row(patterns, N, 3))
    close(net.localField(row(states, N, 0)), without.localField(row(states, N, 0)))
    net.clear()
    expect([net.patternCount, ...net.localField(row(states, N, 0))]).toEqual(new Array(N + 1).fill(0))
    close(net.store(rest).localField(row(states, N, 0)), without.localField(row(states, N, 0)))
  })

  it.each([
    { kind: 'storkey' },
    { kind: 'pseudoinverse' },
    { kind: 'palimpsest', limit: 2 },
  ] as LearningRule[])('learns one by one what it learns together, while recalls are in flight: $kind', async (learning) => {
    const together = new HopfieldNetwork({ neurons: N, learning, backend }).store(patterns)
    const apart = new HopfieldNetwork({ neurons: N, learning, backend }).store(row(patterns, N, 0))
    const before = apart.recallBatch(states)
    const flying = apart.recallAsync(states, { chunk: 1 })
    for (let mu = 1; mu < P; mu++) apart.store(row(patterns, N, mu))
    expect(await flying).toEqual(before)
    expect(apart.localField(row(states, N, 0))).toEqual(together.localField(row(states, N, 0)))
    expect(apart.recallBatch(states)).toEqual(together.recallBatch(states))
  })

  it('refuses a pattern that the pseudo-inverse has in others, names them, and changes nothing', () => {
    const net = new HopfieldNetwork({ neurons: N, learning: 'pseudoinverse', backend }).store(patterns)
    const before = net.localField(row(states, N, 0))
    const inverse = row(patterns, N, 3).map((x) => -x)
    const error = refusal(() => net.store([row(states, N, 0), inverse]))
    expect(error.code).toBe('ERR_HOPFIELD_DEPENDENT')
    expect(error.message).toContain('patterns[1]')
    expect(error.message).toContain('pattern 3')
    expect(net.patternCount).toBe(P)
    expect(net.localField(row(states, N, 0))).toEqual(before)
  })

  it('is the same to the last bit after a replacement that is refused', () => {
    for (const dependent of ['error', 'skip'] as const) {
      for (const options of [{}, { connections: { kind: 'ring', neighbours: 6 } }] as const) {
        const learning = { kind: 'pseudoinverse', dependent } as const
        const net = new HopfieldNetwork({ neurons: N, learning, ...options, backend }).store(patterns)
        // What a removal leaves is rounded otherwise than what is learned from the beginning.
        net.forget(1).forget(2)
        const [before, handle] = [net.toBytes(), net.share()]
        expect(refusal(() => net.replace(0, net.pattern(2))).code).toBe('ERR_HOPFIELD_DEPENDENT')
        expect(net.toBytes()).toEqual(before)
        expect(net.share()).toBe(handle)
        net.replace(0, row(states, N, 0))
        expect(net.toBytes()).not.toEqual(before)
      }
    }
  })

  it('leaves dependent patterns out where it is asked to, and tells which', () => {
    const learning = { kind: 'pseudoinverse', dependent: 'skip' } as const
    const net = new HopfieldNetwork({ neurons: N, learning, backend }).store(patterns)
    const inverse = row(patterns, N, 3).map((x) => -x)
    net.store([row(states, N, 0), inverse, row(states, N, 1)])
    expect(net.patternCount).toBe(P + 2)
    expect(net.pattern(P + 1)).toEqual(row(states, N, 1))
    expect(net.learningReport).toEqual({ skipped: [{ index: 1, on: [3] }] })
  })

  const bad: [string, object, string, string][] = [
    [
      'a bound and a decay at once',
      { learning: { kind: 'palimpsest', decay: 0.5, limit: 3 } },
      'OPTION',
      'decay cannot be combined with limit',
    ],
    [
      'an implicit form of Storkey’s rule',
      { learning: 'storkey', weights: 'implicit' },
      'OPTION',
      "expected 'dense'",
    ],
    ['a margin below 0', { learning: { kind: 'perceptron', margin: -1 } }, 'RANGE', 'learning.margin'],
    [
      'a number of dreams that is none',
      { learning: { kind: 'unlearning', dreams: null } },
      'TYPE',
      'learning.dreams',
    ],
    [
      'a rule by its old word',
      { learning: { rule: 'palimpsest', decay: 0.9 } },
      'OPTION',
      'write { kind: "palimpsest"',
    ],
    [
      'a way with dependents there is not',
      { learning: { kind: 'pseudoinverse', dependent: 'drop' } },
      'OPTION',
      'learning.dependent',
    ],
    ['self-weights in a matrix', { learning: 'storkey', selfWeights: true }, 'OPTION', 'selfWeights'],
    ['a rule there is not', { learning: 'hebb' }, 'OPTION', "'hebbian', 'clipped', 'covariance'"],
    ['a number for a rule', { learning: 3 }, 'TYPE', 'learning: expected a rule'],
    ['options without a rule', { learning: { decay: 0.5 } }, 'OPTION', 'learning: expected one of'],
    ['an option of another rule', { learning: { kind: 'sequence', decay: 0.5 } }, 'OPTION', '"decay"'],
    ['a decay of 1', { learning: { kind: 'palimpsest', decay: 1 } }, 'RANGE', 'learning.decay'],
    ['a lag of 0', { learning: { kind: 'sequence', lag: 0 } }, 'RANGE', 'learning.lag'],
    [
      'a matrix for a rule that has none',
      { learning: 'sequence', weights: 'dense' },
      'OPTION',
      "expected 'implicit'",
    ],
    [
      'implicit weights of one’s own rule',
      { learning: () => [], weights: 'implicit' },
      'OPTION',
      'no implicit form',
    ],
    ['self-weights that are no flag', { selfWeights: 1 }, 'TYPE', 'selfWeights: expected true or false'],
  ]
  it.each(bad)('refuses %s', (_, options, code, message) => {
    const error = refusal(() => new HopfieldNetwork(untyped({ neurons: 5, backend, ...options })))
    expect(error.code).toBe(`ERR_HOPFIELD_${code}`)
    expect(error.message).toContain(message)
  })
})
