import { describe, expect, it } from 'vitest'
import { HopfieldNetwork, RecallBatcher, type RecallOptions, randomPatterns } from '../../../src/index.js'
import { BACKENDS, VARIANTS } from '../../helpers/backends.js'
import { refusal, untyped } from '../../helpers/refusal.js'

const N = 40

function network(options: Partial<ConstructorParameters<typeof HopfieldNetwork>[0]> = {}): HopfieldNetwork {
  return new HopfieldNetwork({ neurons: N, ...options }).store(
    randomPatterns({ count: 3, neurons: N, seed: 1 }),
  )
}

const cue = randomPatterns({ count: 1, neurons: N, seed: 2 })

describe.each(VARIANTS)('recall at a temperature, $backend, $weights', (variant) => {
  const net = network(variant)

  it('runs all its sweeps and calls no state a fixed point', () => {
    const { sweeps, converged, cycle } = net.recall(cue, { temperature: 0.5, maxSweeps: 17 })
    expect([sweeps, converged, cycle]).toEqual([17, false, 0])
  })

  it('is a function of its seed alone', () => {
    const hot: RecallOptions = { temperature: 0.8, maxSweeps: 9, seed: 3 }
    expect(net.recall(cue, hot)).toEqual(net.recall(cue, hot))
    expect(net.recall(cue, { ...hot, seed: 4 }).state).not.toEqual(net.recall(cue, hot).state)
    expect(net.recall(cue, { ...hot, stream: 1 }).state).not.toEqual(net.recall(cue, hot).state)
  })

  it('is for each cue of a batch what it is alone', () => {
    const cues = randomPatterns({ count: 30, neurons: N, seed: 5 })
    for (const dynamics of ['asynchronous', 'synchronous'] as const) {
      const hot: RecallOptions = { temperature: [1, 0.5, 0.2], maxSweeps: 8, dynamics }
      const { states } = net.recallBatch(cues, { ...hot, stream: 7 })
      for (const b of [0, 13, 29]) {
        const alone = net.recall(cues.subarray(b * N, (b + 1) * N), { ...hot, stream: 7 + b })
        expect(states.subarray(b * N, (b + 1) * N)).toEqual(alone.state)
      }
    }
  })

  it('is at temperature 0 what it is without one', () => {
    expect(net.recall(cue, { temperature: 0 })).toEqual(net.recall(cue))
    expect(net.recall(cue, { temperature: [0, 0] })).toEqual(net.recall(cue))
  })

  it('comes to rest once the temperature has fallen to 0', () => {
    const result = net.recall(cue, { temperature: { from: 2, to: 0, sweeps: 10 } })
    expect(result.converged).toBe(true)
    expect(result.sweeps).toBeGreaterThanOrEqual(10)
    expect(net.isFixedPoint(result.state)).toBe(true)
  })

  it('keeps clamped neurons, however hot', () => {
    const clamp = Array.from({ length: N }, (_, i) => i % 3 === 0)
    const { state } = net.recall(cue, { temperature: 100, clamp })
    for (let i = 0; i < N; i += 3) expect(state[i]).toBe(cue[i])
  })

  it('writes a trace whose energies are those of its states', () => {
    const { state, energy, trace, flips } = net.recall(cue, { temperature: 0.6, maxSweeps: 5, trace: true })
    const followed = cue.slice()
    expect(trace?.energies[0]).toBe(net.energy(followed))
    for (const [k, i] of (trace?.flips ?? []).entries()) {
      followed[i] = -followed[i]
      expect(trace?.energies[k + 1]).toBe(net.energy(followed))
    }
    expect(followed).toEqual(state)
    expect(trace?.flips.length).toBe(flips)
    expect(energy).toBe(net.energy(state))
  })

  it('samples the same averages on the thread and off it', async () => {
    const starts = randomPatterns({ count: 3, neurons: N, seed: 6 })
    const options = { temperature: 0.7, samples: 20, burnIn: 3, thinning: 2, seed: 1, series: true }
    expect(await net.sampleAsync(starts, options)).toEqual(net.sample(starts, options))
  })

  it('averages what its series says', () => {
    const { energies, energyMeans, energyVariances, overlaps, overlapMeans, overlapSquares, states } =
      net.sample(cue, { temperature: 0.7, samples: 50, burnIn: 0, series: true })
    if (energies === undefined || overlaps === undefined) throw new Error('no series')
    const mean = energies.reduce((sum, e) => sum + e, 0) / 50
    expect(energyMeans[0]).toBeCloseTo(mean, 10)
    expect(energyVariances[0]).toBeCloseTo(energies.reduce((sum, e) => sum + (e - mean) ** 2, 0) / 50, 10)
    const first = Array.from({ length: 50 }, (_, k) => overlaps[3 * k])
    expect(overlapMeans[0]).toBeCloseTo(first.reduce((sum, m) => sum + m, 0) / 50, 12)
    expect(overlapSquares[0]).toBeCloseTo(first.reduce((sum, m) => sum + m * m, 0) / 50, 12)
    expect(net.energy(states)).toBe(energies[49])
  })

  it('goes on from sweep to sweep as one recall would', () => {
    const { states } = net.sample(cue, { temperature: 0.7, samples: 4, burnIn: 2, thinning: 3, seed: 9 })
    expect(states).toEqual(net.recall(cue, { temperature: 0.7, maxSweeps: 14, seed: 9 }).state)
  })
})

