import { addNoise, HopfieldNetwork, randomPatterns } from 'hopfield-native'
import { describe, expect, test, vi } from 'vitest'
import { complete } from '../src/completion.js'
import type { PatternSet } from '../src/patterns.js'
import type { Progress } from '../src/progress.js'
import { recallAll } from '../src/recalling.js'
import { storeAll } from '../src/storing.js'
import { nearestTo } from '../src/verdict.js'

function setOf(count: number, neurons: number): PatternSet {
  const states = randomPatterns({ count, neurons, seed: 1 })
  return { neurons, names: Array.from({ length: count }, String), states, grid: undefined }
}

/** Progress that writes down what it is told. */
function notes(onUpdate: (stage: string, done: number) => void = () => {}) {
  const seen: Record<string, number[]> = {}
  let current = ''
  const progress: Progress = {
    stage(name) {
      current = name
      seen[name] = []
    },
    update(done) {
      seen[current].push(done)
      onUpdate(current, done)
    },
    stop() {},
  }
  return { seen, progress }
}

const NEURONS = 64
const COUNT = 5000
const cues = setOf(COUNT, NEURONS)
const network = new HopfieldNetwork({ neurons: NEURONS }).store(cues.states.subarray(0, 8 * NEURONS))
const recall = { seed: 5n, maxSweeps: 50 }

describe('recalling many cues', () => {
  test.each([0, 0.1])('portions do not change results, at noise %d', async (noise) => {
    const recalled = await recallAll(network, cues, { recall, noise, threads: 2 })

    const noisy = cues.names.map((_, stream) =>
      addNoise(cues.states.subarray(stream * NEURONS, (stream + 1) * NEURONS), {
        noise,
        seed: 5n,
        stream,
      }),
    )
    const whole = network.recallBatch(noisy, recall)
    expect(recalled.states.unpack()).toEqual(whole.states)
    expect(recalled.outcomes).toEqual(
      cues.names.map((_, b) => ({
        ...nearestTo(network.overlaps(whole.states.subarray(b * NEURONS, (b + 1) * NEURONS))),
        cycle: whole.cycles[b],
        sweeps: whole.sweeps[b],
        flips: whole.flips[b],
        energy: whole.energies[b],
      })),
    )
  })

  test('every stage tells how far it is, to the end', async () => {
    const { seen, progress } = notes()
    await recallAll(network, cues, { recall, noise: 0.1, progress })
    expect(Object.keys(seen)).toEqual(['adding noise', 'recalling', 'comparing'])
    for (const steps of Object.values(seen)) {
      expect(steps).toEqual([...steps].sort((a, b) => a - b))
      expect(steps.at(-1)).toBe(COUNT)
    }
    expect(seen['adding noise'].length).toBeGreaterThan(1)
    expect(seen['recalling'].length).toBeGreaterThan(1)
  })

  test('overlaps are asked for many states at a time, but not for all', async () => {
    const many = setOf(3000, 512)
    const full = new HopfieldNetwork({ neurons: 512 }).store(many.states.subarray(0, 100 * 512))
    const [single, batch] = [vi.spyOn(full, 'overlaps'), vi.spyOn(full, 'overlapsBatch')]
    await recallAll(full, many, { recall: { ...recall, maxSweeps: 1 }, noise: 0 })
    expect(single).not.toHaveBeenCalled()
    expect(batch.mock.calls.length).toBeGreaterThan(1)
    expect(batch.mock.calls.length).toBeLessThan(10)
    for (const { value } of batch.mock.results) expect(value.length).toBeLessThanOrEqual(2 ** 20)
  })

  test('threads are handed on', async () => {
    const spy = vi.spyOn(network, 'recallAsync')
    await recallAll(network, cues, { recall, noise: 0, threads: 3 })
    expect(spy.mock.lastCall?.[1]).toMatchObject({ threads: 3, packed: true })
    await expect(recallAll(network, cues, { recall, noise: 0, threads: 0 })).rejects.toThrow('threads')
  })

  test.each(['adding noise', 'recalling', 'comparing'])('an abort while %s ends it', async (stage) => {
    const stop = new AbortController()
    const reason = new Error('enough')
    const { seen, progress } = notes((current) => {
      if (current === stage) stop.abort(reason)
    })
    const all = recallAll(network, cues, { recall, noise: 0.1, signal: stop.signal, progress })
    await expect(all).rejects.toBe(reason)
    expect(Object.keys(seen).at(-1)).toBe(stage)
    expect(seen[stage]).toHaveLength(1)
  })
})

describe('learning patterns', () => {
  const set = setOf(40, NEURONS)
  const learner = (): HopfieldNetwork => new HopfieldNetwork({ neurons: NEURONS, learning: 'perceptron' })

  test('tells how far it is, to the end, and learns what store learns', async () => {
    const { seen, progress } = notes()
    const net = learner()
    await storeAll(net, set, undefined, { progress, signal: new AbortController().signal })
    expect(Object.keys(seen)).toEqual(['learning'])
    expect(seen['learning'].at(-1)).toBe(40)
    expect(net.toBytes()).toEqual(learner().store(set.states).toBytes())
  })

  test('ends at an abort, with nothing learned', async () => {
    const stop = new AbortController()
    const reason = new Error('enough')
    const net = learner()
    const all = storeAll(net, set, undefined, { progress: notes().progress, signal: stop.signal })
    stop.abort(reason)
    await expect(all).rejects.toBe(reason)
    expect(net.patternCount).toBe(0)
  })
})

describe('completing pictures', () => {
  const rows = Array.from({ length: 40 }, (_, line) => ({
    line,
    values: Array.from({ length: 16 }, (_, i) => (line * 7 + i * i) % 11),
    label: line % 4,
  }))
  const grey = { pixels: 16, most: 10, rows }

  test('tells how far it is', async () => {
    const { seen, progress } = notes()
    const { signal } = new AbortController()
    const { stored } = await complete('a.csv', grey, 'right', { progress, signal })
    expect(stored).toBe(36)
    // The pictures that are stored, and then the others.
    expect(Object.keys(seen)).toEqual(['retrieving', 'comparing'])
    expect(seen['comparing'].at(-1)).toBe(4)
  })

  test.each(['retrieving', 'comparing'])('ends at an abort while %s', async (stage) => {
    const stop = new AbortController()
    const reason = new Error('enough')
    const { progress } = notes((current) => {
      if (current === stage) stop.abort(reason)
    })
    const all = complete('a.csv', grey, 'right', { progress, signal: stop.signal })
    await expect(all).rejects.toBe(reason)
  })
})

test('the nearest pattern is the one of the largest overlap in magnitude', () => {
  expect(nearestTo([0.2, -0.8, 0.8])).toEqual({ nearest: 1, overlap: -0.8, verdict: 'spurious' })
  expect(nearestTo([0.2, 1]).verdict).toBe('exact')
  expect(nearestTo([-1, 0.2]).verdict).toBe('inverse')
})
