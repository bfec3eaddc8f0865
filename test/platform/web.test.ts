import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import * as node from '../../src/index.js'
import { loadWasmModule } from '../../src/platform/node/wasm-file.js'

const WEB = fileURLToPath(new URL('../../dist/web', import.meta.url))
const FILES = readdirSync(WEB, { recursive: true })
  .map(String)
  .filter((name) => name.endsWith('.js'))
const web: typeof node = await import(join(WEB, 'index.js'))
/** A clone without clang has none. */
const NO_MODULE = 'problem' in loadWasmModule()

const patterns = node.randomPatterns({ count: 3, neurons: 40, seed: 1 })
const made = new web.HopfieldNetwork({ neurons: 40 }).store(patterns)

describe('the build for browsers', () => {
  it('has the names of the build for Node', () => {
    expect(Object.keys(web).sort()).toEqual(Object.keys(node).sort())
  })

  it.each([
    'index.js',
    'experiments.js',
    'optimization.js',
    'classic/classic.js',
  ])('reaches from %s nothing but its own files', (entry) => {
    const seen = new Set<string>()
    const visit = (path: string): void => {
      if (seen.has(path)) return
      seen.add(path)
      for (const [, target] of readFileSync(path, 'utf8').matchAll(/^(?:import|export)\b.*"([^"]+)";$/gm)) {
        expect(target).toMatch(/^\.\.?\//)
        visit(resolve(dirname(path), target as string))
      }
    }
    visit(join(WEB, entry))
    expect([...seen].every((path) => existsSync(path))).toBe(true)
    expect(seen.size).toBeGreaterThan(50)
  })

  it('names nothing that only Node has', () => {
    for (const name of FILES) {
      const code = readFileSync(join(WEB, name), 'utf8')
      const found = /node:|\b(Buffer|process|setImmediate|require|__dirname)\b(?=[.(])|import\.meta/.exec(
        code,
      )
      expect(found?.[0], name).toBeUndefined()
    }
  })

  it('computes in TypeScript, and tells why', () => {
    expect(web.backend()).toMatchObject({
      name: 'typescript',
      reason: expect.stringMatching(/browsers and edge/),
    })
    expect(made.backend.name).toBe('typescript')
    expect(() => web.backend({ addon: 'here.node' })).toThrowError(
      expect.objectContaining({
        code: 'ERR_HOPFIELD_BACKEND',
        message: expect.stringMatching(/^backend: addon: .*leave/),
      }),
    )
    expect(() => new web.HopfieldNetwork({ neurons: 3, backend: 'native' })).toThrowError(
      expect.objectContaining({ code: 'ERR_HOPFIELD_BACKEND' }),
    )
  })

  it('takes a module that it is given, and says what is wrong with one', async () => {
    await expect(web.ready({ module: 5 as never })).rejects.toMatchObject({
      code: 'ERR_HOPFIELD_TYPE',
      message: expect.stringMatching(/^ready: module: expected a WebAssembly.Module.* got 5$/),
    })
    const gone = Promise.reject(new Error('no network'))
    gone.catch(() => {})
    const cases: [object, RegExp][] = [
      [new Uint8Array(3), /could not be loaded: .*compile/],
      [new ArrayBuffer(8), /could not be loaded: .*compile/],
      [gone, /could not be loaded: no network/],
      [new Response('', { status: 404 }), /could not be loaded: the server answered 404/],
      // Nothing but a header: a module, and not this one.
      [Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0), /could not be started: it is another module than/],
    ]
    for (const [module, reason] of cases) {
      const said = await web.ready({ module })
      expect(said).toMatchObject({ name: 'typescript', reason: expect.stringMatching(reason) })
    }
  })

  it.skipIf(NO_MODULE)('computes on the module that Node gives', async () => {
    const bytes = await node.wasmBytes()
    expect(await web.wasmBytes()).toEqual(bytes)
    const { name, tier } = await web.ready({ module: Promise.resolve(new WebAssembly.Module(bytes)) })
    expect([name, tier]).toEqual(['wasm', 'wasm-simd128'])
    const net = new web.HopfieldNetwork({ neurons: 40 }).store(patterns)
    expect(net.backend.name).toBe('wasm')
    expect(net.recallBatch(patterns).states).toEqual(made.recallBatch(patterns).states)
  })

  it('opens what Node has kept, and keeps the same bytes', () => {
    const kept = new node.HopfieldNetwork({ neurons: 40 }).store(patterns).toBytes()
    expect(made.toBytes()).toEqual(kept)
    expect(web.fromBytes(kept).toBytes()).toEqual(kept)
  })

  it('refuses files by a code, and says what to do', async () => {
    const refusal = expect.objectContaining({
      code: 'ERR_HOPFIELD_FILE',
      message: expect.stringMatching(/toBytes\(\).*fromBytes\(\)/),
    })
    await expect(made.save('kept.safetensors')).rejects.toEqual(refusal)
    await expect(web.load('kept.safetensors')).rejects.toEqual(refusal)
    await expect(web.load('kept.safetensors', { mmap: true })).rejects.toEqual(refusal)
  })

  it('recalls beside other work, and gathers cues', async () => {
    const cues = node.addNoise(patterns, { noise: 0.1, seed: 2 })
    const here = made.recallBatch(cues).states
    expect((await made.recallAsync(cues)).states).toEqual(here)
    const batcher = new web.RecallBatcher(made)
    expect((await batcher.recall(cues.subarray(0, 40))).state).toEqual(here.subarray(0, 40))
    await batcher.close()
  })

  it('shares memory where there is some, and says where there is none', () => {
    const handle = made.share()
    expect(web.fromShared(handle).toBytes()).toEqual(made.toBytes())
    const shared = globalThis.SharedArrayBuffer
    const other = new web.HopfieldNetwork({ neurons: 40 }).store(patterns)
    Reflect.deleteProperty(globalThis, 'SharedArrayBuffer')
    try {
      const without = {
        code: 'ERR_HOPFIELD_MEMORY',
        message: expect.stringMatching(/^share: .*isolated.*toBytes/),
      }
      expect(() => other.share()).toThrowError(expect.objectContaining(without))
      expect(() => web.fromShared(handle)).toThrowError(
        expect.objectContaining({ code: 'ERR_HOPFIELD_TYPE' }),
      )
    } finally {
      Object.defineProperty(globalThis, 'SharedArrayBuffer', {
        value: shared,
        configurable: true,
        writable: true,
      })
    }
    expect(other.recallBatch(patterns).states).toEqual(patterns)
  })
})
