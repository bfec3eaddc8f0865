import { getEventListeners } from 'node:events'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type AsyncMemory,
  type BatchResult,
  HopfieldNetwork,
  PackedPatterns,
  RecallBatcher,
  type RecallBatcherOptions,
  type RecallResult,
  randomPatterns,
} from '../../../src/index.js'
import { VARIANTS } from '../../helpers/backends.js'
import { FIXED } from '../../helpers/property.js'
import { refusal, rejection, untyped } from '../../helpers/refusal.js'

const neurons = 75
const patterns = randomPatterns({ count: 12, neurons, seed: 1 })
const count = 40
const all = randomPatterns({ count, neurons, seed: 2 })
const cues = Array.from({ length: count }, (_, b) => all.subarray(b * neurons, (b + 1) * neurons))

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** A memory whose batches end when the test says so. */
class Gate implements AsyncMemory {
  readonly neurons = neurons
  readonly net: HopfieldNetwork = new HopfieldNetwork({ neurons }).store(patterns)
  /** Cues of each batch that came. */
  readonly sizes: number[] = []
  readonly #waiting: (() => void)[] = []
  failure: unknown

  async recallAsync(batch: PackedPatterns, options: object): Promise<BatchResult> {
    this.sizes.push(batch.count)
    await new Promise<void>((resolve) => this.#waiting.push(resolve))
    if (this.failure !== undefined) throw this.failure
    return this.net.recallAsync(batch, options)
  }

  open(): void {
    for (const resolve of this.#waiting.splice(0)) resolve()
  }
}

for (const { backend, weights } of VARIANTS) {
  describe(`RecallBatcher, ${backend}, ${weights}`, () => {
    const net = new HopfieldNetwork({ neurons, backend, weights }).store(patterns)

    it('gives every caller what a lone recall gives, whatever the batches', async () => {
      const options: fc.Arbitrary<RecallBatcherOptions> = fc.record(
        {
          maxSize: fc.integer({ min: 1, max: 50 }),
          maxWait: fc.constantFrom(0, 1),
          threads: fc.integer({ min: 1, max: 3 }),
          dynamics: fc.constantFrom('asynchronous', 'synchronous'),
          seed: fc.nat(),
          stream: fc.nat(),
          maxSweeps: fc.integer({ min: 1, max: 9 }),
        },
        { requiredKeys: ['maxWait'] },
      ) as fc.Arbitrary<RecallBatcherOptions>
      const streams = fc.array(fc.option(fc.nat(), { nil: undefined }), { minLength: 1, maxLength: count })
      const property = fc.asyncProperty(options, streams, async (given, which) => {
        const { maxSize: _, maxWait: __, threads: ___, ...recall } = given
        const batcher = new RecallBatcher(net, given)
        const results = await Promise.all(
          which.map((stream, b) => batcher.recall(cues[b], stream === undefined ? {} : { stream })),
        )
        const lone = which.map((stream, b) =>
          net.recall(cues[b], { ...recall, stream: stream ?? recall.stream ?? 0 }),
        )
        expect(results).toEqual(lone)
        expect(batcher.pending).toBe(0)
      })
      await fc.assert(property, { ...FIXED, numRuns: 40 })
    })

    it('gives packed results for packed or plain cues', async () => {
      const batcher = new RecallBatcher(net, { packed: true, dynamics: 'synchronous' })
      const results: RecallResult<PackedPatterns>[] = await Promise.all(
        cues.map((cue, b) => batcher.recall(b % 2 ? cue : PackedPatterns.from(cue, { neurons }))),
      )
      for (const [b, { state, alternate, ...rest }] of results.entries()) {
        const expected = net.recall(cues[b], { dynamics: 'synchronous' })
        const unpacked = alternate === undefined ? {} : { alternate: alternate.unpack() }
        expect({ ...rest, state: state.unpack(), ...unpacked }).toEqual(expected)
      }
    })

    it('refuses one bad cue, and that caller alone', async () => {
      const batcher = new RecallBatcher(net)
      const bad = cues[1].slice()
      bad[7] = 0
      const [good, error, short, after] = await Promise.all([
        batcher.recall(cues[0]),
        rejection(batcher.recall(bad)),
        rejection(batcher.recall(bad.subarray(1))),
        batcher.recall(cues[2]),
      ])
      expect((error as Error).message).toBe(refusal(() => net.recall(bad)).message)
      expect((short as Error).message).toBe(refusal(() => net.recall(bad.subarray(1))).message)
      expect([good, after]).toEqual([net.recall(cues[0]), net.recall(cues[2])])
    })

    it('takes a copy of the cue at the call', async () => {
      const batcher = new RecallBatcher(net)
      const cue = cues[0].slice()
      const running = batcher.recall(cue)
      cue.fill(0)
      expect(await running).toEqual(net.recall(cues[0]))
    })
  })
}

describe('RecallBatcher gathers', () => {
  it('until maxSize cues wait', async () => {
    const gate = new Gate()
    const batcher = new RecallBatcher(gate, { maxSize: 10, maxWait: 1e6, threads: 4 })
    const running = cues.slice(0, 35).map((cue) => batcher.recall(cue))
    expect(gate.sizes).toEqual([10, 10, 10])
    expect([batcher.size, batcher.pending]).toEqual([5, 35])
    const closed = batcher.close()
    expect(gate.sizes).toEqual([10, 10, 10, 5])
    gate.open()
    expect(await Promise.all(running)).toEqual(cues.slice(0, 35).map((cue) => gate.net.recall(cue)))
    await closed
  })

  it('until the oldest has waited maxWait, and no longer than that and a bit', async () => {
    const net = new HopfieldNetwork({ neurons }).store(patterns)
    const batcher = new RecallBatcher(net, { maxWait: 30 })
    const waits: number[] = []
    for (let round = 0; round < 5; round++) {
      const start = performance.now()
      await Promise.all([batcher.recall(cues[0]), batcher.recall(cues[1])])
      waits.push(performance.now() - start)
    }
    expect(Math.min(...waits)).toBeGreaterThan(30 - 1.3)
    // The best of five, since the machine has other things to do.
    expect(Math.min(...waits)).toBeLessThan(40)
  })

  it('until the end of the turn where maxWait is 0', async () => {
    const gate = new Gate()
    const batcher = new RecallBatcher(gate, { maxWait: 0 })
    const running = [batcher.recall(cues[0])]
    await Promise.resolve()
    running.push(batcher.recall(cues[1]))
    expect(gate.sizes).toEqual([])
    await turn()
    expect(gate.sizes).toEqual([2])
    gate.open()
    await Promise.all(running)
  })

  it('while all threads are busy, in batches of maxSize', async () => {
    const gate = new Gate()
    const batcher = new RecallBatcher(gate, { maxSize: 4, maxWait: 0, threads: 1 })
    const running = cues.slice(0, 11).map((cue) => batcher.recall(cue))
    await turn()
    expect(gate.sizes).toEqual([4])
    gate.open()
    await turn()
    await turn()
    while (gate.sizes.length < 2) await turn()
    expect(gate.sizes).toEqual([4, 4])
    while (gate.sizes.length < 3) {
      gate.open()
      await turn()
    }
    gate.open()
    await Promise.all(running)
    expect(gate.sizes).toEqual([4, 4, 3])
  })

  it('nothing beyond maxQueue, and says what to do', async () => {
    const gate = new Gate()
    const batcher = new RecallBatcher(gate, { maxSize: 2, maxQueue: 3, maxWait: 1e6, threads: 1 })
    const running = cues.slice(0, 5).map((cue) => batcher.recall(cue))
    expect(batcher.size).toBe(3)
    const error = await rejection(batcher.recall(cues[0]))
    expect(error).toMatchObject({ code: 'ERR_HOPFIELD_OVERLOADED' })
    expect((error as Error).message).toMatch(/3 cues.*maxQueue/)
    const closed = batcher.close()
    while (batcher.pending > 0) {
      gate.open()
      await turn()
    }
    expect(await Promise.all(running)).toHaveLength(5)
    await closed
  })

  it('recalls from the memory as it is when the batch leaves', async () => {
    const net = new HopfieldNetwork({ neurons }).store(patterns)
    const batcher = new RecallBatcher(net, { maxWait: 0 })
    const running = batcher.recall(cues[0])
    net.clear()
    expect(await running).toEqual(net.recall(cues[0]))
  })
})

describe('RecallBatcher lets go of a cue', () => {
  it('whose signal was aborted before', async () => {
    const gate = new Gate()
    const batcher = new RecallBatcher(gate)
    expect(await rejection(batcher.recall(cues[0], { signal: AbortSignal.abort('no') }))).toBe('no')
    expect(batcher.pending).toBe(0)
  })

  it('while it waits, at once, and the others stay', async () => {
    const gate = new Gate()
    const batcher = new RecallBatcher(gate, { maxWait: 1e6, maxSize: 100 })
    const controllers = cues.slice(0, 6).map(() => new AbortController())
    const running = controllers.map(({ signal }, b) => batcher.recall(cues[b], { signal, stream: b }))
    const gone = [0, 3, 5].map((b) => rejection(running[b]))
    for (const b of [3, 0, 5]) controllers[b].abort(b)
    expect(await Promise.all(gone)).toEqual([0, 3, 5])
    expect(batcher.size).toBe(3)
    void batcher.close()
    expect(gate.sizes).toEqual([3])
    gate.open()
    const rest = await Promise.all([running[1], running[2], running[4]])
    expect(rest).toEqual([1, 2, 4].map((b) => gate.net.recall(cues[b], { stream: b })))
    for (const { signal } of controllers) expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  })

  it('while it is computed, at once, and the others get their results', async () => {
    const gate = new Gate()
    const batcher = new RecallBatcher(gate, { maxSize: 2 })
    const { signal } = new AbortController()
    const controller = new AbortController()
    const given = rejection(batcher.recall(cues[0], { signal: controller.signal }))
    const kept = batcher.recall(cues[1], { signal })
    expect(gate.sizes).toEqual([2])
    controller.abort('late')
    expect(await given).toBe('late')
    expect(batcher.pending).toBe(1)
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0)
    gate.open()
    expect(await kept).toEqual(gate.net.recall(cues[1]))
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
    expect(batcher.pending).toBe(0)
  })

  it('so that a batch nobody waits for does not leave', async () => {
    const gate = new Gate()
    const batcher = new RecallBatcher(gate, { maxWait: 0 })
    const controller = new AbortController()
    const gone = rejection(batcher.recall(cues[0], { signal: controller.signal }))
    controller.abort()
    await gone
    await turn()
    expect(gate.sizes).toEqual([])
    await batcher.close()
  })
})

describe('RecallBatcher ends', () => {
  it('by finishing what waits and refusing what comes', async () => {
    const net = new HopfieldNetwork({ neurons }).store(patterns)
    const batcher = new RecallBatcher(net, { maxWait: 1e6 })
    const running = batcher.recall(cues[0])
    const closed = batcher.close()
    expect(await rejection(batcher.recall(cues[1]))).toMatchObject({ code: 'ERR_HOPFIELD_CLOSED' })
    await closed
    expect(batcher.pending).toBe(0)
    expect(await running).toEqual(net.recall(cues[0]))
    await batcher.close()
  })

  it('at once where nothing waits', async () => {
    await new RecallBatcher(new Gate()).close()
  })

  it('a failed batch for its callers alone', async () => {
    const gate = new Gate()
    const batcher = new RecallBatcher(gate, { maxSize: 2 })
    const boom = new Error('boom')
    const failing = [rejection(batcher.recall(cues[0])), rejection(batcher.recall(cues[1]))]
    gate.failure = boom
    gate.open()
    expect(await Promise.all(failing)).toEqual([boom, boom])
    gate.failure = undefined
    const next = [batcher.recall(cues[0]), batcher.recall(cues[1])]
    gate.open()
    expect(await Promise.all(next)).toEqual([gate.net.recall(cues[0]), gate.net.recall(cues[1])])
  })

  it('without a rejection that nobody handles', async () => {
    const unhandled: unknown[] = []
    const note = (reason: unknown): void => {
      unhandled.push(reason)
    }
    process.on('unhandledRejection', note)
    const gate = new Gate()
    gate.failure = new Error('boom')
    const batcher = new RecallBatcher(gate, { maxSize: 1 })
    const errors = cues.map((cue) => rejection(batcher.recall(cue)))
    while (batcher.pending > 0) {
      gate.open()
      await turn()
    }
    await Promise.all(errors)
    await new Promise((resolve) => setTimeout(resolve, 10))
    process.off('unhandledRejection', note)
    expect(unhandled).toEqual([])
  })
})

describe('RecallBatcher refuses', () => {
  const net = new HopfieldNetwork({ neurons }).store(patterns)
  const options: [string, unknown, string][] = [
    ['maxSize', { maxSize: 0 }, 'ERR_HOPFIELD_RANGE'],
    ['maxWait', { maxWait: -1 }, 'ERR_HOPFIELD_RANGE'],
    ['maxWait', { maxWait: Number.NaN }, 'ERR_HOPFIELD_RANGE'],
    ['maxWait', { maxWait: '2' }, 'ERR_HOPFIELD_TYPE'],
    ['maxQueue', { maxQueue: 1.5 }, 'ERR_HOPFIELD_RANGE'],
    ['threads', { threads: 0 }, 'ERR_HOPFIELD_RANGE'],
    ['packed', { packed: 'yes' }, 'ERR_HOPFIELD_TYPE'],
    ['stream', { stream: -1 }, 'ERR_HOPFIELD_RANGE'],
    ['seed', { seed: -1 }, 'ERR_HOPFIELD_RANGE'],
    ['dynamics', { dynamics: 'none' }, 'ERR_HOPFIELD_OPTION'],
    ['externalField', { externalField: [1] }, 'ERR_HOPFIELD_SHAPE'],
    ['trace', { trace: true }, 'ERR_HOPFIELD_OPTION'],
    ['maxsize', { maxsize: 5 }, 'ERR_HOPFIELD_OPTION'],
  ]
  for (const [word, given, code] of options) {
    it(`${JSON.stringify(given)} when it is made`, () => {
      const error = refusal(() => new RecallBatcher(net, untyped(given)))
      expect(error.code).toBe(code)
      expect(error.message).toContain(word)
    })
  }

  it('what is no memory', () => {
    for (const value of [undefined, null, {}, { recallAsync: () => 1 }]) {
      expect(refusal(() => new RecallBatcher(untyped(value))).message).toContain('memory')
    }
  })

  it('options of one recall that it does not know', async () => {
    const batcher = new RecallBatcher(net)
    for (const given of [{ seed: 1 }, { stream: -1 }, { signal: 1 }, null]) {
      expect(await rejection(batcher.recall(cues[0], untyped(given)))).toMatchObject({
        name: 'HopfieldError',
      })
    }
    expect(batcher.pending).toBe(0)
  })
})
