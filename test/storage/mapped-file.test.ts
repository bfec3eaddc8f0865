import { mkdtempSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Addon, loadAddon } from '../../src/kernels/native/load.js'
import { kernelsFor } from '../../src/kernels/select.js'
import { mapFile } from '../../src/storage/mapped-file.js'
import { refusal } from '../helpers/refusal.js'

const addon = loadAddon() as Addon
const present = 'tiers' in addon
const BYTES = 3 * 65536 + 17

let folder: string
let path: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hopfield-map-'))
  path = join(folder, 'file')
  writeFileSync(
    path,
    Uint8Array.from({ length: BYTES }, (_, k) => (k * 7) % 251),
  )
})
afterAll(() => rmSync(folder, { recursive: true }))

describe.runIf(present)('a file mapped by the addon', () => {
  const native = kernelsFor('native')
  const mapped = (): ArrayBuffer => mapFile(native, path) as ArrayBuffer

  it('has the bytes of the file', () => {
    const buffer = mapped()
    expect(buffer).toBeInstanceOf(ArrayBuffer)
    expect(Buffer.compare(new Uint8Array(buffer), readFileSync(path))).toBe(0)
  })

  it('begins on a cache line', () => {
    expect(addon.misalignment(new Uint32Array(mapped(), 0, 4))).toBe(0)
  })

  it('keeps what is written into it from the file, and from other maps of it', () => {
    const before = readFileSync(path)
    const [one, other] = [new Uint8Array(mapped()), new Uint8Array(mapped())]
    one.fill(99)
    expect(Buffer.compare(readFileSync(path), before)).toBe(0)
    expect(Buffer.compare(other, before)).toBe(0)
  })

  it('outlives the name of the file', () => {
    const gone = join(folder, 'gone')
    writeFileSync(gone, 'still here')
    const buffer = mapFile(native, gone) as ArrayBuffer
    rmSync(gone)
    expect(Buffer.from(buffer).toString()).toBe('still here')
  })

  it('is read through a link', () => {
    const link = join(folder, 'link')
    symlinkSync(path, link)
    expect(mapFile(native, link)?.byteLength).toBe(BYTES)
  })

  it('opens files with names beyond ASCII', () => {
    const name = join(folder, 'Gedächtnis 記憶')
    writeFileSync(name, 'x')
    expect(mapFile(native, name)?.byteLength).toBe(1)
  })

  it('does not read a large file to open it', () => {
    const large = join(folder, 'large')
    writeFileSync(large, '')
    truncateSync(large, 2 ** 31)
    const before = process.memoryUsage.rss()
    const buffer = mapFile(native, large) as ArrayBuffer
    expect(buffer.byteLength).toBe(2 ** 31)
    expect(process.memoryUsage.rss() - before).toBeLessThan(2 ** 26)
    expect(new Uint8Array(buffer)[2 ** 31 - 1]).toBe(0)
  })

  it.runIf(process.platform === 'linux')('lets go of the addresses when the buffer goes', async () => {
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc') as () => void
    const once = join(folder, 'once')
    writeFileSync(once, 'x')
    const addresses = (): boolean => readFileSync('/proc/self/maps', 'utf8').includes(once)
    ;(() => mapFile(native, once))()
    expect(addresses()).toBe(true)
    for (let k = 0; k < 10 && addresses(); k++) {
      collect()
      await new Promise(setImmediate)
    }
    expect(addresses()).toBe(false)
  })

  it('maps no more than there is', () => {
    expect(native.mapFile(0, path, 2 ** 52)).toBeUndefined()
  })
})

describe('mapping a file', () => {
  for (const choice of present ? (['native', 'typescript'] as const) : (['typescript'] as const)) {
    const kernels = kernelsFor(choice)

    it(`refuses a file that is not there, on ${choice}`, () => {
      const error = refusal(() => mapFile(kernels, join(folder, 'nothing')))
      expect(error).toMatchObject({ code: 'ERR_HOPFIELD_FILE', message: expect.stringContaining('ENOENT') })
    })

    it(`refuses a directory, on ${choice}`, () => {
      const error = refusal(() => mapFile(kernels, folder))
      expect(error).toMatchObject({ code: 'ERR_HOPFIELD_FILE', message: expect.stringContaining(folder) })
    })

    it(`refuses a device, on ${choice}`, () => {
      expect(refusal(() => mapFile(kernels, '/dev/zero')).code).toBe('ERR_HOPFIELD_FILE')
    })

    it(`refuses an empty file, on ${choice}`, () => {
      const empty = join(folder, 'empty')
      writeFileSync(empty, '')
      const error = refusal(() => mapFile(kernels, empty))
      expect(error).toMatchObject({ code: 'ERR_HOPFIELD_FILE', message: expect.stringContaining('empty') })
    })

    it(`refuses a name with a zero in it, on ${choice}`, () => {
      expect(refusal(() => mapFile(kernels, 'a\0b')).code).toBe('ERR_HOPFIELD_FILE')
    })

    it(`refuses a path that is no string, on ${choice}`, () => {
      expect(refusal(() => mapFile(kernels, 5 as never)).code).toBe('ERR_HOPFIELD_TYPE')
    })
  }

  it('is left to reading by the TypeScript backend', () => {
    expect(mapFile(kernelsFor('typescript'), path)).toBeUndefined()
  })
})
