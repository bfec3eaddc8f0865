import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { attention, ModernHopfield, type Separator, type Similarity } from '../../../src/index.js'
import { BACKENDS } from '../../helpers/backends.js'
import { expectSame } from '../../helpers/bytes.js'
import { gaussians, unitVectors } from '../../helpers/vectors.js'

/** softmax(β Q Kᵀ) V the plain way, in f64, with Math.exp. */
function plainAttention(
  q: Float32Array,
  k: Float32Array,
  v: Float32Array,
  d: number,
  beta: number,
): Float64Array {
  const [count, keys] = [q.length / d, k.length / d]
  const width = v.length / keys
  const out = new Float64Array(count * width)
  for (let b = 0; b < count; b++) {
    const scores = Array.from({ length: keys }, (_, mu) => {
      let dot = 0
      for (let c = 0; c < d; c++) dot += q[b * d + c] * k[mu * d + c]
      return beta * dot
    })
    const most = Math.max(...scores)
    const weights = scores.map((score) => Math.exp(score - most))
    const total = weights.reduce((sum, w) => sum + w, 0)
    for (let mu = 0; mu < keys; mu++) {
      for (let c = 0; c < width; c++) out[b * width + c] += (weights[mu] / total) * v[mu * width + c]
    }
  }
  return out
}

/** −β⁻¹ ln Σ e^(β x·ξ) + ½ξᵀξ + β⁻¹ ln M + ½ max‖x‖² (Ramsauer et al. 2021, eq. 2), the plain way. */
function plainEnergy(rows: number[][], state: ArrayLike<number>, beta: number): number {
  const dot = (a: ArrayLike<number>, b: ArrayLike<number>) => {
    let sum = 0
    for (let c = 0; c < a.length; c++) sum += a[c] * b[c]
    return sum
  }
  const logits = rows.map((row) => beta * dot(row, state))
  const most = Math.max(...logits)
  const lse = (most + Math.log(logits.reduce((sum, l) => sum + Math.exp(l - most), 0))) / beta
  const largest = Math.max(...rows.map((row) => dot(row, row)))
  return -lse + dot(state, state) / 2 + Math.log(rows.length) / beta + largest / 2
}

const ROWS = [
  [1, 0, 0, 1],
  [0, 1, 0, 1],
  [0, 0, 1, 1],
]
const CUE = [0.9, 0.1, 0, 0.8]

