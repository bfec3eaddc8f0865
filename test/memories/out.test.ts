import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  BidirectionalMemory,
  ContinuousHopfield,
  HopfieldNetwork,
  ModernHopfield,
  PackedPatterns,
  RecallBatcher,
  type RecallOptions,
  randomPatterns,
  SparseAssociativeMemory,
  type StateLike,
} from '../../src/index.js'
import { BACKENDS } from '../helpers/backends.js'
import { EVERY_MEMORY, filled } from '../helpers/every-memory.js'
import { detach, refusal, rejection, untyped } from '../helpers/refusal.js'

type Numbers = Int8Array | Uint8Array | Float32Array | Float64Array

/** What final states can be. */
type States = Numbers | PackedPatterns

/** A place of the same kind, in which something else is. */
function placeFor(states: States): States {
  if (!(states instanceof PackedPatterns)) return states.slice().fill(7)
  const { neurons, words } = states
  return new PackedPatterns({ neurons, words: words.slice().fill(0x55555555) })
}

/** The bits of states. */
const bits = (states: States): string => {
  const { buffer, byteOffset, byteLength } = states instanceof PackedPatterns ? states.words : states
  return Buffer.from(buffer, byteOffset, byteLength).toString('hex')
}

/** The names under which a result has final states, and what `out` is made of. */
const SIDES = [['state'], ['states'], ['x', 'y'], ['xs', 'ys']]

/** Recalls with and without `out`, and returns both results and what was given. */
function both(run: (more: object) => object): { plain: object; into: object; sides: string[]; out: object } {
  const plain = run({})
  const sides = SIDES.find(([name]) => Object.hasOwn(plain, name)) as string[]
  const places = sides.map((name) => [name, placeFor((plain as Record<string, States>)[name])] as const)
  const out = sides.length === 1 ? places[0][1] : Object.fromEntries(places)
  return { plain, into: run({ out }), sides, out }
}

function check(run: (more: object) => object): void {
  const { plain, into, sides, out } = both(run)
  for (const name of sides) {
    const given = sides.length === 1 ? out : (out as Record<string, object>)[name]
    const state = (into as Record<string, States>)[name]
    expect(state).toBe(given)
    expect(bits(state)).toBe(bits((plain as Record<string, States>)[name]))
  }
  const others = ([name]: [string, unknown]): boolean => !sides.includes(name)
  expect(Object.entries(into).filter(others)).toEqual(Object.entries(plain).filter(others))
}

