import { describe, expect, it, vi } from 'vitest'
import {
  BidirectionalMemory,
  BoltzmannMachine,
  ContinuousHopfield,
  HopfieldError,
  ModernHopfield,
  RandomFeatureMemory,
  RestrictedBoltzmannMachine,
  SimilarityMap,
  SparseAssociativeMemory,
} from '../../src/index.js'
import { BACKENDS, type Backend } from '../helpers/backends.js'
import { rejection, untyped } from '../helpers/refusal.js'

// Asynchronous calls read what they are given in small steps, check what they copied, and change nothing before all of it is read. Each turn
// of the event loop has room for one step here, whatever the machine: the clock is the test's.

/** Numbers per row, rows, and numbers that one step may look at. */
const [WIDTH, ROWS, STEP] = [20, 5000, 2 ** 14]
const LENGTH = WIDTH * ROWS

interface Kept {
  toBytes(): Uint8Array
}
interface Limits {
  readonly signal?: AbortSignal
}
/** A method that takes data. */
interface Door<Memory extends Kept = Kept> {
  readonly make: (backend: Backend) => Memory
  readonly later: (memory: Memory, data: never, limits: Limits) => Promise<unknown>
  /** The same at once; of learning, what it leaves is compared. */
  readonly now: (memory: Memory, data: never) => unknown
  /** What is changed meanwhile, where it does not learn. */
  readonly change?: (memory: Memory) => void
  /** Number k. */
  readonly number: (k: number) => number
  /** What errors call the data. */
  readonly name: string
}

const real = (k: number): number => Math.sin(12.9898 * (k + 1)) / 2
const share = (k: number): number => 0.5 + real(k)
const spin = (k: number): number => (real(k) > 0 ? 1 : -1)
const unit = (k: number): number => (k % 7 === 0 ? 1 : 0)
const few = <T>(number: (k: number) => T, count = 3): T[] =>
  Array.from({ length: count * WIDTH }, (_, k) => number(k + 5))

const door = <Memory extends Kept>(of: Door<Memory>): Door => of as unknown as Door
const keys = (backend: Backend): ModernHopfield =>
  new ModernHopfield({ dimension: WIDTH, backend }).store(few(real))
const clear = (memory: { clear(): unknown }): void => {
  memory.clear()
}
const modern = (number: Pick<Door<ModernHopfield>, 'later' | 'now' | 'name'>): Door =>
  door<ModernHopfield>({ make: keys, change: clear, number: real, ...number })
const features = (backend: Backend): RandomFeatureMemory =>
  new RandomFeatureMemory({ dimension: WIDTH, frequencies: 4, backend }).store(few(real))
const layers = (backend: Backend): RestrictedBoltzmannMachine =>
  new RestrictedBoltzmannMachine({ visible: WIDTH, hidden: 2, backend })
const coupled = (backend: Backend): BoltzmannMachine => new BoltzmannMachine({ visible: WIDTH, backend })
const taught = (memory: RestrictedBoltzmannMachine): void => {
  memory.fit(few(unit), { epochs: 1 })
}
const map = (backend: Backend): SimilarityMap => new SimilarityMap({ dimension: WIDTH, outputs: 2, backend })
const centring = { kind: 'centring' } as const
const once = { epochs: 1, batchSize: ROWS, steps: 1 }
const codes = (backend: Backend): SparseAssociativeMemory =>
  new SparseAssociativeMemory({ neurons: WIDTH, rule: 'willshaw', backend }).store(few(unit))