describe.each(BACKENDS)('temperature options, %s', (backend) => {
  const net = network({ backend })

  it('holds the last of its temperatures on', () => {
    const some = net.recall(cue, { temperature: [1, 0.5], maxSweeps: 20 })
    const all = net.recall(cue, { temperature: [1, ...new Array(19).fill(0.5)], maxSweeps: 20 })
    expect(some).toEqual(all)
  })

  it('cools by equal steps or by equal factors', () => {
    const linear = net.recall(cue, { temperature: { from: 2, to: 1, sweeps: 3 }, maxSweeps: 6 })
    expect(linear).toEqual(net.recall(cue, { temperature: [2, 1.5, 1], maxSweeps: 6 }))
    const geometric = { from: 4, to: 1, sweeps: 3, schedule: 'geometric' } as const
    const factors = net.recall(cue, { temperature: geometric, maxSweeps: 6 })
    expect(factors).toEqual(net.recall(cue, { temperature: [4, 2, 1], maxSweeps: 6 }))
  })

  it('measures temperature in units of the field, normalised or not', () => {
    const raw = network({ backend, normalize: 'none' })
    const options = { maxSweeps: 6, seed: 2 }
    const { state } = net.recall(cue, { ...options, temperature: 0.5 })
    expect(raw.recall(cue, { ...options, temperature: 0.5 * N }).state).toEqual(state)
  })

  it('samples no chain at all, at once and later', async () => {
    const none = net.sample([], { temperature: 1, samples: 3 })
    expect(none.states).toHaveLength(0)
    expect(await net.sampleAsync([], { temperature: 1, samples: 3 })).toEqual(none)
  })

  it('gathers cues at a temperature as it recalls them', async () => {
    const batcher = new RecallBatcher(net, { temperature: 0.5, maxSweeps: 5 })
    const gathered = await batcher.recall(cue, { stream: 4 })
    expect(gathered.state).toEqual(net.recall(cue, { temperature: 0.5, maxSweeps: 5, stream: 4 }).state)
    await batcher.close()
  })

  const bad: [string, unknown, string, string][] = [
    ['a negative temperature', -1, 'RANGE', 'temperature: expected a number from 0'],
    ['one that is no number', Number.NaN, 'RANGE', 'temperature'],
    ['a word', 'hot', 'TYPE', 'temperature: expected a number, numbers or a schedule, got "hot"'],
    ['no temperatures', [], 'SHAPE', 'temperature: expected at least one number'],
    ['a bad one among good ones', [1, 2, -3], 'RANGE', 'temperature[2]'],
    ['a schedule without an end', { from: 1 }, 'TYPE', 'temperature.to: expected a number, got undefined'],
    ['a geometric schedule to 0', { from: 1, to: 0, schedule: 'geometric' }, 'RANGE', 'temperature.to'],
    [
      'a schedule of a kind there is not',
      { from: 1, to: 0, schedule: 'log' },
      'OPTION',
      "'linear', 'geometric'",
    ],
    ['a misspelt schedule', { from: 1, to: 0, steps: 4 }, 'OPTION', '"steps"'],
  ]
  it.each(bad)('refuses %s', (_, temperature, code, message) => {
    const error = refusal(() => net.recall(cue, { temperature: untyped(temperature) }))
    expect(error.code).toBe(`ERR_HOPFIELD_${code}`)
    expect(error.message).toContain(message)
  })

  const badSamples: [string, object, string, string][] = [
    ['no temperature', {}, 'TYPE', 'temperature'],
    ['temperature 0', { temperature: 0 }, 'RANGE', 'temperature'],
    ['no samples', { temperature: 1, samples: 0 }, 'RANGE', 'samples'],
    ['thinning of none', { temperature: 1, thinning: 0 }, 'RANGE', 'thinning'],
    [
      'more sweeps than there are numbers for',
      { temperature: 1, samples: 2 ** 30, thinning: 4 },
      'RANGE',
      'sweeps in all',
    ],
    ['maxSweeps', { temperature: 1, maxSweeps: 4 }, 'OPTION', '"maxSweeps"'],
  ]
  it.each(badSamples)('refuses to sample with %s', (_, options, code, message) => {
    const error = refusal(() => net.sample(cue, untyped(options)))
    expect(error.code).toBe(`ERR_HOPFIELD_${code}`)
    expect(error.message).toContain(message)
  })

  it('gives up sampling when it is told to, and leaves the memory free to change', async () => {
    const gaveUp = new AbortController()
    const sampling = net.sampleAsync(cue, {
      temperature: 1,
      samples: 100_000,
      signal: gaveUp.signal,
      onProgress: ({ done }) => {
        if (done >= 3) gaveUp.abort(new Error('enough'))
      },
    })
    await expect(sampling).rejects.toThrow('enough')
  })
})
