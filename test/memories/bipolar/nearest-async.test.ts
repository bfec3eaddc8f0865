import { describe, expect, it } from 'vitest'
import { HopfieldNetwork, PackedPatterns, randomPatterns } from '../../../src/index.js'
import { BACKENDS } from '../../helpers/backends.js'
import { rejection, untyped } from '../../helpers/refusal.js'

/** What a promise rejects with, in words. */
async function refused(promise: Promise<unknown>): Promise<string> {
  const error = (await rejection(promise)) as { code: string; message: string }
  return `${error.code} ${error.message}`
}

const neurons = 600
const count = 1000
const patterns = randomPatterns({ count, neurons, seed: 1 })
const states = randomPatterns({ count: 50, neurons, seed: 2 })

for (const backend of BACKENDS) {
  describe(`nearestAsync, ${backend}`, () => {
    const net = new HopfieldNetwork({ neurons, backend }).store(patterns)

    it('finds what nearest finds, whatever chunk and threads', async () => {
      const wanted = net.nearest(states)
      for (const options of [undefined, { chunk: 7, threads: 3 }, { chunk: 50, threads: 1 }]) {
        expect(await net.nearestAsync(states, options)).toEqual(wanted)
      }
      expect(await net.nearestAsync(PackedPatterns.from(states, { neurons }))).toEqual(wanted)
    })

    it('finds nothing where there are no states', async () => {
      expect(await net.nearestAsync([])).toEqual({ indices: new Uint32Array(0), overlaps: new Int32Array(0) })
    })

    it('searches the memory as it was at the call, ids included', async () => {
      const ids = Array.from({ length: count }, (_, mu) => `p${mu}`)
      const changing = new HopfieldNetwork({ neurons, backend }).store(patterns, { ids })
      const wanted = changing.nearest(states)
      for (const round of [0, 1]) {
        const found = changing.nearestAsync(states, { chunk: 8 })
        changing.forget(0).store(patterns.subarray(0, neurons), { ids: [`again${round}`] })
        expect(await found).toEqual(wanted)
        changing.clear().store(patterns, { ids })
      }
    })

    it('finds the new nearest after a change while the search layout was being made', async () => {
      const changing = new HopfieldNetwork({ neurons, backend }).store(patterns)
      const first = changing.nearestAsync(states)
      changing.store(states)
      const second = changing.nearestAsync(states)
      expect((await first).indices).toEqual(net.nearest(states).indices)
      expect((await second).overlaps).toEqual(new Int32Array(50).fill(neurons))
      expect(changing.nearest(states).overlaps).toEqual(new Int32Array(50).fill(neurons))
    })

    it('tells its progress, and ends with the reason of an abort', async () => {
      const done: number[] = []
      await net.nearestAsync(states, {
        chunk: 10,
        threads: 1,
        onProgress: (p) => done.push(p.done / p.total),
      })
      // On a busy machine progress is also told between two chunks, when nothing more is done.
      expect([...new Set(done)].filter((part) => part > 0)).toEqual([0.2, 0.4, 0.6, 0.8, 1])
      const controller = new AbortController()
      const reason = new Error('enough')
      const found = net.nearestAsync(states, {
        chunk: 10,
        signal: controller.signal,
        onProgress: () => controller.abort(reason),
      })
      expect(await rejection(found)).toBe(reason)
    })

    it('rejects what nearest refuses, under its own name', async () => {
      const bad = states.slice()
      bad[neurons + 3] = 0
      expect(await refused(net.nearestAsync(bad))).toMatch(/^ERR_HOPFIELD_VALUE nearestAsync: states\[603\]/)
      expect(await refused(net.nearestAsync(untyped(null)))).toMatch(
        /^ERR_HOPFIELD_TYPE nearestAsync: states/,
      )
      expect(await refused(net.nearestAsync(states, untyped({ chunks: 1 })))).toMatch(
        /unknown option "chunks"/,
      )
      const empty = new HopfieldNetwork({ neurons, backend })
      expect(await refused(empty.nearestAsync(states))).toMatch(/^ERR_HOPFIELD_RANGE nearestAsync: /)
    })
  })
}