const DOORS: Record<string, Door> = {
  'SimilarityMap.fitAsync': door({
    make: map,
    later: (memory, data, limits) => memory.fitAsync(data, { ...centring, ...limits }),
    now: (memory, data) => memory.fit(data, centring),
    number: real,
    name: 'fitAsync: data',
  }),
  'SimilarityMap.transformAsync': door({
    make: map,
    later: (memory, data, limits) => memory.transformAsync(data, limits),
    now: (memory, data) => memory.transform(data),
    change: (memory) => memory.fit(few(real), centring),
    number: real,
    name: 'transformAsync: vectors',
  }),
  'RandomFeatureMemory.storeAsync': door({
    make: features,
    later: (memory, data, limits) => memory.storeAsync(data, limits),
    now: (memory, data) => memory.store(data),
    number: real,
    name: 'storeAsync: vectors',
  }),
  'RandomFeatureMemory.forgetAsync': door({
    make: (backend: Backend) => {
      const memory = features(backend)
      return memory.store(Float64Array.from({ length: LENGTH }, (_, k) => real(k)))
    },
    later: (memory, data, limits) => memory.forgetAsync(data, limits),
    now: (memory, data) => memory.forget(data),
    number: real,
    name: 'forgetAsync: vectors',
  }),
  'RandomFeatureMemory.recallAsync': door({
    make: features,
    later: (memory, data, limits) => memory.recallAsync(data, { maxSteps: 2, ...limits }),
    now: (memory, data) => memory.recallBatch(data, { maxSteps: 2 }),
    change: clear,
    number: real,
    name: 'recallAsync: cues',
  }),
  'RandomFeatureMemory.energyBatchAsync': door({
    make: features,
    later: (memory, data, limits) => memory.energyBatchAsync(data, limits),
    now: (memory, data) => memory.energyBatch(data),
    change: clear,
    number: real,
    name: 'energyBatchAsync: states',
  }),
  'RandomFeatureMemory.densityBatchAsync of ±1': door({
    make: (backend: Backend) =>
      new RandomFeatureMemory({ dimension: WIDTH, frequencies: 4, vectors: 'bipolar', backend }).store(
        few(spin),
      ),
    later: (memory, data, limits) => memory.densityBatchAsync(data, limits),
    now: (memory, data) => memory.densityBatch(data),
    change: clear,
    number: spin,
    name: 'densityBatchAsync: states',
  }),
  'ContinuousHopfield.recallAsync': door({
    make: (backend: Backend) => {
      const memory = new ContinuousHopfield({ neurons: WIDTH, backend }).store(few(spin))
      // What recalls read is made at the first of them.
      memory.recall(few(spin, 1))
      return memory
    },
    later: (memory, data, limits) => memory.recallAsync(data, { maxSteps: 1, ...limits }),
    now: (memory, data) => memory.recallBatch(data, { maxSteps: 1 }),
    change: clear,
    number: real,
    name: 'recallAsync: cues',
  }),
  'ModernHopfield.storeAsync': door({
    make: keys,
    later: (memory, data, limits) => memory.storeAsync(data, limits),
    now: (memory, data) => memory.store(data),
    number: real,
    name: 'storeAsync: keys',
  }),
  'ModernHopfield.storeAsync, weights': door({
    make: (backend: Backend) => new ModernHopfield({ dimension: 1, backend }).store([1, 2]),
    later: (memory, weights, limits) => memory.storeAsync(new Float32Array(LENGTH), { weights, ...limits }),
    now: (memory, weights) => memory.store(new Float32Array(LENGTH), { weights }),
    number: share,
    name: 'storeAsync: weights',
  }),
  'ModernHopfield.recallAsync': modern({
    later: (memory, data, limits) => memory.recallAsync(data, limits),
    now: (memory, data) => memory.recallBatch(data),
    name: 'recallAsync: queries',
  }),
  'ModernHopfield.associationBatchAsync': modern({
    later: (memory, data, limits) => memory.associationBatchAsync(data, limits),
    now: (memory, data) => memory.associationBatch(data),
    name: 'associationBatchAsync: queries',
  }),
  'ModernHopfield.overlapsBatchAsync': modern({
    later: (memory, data, limits) => memory.overlapsBatchAsync(data, limits),
    now: (memory, data) => memory.overlapsBatch(data),
    name: 'overlapsBatchAsync: queries',
  }),
  'ModernHopfield.topAsync': modern({
    later: (memory, data, limits) => memory.topAsync(data, 2, limits),
    now: (memory, data) => memory.topBatch(data, 2),
    name: 'topAsync: queries',
  }),
  'ModernHopfield.energyBatchAsync': modern({
    later: (memory, data, limits) => memory.energyBatchAsync(data, limits),
    now: (memory, data) => memory.energyBatch(data),
    name: 'energyBatchAsync: states',
  }),
  'BidirectionalMemory.recallAsync': door({
    make: (backend: Backend) =>
      new BidirectionalMemory({ inputs: WIDTH, outputs: WIDTH, backend }).store(few(spin), few(spin)),
    later: (memory, xs, limits) => memory.recallAsync({ xs }, limits),
    now: (memory, xs) => memory.recallBatch({ xs }),
    change: clear,
    number: spin,
    name: 'recallAsync: cues.xs',
  }),
  'BoltzmannMachine.fitAsync': door({
    make: coupled,
    later: (memory, data, limits) => memory.fitAsync(data, { ...limits, epochs: 1, start: 'mean-field' }),
    now: (memory, data) => memory.fit(data, { epochs: 1, start: 'mean-field' }),
    number: spin,
    name: 'fitAsync: data',
  }),
  'BoltzmannMachine.recallAsync': door({
    make: coupled,
    later: (memory, data, limits) => memory.recallAsync(data, { ...limits, maxSteps: 1 }),
    now: (memory, data) => memory.recallBatch(data, { maxSteps: 1 }),
    change: (memory) => memory.fit(few(spin), { epochs: 1 }),
    number: real,
    name: 'recallAsync: cues',
  }),
  'BoltzmannMachine.sampleAsync, starts': door({
    make: coupled,
    later: (memory, starts, limits) => memory.sampleAsync({ ...limits, sweeps: 1, starts }),
    now: (memory, starts) => memory.sample({ sweeps: 1, starts }),
    change: (memory) => memory.fit(few(spin), { epochs: 1 }),
    number: spin,
    name: 'sampleAsync: starts',
  }),
  'RestrictedBoltzmannMachine.fitAsync': door({
    make: layers,
    later: (memory, data, limits) => memory.fitAsync(data, { ...limits, ...once }),
    now: (memory, data) => memory.fit(data, once),
    number: share,
    name: 'fitAsync: data',
  }),
  'RestrictedBoltzmannMachine.fitAsync, heldOut': door({
    make: layers,
    later: (memory, heldOut, limits) => memory.fitAsync(few(unit), { ...limits, ...once, heldOut }),
    now: (memory, heldOut) => memory.fit(few(unit), { ...once, heldOut }),
    number: share,
    name: 'fitAsync: heldOut',
  }),
  'RestrictedBoltzmannMachine.recallAsync': door({
    make: layers,
    later: (memory, data, limits) => memory.recallAsync(data, { ...limits, maxSteps: 1 }),
    now: (memory, data) => memory.recallBatch(data, { maxSteps: 1 }),
    change: taught,
    number: share,
    name: 'recallAsync: cues',
  }),
  'RestrictedBoltzmannMachine.sampleAsync, starts': door({
    make: layers,
    later: (memory, starts, limits) => memory.sampleAsync({ ...limits, steps: 1, starts }),
    now: (memory, starts) => memory.sample({ steps: 1, starts }),
    change: taught,
    number: share,
    name: 'sampleAsync: starts',
  }),
  'RestrictedBoltzmannMachine.transformAsync': door({
    make: layers,
    later: (memory, data, limits) => memory.transformAsync(data, limits),
    now: (memory, data) => memory.transform(data),
    change: taught,
    number: share,
    name: 'transformAsync: data',
  }),
  'RestrictedBoltzmannMachine.reconstructAsync': door({
    make: layers,
    later: (memory, data, limits) => memory.reconstructAsync(data, limits),
    now: (memory, data) => memory.reconstruct(data),
    change: taught,
    number: share,
    name: 'reconstructAsync: data',
  }),
  'RestrictedBoltzmannMachine.logLikelihoodAsync': door({
    make: layers,
    later: (memory, data, limits) => memory.logLikelihoodAsync(data, limits),
    now: (memory, data) => memory.logLikelihood(data),
    change: taught,
    number: share,
    name: 'logLikelihoodAsync: data',
  }),
  'SparseAssociativeMemory.recallAsync': door({
    make: codes,
    later: (memory, data, limits) => memory.recallAsync(data, limits),
    now: (memory, data) => memory.recallBatch(data),
    change: clear,
    number: unit,
    name: 'recallAsync: cues',
  }),
  'SparseAssociativeMemory.storeAsync': door({
    make: codes,
    later: (memory, data, limits) => memory.storeAsync(data, limits),
    now: (memory, data) => memory.store(data),
    number: unit,
    name: 'storeAsync: inputs',
  }),
}

