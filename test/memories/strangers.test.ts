import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { load } from '../../src/index.js'
import { BACKENDS } from '../helpers/backends.js'
import { type AnyMemory, EVERY_MEMORY, everythingOf, filled } from '../helpers/every-memory.js'
import { heldRecord } from '../helpers/held-record.js'
import { hasPython } from '../helpers/numpy.js'

// A second reader of our files, which knows the format's page and ours, and a second writer of them.

const SCRIPT = fileURLToPath(new URL('../helpers/read_memory_file.py', import.meta.url))

interface Look {
  class: string
  options: object
  digest: boolean
  aligned: boolean
  arrays: Record<string, { shape: number[]; numbers: number[] }>
  numpy: boolean | null
  safetensors: boolean | null
}

describe.runIf(hasPython)('files of every memory, in Python', () => {
  const memories = EVERY_MEMORY.map((kind) => filled(kind, BACKENDS[0]))
  let folder: string
  let looks: Look[]
  const pathOf = (k: number): string => join(folder, `${k}.safetensors`)
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'hopfield-strangers-'))
    await Promise.all(memories.map((memory, k) => memory.save(pathOf(k))))
    const all = memories.map((_, k) => pathOf(k))
    const { status, stdout, stderr } = spawnSync('python3', [SCRIPT, ...all], {
      encoding: 'utf8',
      maxBuffer: 2 ** 26,
    })
    if (status !== 0) throw new Error(stderr)
    looks = JSON.parse(stdout) as Look[]
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  it.each(
    EVERY_MEMORY.map(({ name }, k) => [name, k] as const),
  )('%s: are read with struct and json alone', (_, k) => {
    const { record } = heldRecord(memories[k])
    const look = looks[k]
    expect([look.class, look.digest, look.aligned]).toEqual([record.kind, true, true])
    expect([look.numpy, look.safetensors]).not.toContain(false)
    const arrays = Array.from(record.arrays, ([name, { values, shape }]) => [
      name,
      { shape: [...shape], numbers: Array.from(values) },
    ])
    expect(look.arrays).toEqual(Object.fromEntries(arrays))
  })

  it.each(
    EVERY_MEMORY.map(({ name }, k) => [name, k] as const),
  )('%s: are taken as Python writes them', async (_, k) => {
    const memory = memories[k]
    for (const mmap of [false, true]) {
      const again = (await load(`${pathOf(k)}.rewritten`, { mmap, verify: true })) as unknown as AnyMemory
      expect(everythingOf(again, EVERY_MEMORY[k])).toEqual(everythingOf(memory, EVERY_MEMORY[k]))
      expect(Buffer.compare(again.toBytes(), readFileSync(pathOf(k)))).toBe(0)
    }
  })
})
