import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  addNoise,
  bipolar,
  DenseAssociativeMemory as Memory,
  RecallBatcher,
  randomPatterns,
} from '../../../src/index.js'
import { BACKENDS } from '../../helpers/backends.js'
import { expectAllAlone } from '../../helpers/balls.js'
import { FIXED, questions } from '../../helpers/property.js'
import { refusal } from '../../helpers/refusal.js'

const distanceOf = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let differing = 0
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) differing++
  return differing
}

describe.each(BACKENDS)('a Hamming ball, %s', (backend) => {
  const make = (neurons: number, radius: number): Memory =>
    new Memory({ neurons, interaction: { kind: 'epanechnikov', radius }, backend })

  it('has the energy −Σ max(0, radius − distance), its fields, and a count of who is within', () => {
    const property = fc.property(questions(9), fc.nat(), ({ neurons, patterns, cue }, draw) => {
      const radius = 1 + (draw % neurons)
      const net = make(neurons, radius).store(patterns)
      const rows = Array.from({ length: net.patternCount }, (_, mu) => net.pattern(mu))
      const part = (state: ArrayLike<number>): number[] =>
        rows.map((row) => Math.max(0, radius - distanceOf(row, state)))
      const sum = (state: ArrayLike<number>): number => part(state).reduce((a, b) => a + b, 0)
      expect(net.energy(cue)).toBeCloseTo(-sum(cue), 12)
      // What a neuron gains by +1 over −1.
      const fields = Float64Array.from(cue, (_, i) => sum(cue.with(i, 1)) - sum(cue.with(i, -1)))
      expect(net.localField(cue).map((h) => h + 0)).toEqual(fields.map((h) => h + 0))
      for (const dynamics of ['asynchronous', 'synchronous'] as const) {
        const { state, active } = net.recall(cue, { dynamics, maxSweeps: 30 })
        expect(active).toBe(part(state).filter((x) => x > 0).length)
      }
    })
    fc.assert(property, { ...FIXED, numRuns: 60 })
  })

  it('recalls the only pattern within reach in one sweep, in either dynamics', () => {
    const patterns = randomPatterns({ count: 600, neurons: 256, seed: 1 })
    const net = make(256, 60).store(patterns)
    for (const dynamics of ['asynchronous', 'synchronous'] as const) {
      for (const mu of [0, 599]) {
        const cue = addNoise(net.pattern(mu), { count: 50, seed: mu })
        const found = net.recall(cue, { dynamics })
        expect(found).toMatchObject({ converged: true, sweeps: 2, active: 1, energy: -60 })
        expect(found.state).toEqual(net.pattern(mu))
      }
    }
  })

  it('abstains outside of every ball, whatever the dynamics: the state is the cue, nothing is active', () => {
    const net = make(200, 40).store(randomPatterns({ count: 600, neurons: 200, seed: 2 }))
    const cue = net.pattern(3).map((s, i) => (i < 45 ? -s : s))
    for (const dynamics of ['asynchronous', 'synchronous'] as const) {
      const { state, active, flips, converged, energy } = net.recall(cue, { dynamics })
      expect({ active, flips, converged, energy }).toEqual({
        active: 0,
        flips: 0,
        converged: true,
        energy: 0,
      })
      expect(state).toEqual(cue)
    }
    expect(net.isFixedPoint(cue)).toBe(true)
    const empty = make(5, 2).recall([1, -1, 1, 1, -1])
    expect(empty).toMatchObject({ active: 0, state: Int8Array.of(1, -1, 1, 1, -1), converged: true })
  })

  it('takes the majority of those within reach', () => {
    // Each differs from the cue on one neuron of its own: two against one everywhere.
    const net = make(9, 4)
    for (const i of [0, 1, 2]) net.store(bipolar('111111111').map((s, k) => (k === i ? -s : s)))
    const found = net.recall(new Int8Array(9).fill(1), { dynamics: 'synchronous' })
    expect(found).toMatchObject({ active: 3, converged: true, flips: 0, energy: -9 })
    expect(net.minima().map(({ members }) => members.join())).toContain('0,1,2')
  })

  it('gives each cue of a batch what it gets alone, later too, and through a batcher', async () => {
    const net = make(128, 20).store(randomPatterns({ count: 600, neurons: 128, seed: 3 }))
    const cues = Array.from({ length: 10 }, (_, b) =>
      addNoise(net.pattern(20 * b), { count: b % 5 === 4 ? 40 : 2 * b, seed: b }),
    )
    for (const dynamics of ['asynchronous', 'synchronous'] as const) {
      const batch = net.recallBatch(cues, { dynamics })
      const alone = cues.map((cue, stream) => net.recall(cue, { dynamics, stream }))
      expect([...batch]).toEqual(alone)
      expect([...(batch.active ?? [])].filter((active) => active === 0).length).toBe(2)
      expect([...(await net.recallAsync(cues, { dynamics, threads: 2, chunk: 7 }))]).toEqual(alone)
    }
    const gathered = new RecallBatcher(net, { maxWait: 0 })
    expect(await gathered.recall(cues[1])).toMatchObject({ active: 1, state: net.pattern(20) })
  })

  it('exactness() says up to which radius every pattern comes back alone, here and later', async () => {
    const patterns = randomPatterns({ count: 100, neurons: 64, seed: 5 })
    const { radius, closest, exact } = make(64, 1).store(patterns).exactness()
    expect(exact).toBe(true)
    const net = make(64, radius).store(patterns)
    const least = distanceOf(net.pattern(closest[0]), net.pattern(closest[1]))
    expect(radius).toBe(least - 1)
    expect(net.exactness().exact).toBe(true)
    for (const dynamics of ['asynchronous', 'synchronous'] as const) {
      const { states, active, flips } = net.recallBatch(patterns, { dynamics })
      expect(states).toEqual(patterns)
      expect(active).toEqual(new Uint32Array(100).fill(1))
      expect(flips).toEqual(new Uint32Array(100))
    }
    const wider = make(64, least + 1).store(patterns)
    expect(wider.exactness()).toEqual({ exact: false, radius, closest })
    expect(await wider.exactnessAsync({ chunk: 7 })).toEqual(wider.exactness())
    expect(wider.recall(wider.pattern(closest[0])).active).toBeGreaterThan(1)
    expect(make(7, 7).store([1, 1, 1, 1, 1, 1, 1]).exactness()).toMatchObject({ exact: true, radius: 7 })
    const twice = make(4, 1).store([1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1])
    expect(twice.exactness()).toMatchObject({ exact: false, radius: -1 })
  })

  it.skipIf(backend === 'typescript')(
    'recalls 20,000 patterns of 256 neurons alone, and from every noise that the least distance allows',
    async () => {
      await expectAllAlone(20_000, 500, backend)
    },
  )

  it('minima() lists stored patterns and what emerged of several, none of which a recall changes', async () => {
    const centre = randomPatterns({ count: 1, neurons: 60, seed: 6 })
    const near = Array.from({ length: 5 }, (_, k) => centre.map((s, i) => (Math.floor(i / 6) === k ? -s : s)))
    const far = centre.map((s, i) => (i % 2 === 0 ? -s : s))
    // 6 from the centre, 12 from each other.
    const small = make(60, 6).store([...near, far], { ids: ['a', 'b', 'c', 'd', 'e', 'far'] })
    expect(small.minima().map(({ members }) => members.length)).toEqual([1, 1, 1, 1, 1, 1])
    const wide = make(60, 10).store([...near, far], { ids: ['a', 'b', 'c', 'd', 'e', 'far'] })
    const found = wide.minima()
    expect(found[0]).toMatchObject({ ids: ['a', 'b', 'c', 'd', 'e'], energy: -20, state: centre })
    for (const { state } of found) {
      expect(wide.recall(state, { dynamics: 'synchronous' })).toMatchObject({ state, flips: 0 })
    }
    const many = make(48, 14).store(randomPatterns({ count: 90, neurons: 48, seed: 7 }))
    const drawn = many.minima({ samples: 60, seed: 3 })
    expect(drawn.some(({ members }) => members.length > 1)).toBe(true)
    expect(await many.minimaAsync({ samples: 60, seed: 3 })).toEqual(drawn)
  })

  it('keeps its radius in a file', () => {
    const net = make(70, 20).store(randomPatterns({ count: 40, neurons: 70, seed: 8 }))
    const again = Memory.fromBytes(net.toBytes(), { backend })
    const cue = addNoise(net.pattern(4), { count: 15, seed: 1 })
    expect(again.recall(cue)).toEqual(net.recall(cue))
    expect(again.exactness()).toEqual(net.exactness())
  })

  it('refuses a radius that is none, and says where there are no balls', () => {
    for (const radius of [0, 1.5, 11, Number.NaN]) {
      expect(refusal(() => make(10, radius)).message).toContain('interaction.radius')
    }
    const other = new Memory({ neurons: 4, interaction: { kind: 'polynomial', degree: 2 }, backend })
    expect(refusal(() => other.minima()).message).toContain("only known for interaction 'epanechnikov'")
    expect(refusal(() => other.exactness()).code).toBe('ERR_HOPFIELD_OPTION')
    expect(refusal(() => make(4, 2).minima()).code).toBe('ERR_HOPFIELD_RANGE')
  })
})
