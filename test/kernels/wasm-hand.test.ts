import { setTimeout as delay } from 'node:timers/promises'
import { setEnvironmentData } from 'node:worker_threads'
import { afterEach, describe, expect, test, vi } from 'vitest'
import {
  BidirectionalMemory,
  ContinuousHopfield,
  HopfieldNetwork,
  ModernHopfield,
  randomCodes,
  randomPatterns,
  SparseAssociativeMemory,
} from '../../src/index.js'
import { FLAG, type Kernels } from '../../src/kernels/contract/kernels.js'
import { paddedStride } from '../../src/kernels/contract/layout.js'
import { ControlBlock } from '../../src/kernels/native/control.js'
import { kernelsFor } from '../../src/kernels/select.js'
import { Hand } from '../../src/kernels/wasm/hand.js'
import { wasmKernels } from '../../src/kernels/wasm/wasm.js'
import { loadWasmModule, loadWasmProgram } from '../../src/platform/node/wasm-file.js'
import { patternRows } from '../parity/inputs.js'

const found = loadWasmModule()
const skipped = 'problem' in found
if (skipped && process.env['HOPFIELD_WASM'] === 'required') throw new Error(found.problem)
const modern = (length: number): Float32Array =>
  Float32Array.from({ length }, (_, k) => Math.sin(k * 12.9898))
const network = (neurons: number, count: number, options = {}): HopfieldNetwork =>
  new HopfieldNetwork({ neurons, backend: 'wasm', ...options }).store(
    randomPatterns({ count, neurons, seed: 1 }),
  )
const cuesOf = (count: number, neurons: number): Int8Array => randomPatterns({ count, neurons, seed: 2 })

/** Calls that take longer than a trip to another thread: what comes of them there, and here. */
const CALLS: [string, () => readonly [Promise<unknown>, () => unknown]][] = [
  ...(['asynchronous', 'synchronous'] as const).map((dynamics): (typeof CALLS)[number] => [
    `recalls, ${dynamics}`,
    () => {
      const [net, cues, plan] = [network(512, 60), cuesOf(20, 512), { dynamics, seed: 3 }]
      return [net.recallAsync(cues, plan), () => net.recallBatch(cues, plan)]
    },
  ]),
  [
    'recalls of other forms',
    () => {
      const net = network(300, 9, { learning: 'pseudoinverse' })
      const cues = cuesOf(40, 300)
      return [net.recallAsync(cues, { order: 'cyclic' }), () => net.recallBatch(cues, { order: 'cyclic' })]
    },
  ],
  [
    'samples',
    () => {
      const [net, starts, plan] = [
        network(512, 30),
        cuesOf(4, 512),
        { temperature: 0.5, samples: 30, seed: 4 },
      ]
      return [net.sampleAsync(starts, plan), () => net.sample(starts, plan)]
    },
  ],
  [
    'retrievals',
    () => {
      const memory = new ModernHopfield({ dimension: 64, beta: 4, backend: 'wasm' }).store(modern(64 * 3000))
      const queries = modern(64 * 50).map((x) => x + 0.1)
      return [memory.recallAsync(queries), () => memory.recallBatch(queries)]
    },
  ],
  [
    'retrievals of keys that came later',
    () => {
      const memory = new ModernHopfield({ dimension: 64, beta: 4, backend: 'wasm' }).store(modern(64 * 3000))
      const queries = modern(64 * 50).map((x) => x + 0.1)
      const later = async (): Promise<unknown> => {
        await memory.recallAsync(queries)
        memory.store(modern(64 * 700).map((x) => 0.9 - x))
        return memory.recallAsync(queries)
      }
      return [later(), () => memory.recallBatch(queries)]
    },
  ],
  [
    'integrations',
    () => {
      const memory = new ContinuousHopfield({
        neurons: 128,
        weights: network(128, 6).weights(),
        backend: 'wasm',
      })
      const cues = Float64Array.from(modern(128 * 10))
      return [memory.recallAsync(cues, { maxSteps: 200 }), () => memory.recallBatch(cues, { maxSteps: 200 })]
    },
  ],
  [
    'pairs',
    () => {
      const memory = new BidirectionalMemory({ inputs: 400, outputs: 300, backend: 'wasm' })
      memory.store(cuesOf(20, 400), cuesOf(20, 300))
      const cues = { xs: randomPatterns({ count: 30, neurons: 400, seed: 4 }) }
      return [memory.recallAsync(cues), () => memory.recallBatch(cues)]
    },
  ],
  [
    'codes',
    () => {
      const rule = { kind: 'tsodyks-feigelman', activity: 0.1 } as const
      const memory = new SparseAssociativeMemory({ neurons: 1000, backend: 'wasm', rule })
      const codes = randomCodes({ count: 40, neurons: 1000, active: 100 })
      memory.store(codes)
      return [memory.recallAsync(codes, { winners: 100 }), () => memory.recallBatch(codes, { winners: 100 })]
    },
  ],
]

type Program = string | undefined

