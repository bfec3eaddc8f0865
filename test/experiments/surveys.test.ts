import { describe, expect, it } from 'vitest'
import {
  basinCurve,
  type CapacityCurveOptions,
  capacityCurve,
  errorHistogram,
  overlapCurves,
  palimpsestCurve,
  phaseDiagram,
  separationCurve,
  sequenceCurve,
  spuriousCensus,
} from '../../src/experiments.js'
import { DenseAssociativeMemory, HopfieldError, HopfieldNetwork } from '../../src/index.js'
import { BACKENDS } from '../helpers/backends.js'
import { untyped } from '../helpers/refusal.js'

const SMALL = { neurons: 40, counts: [2, 6], networks: 5, seed: 7 }

async function refused(run: Promise<unknown>): Promise<HopfieldError> {
  const error: unknown = await run.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (error instanceof HopfieldError) return error
  throw new Error(`expected a HopfieldError, got ${String(error)}`)
}

describe('every experiment', () => {
  it('gives the same numbers on every backend, however many threads', async () => {
    const noisy = { ...SMALL, noise: [0.1, 0.3] }
    const one = await basinCurve({ ...noisy, threads: 1 })
    for (const backend of BACKENDS) expect(await basinCurve({ ...noisy, threads: 3, backend })).toEqual(one)
  })

  it('gives other numbers under another seed', async () => {
    const noisy = { ...SMALL, noise: [0.3] }
    expect(await basinCurve({ ...noisy, seed: 8 })).not.toEqual(await basinCurve(noisy))
  })

  it('measures a point in the same networks, whatever points follow', async () => {
    const both = await capacityCurve(SMALL)
    const alone = await capacityCurve({ ...SMALL, counts: [2] })
    expect(both.overlap.mean[0]).toBe(alone.overlap.mean[0])
    expect(both.overlap.standardError[0]).toBe(alone.overlap.standardError[0])
  })

  it('knows the scatter of networks, and nothing of the scatter of one', async () => {
    // The first two networks recall what they are given, the others their pattern.
    let made = 0
    const { overlap } = await capacityCurve({
      neurons: 40,
      counts: [1],
      networks: 4,
      noise: 0.25,
      tie: 'keep',
      threads: 1,
      memory: ({ neurons }) => {
        const memory = new HopfieldNetwork({ neurons })
        const idle = new HopfieldNetwork({ neurons, weights: new Int32Array(neurons * neurons) })
        return made++ < 2 ? Object.assign(memory, { recallAsync: idle.recallAsync.bind(idle) }) : memory
      },
    })
    // Overlaps .5, .5, 1, 1: the mean is .75, and √(4·.25²/(4·3)) its standard error.
    expect(overlap.mean[0]).toBeCloseTo(0.75, 12)
    expect(overlap.standardError[0]).toBeCloseTo(Math.sqrt(0.25 / 12), 12)
    expect(overlap.count[0]).toBe(4)
    expect((await capacityCurve({ ...SMALL, networks: 1 })).overlap.standardError[0]).toBeNaN()
  })

  it('tells how many networks are done', async () => {
    const told: { done: number; total: number }[] = []
    await capacityCurve({ ...SMALL, onProgress: (progress) => told.push(progress) })
    expect(told.at(-1)).toEqual({ done: 10, total: 10 })
    expect(told.map(({ done }) => done)).toEqual(told.map(({ done }) => done).sort((a, b) => a - b))
  })

  it('ends at once when it is aborted, wherever it is', async () => {
    const long: CapacityCurveOptions = {
      neurons: 2000,
      counts: [400],
      networks: 1000,
      temperature: 0.5,
      maxSweeps: 1e6,
    }
    for (const wait of [0, 40, 120]) {
      const stop = new AbortController()
      const reason = new Error('enough')
      let at = 0
      setTimeout(() => {
        at = performance.now()
        stop.abort(reason)
      }, wait)
      await expect(capacityCurve({ ...long, signal: stop.signal })).rejects.toBe(reason)
      // It takes milliseconds; a busy machine may take longer, but a network would take minutes.
      expect(performance.now() - at).toBeLessThan(2000)
    }
    await expect(capacityCurve({ ...SMALL, signal: AbortSignal.abort('before') })).rejects.toBe('before')
  })

  it('ends with what onProgress or a factory throws', async () => {
    const reason = new Error('mine')
    const fail = (): never => {
      throw reason
    }
    await expect(capacityCurve({ ...SMALL, onProgress: fail })).rejects.toBe(reason)
    await expect(capacityCurve({ ...SMALL, memory: fail })).rejects.toBe(reason)
    await expect(capacityCurve({ ...SMALL, patterns: fail })).rejects.toBe(reason)
  })

  it('takes memories of any kind, and tells a factory where it is', async () => {
    const sites: object[] = []
    const { exact, overlap } = await capacityCurve({
      neurons: 30,
      counts: [40],
      networks: 2,
      memory: (site) => {
        sites.push(site)
        return new DenseAssociativeMemory({ neurons: site.neurons, interaction: { kind: 'exponential' } })
      },
    })
    expect(exact.mean[0]).toBe(1)
    expect(overlap.theory).toBeUndefined()
    expect(sites[0]).toEqual({ neurons: 30, patternCount: 40, alpha: 40 / 30, seed: expect.any(Number) })
  })
})

