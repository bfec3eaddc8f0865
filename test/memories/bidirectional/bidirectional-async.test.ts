import { getEventListeners } from 'node:events'
import { describe, expect, it } from 'vitest'
import { type BidirectionalCue, BidirectionalMemory, randomPatterns } from '../../../src/index.js'
import { BACKENDS } from '../../helpers/backends.js'
import { detach, rejection, untyped } from '../../helpers/refusal.js'
import { row } from '../../helpers/statistics.js'

describe.each(BACKENDS)('BidirectionalMemory.recallAsync on backend %s', (backend) => {
  const [inputs, outputs, count, cues] = [150, 90, 12, 70]
  const xs = randomPatterns({ count, neurons: inputs, seed: 1 })
  const ys = randomPatterns({ count, neurons: outputs, seed: 2 })
  const make = (): BidirectionalMemory => new BidirectionalMemory({ inputs, outputs, backend }).store(xs, ys)
  const starts = randomPatterns({ count: cues, neurons: inputs, seed: 3 })
  const ends = randomPatterns({ count: cues, neurons: outputs, seed: 4 })
  const mixed = Array.from({ length: cues }, (_, b): BidirectionalCue => {
    const [x, y] = [row(starts, inputs, b), row(ends, outputs, b)]
    return b % 3 === 0 ? { x } : b % 3 === 1 ? { y } : { x, y }
  })

  it('is recallBatch, whatever the threads and the chunk', async () => {
    const net = make()
    for (const options of [{}, { maxSteps: 3 }]) {
      const expected = net.recallBatch(mixed, options)
      expect(Array.from(expected)).toEqual(mixed.map((cue) => net.recall(cue, options)))
      for (const how of [{}, { threads: 1, chunk: 1 }, { threads: 5, chunk: 7 }, { chunk: 1000 }]) {
        expect(await net.recallAsync(mixed, { ...options, ...how })).toEqual(expected)
      }
    }
    expect(Array.from(await net.recallAsync([]))).toEqual([])
  })

  it('recalls from the pairs as they were at the call, whatever is done to them meanwhile', async () => {
    const net = make()
    const expected = net.recallBatch(mixed)
    const running = net.recallAsync(mixed, { threads: 2, chunk: 5 })
    net.forget(0).store(row(starts, inputs, 0), row(ends, outputs, 0))
    const again = net.recallAsync(mixed, { threads: 2, chunk: 5 })
    const changed = net.recallBatch(mixed)
    net.clear()
    expect(await running).toEqual(expected)
    expect(await again).toEqual(changed)
    expect(net.patternCount).toBe(0)
  })

  it('refuses cues that are transferred, or lists that become shorter, before they are read', async () => {
    const net = make()
    const mine = starts.slice()
    const listed = rejection(net.recallAsync([{ x: mine.subarray(0, inputs) }]))
    const flat = rejection(net.recallAsync({ xs: mine }))
    const cues = [...mixed]
    const shorter = rejection(net.recallAsync(cues))
    detach(mine)
    cues.pop()
    for (const [running, message] of [
      [listed, 'cues[0].x: the buffer of this array was transferred'],
      [flat, 'cues.xs: the buffer of this array was transferred'],
      [
        shorter,
        'cues: expected an array that does not change during the call; its length was 70 and is now 69',
      ],
    ] as const) {
      const error = await running
      expect(error).toMatchObject({ code: 'ERR_HOPFIELD_SHAPE' })
      expect(String(error)).toContain(message)
    }
  })

  it('ends with the reason of its signal, and listens no more', async () => {
    const stop = new AbortController()
    const running = make().recallAsync(mixed, {
      chunk: 1,
      threads: 1,
      signal: stop.signal,
      onProgress: ({ done, total }) => {
        expect(total).toBe(cues)
        if (done === 3) stop.abort('enough')
      },
    })
    expect(await rejection(running)).toBe('enough')
    expect(getEventListeners(stop.signal, 'abort')).toEqual([])
  })

  it.each([
    ['cues that are no list', 5, {}, 'cues: expected an array'],
    ['cues of neither side', {}, {}, 'cues: expected xs, ys or both'],
    ['a cue without sides', [{ x: [1] }, {}], {}, 'cues[0].x: expected 150 values'],
    ['a value that is none', [{ y: new Array(90).fill(2) }], {}, 'cues[0].y[0]'],
    ['no threads', mixed, { threads: 0 }, 'threads'],
    ['an option there is not', mixed, { steps: 3 }, '"steps"'],
  ])('rejects, and never throws, where it is given %s', async (_, given, options, message) => {
    const error = await rejection(make().recallAsync(untyped(given), untyped(options)))
    expect(String(error)).toContain(message)
  })
})
