import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest'
import { host, loadNativeModule, prebuildFor } from '../../src/platform/node/addon.js'
import { BACKENDS, INSTEAD } from '../helpers/backends.js'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const BUILT = join(ROOT, 'build/Release/hopfield.node')
const work = mkdtempSync(join(tmpdir(), 'hopfield-addon-'))
afterAll(() => rmSync(work, { recursive: true }))

let folders = 0
/** A new folder with these files. */
function folder(files: Readonly<Record<string, string | Uint8Array>>): string {
  const path = join(work, String(folders++))
  mkdirSync(path)
  for (const [name, contents] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true })
    writeFileSync(join(path, name), contents)
  }
  return path
}

const refusal = (path: string): string => {
  const outcome = loadNativeModule(path)
  return 'module' in outcome ? 'loaded' : outcome.problem
}

describe('what was named is refused', () => {
  it('where nothing is there', () => {
    expect(refusal(join(work, 'none.node'))).toBe(`${join(work, 'none.node')}: no such file or folder`)
  })

  it('where a folder has no addon by the right name', () => {
    const path = folder({ 'build/Release/other.node': 'another one' })
    expect(refusal(path)).toBe(`${path}: has neither build/Release/hopfield.node nor ${prebuildFor(host())}`)
  })

  it('where a file is no binary', () => {
    const path = folder({ 'a.node': 'text' })
    expect(refusal(join(path, 'a.node'))).toContain('a.node: it is no binary')
  })

  it('where the name of the addon is that of a folder', () => {
    const path = folder({ 'build/Release/hopfield.node/a': '' })
    expect(refusal(path)).toContain('hopfield.node: it is no file')
  })

  it('with every file that was tried', () => {
    const path = folder({ 'build/Release/hopfield.node': 'text', [prebuildFor(host())]: '' })
    expect(refusal(path).split('; ')).toHaveLength(2)
  })

  it.runIf(process.platform !== 'win32')('where it leads nowhere, or to itself', () => {
    const path = folder({})
    symlinkSync('b.node', join(path, 'a.node'))
    symlinkSync('a.node', join(path, 'b.node'))
    expect(refusal(join(path, 'a.node'))).toMatch(/a\.node: .*ELOOP/)
  })
})

describe.runIf(BACKENDS.includes('native'))('an addon in another place', () => {
  const bytes = readFileSync(BUILT)

  /** The same with other words of the same length. */
  function altered(from: string, to: string): Uint8Array {
    const copy = Uint8Array.from(bytes)
    const at = bytes.indexOf(from)
    expect(at).toBeGreaterThan(0)
    copy.set(new TextEncoder().encode(to), at)
    return copy
  }

  it('is loaded from a file, from build/ and from prebuilds/', () => {
    const path = folder({ 'my.node': bytes })
    const copy = folder({ [prebuildFor(host())]: bytes })
    for (const place of [join(path, 'my.node'), ROOT, copy]) {
      expect(loadNativeModule(place)).toHaveProperty('module.identity', expect.stringContaining('hopfield'))
    }
  })

  it('is not asked for where build/ has one, and is where that is cut off', () => {
    const path = folder({
      'build/Release/hopfield.node': bytes.subarray(0, 4096),
      [prebuildFor(host())]: bytes,
    })
    expect(loadNativeModule(path)).toHaveProperty('module')
  })

  it('is refused if it is cut off, of another version, or another one', () => {
    const path = folder({
      'cut.node': bytes.subarray(0, bytes.length - 1),
      'old.node': altered('hopfield-native addon 0.1.0', 'hopfield-native addon 0.0.9'),
      'foreign.node': altered('hopfield-native addon', 'somebody-elses addon.'),
    })
    expect(refusal(join(path, 'cut.node'))).toContain('cut.node: it is cut off')
    expect(refusal(join(path, 'old.node'))).toContain('old.node: it belongs to version 0.0.9')
    expect(refusal(join(path, 'foreign.node'))).toContain('foreign.node: it is not an addon of hopfield')
  })

  it('is refused if what was loaded is not what the file said', () => {
    const dlopen = vi.spyOn(process, 'dlopen').mockImplementation((module) => {
      Object.assign((module as { exports: object }).exports, { identity: 'a stranger' })
    })
    expect(refusal(BUILT)).toMatch(/what was loaded calls itself a stranger, not hopfield-native addon/)
    dlopen.mockRestore()
  })

  it('is refused with the words of the system where it does not load', () => {
    const error = new Error('libhwloc.so: no such file\nand more')
    const dlopen = vi.spyOn(process, 'dlopen').mockImplementation(() => {
      throw error
    })
    expect(loadNativeModule(BUILT)).toEqual({
      problem: `${BUILT}: libhwloc.so: no such file`,
      cause: error,
    })
    dlopen.mockRestore()
  })

  it.runIf(process.platform === 'linux')('is refused where LIBC says that there is another C library', () => {
    vi.stubEnv('LIBC', host().libc === 'musl' ? 'glibc' : 'musl')
    expect(refusal(BUILT)).toMatch(/it is for (glibc|musl), and this process runs on (musl|glibc)/)
    vi.unstubAllEnvs()
    expect(refusal(BUILT)).toBe('loaded')
  })
})

