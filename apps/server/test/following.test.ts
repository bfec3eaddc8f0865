import { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { randomPatterns } from 'hopfield-native'
import { describe, expect, onTestFinished, test } from 'vitest'
import { Keeper, type KeeperOptions } from '../src/durable/keeper.js'
import { encodeRecord } from '../src/durable/records.js'
import { type Child, child } from './child.js'
import { folder, N, network, P } from './helpers.js'

// One process writes, others read what it writes, from its log.

const at = folder()
const OPTIONS: KeeperOptions = {
  writable: true,
  compactAfter: 2 ** 30,
  maxQueue: 1000,
  onSync() {},
  onFailure(error) {
    throw error
  },
}
const row = (seed: number): Uint8Array =>
  randomPatterns({ count: 1, neurons: N, seed, packed: true }).toBytes()
let files = 0
async function pair(): Promise<{ path: string; writer: Keeper; reader: Keeper }> {
  const path = join(at, `memory${files++}.safetensors`)
  await network().save(path)
  const writer = await Keeper.open(path, OPTIONS)
  // A file that is left open is closed with a warning some time, in the middle of another test.
  onTestFinished(() => writer.close())
  return { path, writer, reader: await Keeper.open(path, { ...OPTIONS, writable: false }) }
}
const logOf = (path: string): string =>
  join(at, readdirSync(at).find((name) => join(at, name).startsWith(path) && name.endsWith('.log')) ?? '')
const store = (keeper: Keeper, id: number) => keeper.change({ kind: 'store', rows: row(id), ids: [id] })
const has = (keeper: Keeper, id: number): boolean => (keeper.memory.changes?.keyed?.indexOf(id) ?? -1) >= 0

describe('a keeper that only reads', () => {
  test('takes what another one has written, once', async () => {
    const { writer, reader } = await pair()
    for (let id = 0; id < 3; id++) await store(writer, id)
    await writer.change({ kind: 'forget', id: 'p2' })
    expect([await reader.follow(), await reader.follow()]).toEqual([4, 0])
    expect([reader.memory.patternCount, has(reader, 2)]).toEqual([P + 2, true])
    await writer.close()
  })

  test('does not take a record before all of it is there', async () => {
    const { path, writer, reader } = await pair()
    await store(writer, 0)
    await writer.close()
    await reader.follow()
    const log = logOf(path)
    const before = readFileSync(log)
    // The next one as its writer would write it.
    const next = await Keeper.open(path, OPTIONS)
    await store(next, 1)
    await next.close()
    const whole = readFileSync(log)
    for (let length = before.length; length < whole.length; length += 9) {
      writeFileSync(log, whole.subarray(0, length))
      expect([await reader.follow(), reader.memory.patternCount]).toEqual([0, P + 1])
    }
    writeFileSync(log, whole)
    expect([await reader.follow(), has(reader, 1)]).toEqual([1, true])
  })

  test('keeps what it has where the log is damaged, and says so', async () => {
    const { path, writer, reader } = await pair()
    for (const id of [0, 1]) await store(writer, id)
    await reader.follow()
    await writer.close()
    const log = logOf(path)
    const spoilt = encodeRecord({ sequence: 3, synced: 2, payload: new Uint8Array(40) })
    spoilt[60] ^= 1
    appendFileSync(log, spoilt)
    appendFileSync(log, encodeRecord({ sequence: 4, synced: 3, payload: new Uint8Array(40) }))
    await expect(reader.follow()).rejects.toMatchObject({
      code: 'ERR_HOPFIELD_FILE',
      message: expect.stringMatching(/damaged at byte \d+: change 3 cannot be read/),
    })
    expect([reader.memory.patternCount, reader.fault]).toEqual([P + 2, expect.stringContaining('damaged')])
  })

  test('sees a new snapshot, also one that says the same as the one before', async () => {
    const { writer, reader } = await pair()
    await store(writer, 0)
    await reader.follow()
    await writer.change({ kind: 'forget', id: 0 })
    // The file is what it was, and the change that the reader has made is in no log any more.
    await writer.compact()
    expect(await reader.follow()).toBe(0)
    expect(await reader.replacement()).toBeDefined()
    await writer.close()
  })
})

test('two processes that read have what a third one acknowledged, through snapshots, kills and a torn end', async () => {
  const path = join(at, 'm.safetensors')
  await network().save(path)
  const writing = () => child(path, '--writable', '--compact-after', '3000')
  const readers = [await child(path, '--watch-every', '20'), await child(path, '--watch-every', '20')]
  const text = (id: number) => Buffer.from(row(id)).toString('base64')
  /** Resolves when a reader has as many patterns as it should. */
  const come = async (reader: Child, count: number): Promise<void> => {
    while ((await reader.patternCount()) !== count) await new Promise((resolve) => setTimeout(resolve, 20))
  }
  let id = 0
  for (let round = 0; round < 3; round++) {
    const writer = await writing()
    for (const end = id + 40; id < end; id++) {
      expect((await writer.post('store', { pattern: text(id), id })).status).toBe(200)
      // Readers answer all the while.
      for (const reader of readers) expect((await reader.post('energy', { cue: text(id) })).status).toBe(200)
    }
    for (const reader of readers) await come(reader, P + id)
    const states = Buffer.concat([row(id - 1), row(3), row(id + 7)])
    const right = await writer.packed('recall?seed=5', states)
    for (const reader of readers) {
      expect((await reader.packed('recall?seed=5', states)).equals(right)).toBe(true)
      expect((await reader.post('nearest', { cue: text(id - 1) })).body['ids']).toEqual([id - 1])
      expect((await reader.post('forget', { id: 0 })).status).toBe(403)
    }
    writer.process.kill('SIGKILL')
    await writer.ended
    // A record that was being written when the process ended.
    appendFileSync(
      logOf(path),
      encodeRecord({ sequence: 1e6, synced: 0, payload: new Uint8Array(99) }).subarray(0, 80),
    )
    for (const reader of readers) expect((await fetch(`${reader.url}/ready`)).status).toBe(200)
  }
})
