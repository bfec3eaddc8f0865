import { describe, expect, test } from 'vitest'
import { Gatherer, HopfieldNetwork, type Nearest, randomPatterns } from '../../../src/index.js'

const N = 64
const patterns = randomPatterns({ count: 20, neurons: N, seed: 1 })
const net = new HopfieldNetwork({ neurons: N }).store(patterns)
const pattern = (k: number): Int8Array => patterns.slice(k * N, (k + 1) * N)

interface Found {
  index: number
  batch: number
}

/** Searches of single states, gathered. */
const searches = {
  take: (_: string, state: Int8Array) => state.slice(),
  async run(rows: readonly Int8Array[]) {
    const { indices }: Nearest = await net.nearestAsync(rows)
    return { at: (k: number): Found => ({ index: indices[k], batch: rows.length }) }
  },
}

describe('Gatherer', () => {
  test('tells a batch since when its oldest cue has waited', async () => {
    const told: number[] = []
    const gatherer = new Gatherer(
      {
        take: (_: string, cue: number) => cue,
        run(rows: readonly number[], _: Float64Array, since: number) {
          told.push(since)
          return { at: (k: number) => rows[k] }
        },
      },
      { maxSize: 2, maxWait: 50 },
    )
    const before = performance.now()
    const first = gatherer.ask(1)
    const after = performance.now()
    await new Promise((resolve) => setTimeout(resolve, 10))
    expect(await Promise.all([first, gatherer.ask(2)])).toEqual([1, 2])
    expect(told).toHaveLength(1)
    expect(told[0]).toBeGreaterThanOrEqual(before)
    expect(told[0]).toBeLessThanOrEqual(after)
  })

  test('answers each cue with its own result, of batches as large as what waits', async () => {
    const gatherer = new Gatherer(searches, { maxSize: 8, maxWait: 0 })
    const found = await Promise.all(Array.from({ length: 20 }, (_, k) => gatherer.ask(pattern(k))))
    expect(found.map(({ index }) => index)).toEqual(Array.from({ length: 20 }, (_, k) => k))
    expect(found.map(({ batch }) => batch)).toEqual([...Array(16).fill(8), ...Array(4).fill(4)])
  })

  test('a cue that cannot be read rejects alone', async () => {
    const take = (name: string, cue: number): number => {
      if (cue > 1) throw new TypeError(name)
      return cue
    }
    const gatherer = new Gatherer({ take, run: (rows: readonly number[]) => ({ at: (k) => rows[k] }) })
    const ends = await Promise.allSettled([gatherer.ask(1), gatherer.ask(2), gatherer.ask(0)])
    expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    await expect(gatherer.ask(3)).rejects.toThrow('ask: cue')
  })

  test('what run throws is the end of its batch, and not of the next', async () => {
    let runs = 0
    const run = (rows: readonly number[]) => {
      if (runs++ === 0) throw new Error('no')
      return { at: (k: number) => rows[k] }
    }
    const gatherer = new Gatherer({ take: (_: string, cue: number) => cue, run }, { maxWait: 0 })
    await expect(gatherer.ask(1)).rejects.toThrow('no')
    expect(await gatherer.ask(2)).toBe(2)
  })

  test('refuses beyond maxQueue, after an abort and after close', async () => {
    const gatherer = new Gatherer(searches, { maxQueue: 1 })
    const first = gatherer.ask(pattern(0))
    await expect(gatherer.ask(pattern(1))).rejects.toMatchObject({ code: 'ERR_HOPFIELD_OVERLOADED' })
    await first
    await expect(gatherer.ask(pattern(1), { signal: AbortSignal.abort('late') })).rejects.toBe('late')
    await gatherer.close()
    await expect(gatherer.ask(pattern(1))).rejects.toMatchObject({
      code: 'ERR_HOPFIELD_CLOSED',
      message: 'ask: this Gatherer is closed; make a new one',
    })
    expect(gatherer.pending).toBe(0)
  })

  test('refuses a cue that closes it while it is read', async () => {
    let closed: Promise<void> | undefined
    const read = (_: string, cue: number): number => {
      if (cue === 7) closed = gatherer.close()
      return cue
    }
    const gatherer: Gatherer<number, number> = new Gatherer(
      { take: read, run: (rows: readonly number[]) => ({ at: (k) => rows[k] }) },
      { maxWait: 1e6 },
    )
    const waiting = gatherer.ask(3)
    await expect(gatherer.ask(7)).rejects.toMatchObject({ code: 'ERR_HOPFIELD_CLOSED' })
    expect(await waiting).toBe(3)
    await closed
    expect([gatherer.size, gatherer.pending]).toEqual([0, 0])
  })

  test('gives up a cue once whose signal is aborted while its answer is taken', async () => {
    const stop = new AbortController()
    const at = (k: number): number => {
      if (k === 0) stop.abort('enough')
      return k
    }
    const gatherer = new Gatherer({ take: (_: string, cue: number) => cue, run: () => ({ at }) })
    const first = gatherer.ask(1, { signal: stop.signal })
    const second = gatherer.ask(2)
    await expect(first).rejects.toBe('enough')
    expect(await second).toBe(1)
    await gatherer.close()
    expect(gatherer.pending).toBe(0)
  })

  test('names what it cannot gather', () => {
    for (const of of [undefined, null, 3, {}, { take() {} }]) {
      expect(() => new Gatherer(of as never)).toThrow(/^Gatherer: of: expected an object with/)
    }
  })
})
