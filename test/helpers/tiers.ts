import { expect } from 'vitest'
import type { Kernels } from '../../src/kernels/contract/kernels.js'
import { loadAddon } from '../../src/kernels/native/load.js'
import { nativeKernels } from '../../src/kernels/native/native.js'
import { loadWasm } from '../../src/kernels/wasm/wasm.js'
import { expectSame } from './bytes.js'

const addon = loadAddon()

const native =
  'tiers' in addon
    ? addon
        .tiers()
        .filter((tier) => tier.usable)
        .map((tier) => nativeKernels(addon, tier.name))
    : []
const wasm = loadWasm()

/** The kernels of every tier this processor runs, and of the WebAssembly module. Less where one cannot be had, which CI does not let pass. */
export const NATIVE_TIERS: Kernels[] = [...native, ...('kernels' in wasm ? [wasm.kernels] : [])]

if ('reason' in addon && process.env['CI']) throw new Error(`CI needs the addon: ${addon.reason}`)
if ('reason' in wasm && process.env['HOPFIELD_WASM'] === 'required') throw new Error(wasm.reason)

type Kernel = (...values: unknown[]) => unknown

/**
 * All of these tiers at once: a call computes on each tier, and throws if two tiers differ in a byte of what they return or write.
 * Inputs are made, and the reference is asked, once for all.
 */
export const EVERY_TIER: Kernels = new Proxy((NATIVE_TIERS[0] ?? {}) as Kernels, {
  get(_, name: keyof Kernels) {
    const values = NATIVE_TIERS.map((tier) => tier[name] as unknown)
    return typeof values[0] !== 'function' ? values[0] : (...given: unknown[]) => onEach(name, given)
  },
})

function onEach(name: keyof Kernels, given: readonly unknown[]): unknown {
  const [first, ...others] = NATIVE_TIERS.map((kernels, k) => ({
    tier: kernels.tier,
    kernel: kernels[name] as Kernel,
    given: k === 0 ? given : copied(given),
  }))
  const run = ({ kernel, given }: typeof first): unknown => kernel(...given)
  const results = [...others.map(run), run(first)]
  const result = results.at(-1)
  const compare = (results: readonly unknown[]): unknown => {
    for (const [k, other] of others.entries()) {
      const message = `${name} on tiers ${other.tier} and ${first.tier}`
      expectAlike(results[k], results.at(-1), message)
      for (const [at, value] of other.given.entries()) {
        if (ArrayBuffer.isView(value)) expectSame(value, given[at] as ArrayBufferView, message)
      }
    }
    return results.at(-1)
  }
  return result instanceof Promise ? Promise.all(results).then(compare) : compare(results)
}

function expectAlike(actual: unknown, expected: unknown, message: string): void {
  if (ArrayBuffer.isView(expected)) {
    expectSame(actual, expected, message)
  } else if (expected === null || typeof expected !== 'object') {
    expect(actual, message).toBe(expected)
  } else {
    for (const [name, part] of Object.entries(expected)) {
      expectAlike((actual as Record<string, unknown>)[name], part, `${message}, ${name}`)
    }
  }
}

/** The same arguments on copied arrays, of the same alignment and with the same overlaps. Memories and plans are only read. */
function copied(given: readonly unknown[]): unknown[] {
  const buffers = new Map<ArrayBufferLike, ArrayBuffer>()
  return given.map((value) => {
    if (!ArrayBuffer.isView(value)) return value
    const copy = buffers.get(value.buffer) ?? new Uint8Array(value.buffer).slice().buffer
    buffers.set(value.buffer, copy)
    const view = value as Uint8Array
    return new (view.constructor as Uint8ArrayConstructor)(copy, view.byteOffset, view.length)
  })
}
