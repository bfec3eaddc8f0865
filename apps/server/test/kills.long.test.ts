import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { randomPatterns } from 'hopfield-native'
import { expect, test } from 'vitest'
import { Keeper } from '../src/durable/keeper.js'
import { folder, N, network } from './helpers.js'

const at = folder()
const KILLS = Number(process.env['HOPFIELD_KILLS'] ?? 1000)
const MAIN = join(import.meta.dirname, '../dist/main.js')

/** Stores by HTTP, several at a time, until the server is killed; returns the ids that were acknowledged. */
async function killed(path: string, from: number, after: number): Promise<number[]> {
  const child = spawn(
    process.execPath,
    [MAIN, path, '--port', '0', '--writable', '--no-docs', '--compact-after', '20000'],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const ended = new Promise((resolve) => child.once('exit', resolve))
  const url = await new Promise<string>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}`)))
    let text = ''
    child.stdout.on('data', (some) => {
      text += some
      const found = /listening at (http:\/\/[\d.:]+)/.exec(text)?.[1]
      if (found !== undefined) resolve(found)
    })
  })
  /** Counted from when the server listens, or from its first answer: of a busy machine that may be much later. */
  let armed = false
  const arm = (): void => {
    if (!armed) setTimeout(() => child.kill('SIGKILL'), after)
    armed = true
  }
  if (after % 1 < 0.5) arm()
  const acknowledged: number[] = []
  const name = /([^/]+)\.safetensors$/.exec(path)?.[1]
  const store = async (first: number): Promise<void> => {
    for (let id = first; ; id += 8) {
      const pattern = Buffer.from(randomPatterns({ count: 1, neurons: N, seed: id, packed: true }).toBytes())
      const { ok } = await fetch(`${url}/v1/memories/${name}/store`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ pattern: pattern.toString('base64'), id }),
      })
      if (ok) acknowledged.push(id)
      arm()
    }
  }
  await Promise.allSettled(Array.from({ length: 8 }, (_, k) => store(from + k)))
  await ended
  return acknowledged
}

test(`${KILLS} kills of a server at random moments lose no acknowledged store`, async () => {
  let path = ''
  let acknowledged = new Set<number>()
  let all = 0
  let from = 0
  for (let round = 0; round < KILLS; round++) {
    if (round % 100 === 0) {
      // A memory that has grown for long takes most of each start.
      path = join(at, `m${round}.safetensors`)
      await network().save(path)
      all += acknowledged.size
      acknowledged = new Set()
    }
    for (const id of await killed(path, from, Math.random() * 120)) acknowledged.add(id)
    from += 1_000_000
    if (round % 20 !== 19 && round !== KILLS - 1) continue
    const { memory } = await Keeper.open(path, {
      writable: false,
      compactAfter: 2 ** 30,
      maxQueue: 1,
      onSync() {},
      onFailure() {},
    })
    expect([...acknowledged].filter((id) => (memory.changes?.keyed?.indexOf(id) ?? -1) < 0)).toEqual([])
    console.log(`${round + 1} kills, ${all + acknowledged.size} acknowledged stores`)
  }
  all += acknowledged.size
  console.log(`${KILLS} kills, ${all} acknowledged stores, none lost`)
  expect(all).toBeGreaterThan(KILLS)
}, 7_200_000)
