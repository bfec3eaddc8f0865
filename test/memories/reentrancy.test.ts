import { describe, expect, it } from 'vitest'
import { HopfieldNetwork, RecallBatcher, randomPatterns } from '../../src/index.js'
import { BACKENDS } from '../helpers/backends.js'
import { refusal, rejection, untyped } from '../helpers/refusal.js'

const N = 8
const rows = randomPatterns({ count: 4, neurons: N, seed: 2 })
const row = (k: number): Int8Array => rows.slice(k * N, (k + 1) * N)

/** A state whose first value runs code, once, before it is there. */
function meddling(state: Int8Array, code: () => void): number[] {
  let ran = false
  const run = (): void => {
    if (!ran) code()
    ran = true
  }
  return Object.defineProperty([...state], 0, {
    get() {
      run()
      return state[0]
    },
  })
}

describe.each(BACKENDS)('code of the caller within a call, %s', (backend) => {
  const CHANGES: readonly (readonly [what: string, run: (net: HopfieldNetwork) => unknown])[] = [
    ['clears', (net) => net.clear()],
    ['stores', (net) => net.store(row(2))],
    ['forgets', (net) => net.forget(0)],
    ['replaces', (net) => net.replace(0, row(2))],
  ]

  for (const [inner, meddle] of CHANGES) {
    for (const [outer, change] of CHANGES) {
      it(`refuses what a rule ${inner} while its network ${outer}`, () => {
        let meddles = false
        const seen: string[] = []
        const net: HopfieldNetwork = new HopfieldNetwork({
          neurons: N,
          backend,
          learning: () => {
            if (meddles) seen.push(refusal(() => meddle(net)).code)
            return new Float64Array(N * N)
          },
        })
        net.store([row(0), row(1)])
        const plain = new HopfieldNetwork({ neurons: N, backend, learning: () => new Float64Array(N * N) })
        plain.store([row(0), row(1)])
        meddles = true
        change(net)
        change(plain)
        // A rule is not asked about no patterns.
        expect(seen).toEqual(net.patternCount === 0 ? [] : ['ERR_HOPFIELD_BUSY'])
        expect(net.patternCount).toBe(plain.patternCount)
        expect(net.patterns().words).toEqual(plain.patterns().words)
      })
    }
  }

  it('keeps the patterns when a rule throws, and takes the next change', () => {
    let throws = false
    const error = new Error('no')
    const net = new HopfieldNetwork({
      neurons: N,
      backend,
      learning: () => {
        if (throws) throw error
        return new Float64Array(N * N)
      },
    }).store(row(0))
    throws = true
    expect(() => net.store(row(1))).toThrow(error)
    expect(() => net.replace(0, row(1))).toThrow(error)
    expect([...net.pattern(0)]).toEqual([...row(0)])
    throws = false
    expect(net.store(row(1)).patternCount).toBe(2)
  })

  it('measures with the scale and the field that belong to the weights it reads', () => {
    for (const options of [{ learning: 'covariance' }, { units: 'binary' }] as const) {
      const [net, later] = [0, 1].map(() =>
        new HopfieldNetwork({ neurons: N, backend, ...options }).store([row(0), row(1)]),
      )
      const store = (): unknown => net.store(row(2))
      later.store(row(2))
      const energy = net.energy(meddling(row(3), store))
      expect(energy).toBe(later.energy(row(3)))
      net.forget(2)
      expect([...net.energyBatch([meddling(row(3), store)])]).toEqual([later.energy(row(3))])
      net.forget(2)
      expect(net.recallBatch([meddling(row(3), store)]).energies).toEqual(
        later.recallBatch([row(3)]).energies,
      )
    }
  })

  it('copies options before it reads a cue', () => {
    const net = new HopfieldNetwork({ neurons: N, backend }).store(row(0))
    const externalField = new Float64Array(N)
    const cue = meddling(row(3), () => externalField.fill(Number.NaN))
    expect(net.recall(cue, { externalField }).energy).toBe(net.recall(row(3)).energy)
  })

  it('refuses to search patterns that come and go meanwhile', () => {
    const net = new HopfieldNetwork({ neurons: N, backend }).store([row(0), row(1)])
    expect(refusal(() => net.nearest([meddling(row(3), () => net.forget(0))])).code).toBe('ERR_HOPFIELD_BUSY')
  })

  it('reads the kind of a rule once', () => {
    let reads = 0
    const learning = {
      get kind() {
        return reads++ === 0 ? 'storkey' : 'clipped'
      },
    }
    expect(new HopfieldNetwork({ neurons: N, backend, learning: untyped(learning) }).learning).toBe('storkey')
    expect(reads).toBe(1)
  })

  it('takes AbortSignals alone, and keeps count of cues', async () => {
    const batcher = new RecallBatcher(new HopfieldNetwork({ neurons: N, backend }).store(row(0)), {
      maxWait: 0,
    })
    const like = { aborted: false, addEventListener() {}, removeEventListener() {} }
    const error = await rejection(batcher.recall(row(0), { signal: untyped(like) }))
    expect(error).toMatchObject({ code: 'ERR_HOPFIELD_TYPE' })
    expect([batcher.size, batcher.pending]).toEqual([0, 0])
    expect((await batcher.recall(row(0))).converged).toBe(true)
  })
})