/** A thread that knows memories by their numbers, refuses the first of them so many times, and answers with what it was asked about. */
const keeping = (refusals: number): string => `
  const known = new Set()
  let refusals = ${refusals}
  port.listen((asked) => {
    if ('gone' in asked) known.delete(asked.gone)
    if (asked.number === undefined) return
    const { number, name, memory } = asked
    const fails = name === 'memory' ? refusals-- > 0 : !known.has(memory)
    if (fails) return port.post({ number, error: { name: 'Error', message: 'not here' } }, [])
    known.add(memory)
    port.post({ number, answer: memory, written: [] }, [])
  })`

describe.skipIf(skipped)('the thread of the WebAssembly module', () => {
  const module = skipped ? undefined : found.module
  const kernelsOf = (program: Program): Kernels => wasmKernels(module as WebAssembly.Module, program)
  const [N, P] = [77, 9]
  const rows = patternRows({ neurons: N, count: P, kind: 'random', seed: 1 })
  const storkey = (): Float64Array => new Float64Array(N * paddedStride(N))
  const expected = storkey()
  kernelsFor('typescript').storkey?.(rows, P, N, expected)

  afterEach(() => {
    vi.unstubAllGlobals()
  })

  test.each(CALLS)('gives the bits of this one: %s', async (_, call) => {
    const [there, here] = call()
    expect(await there).toEqual(here())
  })

  test('says what is wrong with arguments', async () => {
    await expect(
      kernelsOf(loadWasmProgram()).beside.storkey(rows, P, N, new Float64Array(3)),
    ).rejects.toThrow(
      expect.objectContaining({ name: 'TypeError', message: expect.stringMatching(/argument 3: expected/) }),
    )
  })

  test.each([
    ['there is none', undefined, undefined],
    ['its program throws', 'throw new Error("no")', /thread could not be started, or has ended: no$/],
    ['it throws in the middle', "port.listen(() => { throw new Error('never') })", /ended: never$/],
    ['it ends in the middle', 'port.listen(() => process.exit(3))', /ended: it ended with code 3$/],
  ] as [
    string,
    Program,
    RegExp | undefined,
  ][])('is not needed where %s, and that is said once', async (_, program, said) => {
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
    setEnvironmentData('hopfield-native HOPFIELD_NATIVE_THREAD', undefined)
    const kernels = kernelsOf(program)
    for (let k = 0; k < 2; k++) {
      const out = storkey()
      await kernels.beside.storkey(rows, P, N, out)
      expect(out).toEqual(expected)
    }
    const { calls } = warn.mock
    warn.mockRestore()
    expect(calls).toEqual(
      said === undefined ? [] : [[expect.stringMatching(said), { code: 'HOPFIELD_NATIVE_THREAD' }]],
    )
  })

  test('is stopped with its work where no memory can be shared, and another one does what others wait for', async () => {
    vi.stubGlobal('SharedArrayBuffer', undefined)
    const kernels = kernelsOf(loadWasmProgram())
    const neurons = 600
    const many = patternRows({ neurons, count: 600, kind: 'random', seed: 1 })
    const flag = new Int32Array(FLAG.length)
    const long = new Float64Array(neurons * paddedStride(neurons))
    const stopped = kernels.beside.storkey(many, 600, neurons, long, flag)
    const out = storkey()
    const other = kernels.beside.storkey(rows, P, N, out)
    await delay(60)
    flag[FLAG.stop] = 1
    await stopped
    expect(long.every((x) => x === 0)).toBe(true)
    await other
    expect(out).toEqual(expected)
  })

  test('stops in the middle of a kernel', async () => {
    const kernels = kernelsOf(loadWasmProgram())
    const neurons = 600
    const many = patternRows({ neurons, count: 600, kind: 'random', seed: 1 })
    const flag = new Int32Array(FLAG.length)
    const long = new Float64Array(neurons * paddedStride(neurons))
    const stopped = kernels.beside.storkey(many, 600, neurons, long, flag)
    await delay(60)
    flag[FLAG.stop] = 1
    await stopped
    expect(long.every((x) => x === 0)).toBe(true)
    const out = storkey()
    await kernels.beside.storkey(rows, P, N, out)
    expect(out).toEqual(expected)
  })

  /** A thread, a memory that it is told of, and what asks it for a kernel. */
  const told = (refusals: number) => {
    const hand = new Hand(module as WebAssembly.Module, keeping(refusals))
    const tier = hand.exports(['localFields'], new ControlBlock()) as unknown as {
      memory(...arrays: unknown[]): { readonly id: number }
      localFieldsAsync(...given: unknown[]): Promise<unknown>
      quantizeKeys(id: number): void
    }
    const remote = tier.memory(Float64Array.of(1))
    const ask = (array: Float64Array): Promise<unknown> =>
      tier.localFieldsAsync(remote.id, remote, array, new Float64Array(1))
    return { tier, remote, ask }
  }

  test('is told again of a memory that it had no room for', async () => {
    const { ask, remote } = told(1)
    await expect(ask(Float64Array.of(1))).rejects.toThrow('not here')
    expect(await ask(Float64Array.of(1))).toBe(remote.id)
  })

  test('is told again of a memory that it had to forget while arguments were copied', async () => {
    const { ask, remote, tier } = told(0)
    await ask(Float64Array.of(1))
    const asked = ask(new Float64Array(2 ** 23))
    await delay(1)
    tier.quantizeKeys(remote.id)
    expect(await asked).toBe(remote.id)
  })
})
