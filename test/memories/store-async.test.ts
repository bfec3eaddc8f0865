import { describe, expect, it } from 'vitest'
import {
  type AssociativeMemory,
  BidirectionalMemory,
  ContinuousHopfield,
  ModernHopfield,
  PackedPatterns,
  randomCodes,
  randomPatterns,
  SparseAssociativeMemory,
} from '../../src/index.js'
import { BACKENDS, type Backend } from '../helpers/backends.js'
import { refusal, rejection } from '../helpers/refusal.js'

// storeAsync of the memories whose patterns are not those of a HopfieldNetwork (test/memories/bipolar/store-async.test.ts).

interface Storing extends AssociativeMemory {
  store(...given: unknown[]): this
  storeAsync(...given: unknown[]): Promise<this>
  pattern(which: number): unknown
  recallBatch(cues: unknown): { readonly count: number }
  recallAsync(cues: unknown): Promise<unknown>
}

interface Kind {
  make(backend: Backend): AssociativeMemory
  /** What is stored first, and then. */
  readonly first: readonly unknown[]
  readonly second: readonly unknown[]
  readonly cues: unknown
  /** Arguments that store refuses, and words of the refusal. */
  readonly bad: readonly [given: readonly unknown[], words: RegExp]
}

const N = 48
const spins = randomPatterns({ count: 160, neurons: N, seed: 1 })
const others = randomPatterns({ count: 160, neurons: 20, seed: 2 })
const codes = randomCodes({ count: 160, neurons: N, active: 5, seed: 3 })
const outputs = randomCodes({ count: 160, neurons: 20, active: 3, seed: 4 })
const reals = Float32Array.from({ length: 160 * N }, (_, k) => Math.sin(k * k))
const values = Array.from({ length: 160 }, (_, k) => [k, -k])

const modern = (options: object, valued: boolean): Kind => ({
  make: (backend) => new ModernHopfield({ dimension: N, backend, ...options }),
  first: [reals.subarray(0, 70 * N), ...(valued ? [values.slice(0, 70)] : [])],
  second: [reals.subarray(70 * N), ...(valued ? [values.slice(70)] : [])],
  cues: reals.subarray(0, 3 * N),
  bad: [
    [[...reals.subarray(0, 2 * N - 1), Number.NaN], ...(valued ? [[1, 2, 3, 4]] : [])],
    /^storeAsync: keys\[95\]: /,
  ],
})
const sparse = (options: object, paired: boolean): Kind => ({
  make: (backend) =>
    new SparseAssociativeMemory({ neurons: N, rule: { kind: 'willshaw' }, backend, ...options }),
  first: [codes.subarray(0, 70 * N), ...(paired ? [outputs.subarray(0, 70 * 20)] : [])],
  second: [codes.subarray(70 * N), ...(paired ? [outputs.subarray(70 * 20)] : [])],
  cues: codes.subarray(0, 3 * N),
  bad: [[[...codes.subarray(0, N - 1), 2], ...(paired ? [outputs.subarray(0, 20)] : [])], /inputs\[47\]/],
})

const KINDS: Record<string, Kind> = {
  'ModernHopfield, dot': modern({}, false),
  'ModernHopfield, cosine, with room': modern({ similarity: 'cosine', capacity: 200 }, false),
  'ModernHopfield, euclidean, with values': modern({ similarity: 'euclidean', valueDimension: 2 }, true),
  BidirectionalMemory: {
    make: (backend) => new BidirectionalMemory({ inputs: N, outputs: 20, backend }),
    first: [spins.subarray(0, 70 * N), others.subarray(0, 70 * 20)],
    second: [PackedPatterns.from(spins.subarray(70 * N), { neurons: N }), others.subarray(70 * 20)],
    cues: { xs: spins.subarray(0, 3 * N) },
    bad: [[spins.subarray(0, N), new Int8Array(20)], /^storeAsync: ys\[0\]: /],
  },
  ContinuousHopfield: {
    make: (backend) => new ContinuousHopfield({ neurons: N, backend }),
    first: [spins.subarray(0, 3 * N)],
    second: [spins.subarray(3 * N, 6 * N)],
    cues: spins.subarray(0, 3 * N),
    bad: [[new Int8Array(N)], /^storeAsync: patterns\[0\]: /],
  },
  'SparseAssociativeMemory, Willshaw': sparse({}, false),
  'SparseAssociativeMemory, Willshaw, pairs': sparse({ outputs: 20 }, true),
  'SparseAssociativeMemory, covariance': sparse(
    { rule: { kind: 'tsodyks-feigelman', activity: 0.1 } },
    false,
  ),
}

for (const backend of BACKENDS) {
  for (const [name, kind] of Object.entries(KINDS)) {
    describe(`storeAsync of ${name}, ${backend}`, () => {
      const made = (): Storing => kind.make(backend) as Storing
      /** Everything the memory knows. */
      const all = (memory: Storing): unknown => {
        const patterns = Array.from({ length: memory.patternCount }, (_, mu) => memory.pattern(mu))
        return [patterns, memory.ids, memory.recallBatch(kind.cues)]
      }

      it('stores what store stores', async () => {
        const [here, beside] = [made(), made()]
        for (const some of [kind.first, kind.second]) {
          // What recalls read meanwhile is the memory as it was.
          const before = here.patternCount === 0 ? undefined : here.recallBatch(kind.cues)
          const seen = before && beside.recallAsync(kind.cues)
          expect(await beside.storeAsync(...some)).toBe(beside)
          expect(await seen).toEqual(before)
          expect(all(beside)).toEqual(all(here.store(...some)))
          expect(await beside.recallAsync(kind.cues)).toEqual(here.recallBatch(kind.cues))
        }
      })

      it('changes nothing where it is stopped', async () => {
        const memory = made().store(...kind.first)
        const before = all(memory)
        const reason = new Error('enough')
        const seen: unknown[] = []
        const onProgress = (): never => {
          seen.push(all(memory))
          throw reason
        }
        expect(await rejection(memory.storeAsync(...kind.second, { onProgress }))).toBe(reason)
        const controller = new AbortController()
        const aborted = memory.storeAsync(...kind.second, {
          signal: controller.signal,
          onProgress: () => controller.abort(reason),
        })
        expect(await rejection(aborted)).toBe(reason)
        expect(await rejection(memory.storeAsync(...kind.second, { ids: ['one'] }))).toMatchObject({
          code: 'ERR_HOPFIELD_SHAPE',
        })
        expect(await rejection(memory.storeAsync(...kind.bad[0]))).toMatchObject({
          code: 'ERR_HOPFIELD_VALUE',
          message: expect.stringMatching(kind.bad[1]),
        })
        expect(seen).toEqual([before])
        expect(all(memory)).toEqual(before)
        expect(all(memory.store(...kind.second))).toEqual(
          all(
            made()
              .store(...kind.first)
              .store(...kind.second),
          ),
        )
      })

      it('refuses other changes meanwhile', async () => {
        const memory = made().store(...kind.first)
        const stored = memory.storeAsync(...kind.second)
        expect(refusal(() => memory.clear()).code).toBe('ERR_HOPFIELD_BUSY')
        expect(refusal(() => memory.store(...kind.second)).code).toBe('ERR_HOPFIELD_BUSY')
        await stored
        expect(memory.clear().patternCount).toBe(0)
      })
    })
  }
}