/** The package loaded anew, as a program finds it that says where its addon is. */
async function fresh(environment: Record<string, string>): Promise<typeof import('../../src/index.js')> {
  vi.resetModules()
  for (const name of ['BACKEND', 'TIER', 'NATIVE_PREBUILD']) vi.stubEnv(`HOPFIELD_${name}`, '')
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value)
  return import('../../src/index.js')
}
afterEach(() => void vi.unstubAllEnvs())

describe('backend({ addon })', () => {
  const nothing = join(work, 'nothing.node')

  it('has something else compute where the file is not to be loaded, and says why', async () => {
    for (const addon of [nothing, pathToFileURL(nothing)]) {
      const { backend, HopfieldNetwork } = await fresh({})
      expect(backend({ addon })).toMatchObject({
        name: INSTEAD,
        reason: expect.stringMatching(
          `^the native addon could not be loaded: ${nothing}: no such file or folder`,
        ),
      })
      const net = new HopfieldNetwork({ neurons: 3 }).store([1, -1, 1])
      expect(net.recall([1, -1, -1]).state).toEqual(Int8Array.of(1, -1, 1))
      expect(() => new HopfieldNetwork({ neurons: 3, backend: 'native' })).toThrow('no such file or folder')
    }
  })

  it('is an error where native is demanded', async () => {
    const { backend } = await fresh({ HOPFIELD_BACKEND: 'native' })
    expect(() => backend({ addon: nothing })).toThrow(
      `HOPFIELD_BACKEND=native, but the native addon could not`,
    )
  })

  it('comes before HOPFIELD_NATIVE_PREBUILD, which does the same', async () => {
    const elsewhere = join(work, 'elsewhere.node')
    const { backend } = await fresh({ HOPFIELD_NATIVE_PREBUILD: elsewhere })
    expect(backend({ addon: nothing }).reason).toContain('nothing.node')
    const again = await fresh({ HOPFIELD_NATIVE_PREBUILD: elsewhere })
    expect(again.backend().reason).toContain('elsewhere.node')
  })

  it('is told once, before anything asks for a backend', async () => {
    const { backend } = await fresh({ HOPFIELD_NATIVE_PREBUILD: nothing })
    backend()
    expect(() => backend({ addon: join(work, 'another.node') })).toThrow(
      expect.objectContaining({
        code: 'ERR_HOPFIELD_BACKEND',
        message: expect.stringMatching(/^backend: addon: /),
      }),
    )
    const told = await fresh({})
    told.backend({ addon: nothing })
    expect(told.backend({ addon: nothing }).reason).toContain('nothing.node')
  })

  it.each([5, '', null, {}, new URL('data:,x')])('refuses %o as a place', async (addon) => {
    const { backend } = await fresh({})
    expect(() => backend({ addon: addon as string })).toThrow(
      expect.objectContaining({ code: 'ERR_HOPFIELD_OPTION' }),
    )
  })

  it.runIf(BACKENDS.includes('native'))('loads what it is told', async () => {
    const { backend } = await fresh({})
    const place = folder({ 'my.node': readFileSync(BUILT) })
    expect(backend({ addon: join(place, 'my.node') })).toMatchObject({ name: 'native' })
  })
})

it('finds no addon of another package where a bundler has put this code', () => {
  const path = folder({ 'package.json': '{ "type": "module" }', 'build/Release/other.node': 'another one' })
  cpSync(join(ROOT, 'dist'), join(path, 'dist'), { recursive: true })
  const code = `import { backend } from './dist/index.js'; console.log(backend().reason)`
  const reason = execFileSync(process.execPath, ['--input-type=module', '-e', code], {
    cwd: path,
    encoding: 'utf8',
    env: { ...process.env, HOPFIELD_BACKEND: '', HOPFIELD_TIER: '', HOPFIELD_NATIVE_PREBUILD: '' },
  })
  expect(reason.trim().split('; and ')).toEqual([
    `the native addon could not be loaded: it is not in this bundle: ${join(path, 'dist/platform/node', prebuildFor(host()))}: no such file`,
    expect.stringMatching(
      /^the WebAssembly module could not be loaded: there is no hopfield-native\.wasm in /,
    ),
  ])
})