/** A clock on which each look is three milliseconds after the one before, and a turn has two. */
function ownClock(): void {
  let now = performance.now()
  vi.spyOn(performance, 'now').mockImplementation(() => {
    now += 3
    return now
  })
}

const pause = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** Calls `each` at the beginning of every turn of the event loop, with its number, while the call runs. */
async function inEachTurn<T>(call: () => Promise<T>, each: (turn: number) => void): Promise<T> {
  for (let k = 0; k < 2; k++) await pause()
  ownClock()
  let ended = false
  let turn = 0
  const next = (): void => {
    if (ended) return
    turn++
    setImmediate(next)
    each(turn)
  }
  setImmediate(next)
  try {
    return await call()
  } finally {
    ended = true
    vi.restoreAllMocks()
    // The turn that began by the test's clock ends.
    for (let k = 0; k < 2; k++) await pause()
  }
}

/** Numbers that tell what looks at them, as an array of no class. */
function watched(
  length: number,
  number: (k: number) => number,
  seen: (k: number) => void,
): ArrayLike<number> {
  const get = (_: object, key: string | symbol): unknown => {
    if (key === 'length') return length
    const k = typeof key === 'string' ? Number(key) : Number.NaN
    if (!Number.isInteger(k)) return undefined
    seen(k)
    return number(k)
  }
  return new Proxy({}, { get }) as ArrayLike<number>
}

