import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import { HopfieldNetwork, load, randomPatterns } from '../../src/index.js'
import { BACKENDS } from '../helpers/backends.js'

// What is called over and over takes no more memory than before.

setFlagsFromString('--expose-gc')
const gc: () => void = runInNewContext('gc')

/** Bytes that this process holds when garbage is collected. */
async function held(): Promise<number> {
  for (let k = 0; k < 3; k++) {
    gc()
    await new Promise(setImmediate)
  }
  const { rss } = process.memoryUsage()
  return rss
}

/** What an allocator keeps for itself, and less than a hundred bytes a call of the long runs. */
const ROOM = 24 * 2 ** 20

async function flat(count: number, deed: (k: number) => unknown): Promise<void> {
  const warm = Math.ceil(count / 5)
  for (let k = 0; k < warm; k++) await deed(k)
  const before = await held()
  for (let k = warm; k < count; k++) await deed(k)
  expect((await held()) - before).toBeLessThan(ROOM)
}

export interface Rounds {
  readonly recalls: number
  readonly asynchronous: number
  readonly files: number
}

export function keepsMemoryFlat({ recalls, asynchronous, files }: Rounds): void {
  for (const backend of BACKENDS) {
    const network = (): HopfieldNetwork =>
      new HopfieldNetwork({ neurons: 64, backend }).store(randomPatterns({ count: 6, neurons: 64, seed: 1 }))
    const cue = randomPatterns({ count: 1, neurons: 64, seed: 2 })

    it(`${recalls} recalls take no more memory than before, ${backend}`, async () => {
      const net = network()
      // A thousand before others may run.
      await flat(recalls / 1000, () => {
        for (let k = 0; k < 1000; k++) net.recall(cue)
      })
    })

    it(`${asynchronous} recalls off the event loop take no more memory than before, ${backend}`, async () => {
      const net = network()
      await flat(asynchronous / 100, () =>
        Promise.all(Array.from({ length: 100 }, () => net.recallAsync(cue))),
      )
    })

    it(`${files} files saved and loaded take no more memory than before, ${backend}`, async () => {
      const folder = await mkdtemp(join(tmpdir(), 'hopfield-flat-'))
      try {
        const net = network()
        const path = join(folder, 'memory.safetensors')
        await flat(files, async (k) => {
          await net.save(path)
          const again = (await load(path, { backend, mmap: k % 2 === 0 })) as HopfieldNetwork
          if (k % 100 === 0) expect(again.recall(cue)).toEqual(net.recall(cue))
        })
      } finally {
        await rm(folder, { recursive: true })
      }
    })
  }
}
