import { getEventListeners } from 'node:events'
import { describe, expect, it } from 'vitest'
import { ModernHopfield } from '../../../src/index.js'
import { BACKENDS } from '../../helpers/backends.js'
import { expectSame } from '../../helpers/bytes.js'
import { detach, rejection, untyped } from '../../helpers/refusal.js'
import { gaussians, unitVectors } from '../../helpers/vectors.js'

const D = 12

describe.each(BACKENDS)('retrieveAsync on backend %s', (backend) => {
  const make = () => new ModernHopfield({ dimension: D, beta: 9, backend }).store(unitVectors(300, D, 1))
  const queries = gaussians(70 * D, 2)

  it('is retrieveBatch, whatever the threads and the chunk', async () => {
    const net = make()
    for (const options of [{}, { tolerance: 1e-6 }, { maxSteps: 3, energy: false }]) {
      const expected = net.retrieveBatch(queries, options)
      for (const how of [{}, { threads: 1, chunk: 1 }, { threads: 5, chunk: 7 }, { chunk: 1000 }]) {
        expect(await net.retrieveAsync(queries, { ...options, ...how })).toEqual(expected)
      }
    }
  })

  it('retrieves from the memory as it was at the call, whatever is done to it meanwhile', async () => {
    const net = make()
    const expected = net.retrieveBatch(queries, { tolerance: 1e-6 })
    const running = net.retrieveAsync(queries, { tolerance: 1e-6, threads: 2, chunk: 5 })
    net
      .forget(0)
      .replace(7, gaussians(D, 3))
      .store(gaussians(400 * D, 4))
    expect(await running).toEqual(expected)
    const again = net.retrieveAsync(queries, { threads: 2, chunk: 5 })
    net.clear()
    expect((await again).states.every(Number.isFinite)).toBe(true)
    expect(net.patternCount).toBe(0)
  })

  it('refuses queries that are transferred before they are read', async () => {
    const mine = queries.slice()
    const running = rejection(make().retrieveAsync(mine, { chunk: 3 }))
    detach(mine)
    expect(await running).toMatchObject({
      code: 'ERR_HOPFIELD_SHAPE',
      message: 'retrieveAsync: queries: the buffer of this array was transferred; pass a copy',
    })
  })

  it('reads all queries before the first chunk, so that its result never depends on what becomes of them later', async () => {
    const net = make()
    const mine = queries.slice()
    const { states } = await net.retrieveAsync(mine, {
      chunk: 3,
      threads: 1,
      onProgress: () => {
        mine.fill(0)
      },
    })
    expectSame(states, net.retrieveBatch(queries).states)
  })

  it('tells how far it has come, to the last query', async () => {
    const told: number[] = []
    await make().retrieveAsync(queries, {
      chunk: 16,
      threads: 2,
      onProgress: ({ done, total }) => told.push(done, total),
    })
    expect(told.filter((_, k) => k % 2 === 1).every((total) => total === 70)).toBe(true)
    expect(told.at(-2)).toBe(70)
  })

  it('ends with the reason of its signal, and listens no more', async () => {
    const stop = new AbortController()
    const running = make().retrieveAsync(queries, {
      chunk: 1,
      threads: 1,
      signal: stop.signal,
      onProgress: ({ done }) => done === 3 && stop.abort('enough'),
    })
    expect(await rejection(running)).toBe('enough')
    expect(getEventListeners(stop.signal, 'abort')).toEqual([])
    expect(await rejection(make().retrieveAsync(queries, { signal: AbortSignal.abort('no') }))).toBe('no')
  })

  it('rejects, and never throws, where arguments are wrong', async () => {
    const net = make()
    for (const [given, options] of [
      [[1, 2], {}],
      [queries, { threads: 0 }],
      [queries, { streams: [] }],
      [queries, { maxSteps: 1.5 }],
    ] as const) {
      expect(await rejection(net.retrieveAsync(untyped(given), untyped(options)))).toMatchObject({
        code: expect.stringMatching(/^ERR_HOPFIELD_/),
      })
    }
    const failure = new Error('mine')
    const failing = net.retrieveAsync(queries, {
      onProgress: () => {
        throw failure
      },
    })
    expect(await rejection(failing)).toBe(failure)
  })
})