it.each([
  ["Hebb's rule by its name", 'hebbian', true],
  ['the same as an object', { kind: 'hebbian' }, true],
  ['another rule', { kind: 'storkey' }, false],
] as const)('%s as %j has the theory beside it: %s', async (_, learning, theory) => {
  const { overlap } = await capacityCurve({ neurons: 20, counts: [2], networks: 2, learning })
  expect(overlap.theory !== undefined).toBe(theory)
})

describe('what makes no sense is refused', () => {
  const cases: [string, () => Promise<unknown>, RegExp][] = [
    [
      'no loads',
      () => capacityCurve({ neurons: 9 }),
      /^capacityCurve: expected exactly one of loads and counts/,
    ],
    ['both', () => capacityCurve({ neurons: 9, loads: [1], counts: [1] }), /exactly one of loads and counts/],
    [
      'an empty list',
      () => capacityCurve({ neurons: 9, loads: [] }),
      /^capacityCurve: loads: expected at least one/,
    ],
    [
      'falling loads',
      () => capacityCurve({ neurons: 9, loads: [0.5, 0.4] }),
      /^capacityCurve: loads\[1\]: expected more than/,
    ],
    [
      'loads of the same count',
      () => capacityCurve({ neurons: 9, loads: [0.1, 0.11] }),
      /loads\[1\]: expected a whole pattern more/,
    ],
    ['a load of zero', () => capacityCurve({ neurons: 9, loads: [0] }), /^capacityCurve: loads\[0\]/],
    ['half a pattern', () => capacityCurve({ neurons: 9, counts: [1.5] }), /^capacityCurve: counts\[0\]/],
    ['no neurons', () => capacityCurve({ neurons: 0, counts: [1] }), /^capacityCurve: neurons/],
    ['no networks', () => capacityCurve({ ...SMALL, networks: 0 }), /^capacityCurve: networks/],
    ['a seed below zero', () => capacityCurve({ ...SMALL, seed: -1 }), /^capacityCurve: seed/],
    [
      'an unknown rule',
      () => capacityCurve({ ...SMALL, learning: untyped('hebb') }),
      /^capacityCurve: .*learning: expected one of/,
    ],
    [
      'an unknown option',
      () => capacityCurve(untyped({ ...SMALL, load: 1 })),
      /^capacityCurve: unknown option "load"/,
    ],
    [
      'no memory',
      () => capacityCurve({ ...SMALL, memory: untyped(() => ({})) }),
      /^capacityCurve: memory: .*expected a network/,
    ],
    [
      'a rule beside a memory',
      () => capacityCurve({ ...SMALL, learning: 'storkey', memory: untyped(() => 0) }),
      /^capacityCurve: learning: not supported with memory/,
    ],
    [
      'patterns of another size',
      () => capacityCurve({ ...SMALL, patterns: () => [1, -1, 1] }),
      /^capacityCurve: .*patterns/,
    ],
    [
      'no patterns',
      () => capacityCurve({ ...SMALL, patterns: () => [] }),
      /^capacityCurve: patterns: expected at least one/,
    ],
    ['a recall option', () => capacityCurve({ ...SMALL, temperature: -1 }), /^capacityCurve: .*temperature/],
    ['noise above 1', () => basinCurve({ ...SMALL, noise: [0, 1.1] }), /^basinCurve: noise\[1\]/],
    [
      'counts of a string',
      () => errorHistogram(untyped({ neurons: 9, counts: 'x' })),
      /^errorHistogram: counts/,
    ],
    [
      'sweeps below 1',
      () => overlapCurves({ neurons: 9, patternCount: 2, noise: [0], sweeps: 0 }),
      /^overlapCurves: sweeps/,
    ],
    [
      'ages beyond the first',
      () => palimpsestCurve({ neurons: 9, stored: 4, ages: [0, 4] }),
      /^palimpsestCurve: ages\[1\]: .*3/,
    ],
    [
      'a temperature below 0',
      () => phaseDiagram({ ...SMALL, temperatures: [-0.1] }),
      /^phaseDiagram: temperatures\[0\]/,
    ],
    [
      'more winners than outputs',
      () => separationCurve({ neurons: 9, outputs: 9, sources: 3, winners: 10, overlaps: [1] }),
      /^separationCurve: winners/,
    ],
    [
      'overlaps that cannot be',
      () => separationCurve({ neurons: 9, active: 8, outputs: 9, sources: 3, winners: 2, overlaps: [0.1] }),
      /^separationCurve: overlaps\[0\]: expected at least 0.875/,
    ],
    [
      'dynamics of a sequence',
      () => sequenceCurve(untyped({ ...SMALL, dynamics: 'asynchronous' })),
      /^sequenceCurve: unknown option/,
    ],
    [
      'a memory that classifies nothing',
      () =>
        spuriousCensus({
          ...SMALL,
          memory: ({ neurons }) =>
            Object.assign(new HopfieldNetwork({ neurons }), { classifyAsync: undefined }) as never,
        }),
      /^spuriousCensus: memory: /,
    ],
  ]
  it.each(cases)('%s', async (_, run, message) => {
    const error = await refused(run())
    expect(error.message).toMatch(message)
    expect(error.code).toMatch(/^ERR_HOPFIELD_/)
  })
})
