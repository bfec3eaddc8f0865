import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import { HopfieldNetwork, ModernHopfield, randomPatterns } from '../../src/index.js'
import type { Kernels } from '../../src/kernels/contract/kernels.js'
import { kernelsFor } from '../../src/kernels/select.js'
import { Host } from '../../src/kernels/wasm/host.js'
import { SIGNATURES } from '../../src/kernels/wasm/signatures.js'
import { loadWasmModule } from '../../src/platform/node/wasm-file.js'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

const found = loadWasmModule()
const skipped = 'problem' in found
if (skipped && process.env['HOPFIELD_WASM'] === 'required') throw new Error(found.problem)

describe.skipIf(skipped)('the WebAssembly module', () => {
  const kernels: Kernels = skipped ? kernelsFor('typescript') : kernelsFor('wasm')
  const rows = new Uint32Array(64)

  test('has every function that is told of here, and no other', () => {
    const { addon } = new Host((found as { module: WebAssembly.Module }).module)
    const names = Object.keys(addon.kernels('wasm-simd128', new Float64Array(408)))
    const { kernels: _kernels, tiers: _tiers, ...own } = SIGNATURES
    expect(names.sort()).toEqual(Object.keys(own).sort())
  })

  test('refuses wrong arguments, and goes on', () => {
    expect(() => kernels.pack(new Int8Array(3), 1, 100, rows)).toThrow(/argument 0: expected a longer array/)
    expect(() => kernels.pack('spins' as never, 1, 100, rows)).toThrow(/argument 0: expected an Int8Array/)
    expect(kernels.pack(new Int8Array(100).fill(1), 1, 100, rows)).toBe(-1)
    expect(rows[0]).toBe(0xffffffff)
  })

  test('takes no more memory for many refusals', () => {
    const host = new Host((found as { module: WebAssembly.Module }).module)
    const own = host.addon.kernels('wasm-simd128', new Float64Array(408))
    const numbers = new Float64Array([100, 1, 0, 0, 0])
    const before = host.bytes
    let refused = 0
    for (let k = 0; k < 5000; k++) {
      try {
        own.memory(0, numbers, new Uint32Array(1), new Uint32Array(0))
      } catch {
        refused++
      }
    }
    expect([refused, host.bytes]).toEqual([5000, before])
  })

  test('says so where arrays are larger than what it addresses', () => {
    // Nothing of it is touched, so it takes no memory.
    const large = new Uint32Array(2 ** 30)
    const out = new Int32Array(1)
    expect(() => kernels.overlaps(large, 2 ** 26, 512, rows, 1, out)).toThrow(
      expect.objectContaining({
        code: 'ERR_HOPFIELD_MEMORY',
        message: expect.stringMatching(/^the WebAssembly kernel ran out of memory: a module addresses 4 GB/),
      }),
    )
  })

  test('reads arrays in memory that other threads share', () => {
    const shared = new Float32Array(new SharedArrayBuffer(4 * 8)).fill(1)
    const norms = new Float64Array(1)
    kernels.keyNorms(shared, 1, 8, norms)
    expect(norms[0]).toBeCloseTo(Math.sqrt(8))
  })

  test('takes no more memory for many recalls', () => {
    const host = new Host((found as { module: WebAssembly.Module }).module)
    const own = host.addon.kernels('wasm-simd128', new Float64Array(408))
    const states = new Int8Array(512 * 512).fill(1)
    const words = new Uint32Array(512 * 16)
    own['pack'](states, 512, 512, words)
    const before = host.bytes
    for (let k = 0; k < 2000; k++) own['pack'](states, 512, 512, words)
    expect(host.bytes).toBe(before)
  })

  test('gives back what memories took that nobody holds any more', async () => {
    const host = new Host((found as { module: WebAssembly.Module }).module)
    const own = host.addon.kernels('wasm-simd128', new Float64Array(408))
    const [numbers, rows, none] = [
      new Float64Array([512, 16384, 0, 0, 0, 0]),
      new Uint32Array(2 ** 18),
      new Uint32Array(0),
    ]
    for (let k = 0; k < 100; k++) {
      own.memory(0, numbers, rows, none)
      if (k % 5 !== 4) continue
      collect()
      await new Promise((resolve) => setTimeout(resolve))
    }
    // A hundred memories of a megabyte; ten of them at most were there at once.
    expect(host.bytes).toBeLessThan(20 * 2 ** 20)
  })

  test('recalls, learns and compares as TypeScript does through the classes', () => {
    const answer = (backend: 'wasm' | 'typescript'): unknown => {
      const net = new HopfieldNetwork({ neurons: 200, backend })
      net.store(randomPatterns({ count: 9, neurons: 200, seed: 1 }))
      const cue = randomPatterns({ count: 1, neurons: 200, seed: 2 })
      const modern = new ModernHopfield({ dimension: 4, backend }).store(
        Float32Array.of(1, 0, 0, 0, 0, 1, 0, 0),
      )
      return [net.recall(cue, { seed: 3 }), net.nearest(cue), modern.retrieve([0.9, 0.1, 0, 0]).state]
    }
    expect(answer('wasm')).toEqual(answer('typescript'))
  })

  test('keeps calls apart that wait for a turn at the same time', async () => {
    const net = new HopfieldNetwork({ neurons: 100, backend: 'wasm' })
    net.store(randomPatterns({ count: 12, neurons: 100, seed: 1 }))
    const cues = randomPatterns({ count: 3, neurons: 100, seed: 2 })
    const plans = [
      { seed: 3 },
      { dynamics: 'synchronous', maxSweeps: 2 },
      { seed: 4, order: 'cyclic' },
    ] as const
    const results = await Promise.all(plans.map((plan) => net.recallAsync(cues, plan)))
    expect(results).toEqual(plans.map((plan) => net.recallBatch(cues, plan)))
  })

  test('writes the states where the cues were, if they are given twice', () => {
    const rows = new Uint32Array(16).fill(0x5a5a5a5a)
    const memory = { form: 'implicit', neurons: 512, count: 1, rows, columns: new Uint32Array(0) } as const
    const [apart, states, outcomes] = [
      new Uint32Array(16),
      new Uint32Array(16).fill(0x5a5a5a58),
      new Float64Array(5),
    ]
    const none = undefined
    const numbers = { maxSweeps: 3, firstSweep: 0, seedLow: 1, seedHigh: 0, stream: 0, scale: 512 }
    const given = { temperatures: none, streams: none, externalField: none, clamp: none }
    const plan = { dynamics: 'synchronous', order: 'cyclic', tie: 'keep', ...numbers, ...given } as const
    kernels.recall(memory, states.slice(), 1, plan, apart, outcomes)
    kernels.recall(memory, states, 1, plan, states, outcomes)
    expect(states).toEqual(apart)
    expect(states).not.toEqual(new Uint32Array(16).fill(0x5a5a5a58))
  })

  test('leaves the event loop a turn before it computes what may wait', async () => {
    const net = new HopfieldNetwork({ neurons: 100, backend: 'wasm' })
    net.store(randomPatterns({ count: 5, neurons: 100, seed: 1 }))
    const cues = randomPatterns({ count: 3, neurons: 100, seed: 2 })
    const { states } = await net.recallAsync(cues, { seed: 3 })
    expect(states).toEqual(net.recallBatch(cues, { seed: 3 }).states)
  })

  test.each([
    { temperature: 0.5, maxSweeps: 40 },
    { temperature: 0.3, maxSweeps: 1 },
    { temperature: 2, maxSweeps: 23, dynamics: 'synchronous' },
    { temperature: 0.4, maxSweeps: 31, order: 'random-site', packed: true },
    { temperature: 0.4, maxSweeps: 17, clamp: new Uint8Array(100).fill(1, 10, 30) },
    { temperature: [3, 2, 1, 0.5], maxSweeps: 25 },
    // Cold from the third sweep on: such recalls may end early.
    { temperature: [3, 2, 0], maxSweeps: 25 },
  ] as const)('cuts recalls at a temperature between their sweeps: %o', async (options) => {
    const results = (['wasm', 'typescript'] as const).map((backend) => {
      const net = new HopfieldNetwork({ neurons: 100, backend })
      net.store(randomPatterns({ count: 12, neurons: 100, seed: 1 }))
      const cues = randomPatterns({ count: 5, neurons: 100, seed: 2 })
      const plan = { seed: 3, ...options } as object
      return { here: net.recallBatch(cues, plan), later: net.recallAsync(cues, plan) }
    })
    const [wasm, reference] = results as [(typeof results)[0], (typeof results)[0]]
    expect(await wasm.later).toEqual(reference.here)
    expect(wasm.here).toEqual(reference.here)
    expect(await reference.later).toEqual(reference.here)
  })

  test('stops a recall at a temperature between its sweeps', async () => {
    const net = new HopfieldNetwork({ neurons: 500, backend: 'wasm' })
    net.store(randomPatterns({ count: 20, neurons: 500, seed: 1 }))
    const cue = randomPatterns({ count: 1, neurons: 500, seed: 2 })
    const signal = AbortSignal.timeout(20)
    // Without an abort it would take minutes.
    const call = net.recallAsync(cue, { temperature: 0.5, maxSweeps: 10_000_000, signal })
    const error = await call.catch((reason: unknown) => reason)
    expect(signal.aborted).toBe(true)
    expect(error).toBe(signal.reason)
  })
})
