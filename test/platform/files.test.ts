import { spawn } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { HopfieldError, HopfieldNetwork, load, ModernHopfield } from '../../src/index.js'
import { readingFile, replacingFile } from '../../src/platform/node/files.js'
import { rejection } from '../helpers/refusal.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hopfield-files-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const bytes = Uint8Array.of(1, 2, 3)
/** Whom nobody stops. */
const unstopped = {
  async unlessStopped(work: Promise<unknown>) {
    await work
  },
  finish() {},
}

describe('replacing a file', () => {
  it('leaves the new one, and nothing beside it', async () => {
    const path = join(folder, 'a')
    writeFileSync(path, 'old')
    chmodSync(path, 0o640)
    await replacingFile(path, (file) => file.write(bytes, 0), unstopped)
    expect(readFileSync(path)).toEqual(Buffer.from(bytes))
    expect(statSync(path).mode & 0o777).toBe(0o640)
    expect(readdirSync(folder)).toEqual(['a'])
  })

  it('leaves the old one, and nothing beside it, when writing fails', async () => {
    const path = join(folder, 'a')
    writeFileSync(path, 'old')
    const failure = new Error('no room')
    const failing = replacingFile(
      path,
      async (file) => {
        await file.write(bytes, 0)
        throw failure
      },
      unstopped,
    )
    expect(await rejection(failing)).toBe(failure)
    expect([readFileSync(path, 'utf8'), readdirSync(folder)]).toEqual(['old', ['a']])
  })

  it('waits no longer for the system to write than until it is stopped, and leaves the old one', async () => {
    const path = join(folder, 'a')
    writeFileSync(path, 'old')
    const reason = new Error('enough')
    const stop = () => {
      throw reason
    }
    for (const stopped of [
      { ...unstopped, unlessStopped: async () => stop() },
      { ...unstopped, finish: stop },
    ]) {
      expect(await rejection(replacingFile(path, (file) => file.write(bytes, 0), stopped))).toBe(reason)
      expect([readFileSync(path, 'utf8'), readdirSync(folder)]).toEqual(['old', ['a']])
    }
  })

  it('keeps a link, and replaces what it leads to', async () => {
    const [path, link] = [join(folder, 'a'), join(folder, 'link')]
    writeFileSync(path, 'old')
    symlinkSync('a', link)
    await replacingFile(link, (file) => file.write(bytes, 0), unstopped)
    expect([readFileSync(path), readlinkSync(link)]).toEqual([Buffer.from(bytes), 'a'])
  })

  it('makes the file that a link leads to, where there is none yet', async () => {
    const [path, link] = [join(folder, 'a'), join(folder, 'link')]
    symlinkSync('a', link)
    await replacingFile(link, (file) => file.write(bytes, 0), unstopped)
    expect([readFileSync(path), readlinkSync(link)]).toEqual([Buffer.from(bytes), 'a'])
  })

  it.skipIf(process.platform === 'win32')('is refused for a pipe without a path of its own', async () => {
    const script = `
      const { symlinkSync, readlinkSync } = require('node:fs')
      symlinkSync('/dev/fd/1', 'out')
      import(${JSON.stringify(new URL('../../dist/platform/node/files.js', import.meta.url).href)})
        .then(({ replacingFile }) => replacingFile('out', async () => {}, {}))
        .catch((error) => console.log(error.message, readlinkSync('out')))`
    const child = spawn(process.execPath, ['-e', script], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    expect(await text(child.stdout)).toBe('it is not a regular file /dev/fd/1\n')
  })

  it('is refused where no file is: a folder, a device, a folder that is not there', async () => {
    mkdirSync(join(folder, 'inner'))
    for (const path of [join(folder, 'inner'), '/dev/null', join(folder, 'none', 'a')]) {
      const error = await rejection(replacingFile(path, (file) => file.write(bytes, 0), unstopped))
      expect((error as { code: string }).code).toMatch(/^E/)
    }
    expect([statSync('/dev/null').isCharacterDevice(), readdirSync(folder)]).toEqual([true, ['inner']])
  })

  it('gives readers one of two files, and writers a turn each, however many write at once', async () => {
    const path = join(folder, 'a')
    const contents = Array.from({ length: 8 }, (_, k) => new Uint8Array(100_000).fill(k))
    const writing = contents.map((content) =>
      replacingFile(path, (file) => file.write(content, 0), unstopped),
    )
    const seen: number[] = []
    for (let k = 0; k < 20; k++) {
      await new Promise(setImmediate)
      if (!existsSync(path)) continue
      const found = readFileSync(path)
      expect([found.length, new Set(found).size]).toEqual([100_000, 1])
      seen.push(found[0])
    }
    await Promise.all(writing)
    expect(readdirSync(folder)).toEqual(['a'])
  })
})

describe('reading a file', () => {
  it('is refused where there is none, and where it ends too soon', async () => {
    const path = join(folder, 'a')
    writeFileSync(path, bytes)
    const whole = new Uint8Array(3)
    await readingFile(path, (file) => file.read(whole, 0))
    expect(whole).toEqual(bytes)
    const long = rejection(readingFile(path, (file) => file.read(new Uint8Array(4), 0)))
    expect(((await long) as Error).message).toBe('it ends at byte 3')
    expect(await rejection(readingFile(folder, async () => undefined))).toMatchObject({ code: 'EINVAL' })
  })
})

describe('save', () => {
  it('says which file could not be written, or read, and why', async () => {
    const path = join(folder, 'none', 'a')
    const memory = new HopfieldNetwork({ neurons: 3 })
    for (const [call, words] of [
      [() => memory.save(path), 'save: cannot write the file "'],
      [() => load(path), 'load: cannot read the file "'],
      [() => load(path, { mmap: true }), 'load: cannot use the file "'],
      [() => load(folder), 'load: cannot read the file "'],
      [() => memory.save('a\0b'), 'save: cannot write the file "'],
    ] as const) {
      const error = (await rejection(call())) as HopfieldError
      expect([error instanceof HopfieldError, error.code]).toEqual([true, 'ERR_HOPFIELD_FILE'])
      expect(error.message).toContain(words)
    }
  })

  it('says which file has something wrong in it, however long its name, and the place', async () => {
    const short = join(folder, 'a file with a name that is longer than what messages show of other texts')
    writeFileSync(short, 'four')
    const other = join(folder, 'other')
    await new ModernHopfield({ dimension: 3 }).save(other)
    for (const [call, words] of [
      [() => load(short), `load: the file ${JSON.stringify(short)}: header: expected 8 bytes`],
      [
        () => load(short, { mmap: true }),
        `load: the file ${JSON.stringify(short)}: header: expected 8 bytes`,
      ],
      [() => HopfieldNetwork.load(other), `load: the file ${JSON.stringify(other)}: class: expected a`],
      [() => load(`${short}.not`), `load: cannot read the file ${JSON.stringify(`${short}.not`)}: ENOENT`],
    ] as const) {
      const error = (await rejection(call())) as HopfieldError
      expect([error instanceof HopfieldError, error.code]).toEqual([true, 'ERR_HOPFIELD_FILE'])
      expect(error.message).toContain(words)
    }
  })

  it('leaves the old file whole when its process is killed', async () => {
    const path = join(folder, 'a.safetensors')
    const old = new ModernHopfield({ dimension: 8 }).store(new Float32Array(16))
    await old.save(path)
    const program = `
      const { ModernHopfield } = await import(${JSON.stringify(new URL('../../dist/index.js', import.meta.url).href)})
      const memory = new ModernHopfield({ dimension: 1024 }).store(new Float32Array(1024 * 4096))
      process.stdout.write('x')
      for (;;) await memory.save(${JSON.stringify(path)}, { onProgress: ({ done, total }) => { if (done > 0.8 * total) process.kill(process.pid, 'SIGKILL') } })`
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: 'ignore' })
    await new Promise((resolve) => child.on('exit', resolve))
    expect(child.signalCode).toBe('SIGKILL')
    expect(Buffer.compare(readFileSync(path), old.toBytes())).toBe(0)
  })
})
