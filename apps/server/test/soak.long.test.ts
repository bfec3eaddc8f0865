import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { randomPatterns } from 'hopfield-native'
import { expect, test } from 'vitest'
import { folder, N, network } from './helpers.js'

const MINUTES = Number(process.env['HOPFIELD_SOAK_MINUTES'] ?? 10)
const MAIN = join(import.meta.dirname, '../dist/main.js')

test(`${MINUTES} minutes of questions and changes: memory flat, no error`, async () => {
  const path = join(folder(), 'm.safetensors')
  await network().save(path)
  const child = spawn(
    process.execPath,
    [MAIN, path, '--port', '0', '--writable', '--compact-after', '200000'],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  try {
    const url = await new Promise<string>((resolve) => {
      let text = ''
      child.stdout.on('data', (some) => {
        text += some
        const found = /listening at (http:\/\/[\d.:]+)/.exec(text)?.[1]
        if (found !== undefined) resolve(found)
      })
    })
    const end = Date.now() + MINUTES * 60_000
    const statuses = new Map<number, number>()
    const post = async (what: string, body: object): Promise<void> => {
      const { status } = await fetch(`${url}/v1/memories/m/${what}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
    }
    const state = (seed: number): string =>
      Buffer.from(randomPatterns({ count: 1, neurons: N, seed, packed: true }).toBytes()).toString('base64')
    /** Each asks, stores a pattern and takes it out again. */
    const client = async (own: number): Promise<void> => {
      for (let k = 0; Date.now() < end; k++) {
        const seed = own + 32 * k
        await post('recall', { cue: state(seed), seed })
        await post('nearest', { cue: state(seed), k: 3 })
        await post('energy', { cues: [state(seed), state(seed + 1)] })
        if (k % 10 === 0) {
          await post('store', { pattern: state(seed), id: seed })
          await post('forget', { id: seed })
        }
      }
    }
    const resident = (): number =>
      Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]) / 1024
    const sizes: number[] = []
    const watching = setInterval(() => sizes.push(resident()), (MINUTES * 60_000) / 40)
    await Promise.all(Array.from({ length: 32 }, (_, k) => client(k)))
    clearInterval(watching)
    expect([...statuses.keys()]).toEqual([200])
    // The first quarter warms up; after that the medians of two halves may differ by what a collection leaves.
    const median = (values: number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]
    const later = sizes.slice(10)
    const [before, after] = [later.slice(0, 15), later.slice(15)].map(median)
    console.log(`${statuses.get(200)} answers; ${before.toFixed(0)} MB, then ${after.toFixed(0)} MB`)
    expect(after).toBeLessThan(before * 1.1 + 10)
  } finally {
    child.kill()
  }
})
