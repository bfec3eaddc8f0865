import { getEventListeners } from 'node:events'
import { describe, expect, it } from 'vitest'
import { randomCodes, SparseAssociativeMemory, type SparseRule } from '../../../src/index.js'
import { BACKENDS } from '../../helpers/backends.js'
import { rejection, untyped } from '../../helpers/refusal.js'

const [neurons, active, count, cues] = [200, 8, 30, 70]
const stored = randomCodes({ neurons, active, count, seed: 1 })
const others = randomCodes({ neurons, active, count: cues, seed: 2 })

const RULES: SparseRule[] = ['willshaw', { kind: 'tsodyks-feigelman', activity: active / neurons }]
const CASES = BACKENDS.flatMap((backend) =>
  RULES.map((rule) => ({ backend, rule, name: JSON.stringify(rule) })),
)

describe.each(CASES)('SparseAssociativeMemory.recallAsync, $backend, $name', ({ backend, rule }) => {
  const make = (): SparseAssociativeMemory =>
    new SparseAssociativeMemory({ neurons, rule, backend }).store(stored)

  it('is recallBatch, whatever the threads and the chunk', async () => {
    const net = make()
    for (const options of [{}, { winners: 8 }, { threshold: 2 }, { maxSteps: 3 }]) {
      const expected = net.recallBatch(others, options)
      expect(expected.at(9)).toEqual(net.recall(others.subarray(9 * neurons, 10 * neurons), options))
      for (const how of [{}, { threads: 1, chunk: 1 }, { threads: 5, chunk: 7 }, { chunk: 1000 }]) {
        expect(await net.recallAsync(others, { ...options, ...how })).toEqual(expected)
      }
    }
    expect(Array.from(await net.recallAsync([]))).toEqual([])
  })

  it('recalls from the memory as it was at the call, whatever is stored meanwhile', async () => {
    const net = make()
    const options = { winners: 8 }
    const expected = net.recallBatch(others, options)
    const running = net.recallAsync(others, { ...options, threads: 2, chunk: 5 })
    net.store(others)
    const later = net.recallBatch(others, options)
    const again = net.recallAsync(others, { ...options, threads: 2, chunk: 5 })
    net.clear()
    expect(await running).toEqual(expected)
    expect(await again).toEqual(later)
    expect(later).not.toEqual(expected)
    expect(net.patternCount).toBe(0)
  })

  it('ends with the reason of its signal, and listens no more', async () => {
    const stop = new AbortController()
    const running = make().recallAsync(others, {
      chunk: 1,
      threads: 1,
      signal: stop.signal,
      onProgress: ({ done }) => done === 3 && stop.abort('enough'),
    })
    expect(await rejection(running)).toBe('enough')
    expect(getEventListeners(stop.signal, 'abort')).toEqual([])
  })

  it.each([
    ['a value that is none', [2], {}, 'cues'],
    ['no threads', others, { threads: 0 }, 'threads'],
    ['an option there is not', others, { seed: 3 }, '"seed"'],
  ])('rejects, and never throws, where it is given %s', async (_, given, options, message) => {
    expect(String(await rejection(make().recallAsync(untyped(given), untyped(options))))).toContain(message)
  })

  it('takes codes by the indices of their units as it takes their bytes', () => {
    const indices = (codes: Uint8Array): { active: number[] }[] =>
      Array.from({ length: codes.length / neurons }, (_, b) => ({
        active: [...codes.subarray(b * neurons, (b + 1) * neurons).keys()]
          .filter((i) => codes[b * neurons + i] === 1)
          .reverse(),
      }))
    const net = new SparseAssociativeMemory({ neurons, rule, backend }).store(indices(stored))
    expect(net.recallBatch(indices(others))).toEqual(make().recallBatch(others))
    expect(net.recall(indices(others)[3])).toEqual(make().recall(others.subarray(3 * neurons, 4 * neurons)))
    net.store({ active: [1, 2] }).store([{ active: [5] }, others.subarray(0, neurons)])
    expect(net.patternCount).toBe(count + 3)
  })

  it.each([
    [{ active: [1, 200] }, 'RANGE', 'cue.active[1]: expected'],
    [{ active: [1.5] }, 'RANGE', 'cue.active[0]'],
    [{ active: [3, 1, 3] }, 'VALUE', 'cue.active: expected each unit once, got 3 twice'],
    [{ active: 3 }, 'TYPE', 'cue.active: expected an array'],
    [{ units: [3] }, 'OPTION', '"units"'],
  ])('refuses the cue %j', async (cue, code, message) => {
    expect(() => make().recall(untyped(cue))).toThrow(message)
    expect(() => make().recall(untyped(cue))).toThrow(
      expect.objectContaining({ code: `ERR_HOPFIELD_${code}` }),
    )
  })
})
