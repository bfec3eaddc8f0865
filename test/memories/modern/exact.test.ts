import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { attention, ModernHopfield, type Separator } from '../../../src/index.js'
import { BACKENDS } from '../../helpers/backends.js'
import { expectSame } from '../../helpers/bytes.js'
import { refusal } from '../../helpers/refusal.js'
import { gaussians, unitVectors } from '../../helpers/vectors.js'

const EXACT: Separator[] = ['sparsemax', 'entmax15', 'normmax', 'epanechnikov']

/** Σ max(0, 1 − ½β‖q − k‖²), the plain way. */
function plainSum(keys: number[][], query: ArrayLike<number>, beta: number): number {
  return keys.reduce((sum, key) => {
    const square = key.reduce((s, x, c) => s + (x - query[c]) ** 2, 0)
    return sum + Math.max(0, 1 - (beta * square) / 2)
  }, 0)
}

/** The nearest pair, the plain way. */
function leastDistance(keys: Float32Array, d: number): number {
  let least = Number.POSITIVE_INFINITY
  for (let i = 0; i < keys.length / d; i++) {
    for (let j = 0; j < i; j++) {
      let square = 0
      for (let c = 0; c < d; c++) square += (keys[i * d + c] - keys[j * d + c]) ** 2
      least = Math.min(least, square)
    }
  }
  return Math.sqrt(least)
}

/** A few of the smallest steps that f64 has beside the condition, of those that f32 has, and some between. */
const STEPS = [-52, -40, -30, -23].flatMap((power) =>
  [-8, -3, -2, -1, 0, 1, 2, 3, 8].map((k) => k * 2 ** power),
)

