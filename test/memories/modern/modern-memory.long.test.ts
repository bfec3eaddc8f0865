import { spawnSync } from 'node:child_process'
import { expect, it } from 'vitest'

/** In a process of its own, whose memory is counted from nothing. */
const PROGRAM = `
  const { ModernHopfield } = await import('hopfield-native')
  const [dimension, count, part] = [64, 1_000_000, 50_000]
  const net = new ModernHopfield({ dimension, beta: 64, capacity: count })
  const keys = new Float32Array(part * dimension)
  let state = 1
  for (let stored = 0; stored < count; stored += part) {
    for (let k = 0; k < keys.length; k++) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0
      keys[k] = (state / 2 ** 32 - 0.5) * 0.43
    }
    net.store(keys)
  }
  const query = net.pattern(777_777)
  const { state: found } = net.retrieve(query)
  const queries = new Float32Array(64 * dimension)
  for (let b = 0; b < 64; b++) queries.set(net.pattern(b * 1000), b * dimension)
  await net.retrieveAsync(queries, { tolerance: 1e-6 })
  const error = Math.max(...found.map((x, c) => Math.abs(x - query[c])))
  console.log(JSON.stringify({ error, megabytes: process.resourceUsage().maxRSS / 1024 }))`

it('a million patterns of 64 dimensions are stored, retrieved one by one and 64 at a time within 600 MB', () => {
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--input-type=module', '-e', PROGRAM], {
    encoding: 'utf8',
  })
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  const { error, megabytes } = JSON.parse(stdout) as { error: number; megabytes: number }
  expect(error).toBeLessThan(1e-6)
  expect(megabytes).toBeLessThan(600)
})