describe.each(BACKENDS)('the modern Hopfield network on backend %s', (backend) => {
  const make = (beta: number, dimension = 4) => new ModernHopfield({ dimension, beta, backend })

  it('gives the worked example of the equations: three patterns, β = 4', () => {
    const net = make(4).store(ROWS)
    // Numbers of an independent f64 program; ours differ by what f32 makes of 0.9, 0.1 and 0.8.
    expect(net.energy(CUE)).toBeCloseTo(0.28818602397793414, 7)
    const { state, energy, steps } = net.retrieve(CUE)
    const expected = [0.936254261252643, 0.03816378717279478, 0.02558195157456214, 1]
    for (const [c, x] of expected.entries()) expect(state[c]).toBeCloseTo(x, 7)
    expect(energy).toBeCloseTo(0.26465976851982687, 7)
    expect(steps).toBe(1)
  })

  it('agrees with attention computed independently to 1e-6 of the largest value', () => {
    for (const [d, keys, width, beta] of [
      [8, 50, 3, 0.35],
      [64, 300, 64, 0.125],
      [33, 200, 17, 20],
    ] as const) {
      const [q, k, v] = [gaussians(20 * d, 1), gaussians(keys * d, 2), gaussians(keys * width, 3)]
      const ours = attention(q, k, v, { dimension: d, beta, backend })
      const plain = plainAttention(q, k, v, d, beta)
      const largest = v.reduce((most, x) => Math.max(most, Math.abs(x)), 0)
      for (const [c, x] of ours.entries()) expect(Math.abs(x - plain[c])).toBeLessThan(1e-6 * largest)
    }
  })

  it('is attention: one step with values of its own', () => {
    const [q, k, v] = [gaussians(9 * 16, 4), gaussians(70 * 16, 5), gaussians(70 * 5, 6)]
    const net = new ModernHopfield({ dimension: 16, valueDimension: 5, backend }).store(k, v)
    expectSame(net.retrieveBatch(q).states, attention(q, k, v, { dimension: 16, backend }))
    expect(net.beta).toBe(0.25)
  })

  it('never raises the energy', () => {
    fc.assert(
      fc.property(
        fc.record({
          d: fc.integer({ min: 1, max: 20 }),
          m: fc.integer({ min: 1, max: 30 }),
          beta: fc.constantFrom(0.1, 1, 5, 50),
          seed: fc.integer({ min: 0, max: 1e6 }),
        }),
        ({ d, m, beta, seed }) => {
          const net = make(beta, d).store(gaussians(m * d, seed))
          let state: ArrayLike<number> = gaussians(d, seed + 1).map((x) => 2 * x)
          let before = net.energy(state)
          for (let step = 0; step < 5; step++) {
            const { state: next, energy } = net.retrieve(state)
            // A step may leave a fixed point of f32 by one rounding of each component.
            expect(energy).toBeLessThanOrEqual(before + 1e-6 * (1 + Math.abs(before)))
            before = energy
            state = next
          }
        },
      ),
      { seed: 1982, numRuns: 60 },
    )
  })

  it('gives the energy of its definition', () => {
    const rows = Array.from({ length: 7 }, (_, mu) => [...gaussians(5, mu)])
    for (const beta of [1e-4, 0.01, 1.7, 30]) {
      const net = make(beta, 5).store(rows)
      for (let k = 0; k < 10; k++) {
        const state = gaussians(5, 100 + k)
        // Weights are f32: 2^-24 of their sum is what ln Σ w may be off by. The other terms are sums of five numbers in f64.
        const bound = 2 ** -24 / beta + 1e-12
        expect(Math.abs(net.energy(state) - plainEnergy(rows, state, beta))).toBeLessThan(bound)
        const { state: next, energy } = net.retrieve(state)
        // A step may leave a fixed point of f32 by one rounding of each component.
        expect(energy).toBeLessThan(net.energy(state) + 2 * bound + 1e-6)
        expect(energy).toBe(net.energy(next))
      }
    }
  })

  it('keeps what it retrieves within the bound of the retrieval error', () => {
    for (const beta of [4, 8, 16]) {
      const net = make(beta, 64).store(unitVectors(50, 64, 7))
      for (let mu = 0; mu < 50; mu++) {
        const key = net.pattern(mu)
        const query = key.map((x, c) => x + 0.02 * gaussians(64, 1000 + mu)[c])
        const { state } = net.retrieve(query)
        const error = Math.hypot(...state.map((x, c) => x - key[c]))
        // f32 rounds each component of the state.
        expect(error).toBeLessThanOrEqual(net.retrievalErrorBound(mu, query) + 1e-6)
      }
    }
    // At β = 16 the bound says something: without the noise it is below the distance between patterns.
    expect(
      make(64, 64)
        .store(unitVectors(50, 64, 7))
        .retrievalErrorBound(3, unitVectors(50, 64, 7).slice(192, 256)),
    ).toBeLessThan(1e-3)
  })

  it('measures how far a pattern stands out', () => {
    const net = make(1, 2).store([
      [2, 0],
      [1, 1],
      [0, 3],
    ])
    expect([0, 1, 2].map((mu) => net.separation(mu))).toEqual([2, -1, 6])
    expect(make(1, 2).store([1, 2]).separation(0)).toBe(Number.POSITIVE_INFINITY)
  })

  it('tells the three kinds of fixed points apart', () => {
    const keys = Float32Array.from([...unitVectors(1, 32, 1), ...unitVectors(30, 32, 2)])
    // Ten patterns close together: their mean attracts.
    const center = unitVectors(1, 32, 3)
    const near = Array.from({ length: 10 }, (_, k) =>
      center.map((x, c) => x + 0.02 * gaussians(32, 50 + k)[c]),
    )
    const net = (beta: number) => make(beta, 32).store(keys).store(near)
    expect(net(30).fixedPoint(keys.slice(0, 32))).toMatchObject({
      kind: 'single',
      members: Uint32Array.of(0),
      converged: true,
    })
    const metastable = net(30).fixedPoint(center, { mass: 0.999 })
    expect(metastable.kind).toBe('metastable')
    expect([...metastable.members].sort((a, b) => a - b)).toEqual(near.map((_, k) => 31 + k))
    expect(net(0.01).fixedPoint(center).kind).toBe('global')
  })

  it('says which patterns a query is associated with, and how strongly', () => {
    const net = make(4).store(ROWS)
    const weights = net.association(CUE)
    expect(weights.reduce((sum, w) => sum + w, 0)).toBeCloseTo(1, 12)
    expect(net.top(CUE, 2)).toEqual({
      indices: Uint32Array.of(0, 1),
      similarities: net.overlaps(CUE).slice(0, 2),
      weights: weights.slice(0, 2),
    })
    expect(net.top(CUE, 9).indices).toEqual(Uint32Array.of(0, 1, 2))
    const equal = make(1, 2).store([1, 0, 1, 0, 1, 0, 0, 1])
    expect(equal.top([1, 0], 2).indices).toEqual(Uint32Array.of(0, 1))
  })

  it('iterates until nothing moves, each query for itself', () => {
    const net = make(8, 16).store(unitVectors(12, 16, 8))
    const queries = unitVectors(20, 16, 9)
    const batch = net.retrieveBatch(queries, { tolerance: 1e-7 })
    for (let b = 0; b < 20; b++) {
      const alone = net.retrieve(queries.slice(b * 16, (b + 1) * 16), { tolerance: 1e-7 })
      expect(alone.converged).toBe(true)
      expectSame(batch.states.slice(b * 16, (b + 1) * 16), alone.state)
      expect([batch.steps[b], batch.converged[b], batch.energies[b]]).toEqual([alone.steps, 1, alone.energy])
    }
    expect(new Set(batch.steps).size).toBeGreaterThan(1)
    const cut = net.retrieve(queries.slice(0, 16), { tolerance: 0, maxSteps: 2 })
    expect([cut.steps, cut.converged]).toEqual([2, false])
  })

  it('leaves the energy out where it is not wanted', () => {
    expect(make(1, 2).store([1, 0]).retrieve([1, 1], { energy: false }).energy).toBeNaN()
  })

  it('reads values by the last association alone, after updates among the keys', () => {
    const net = new ModernHopfield({ dimension: 2, valueDimension: 1, beta: 5, backend })
    net.store(
      [
        [1, 0],
        [0, 1],
      ],
      [[10], [20]],
    )
    const keysOnly = make(5, 2).store([1, 0, 0, 1])
    const moved = keysOnly.retrieve([0.7, 0.4], { maxSteps: 2 }).state
    expectSame(net.retrieve([0.7, 0.4], { maxSteps: 3 }).state, net.retrieve(moved).state)
    expect(net.retrieve([0.7, 0.4], { maxSteps: 3 }).steps).toBe(3)
    expect(net.value(1)).toEqual(Float32Array.of(20))
  })

  it('forgets, replaces and clears as if the others alone had been stored', () => {
    for (const similarity of ['dot', 'cosine', 'euclidean'] as Similarity[]) {
      const keys = unitVectors(200, 24, 10).map((x) => 3 * x)
      const query = unitVectors(1, 24, 11)
      const row = (mu: number) => keys.slice(mu * 24, (mu + 1) * 24)
      const fresh = (rows: number[]) => {
        const net = new ModernHopfield({ dimension: 24, beta: 30, similarity, backend })
        for (const mu of rows) net.store(row(mu))
        return net
      }
      const all = Array.from({ length: 150 }, (_, mu) => mu)
      const net = fresh(all).forget(3).replace(70, row(199)).forget(148)
      const expected = fresh(
        all
          .filter((mu) => mu !== 3)
          .map((mu, k) => (k === 70 ? 199 : mu))
          .slice(0, 148),
      )
      expect(net.patternCount).toBe(148)
      expectSame(net.retrieve(query).state, expected.retrieve(query).state)
      expect(net.energy(query)).toBe(expected.energy(query))
      expect(net.clear().patternCount).toBe(0)
      expectSame(net.store(row(5)).retrieve(query).state, fresh([5]).retrieve(query).state)
    }
  })

  it('does not depend on the length of queries with cosine similarity, and takes the nearest with Euclidean', () => {
    const cosine = new ModernHopfield({ dimension: 3, beta: 9, similarity: 'cosine', backend }).store([
      3, 0, 0, 0, 0.1, 0,
    ])
    const scaled = cosine.association([8, 16, 0])
    for (const [mu, w] of cosine.association([1, 2, 0]).entries()) expect(w).toBeCloseTo(scaled[mu], 12)
    expect(cosine.top([1, 2, 0], 1).indices[0]).toBe(1)
    expect([...cosine.association([0, 0, 0])]).toEqual([0.5, 0.5])
    const euclidean = new ModernHopfield({ dimension: 1, beta: 50, similarity: 'euclidean', backend }).store([
      0, 1, 10,
    ])
    expect(euclidean.top([1.2], 1).indices[0]).toBe(1)
    expect(euclidean.retrieve([0.9]).state[0]).toBeCloseTo(1, 6)
  })

  it('retrieves one of many patterns exactly where weights can be exactly zero', () => {
    for (const separator of ['sparsemax', 'entmax15'] as Separator[]) {
      const keys = unitVectors(400, 48, 12)
      const net = new ModernHopfield({ dimension: 48, beta: 12, separation: separator, backend }).store(keys)
      for (let mu = 0; mu < 400; mu += 37) {
        const key = keys.slice(mu * 48, (mu + 1) * 48)
        const query = key.map((x, c) => x + 0.03 * gaussians(48, mu)[c])
        expectSame(net.retrieve(query).state, key)
        expect(net.association(query).filter((w) => w > 0)).toEqual(Float64Array.of(1))
      }
    }
  })

  it('makes sparse weights that sum to one and keep their order', () => {
    // sparsemax of (1, 0.5, −1): τ = (1.5 − 1)/2, so ¾ and ¼; entmax15 against its own optimality condition.
    const rows = [[1], [0.5], [-1]]
    const net = (separator: Separator) =>
      new ModernHopfield({ dimension: 1, beta: 1, separation: separator, backend }).store(rows)
    expect([...net('sparsemax').association([1])]).toEqual([0.75, 0.25, 0])
    const p = net('entmax15').association([1])
    const taus = [...p].flatMap((w, mu) => (w > 0 ? [rows[mu][0] / 2 - Math.sqrt(w)] : []))
    for (const tau of taus) expect(tau).toBeCloseTo(taus[0], 6)
    expect(p[0] + p[1] + p[2]).toBeCloseTo(1, 12)
  })

  it('sees only what the mask allows', () => {
    const [q, k, v] = [gaussians(3 * 4, 20), gaussians(5 * 4, 21), gaussians(5 * 2, 22)]
    const mask = [1, 0, 0, 1, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1]
    const masked = attention(q, k, v, { dimension: 4, mask, backend })
    for (let b = 0; b < 3; b++) {
      const seen = [0, 1, 2, 3, 4].filter((mu) => mask[b * 5 + mu] === 1)
      const rows = (from: Float32Array, width: number) =>
        seen.map((mu) => from.slice(mu * width, (mu + 1) * width))
      const own = plainAttention(
        q.slice(b * 4, b * 4 + 4),
        Float32Array.from(rows(k, 4).flatMap((r) => [...r])),
        Float32Array.from(rows(v, 2).flatMap((r) => [...r])),
        4,
        0.5,
      )
      for (let c = 0; c < 2; c++) expect(masked[b * 2 + c]).toBeCloseTo(own[c], 6)
    }
  })

  it('takes the same numbers in any shape', () => {
    const flat = new ModernHopfield({ dimension: 2, backend }).store([1, 2, 3, 4])
    const nested = new ModernHopfield({ dimension: 2, backend }).store([Float64Array.of(1, 2), [3, 4]])
    expectSame(flat.pattern(1), Float32Array.of(3, 4))
    expectSame(nested.retrieve([1, 1]).state, flat.retrieve(Float32Array.of(1, 1)).state)
    expect(flat.retrieveBatch([]).states.length).toBe(0)
  })
})

it('gives the same bits on both backends', () => {
  if (BACKENDS.length < 2) return
  for (const similarity of ['dot', 'cosine', 'euclidean'] as Similarity[]) {
    for (const separator of ['softmax', 'sparsemax', 'entmax15'] as Separator[]) {
      const [one, two] = BACKENDS.map((backend) => {
        const net = new ModernHopfield({ dimension: 20, beta: 3, similarity, separation: separator, backend })
        const results = net
          .store(gaussians(500 * 20, 30))
          .retrieveBatch(gaussians(15 * 20, 31), { maxSteps: 3 })
        return {
          ...results,
          association: net.association(gaussians(20, 32)),
          fixed: net.fixedPoint(gaussians(20, 32)),
        }
      })
      expect(one).toEqual(two)
    }
  }
})