describe.each(BACKENDS)('separations that are exact, %s', (backend) => {
  it('give the weights that the equations give for z = (1.7, 0.9, 0.8)', () => {
    const scores = [[1.7], [0.9], [0.8]]
    const weights = (separation: Separator) => [
      ...new ModernHopfield({ dimension: 1, beta: 1, separation, backend }).store(scores).association([1]),
    ]
    for (const [mu, p] of [0.9, 0.1, 0].entries()) expect(weights('sparsemax')[mu]).toBeCloseTo(p, 7)
    for (const [mu, p] of [0.67967, 0.18013, 0.14019].entries()) {
      expect(weights('entmax15')[mu]).toBeCloseTo(p, 5)
    }
  })

  it('normmax satisfies its own optimality condition, and its energy is that of its conjugate', () => {
    const scores = [1.7, 0.9, 0.8, -2]
    const net = new ModernHopfield({ dimension: 1, beta: 1, separation: 'normmax', backend }).store(scores)
    const p = net.association([1])
    // At the maximum of p·z − ‖p‖ all z − p/‖p‖ of the support are one number, and no smaller than the others' z.
    const norm = Math.hypot(...p)
    const taus = [...p].flatMap((w, mu) => (w > 0 ? [scores[mu] - w / norm] : []))
    for (const tau of taus) expect(tau).toBeCloseTo(taus[0], 6)
    expect([...p].filter((w) => w > 0).length).toBe(3)
    expect(p[0] + p[1] + p[2]).toBeCloseTo(1, 12)
    const conjugate = scores.reduce((sum, z, mu) => sum + p[mu] * z, 0) - norm + 1
    expect(net.energy([1])).toBeCloseTo(Math.log(4) - conjugate + (1 + 4) / 2, 6)
  })

  it('epanechnikov takes the plain mean of the keys within the radius, and its energy is that of the paper', () => {
    const keys = [[0, 0], [1, 0], [0, 2], [5, 5]] // biome-ignore format: one line
    const net = new ModernHopfield({ dimension: 2, separation: { kind: 'epanechnikov', radius: 2 }, backend })
    net.store(keys)
    expect([net.beta, net.similarity, net.separator]).toEqual([0.5, 'euclidean', 'epanechnikov'])
    const { state, active, steps, converged } = net.recall([0.25, 0.25])
    expect([...state]).toEqual([Math.fround(1 / 3), Math.fround(2 / 3)])
    expect({ active, steps, converged }).toEqual({ active: 3, steps: 1, converged: false })
    for (const query of [
      [0.25, 0.25],
      [5, 4],
      [0, 1],
    ]) {
      expect(net.energy(query)).toBeCloseTo(-Math.log(plainSum(keys, query, 0.5)) / 0.5, 12)
    }
    expect([...net.association([0.25, 0.25])]).toEqual([1 / 3, 1 / 3, 1 / 3, 0])
  })

  it('epanechnikov abstains outside of every ball: the state is the query, no pattern is active', () => {
    const net = new ModernHopfield({ dimension: 2, separation: { kind: 'epanechnikov', radius: 1 }, backend })
    net.store([0, 0, 3, 0])
    const query = [1.5, 0.25]
    const abstained = { state: Float32Array.from(query), steps: 1, converged: true, active: 0 }
    expect(net.recall(query)).toEqual({ ...abstained, energy: Number.POSITIVE_INFINITY })
    expect(net.recall(query, { tolerance: 0, energy: false })).toEqual({ ...abstained, energy: Number.NaN })
    expect([...net.association(query)]).toEqual([0, 0])
    expect([...net.top(query, 2).weights]).toEqual([0, 0])
    expect(net.fixedPoint(query)).toMatchObject({ kind: 'none', members: new Uint32Array(0) })
    // A key exactly at the radius is outside.
    expect(net.recall([1, 0]).active).toBe(0)
    expect(net.recall([0.9375, 0])).toMatchObject({ active: 1, state: Float32Array.of(0, 0) })
    const batch = net.recallBatch([0.5, 0, 9, 9, 2.5, 0])
    expect([...batch.active]).toEqual([1, 0, 1])
    expect([...batch.states]).toEqual([0, 0, 9, 9, 3, 0])
  })

  it('reads zeros for a query in no ball where patterns have values', () => {
    const separation = { kind: 'epanechnikov', radius: 1 } as const
    const net = new ModernHopfield({ dimension: 1, valueDimension: 2, separation, backend })
    net.store([0, 5], [1, 2, 3, 4])
    expect(net.recall([2])).toMatchObject({ state: Float32Array.of(0, 0), active: 0 })
    expect(net.recall([5.5])).toMatchObject({ state: Float32Array.of(3, 4), active: 1 })
    const read = attention([[2], [5.5]], [[0], [5]], [[1, 2], [3, 4]], { separation, backend }) // biome-ignore format: one line
    expect([...read]).toEqual([0, 0, 3, 4])
  })

  it('recall every stored pattern alone from the β on that exactness() names, and some not below it', () => {
    const [M, d] = [60, 12]
    for (const separation of EXACT) {
      const keys = unitVectors(M, d, 5)
      const make = (beta: number) =>
        new ModernHopfield({ dimension: d, beta, separation, backend }).store(keys)
      const { beta, gap, closest, exact } = make(1).exactness()
      expect(exact).toBe(false)
      expect(closest).toHaveLength(2)
      if (separation === 'epanechnikov') {
        expect(beta / (2 / leastDistance(keys, d) ** 2)).toBeCloseTo(1, 6)
        expect(gap).toBeCloseTo(leastDistance(keys, d) ** 2 / 2, 6)
      } else {
        expect(gap).toBeCloseTo(Math.min(...Array.from({ length: M }, (_, i) => make(1).separation(i))), 12)
      }
      const above = make(beta * (1 + 1e-9))
      expect(above.exactness().exact).toBe(true)
      const { states, active } = above.recallBatch(keys)
      expectSame(states, keys)
      expect(active).toEqual(new Uint32Array(M).fill(1))
      const below = make(beta * (1 - 1e-6)).recallBatch(keys).active
      expect(below[closest[0]]).toBe(2)
    }
  })

  it.each([
    ['sparsemax', 1],
    ['entmax15', 2],
    ['normmax', 1],
  ] as const)('%s is one-hot from a lead of %d/β on, to the last bit on both sides of it', (separation, reach) => {
    // Keys far away make the memory large enough for a first pass over coarse copies.
    const far = (k: number) => [-1, -1, Math.sin(k)]
    for (const [beta, others] of [
      [1, 0],
      [1, 1],
      [0.25, 3000],
      [8, 3000],
    ] as const) {
      // biome-ignore format: one line
      for (const step of STEPS) {
        // Scores are sums of two numbers of f32, so that a lead can be what f32 alone cannot hold.
        const lead = [reach / beta, step / beta, 0]
        const net = new ModernHopfield({ dimension: 3, beta, separation, backend, capacity: others + 2 })
        net.store([[0, 0, 0], lead, ...Array.from({ length: others }, (_, k) => far(k).map((x) => (x * 9) / beta))]) // biome-ignore format: one line
        const alone = reach + step >= reach
        const weights = net.association([1, 1, 0])
        const told = `β = ${beta}, a lead of ${reach} + ${step} and ${others} others`
        expect(weights[0] > 0, told).toBe(!alone)
        expect(weights.filter((w) => w > 0).length, told).toBe(alone ? 1 : 2)
        const { active, state } = net.recall([1, 1, 0])
        expect(active, told).toBe(alone ? 1 : 2)
        if (alone) expectSame(state, Float32Array.from(lead))
      }
    }
  })

  it('exactness() answers for softmax too, whose weights are cut', () => {
    const keys = unitVectors(40, 8, 6)
    const net = (beta: number) => new ModernHopfield({ dimension: 8, beta, backend }).store(keys)
    const { beta } = net(1).exactness()
    expectSame(net(beta * (1 + 1e-9)).recallBatch(keys).states, keys)
    // Below it another pattern has weight, of which f32 may see nothing.
    const weights = net(beta * 0.99).associationBatch(keys)
    expect(weights.filter((w) => w > 0).length).toBeGreaterThan(40)
  })

  it('exactness() is 0 for one pattern and never reached where two are equal, here and later', async () => {
    const net = new ModernHopfield({ dimension: 2, separation: 'epanechnikov', backend }).store([1, 2])
    const one = { exact: true, beta: 0, gap: Number.POSITIVE_INFINITY, closest: new Uint32Array(0) }
    expect(net.exactness()).toEqual(one)
    net.store([7, 7, 1, 2])
    const never = { exact: false, beta: Number.POSITIVE_INFINITY, gap: 0, closest: Uint32Array.of(0, 2) }
    expect(net.exactness()).toEqual(never)
    expect(await net.exactnessAsync({ chunk: 1, threads: 2 })).toEqual(never)
  })

  it('minima() finds stored patterns and the means of those within reach of their mean', () => {
    // An equilateral triangle of side 1 and a pattern far away: at radius 0.9 the means of two are within 0.9 of the third.
    const keys = [[0, 0], [1, 0], [0.5, Math.sqrt(0.75)], [9, 9]] // biome-ignore format: one line
    const minima = (radius: number) =>
      new ModernHopfield({ dimension: 2, separation: { kind: 'epanechnikov', radius }, backend })
        .store(keys, { ids: ['a', 'b', 'c', 'far'] })
        .minima()
    const sets = (radius: number) =>
      minima(radius)
        .map(({ ids }) => String(ids?.join('')))
        .sort()
    // ½ from a mean of two, 1/√3 from that of three, 0.866 from a mean of two to the third.
    expect(sets(0.4)).toEqual(['a', 'b', 'c', 'far'])
    expect(sets(0.55)).toEqual(['a', 'ab', 'ac', 'b', 'bc', 'c', 'far'])
    expect(sets(0.7)).toEqual(['a', 'ab', 'abc', 'ac', 'b', 'bc', 'c', 'far'])
    expect(sets(0.95)).toEqual(['a', 'abc', 'b', 'c', 'far'])
    expect(sets(1.1)).toEqual(['abc', 'far'])
    for (const { state, members, energy } of minima(0.7)) {
      expect(energy).toBeCloseTo(-Math.log(plainSum(keys, state, 2 / 0.49)) / (2 / 0.49), 5)
      expect(members.length).toBeGreaterThan(0)
    }
  })

  it('minima() of many patterns are fixed points with their members alone within reach, drawn by the seed', async () => {
    const [M, d, radius] = [90, 3, 0.5]
    const separation = { kind: 'epanechnikov', radius } as const
    const net = new ModernHopfield({ dimension: d, separation, backend }).store(gaussians(M * d, 8))
    const found = net.minima({ samples: 300, seed: 4 })
    expect(found.length).toBeGreaterThan(20)
    expect(found.some(({ members }) => members.length > 1)).toBe(true)
    for (const { state, members } of found) {
      expectSame(net.recall(state).state, state)
      const weights = net.association(state)
      expect([...weights.keys()].filter((mu) => weights[mu] > 0)).toEqual([...members])
    }
    expect(await net.minimaAsync({ samples: 300, seed: 4 })).toEqual(found)
  })

  it('ends after finitely many steps in a fixed point, and its energy never rises on the way', () => {
    const [M, d] = [200, 4]
    const separation = { kind: 'epanechnikov', radius: 0.8 } as const
    const net = new ModernHopfield({ dimension: d, separation, backend }).store(gaussians(M * d, 9))
    for (let b = 0; b < 20; b++) {
      let state = gaussians(d, 100 + b)
      for (let step = 0, before = net.energy(state); step < 50; step++) {
        const next = net.recall(state)
        // Rounded to f32 once: E may rise by the rounding of a state, 2^-24 of its slope.
        expect(next.energy).toBeLessThanOrEqual(before + 1e-5)
        if (next.converged) break
        expect(step).toBeLessThan(49)
        ;[state, before] = [next.state, next.energy]
      }
    }
  })

  it('keeps its separation in a file, and opens one that says separator', () => {
    const separation = { kind: 'epanechnikov', radius: 0.75 } as const
    const net = new ModernHopfield({ dimension: 3, separation, backend }).store(gaussians(30, 2))
    const again = ModernHopfield.fromBytes(net.toBytes(), { backend })
    expect([again.separator, again.similarity, again.beta]).toEqual(['epanechnikov', 'euclidean', net.beta])
    const query = gaussians(3, 3)
    expect(again.recall(query)).toEqual(net.recall(query))
  })

  it('refuses what does not go together, and names what it is called now', () => {
    const make = (options: object) => () => new ModernHopfield({ dimension: 2, backend, ...options })
    expect(refusal(make({ separator: 'sparsemax' })).message).toContain(
      'separator: it is now called separation',
    )
    expect(refusal(make({ separation: { kind: 'epanechnikov', radius: 1 }, beta: 2 })).message).toContain(
      'not both',
    )
    expect(refusal(make({ separation: { kind: 'epanechnikov', radius: 0 } })).message).toContain(
      'separation.radius',
    )
    expect(refusal(make({ separation: { kind: 'sparsemax', radius: 1 } })).message).toContain('radius')
    expect(refusal(make({ separation: 'epanechnikov', similarity: 'dot' })).message).toContain(
      'asks for a distance',
    )
    expect(
      refusal(() => new ModernHopfield({ dimension: 2, backend }).store([1, 2]).minima()).message,
    ).toContain("only known for separation 'epanechnikov'")
  })
})

it('is one-hot exactly where the lead is 1/β or more, 2/β with entmax15, and nowhere else', () => {
  const lead = fc.double({ min: 0, max: 4, noNaN: true })
  const score = fc.double({ min: -3, max: 3, noNaN: true })
  fc.assert(
    fc.property(
      lead,
      score,
      fc.constantFrom<Separator>('sparsemax', 'entmax15', 'normmax'),
      (by, other, separation) => {
        const top = Math.fround(other + by)
        const second = Math.fround(other)
        const net = new ModernHopfield({ dimension: 1, beta: 1, separation }).store([second, top, second - 1])
        const alone = net.association([1]).filter((w) => w > 0).length === 1
        expect(alone).toBe(top - second >= (separation === 'entmax15' ? 2 : 1))
      },
    ),
    { seed: 15, numRuns: 200 },
  )
})