const shrink = (array: Float64Array): void => {
  ;(array.buffer as unknown as { resize(bytes: number): void }).resize(8 * WIDTH)
}
const move = (array: Float64Array): void => {
  structuredClone(array.buffer, { transfer: [array.buffer as ArrayBuffer] })
}
const resizable = (array: Float64Array): Float64Array => {
  const Resizable = ArrayBuffer as unknown as new (bytes: number, options: object) => ArrayBuffer
  const out = new Float64Array(new Resizable(array.byteLength, { maxByteLength: 2 * array.byteLength }))
  out.set(array)
  return out
}

for (const backend of BACKENDS) {
  describe.each(Object.entries(DOORS))(`%s, ${backend}`, (_, { make, later, now, change, number, name }) => {
    const data = (): Float64Array => Float64Array.from({ length: LENGTH }, (_, k) => number(k))
    /** What comes of the data: a result, or a memory that learned. */
    const known = (memory: Kept, result: unknown): unknown => (result === memory ? memory.toBytes() : result)
    const refused = async (given: unknown, meanwhile: () => void): Promise<[HopfieldError, boolean]> => {
      const memory = make(backend)
      const before = memory.toBytes()
      const error = await inEachTurn(
        () => rejection(later(memory, untyped(given), {})),
        (turn) => {
          if (turn === 1) meanwhile()
        },
      )
      expect(error).toBeInstanceOf(HopfieldError)
      return [error as HopfieldError, memory.toBytes().every((byte, k) => byte === before[k])]
    }

    it('looks at no more than a step in one turn of the event loop, and gives the same bits', async () => {
      const looks = [0]
      const counts = new Uint8Array(LENGTH)
      const given = watched(LENGTH, number, (k) => {
        looks[looks.length - 1]++
        counts[k]++
      })
      const memory = make(backend)
      const result = known(
        memory,
        await inEachTurn(
          () => later(memory, untyped(given), {}),
          () => looks.push(0),
        ),
      )
      // One look at the first tells whether rows are nested.
      expect(Math.max(...looks)).toBeLessThanOrEqual(STEP + 1)
      expect(Math.min(...counts)).toBe(1)
      expect(Math.max(...counts.subarray(1))).toBe(1)
      const other = make(backend)
      expect(result).toEqual(known(other, now(other, untyped(data()))))
    })

    it('takes what it has copied, whatever becomes of the data, and the memory as it is at the call', async () => {
      const memory = make(backend)
      const given = data()
      const call = (): Promise<unknown> => {
        const running = later(memory, untyped(given), {})
        // In the turn of the call.
        change?.(memory)
        return running
      }
      const result = known(
        memory,
        await inEachTurn(call, (turn) => {
          // Some memories are made ready in the first turns.
          if (turn === 4) given.set([Number.NaN, 1e300])
        }),
      )
      const other = make(backend)
      expect(result).toEqual(known(other, now(other, untyped(data()))))
    })

    it.each([
      ['NaN', Number.NaN],
      ['a number beyond all bounds', 1e300],
    ])('refuses %s that comes meanwhile, and the last number of all, with nothing changed', async (_, bad) => {
      const given = data()
      const [late, same] = await refused(given, () => {
        given[LENGTH - WIDTH] = bad
      })
      expect([late.code, same]).toEqual(['ERR_HOPFIELD_VALUE', true])
      expect(late.message).toContain(`${name}[${LENGTH - WIDTH}]: expected`)
      const other = data()
      other[LENGTH - 1] = bad
      const [last, unchanged] = await refused(other, () => {})
      expect([last.code, unchanged]).toEqual(['ERR_HOPFIELD_VALUE', true])
      expect(last.message).toContain(`${name}[${LENGTH - 1}]: expected`)
    })

    it('refuses data whose buffer is transferred or shrinks meanwhile, with nothing changed', async () => {
      const gone = data()
      const [moved, same] = await refused(gone, () => move(gone))
      expect([moved.code, same]).toEqual(['ERR_HOPFIELD_SHAPE', true])
      expect(moved.message).toBe(`${name}: the buffer of this array was transferred; pass a copy`)
      const less = resizable(data())
      const [shrunk, unchanged] = await refused(less, () => shrink(less))
      expect([shrunk.code, unchanged]).toEqual(['ERR_HOPFIELD_SHAPE', true])
      expect(shrunk.message).toBe(`${name}: the buffer of this array was resized; pass a copy`)
    })

    it('refuses a list that becomes shorter meanwhile, with nothing changed', async () => {
      const list = Array.from(data())
      const [error, same] = await refused(list, () => list.splice(WIDTH))
      expect([error.code, same]).toEqual(['ERR_HOPFIELD_SHAPE', true])
      expect(error.message).toContain(`${name}: expected an array that does not change during the call`)
    })

    it('is stopped while it reads, and reads no further', async () => {
      const memory = make(backend)
      const before = memory.toBytes()
      const stop = new AbortController()
      let seen = 0
      const given = watched(LENGTH, number, () => {
        seen++
      })
      let soon = 0
      const reason = await inEachTurn(
        () => rejection(later(memory, untyped(given), { signal: stop.signal })),
        (turn) => {
          if (turn !== 2) return
          soon = seen
          stop.abort('enough')
        },
      )
      expect(reason).toBe('enough')
      for (let k = 0; k < 5; k++) await pause()
      expect([seen, seen < LENGTH]).toEqual([soon, true])
      expect(memory.toBytes()).toEqual(before)
    })
  })
}
