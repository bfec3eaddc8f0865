import { describe, expect, it } from 'vitest'
import { inChunks } from '../../src/async/chunks.js'
import { inTurns } from '../../src/platform/turn.js'
import { rejection } from '../helpers/refusal.js'

describe('work in chunks', () => {
  it('ends the reading of a chunk that nobody wants any more, and computes nothing of it', async () => {
    const stop = new AbortController()
    let [read, computed] = [0, 0]
    function* endless(): Generator<void, void> {
      for (;;) {
        if (++read === 3) stop.abort('enough')
        yield
      }
    }
    const work = inChunks(
      1,
      { chunk: 1, threads: 1, signal: stop.signal, onProgress: undefined },
      {
        read: (_from, _to, over) => inTurns(endless(), over),
        compute: async () => {
          computed++
        },
      },
    )
    expect(await rejection(work)).toBe('enough')
    expect([read, computed]).toEqual([3, 0])
  })
})
