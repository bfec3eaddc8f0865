import { describe, expect, it } from 'vitest'
import {
  basin,
  basinAsync,
  fixedPoints,
  fixedPointsAsync,
  HopfieldNetwork,
  type Progress,
  type RecallOptions,
  randomPatterns,
  retrievalErrors,
  retrievalErrorsAsync,
} from '../../src/index.js'
import { BACKENDS } from '../helpers/backends.js'
import { rejection, untyped } from '../helpers/refusal.js'

const neurons = 60
const noise = [0.1, 0.25, 0.4]

for (const backend of BACKENDS) {
  describe(`measures beside other work, ${backend}`, () => {
    const net = new HopfieldNetwork({ neurons, backend }).store(
      randomPatterns({ count: 9, neurons, seed: 1 }),
    )
    const small = new HopfieldNetwork({ neurons: 13, backend }).store(
      randomPatterns({ count: 3, neurons: 13, seed: 1 }),
    )
    const measures: Record<string, (more: object) => Promise<unknown>> = {
      basinAsync: (more) => basinAsync(net, { noise, trials: 4, seed: 7, ...more }),
      retrievalErrorsAsync: (more) => retrievalErrorsAsync(net, { noise: 0.2, trials: 3, ...more }),
      fixedPointsAsync: (more) => fixedPointsAsync(small, more),
    }

    it('gives the numbers that the measures give here', async () => {
      for (const threads of [1, 3]) {
        const options = { noise, trials: 4, seed: 7, patterns: [0, 8, 3], dynamics: 'synchronous' } as const
        expect(await basinAsync(net, { ...options, threads })).toEqual(basin(net, options))
        const asked = { noise: 0.2, trials: 3, temperature: 0.1, maxSweeps: 5 }
        expect(await retrievalErrorsAsync(net, { ...asked, threads })).toEqual(retrievalErrors(net, asked))
        expect(await fixedPointsAsync(small, { tie: 'keep', threads })).toEqual(
          fixedPoints(small, { tie: 'keep' }),
        )
      }
    })

    for (const [name, run] of Object.entries(measures)) {
      it(`${name} tells its progress to the end, and ends with the reason of an abort`, async () => {
        const told: Progress[] = []
        await run({ onProgress: (progress: Progress) => told.push(progress) })
        const { total } = told[0]
        expect(total).toBe({ basinAsync: 108, retrievalErrorsAsync: 27 }[name] ?? 2 ** 13)
        expect(told.at(-1)).toEqual({ done: total, total })
        const controller = new AbortController()
        const reason = new Error('enough')
        const onProgress = (): void => controller.abort(reason)
        expect(await rejection(run({ signal: controller.signal, onProgress }))).toBe(reason)
        expect(await rejection(run({ signal: AbortSignal.abort(reason) }))).toBe(reason)
      })

      it(`${name} rejects what is no option, under its own name`, async () => {
        expect(await rejection(run({ threads: 0 }))).toMatchObject({
          code: 'ERR_HOPFIELD_RANGE',
          message: expect.stringContaining(`${name}: threads`),
        })
      })
    }

    it('rejects what is no network', async () => {
      const none = untyped({ neurons: 3 })
      const calls = [
        () => basinAsync(none, { noise }),
        () => retrievalErrorsAsync(none),
        () => fixedPointsAsync(none),
        () => basinAsync(untyped(null), { noise }),
      ]
      for (const run of calls) expect(await rejection(run())).toMatchObject({ code: 'ERR_HOPFIELD_TYPE' })
    })
  })
}

/** How often each cue of a batch was recalled with the others does not matter to it. */
describe('noisy recalls', () => {
  it('are those of single recalls with the stream of their cue', () => {
    const net = new HopfieldNetwork({ neurons }).store(randomPatterns({ count: 12, neurons, seed: 3 }))
    const { wrongBits } = retrievalErrors(net, { noise: 0.3, trials: 2, seed: 5 })
    const one = retrievalErrors(
      {
        neurons,
        patternCount: 12,
        pattern: (mu) => net.pattern(mu),
        recallBatch: (cues, options) => {
          const { stream = 0, ...rest } = (options ?? {}) as RecallOptions
          const single = Array.from({ length: (cues as Int8Array).length / neurons }, (_, b) =>
            net.recall((cues as Int8Array).subarray(b * neurons, (b + 1) * neurons), {
              ...rest,
              stream: stream + b,
            }),
          )
          const states = Int8Array.from(single.flatMap(({ state }) => [...state]))
          return {
            states,
            converged: Uint8Array.from(single, ({ converged }) => (converged ? 1 : 0)),
          } as never
        },
      },
      { noise: 0.3, trials: 2, seed: 5 },
    )
    expect(wrongBits).toEqual(one.wrongBits)
  })
})