for (const backend of BACKENDS) {
  describe(`out, ${backend}`, () => {
    it.each(EVERY_MEMORY)('$name writes into the array that is given, and returns it', (kind) => {
      const memory = filled(kind, backend)
      for (const options of kind.options) {
        check((more) => memory.recall(kind.cue(0), { ...options, ...more }) as object)
        check((more) => memory.recallBatch(kind.cues, { ...options, ...more }) as object)
      }
    })

    it.each(EVERY_MEMORY)('$name refuses it where results come later', async (kind) => {
      const memory = filled(kind, backend) as unknown as {
        recallAsync(cues: unknown, options: object): Promise<unknown>
      }
      const out = new Int8Array(1)
      const code = {
        code: 'ERR_HOPFIELD_OPTION',
        message: expect.stringMatching(/^recallAsync: out: only recalls/),
      }
      expect(await rejection(memory.recallAsync(kind.cues, { out }))).toMatchObject(code)
      const gathering = () => new RecallBatcher(untyped(memory), untyped({ out }))
      expect(refusal(gathering)).toMatchObject({ message: expect.stringMatching(/^RecallBatcher: out: /) })
    })

    it('writes packed states of every memory that has them', () => {
      const patterns = randomPatterns({ count: 3, neurons: 300, seed: 1 })
      const net = new HopfieldNetwork({ neurons: 300, backend }).store(patterns)
      const pairs = new BidirectionalMemory({ inputs: 300, outputs: 30, backend })
      pairs.store(patterns, randomPatterns({ count: 3, neurons: 30, seed: 2 }))
      const sparse = new SparseAssociativeMemory({ neurons: 40, rule: 'willshaw', backend })
      sparse.store([{ active: [1, 2, 3] }, { active: [3, 5, 39] }])
      for (const trace of [false, true])
        check((more) => net.recallBatch(patterns, { packed: true, trace, ...more }))
      check((more) => pairs.recallBatch({ xs: patterns }, { packed: true, ...more }))
      check((more) => sparse.recallBatch([{ active: [1, 2] }, { active: [5] }], { packed: true, ...more }))
    })

    it('writes traced recalls, other steps, and values of another dimension', () => {
      const patterns = randomPatterns({ count: 3, neurons: 30, seed: 1 })
      const net = new HopfieldNetwork({ neurons: 30, backend }).store(patterns)
      check((more) => net.recall(patterns.subarray(0, 30), { trace: true, ...more }))
      const modern = new ModernHopfield({ dimension: 2, valueDimension: 3, backend })
      modern.store([[1, 0], [0, 1]], [[1, 2, 3], [4, 5, 6]]) // biome-ignore format: two pairs
      for (const maxSteps of [1, 3]) {
        check((more) => modern.recall([0.5, 0.25], { maxSteps, ...more }))
        check((more) => modern.retrieve([0.5, 0.25], { maxSteps, ...more }))
        check((more) => modern.retrieveBatch([[0.5, 0.25], [0, 1]], { maxSteps, ...more })) // biome-ignore format: two
      }
    })

    it('gives two-cycles with both their states', () => {
      const net = new HopfieldNetwork({ neurons: 2, backend, weights: [0, -1, -1, 0] })
      const out = new Int8Array(2)
      const { state, alternate, cycle } = net.recall([1, 1], { dynamics: 'synchronous', out })
      expect([state, cycle]).toEqual([out, 2])
      expect([...out, ...(alternate ?? [])]).toEqual(expect.arrayContaining([1, -1]))
      expect(alternate).toEqual(out.map((s) => -s))
    })

    it('takes another array at each call, and what it was given before stays', () => {
      const neurons = 20
      const patterns = randomPatterns({ count: 3, neurons, seed: 4 })
      const net = new HopfieldNetwork({ neurons, backend }).store(patterns)
      const places = Array.from({ length: 4 }, () => new Int8Array(neurons))
      const options: { seed: number; out?: Int8Array<ArrayBuffer> } = { seed: 1 }
      for (const [k, place] of [...places, ...places].entries()) {
        options.out = place
        const mu = k % 3
        const cue = patterns.subarray(mu * neurons, (mu + 1) * neurons)
        expect(net.recall(cue, options).state).toBe(place)
        expect(place).toEqual(net.recall(cue, { seed: 1 }).state)
      }
    })

    it('is looked at again after its buffer was transferred, however often it was taken before', () => {
      for (const neurons of [9, 200, 300]) {
        const pattern = randomPatterns({ count: 1, neurons, seed: 1 })
        const net = new HopfieldNetwork({ neurons, backend }).store(pattern)
        const options = { out: new Int8Array(neurons), maxSweeps: 1 }
        for (let k = 0; k < 5000; k++) net.recall(pattern, options)
        detach(options.out)
        expect(refusal(() => net.recall(pattern, options)).code).toBe('ERR_HOPFIELD_SHAPE')
        options.out = new Int8Array(neurons)
        expect(net.recall(pattern, options).state).toEqual(pattern)
      }
    })

    const alike = <T extends Numbers>(
      make: (buffer: ArrayBufferLike, offset: number, length: number) => T,
      values: T,
      run: (cue: T, out: T | undefined) => { state: unknown } | { states: unknown },
    ): void => {
      const size = values.BYTES_PER_ELEMENT
      const gaps = fc.integer({ min: -values.length - 2, max: values.length + 2 })
      fc.assert(
        fc.property(gaps, fc.boolean(), (gap, shared) => {
          const bytes = 4 * (values.length + 2) * size
          const buffer = shared ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes)
          const cue = make(buffer, (values.length + 2) * size, values.length)
          cue.set(values as never)
          const out = make(buffer, (values.length + 2 + gap) * size, values.length)
          const plain = run(values.slice() as T, undefined)
          const into = run(cue, out)
          expect(Object.values(into)[0]).toBe(out)
          expect(bits(out)).toBe(bits(Object.values(plain)[0] as T))
        }),
        { numRuns: 40 },
      )
    }

    it.each([
      [1],
      [17],
      [64],
      [255],
      [256],
      [257],
      [700],
    ])('may be the cue or overlap it as if it did not, with %i neurons', (neurons) => {
      const patterns = randomPatterns({ count: 4, neurons, seed: 7 })
      const net = new HopfieldNetwork({ neurons, backend }).store(patterns.subarray(0, 3 * neurons))
      const bytes = (buffer: ArrayBufferLike, offset: number, length: number): Int8Array<ArrayBuffer> =>
        new Int8Array(buffer as ArrayBuffer, offset, length)
      for (const options of [{}, { dynamics: 'synchronous' }, { order: 'cyclic' }] as const) {
        const lone = patterns.subarray(3 * neurons)
        alike(bytes, lone, (cue, out) => {
          const { state } = net.recall(cue, out === undefined ? options : { ...options, out })
          return { state }
        })
        alike(bytes, patterns, (cues, out) => {
          const { states } = net.recallBatch(cues, out === undefined ? options : { ...options, out })
          return { states }
        })
      }
    })

    it('may overlap queries, cues of graded neurons and codes', () => {
      const modern = new ModernHopfield({ dimension: 5, beta: 3, backend })
      const keys = Float32Array.from({ length: 20 }, (_, k) => Math.sin(k * k))
      modern.store(keys)
      const singles = (buffer: ArrayBufferLike, offset: number, length: number): Float32Array<ArrayBuffer> =>
        new Float32Array(buffer as ArrayBuffer, offset, length)
      alike(singles, keys.slice(5, 10), (cue, out) => {
        const { state } = modern.recall(cue, { maxSteps: 3, ...(out && { out }) })
        return { state }
      })
      alike(singles, keys, (cue, out) => {
        const { states } = modern.recallBatch(cue, { tolerance: 1e-3, ...(out && { out }) })
        return { states }
      })
      const graded = new ContinuousHopfield({ neurons: 5, backend }).store(
        randomPatterns({ count: 1, neurons: 5 }),
      )
      const doubles = (buffer: ArrayBufferLike, offset: number, length: number): Float64Array<ArrayBuffer> =>
        new Float64Array(buffer as ArrayBuffer, offset, length)
      alike(
        doubles,
        Float64Array.from({ length: 15 }, (_, k) => Math.sin(k) / 2),
        (cues, out) => {
          const { states } = graded.recallBatch(cues, { maxSteps: 20, ...(out && { out }) })
          return { states }
        },
      )
      const sparse = new SparseAssociativeMemory({ neurons: 16, rule: 'willshaw', backend })
      sparse.store([{ active: [1, 2, 3] }, { active: [3, 5, 15] }])
      const bytes = (buffer: ArrayBufferLike, offset: number, length: number): Uint8Array<ArrayBuffer> =>
        new Uint8Array(buffer as ArrayBuffer, offset, length)
      const code = Uint8Array.from({ length: 16 }, (_, i) => (i === 1 || i === 2 ? 1 : 0))
      alike(bytes, code, (cue, out) => {
        const { state } = sparse.recall(cue, out && { out })
        return { state }
      })
    })

    it('may overlap whatever else is given', () => {
      const neurons = 24
      const patterns = randomPatterns({ count: 3, neurons, seed: 5 })
      const net = new HopfieldNetwork({ neurons, backend }).store(patterns)
      const given = (more: object) => {
        const buffer = new ArrayBuffer(8 * neurons)
        const clamp = new Uint8Array(buffer, 0, neurons).fill(1, 0, 5)
        const order = new Uint32Array(buffer, neurons, neurons).map((_, i) => (5 * i) % neurons)
        new Uint32Array(buffer, neurons, neurons).set(order)
        const out = new Int8Array(buffer, 3, neurons)
        const own = new Uint32Array(buffer, neurons, neurons)
        return 'out' in more ? { clamp, order: own, out } : { clamp, order: own }
      }
      const cue = patterns.subarray(0, neurons)
      const { state } = net.recall(cue, given({}))
      expect(bits(net.recall(cue, given({ out: 1 })).state)).toBe(bits(state))
    })

    it('may overlap the order, which the other state of a two-cycle needs too', () => {
      const buffer = new ArrayBuffer(8)
      const order = new Uint32Array(buffer)
      const out = new Int8Array(buffer, 0, 2)
      // In this order the second neuron follows the first, which turns away from it.
      for (const dynamics of ['synchronous', 'asynchronous'] as const) {
        const weights = dynamics === 'synchronous' ? [0, -1, -1, 0] : [0, -1, 1, 0]
        const net = new HopfieldNetwork({ neurons: 2, backend, weights })
        const cycle = (more: object) => {
          order.set([0, 1])
          return net.recall([1, 1], { dynamics, order, ...more })
        }
        const { alternate, ...plain } = cycle({})
        expect(plain.cycle).toBe(2)
        const result = cycle({ out })
        expect(result).toEqual({ ...plain, alternate })
        expect(result.state).toBe(out)
      }
    })

    it('takes an array of a subclass, or with methods of its own, and runs none of them', () => {
      for (const neurons of [12, 300]) {
        const pattern = randomPatterns({ count: 1, neurons, seed: 1 })
        const net = new HopfieldNetwork({ neurons, backend }).store(pattern)
        const never = (): never => {
          throw new Error('ran')
        }
        class Odd extends Int8Array {
          static get [Symbol.species](): never {
            return never()
          }
          override set = never
          override subarray = never
        }
        const odd = Object.defineProperty(new Int8Array(neurons), 'set', { value: never })
        for (const out of [new Odd(neurons), odd] as Int8Array<ArrayBuffer>[]) {
          expect(net.recall(pattern, { out }).state).toBe(out)
          expect(bits(out)).toBe(bits(pattern))
          expect(net.recallBatch(pattern, { out }).states).toBe(out)
          expect(bits(out)).toBe(bits(pattern))
        }
      }
    })

    describe('refuses, and then has written nothing,', () => {
      const neurons = 12
      const pattern = randomPatterns({ count: 1, neurons, seed: 1 })
      const net = new HopfieldNetwork({ neurons, backend }).store(pattern)
      const run = (method: 'recall' | 'recallBatch', cue: StateLike, options: RecallOptions): object =>
        method === 'recall' ? net.recall(cue, options) : net.recallBatch(cue, options)
      const resizable = (): Int8Array => {
        const Resizable = ArrayBuffer as unknown as new (size: number, of: object) => ArrayBuffer
        return new Int8Array(new Resizable(12, { maxByteLength: 24 }))
      }
      const growable = (): Int8Array => {
        const Growable = SharedArrayBuffer as unknown as new (size: number, of: object) => SharedArrayBuffer
        return new Int8Array(new Growable(12, { maxByteLength: 24 }), 0, 12)
      }
      const WRONG: [string, () => unknown, string, RegExp][] = [
        ['null', () => null, 'TYPE', /expected an Int8Array of 12 values to write into, got null/],
        ['an array', () => new Array(12).fill(1), 'TYPE', /got Array\(12\)/],
        ['a Uint8Array', () => new Uint8Array(12), 'TYPE', /got Uint8Array\(12\)/],
        ['a Proxy', () => new Proxy(new Int8Array(12), {}), 'TYPE', /expected an Int8Array/],
        ['packed patterns', () => PackedPatterns.from(pattern, { neurons }), 'TYPE', /expected an Int8Array/],
        ['an array that is longer', () => new Int8Array(13), 'SHAPE', /expected 12 values, got 13/],
        ['an array that was transferred', () => detach(new Int8Array(12)), 'SHAPE', /transferred/],
        ['resizable memory', resizable, 'TYPE', /may be resized/],
        ['growable memory', growable, 'TYPE', /may be resized/],
      ]

      it.each(WRONG)('%s', (_, make, code, message) => {
        for (const method of ['recall', 'recallBatch'] as const) {
          for (const trace of [false, true]) {
            const error = refusal(() => run(method, pattern, untyped({ out: make(), trace })))
            expect(error).toMatchObject({
              code: `ERR_HOPFIELD_${code}`,
              message: expect.stringMatching(message),
            })
            expect(error.message).toMatch(new RegExp(`^${method}: out: `))
          }
        }
      })

      it('packed patterns of another size', () => {
        const of = (count: number, n = neurons): PackedPatterns =>
          PackedPatterns.from(new Int8Array(count * n).fill(1), { neurons: n })
        const refused = (out: unknown) =>
          refusal(() => net.recallBatch(pattern, { packed: true, out: untyped(out) })).message
        expect(refused(of(2))).toBe('recallBatch: out: expected 1 states, got 2')
        expect(refused(of(1, 13))).toMatch(/^recallBatch: out: expected 12 neurons/)
        expect(refused(new Int8Array(12))).toMatch(/^recallBatch: out: expected PackedPatterns of 1 states/)
        const gone = of(1)
        detach(gone.words)
        expect(refused(gone)).toMatch(/^recallBatch: out: .*transferred/)
      })

      it('the same memory for both sides of a pair', () => {
        const pairs = new BidirectionalMemory({ inputs: 4, outputs: 4, backend })
        pairs.store([1, 1, -1, -1], [1, -1, 1, -1])
        const out = new Int8Array(7)
        const [x, y] = [out.subarray(0, 4), out.subarray(3)]
        const error = refusal(() => pairs.recall({ x: [1, 1, 1, -1] }, { out: { x, y } }))
        expect(error).toMatchObject({
          code: 'ERR_HOPFIELD_VALUE',
          message: 'recall: out.y: expected memory that recall: out.x has no part of',
        })
        expect([...out]).toEqual(new Array(7).fill(0))
        expect(pairs.recall({ x: [1, 1, 1, -1] }, { out: { x } }).x).toBe(x)
        expect([...x]).toEqual([1, 1, -1, -1])
        expect(refusal(() => pairs.recall({ x }, untyped({ out: { z: x } }))).message).toMatch(
          /recall: out\.z: /,
        )
      })

      it('a cue or another option that is wrong', () => {
        const out = new Int8Array(neurons).fill(7)
        const wrong = [...pattern.slice(0, 11), 0]
        refusal(() => net.recall(wrong, { out }))
        refusal(() => net.recall(Int8Array.from(wrong), { out }))
        refusal(() => net.recallBatch(Int8Array.from([...pattern, ...wrong]), { out: new Int8Array(24) }))
        refusal(() => net.recall(pattern, { out, order: [12] }))
        refusal(() => net.recall(pattern, { out, order: Uint32Array.of(0, 12) }))
        refusal(() => net.recall(pattern, untyped({ out, tie: 'never' })))
        expect([...out]).toEqual(new Array(neurons).fill(7))
      })

      it('an array that is transferred while the cue is read', () => {
        for (const method of ['recall', 'recallBatch'] as const) {
          const out = new Int8Array(neurons)
          const cue = Object.defineProperty([...pattern], 3, {
            get() {
              detach(out)
              return pattern[3]
            },
          })
          expect(refusal(() => run(method, cue, { out }))).toMatchObject({
            code: 'ERR_HOPFIELD_SHAPE',
            message: `${method}: out: the buffer of this array was transferred; pass a copy`,
          })
        }
      })
    })

    it('is read once, after the other options, and only from the object itself', () => {
      const pattern = randomPatterns({ count: 1, neurons: 9, seed: 1 })
      const net = new HopfieldNetwork({ neurons: 9, backend }).store(pattern)
      const reads: string[] = []
      const out = new Int8Array(9)
      const options = new Proxy(
        { out, seed: 1 },
        {
          get(target, key) {
            reads.push(String(key))
            return Reflect.get(target, key)
          },
        },
      )
      expect(net.recall(pattern, options).state).toBe(out)
      expect(net.recall(pattern, options).state).toBe(out)
      expect(reads).toEqual(['seed', 'out', 'seed', 'out'])
      const inherited = Object.assign(Object.create(null), { seed: 1 })
      Object.setPrototypeOf(inherited, Object.assign(Object.create(null), { out }))
      expect(net.recall(pattern, inherited).state).not.toBe(out)
      expect(net.recall(pattern, untyped({ out: undefined })).state).toEqual(pattern)
    })
  })
}
