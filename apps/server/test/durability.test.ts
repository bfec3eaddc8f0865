import { execFileSync, spawn } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { HopfieldNetwork, type Id, load, randomPatterns } from 'hopfield-native'
import { describe, expect, test } from 'vitest'
import { Keeper, type KeeperOptions } from '../src/durable/keeper.js'
import { child } from './child.js'
import { folder, JSON_TYPE, N, network, server } from './helpers.js'

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

/** A file of its own for a test. */
async function file(): Promise<string> {
  const path = join(at, `memory${files++}.safetensors`)
  await network().save(path)
  return path
}
const logs = (path: string): string[] =>
  readdirSync(at)
    .map((name) => join(at, name))
    .filter((name) => name.startsWith(path) && name.endsWith('.log'))
const open = (path: string, options: Partial<KeeperOptions> = {}) =>
  Keeper.open(path, { ...OPTIONS, ...options })
const indexOf = (keeper: Keeper, id: Id): number => keeper.memory.changes?.keyed?.indexOf(id) ?? -1
const bytesOf = async (keeper: Keeper): Promise<Buffer> => {
  const path = join(at, 'copy.safetensors')
  await keeper.memory.save(path)
  return readFileSync(path)
}

describe('a memory and the log of its changes', () => {
  test('is opened as its last change has left it, with the same bits', async () => {
    const path = await file()
    const keeper = await open(path)
    await Promise.all([
      keeper.change({ kind: 'store', rows: Buffer.concat([row(7), row(8)]), ids: ['a', 9] }),
      keeper.change({ kind: 'forget', id: 'p2' }),
      keeper.change({ kind: 'replace', id: 'p0', rows: row(10) }),
    ])
    const right = network()
    right.store(randomPatterns({ count: 1, neurons: N, seed: 7 }), { ids: ['a'] })
    right.store(randomPatterns({ count: 1, neurons: N, seed: 8 }), { ids: [9] })
    right.forget({ id: 'p2' }).replace({ id: 'p0' }, randomPatterns({ count: 1, neurons: N, seed: 10 }))
    const bytes = await bytesOf(keeper)
    expect(bytes.equals(right.toBytes())).toBe(true)
    await keeper.close()
    const again = await open(path, { writable: false })
    expect((await bytesOf(again)).equals(bytes)).toBe(true)
  })

  test('a change that is refused leaves nothing, in memory or log', async () => {
    const path = await file()
    const keeper = await open(path)
    const before = await bytesOf(keeper)
    await expect(keeper.change({ kind: 'store', rows: row(7), ids: ['p1'] })).rejects.toMatchObject({
      code: 'ERR_HOPFIELD_VALUE',
    })
    await expect(keeper.change({ kind: 'forget', id: 'nobody' })).rejects.toMatchObject({ status: 404 })
    await keeper.close()
    expect((await bytesOf(await open(path, { writable: false }))).equals(before)).toBe(true)
  })

  test('a change that is sent again under its name is made once, before and after a restart', async () => {
    const path = await file()
    const change = { kind: 'store', rows: row(7) } as const
    const keeper = await open(path)
    const [first, second] = await Promise.all([keeper.change(change, 'k'), keeper.change(change, 'k')])
    expect([first, second]).toEqual([
      { sequence: 1, repeated: false },
      { sequence: 1, repeated: true },
    ])
    await expect(keeper.change({ kind: 'forget', id: 'p1' }, 'k')).rejects.toMatchObject({ status: 409 })
    await keeper.close()
    const again = await open(path)
    expect(await again.change(change, 'k')).toEqual({ sequence: 1, repeated: true })
    await again.compact()
    await again.close()
    const compacted = await open(path)
    expect(await compacted.change(change, 'k')).toEqual({ sequence: 1, repeated: true })
    expect(compacted.memory.patternCount).toBe(7)
    await compacted.close()
  })

  test('changes that come while a snapshot is written are in the next log', async () => {
    const path = await file()
    const keeper = await open(path)
    await keeper.change({ kind: 'store', rows: row(20), ids: ['before'] })
    const compacting = keeper.compact()
    const during = Array.from({ length: 20 }, (_, k) =>
      keeper.change({ kind: 'store', rows: row(30 + k), ids: [k] }),
    )
    await Promise.all([compacting, ...during])
    await keeper.change({ kind: 'forget', id: 3 })
    const bytes = await bytesOf(keeper)
    await keeper.close()
    expect(logs(path)).toHaveLength(1)
    const inFile = (await load(path)) as HopfieldNetwork
    expect(inFile.indexOf('before')).toBe(6)
    const again = await open(path)
    expect((await bytesOf(again)).equals(bytes)).toBe(true)
    await again.close()
  })

  test('a log that has grown makes a snapshot by itself', async () => {
    const path = await file()
    const keeper = await open(path, { compactAfter: 1000 })
    for (let k = 0; k < 30; k++) await keeper.change({ kind: 'store', rows: row(k), ids: [k] })
    await keeper.close()
    expect(((await load(path)) as HopfieldNetwork).patternCount).toBeGreaterThan(20)
    const again = await open(path, { writable: false })
    expect(again.memory.patternCount).toBe(36)
  })
})

describe('a disk that takes nothing', () => {
  test('leaves the old pair and no beginning of a new one, and whoever asked for it is told', async () => {
    const path = await file()
    const failures: unknown[] = []
    const keeper = await open(path, { onFailure: (error) => failures.push(error) })
    await keeper.change({ kind: 'store', rows: row(1), ids: ['one'] })
    // A folder in the place of the new snapshot.
    mkdirSync(`${path}.next`)
    await expect(keeper.compact()).rejects.toMatchObject({ code: 'ERR_SERVER_STORAGE', status: 503 })
    rmdirSync(`${path}.next`)
    await keeper.change({ kind: 'store', rows: row(2), ids: ['two'] })
    // Another file under its name.
    await network().save(path)
    await expect(keeper.compact()).rejects.toThrow(/another file has taken the place/)
    expect([failures.length, existsSync(`${path}.next`)]).toEqual([2, false])
    await keeper.close()
  })

  // A process that may write no more than so many bytes into a file.
  test.runIf(process.platform === 'linux')(
    'is written to again after a snapshot, with all that was made',
    async () => {
      const path = await file()
      const { process: running, url, post, patternCount } = await child(`m=${path}`, '--writable')
      const limit = (bytes: string) =>
        execFileSync('prlimit', ['--pid', String(running.pid), `--fsize=${bytes}:unlimited`])
      const store = (k: number) =>
        post('store', { pattern: Buffer.from(row(k)).toString('base64'), id: `new${k}` })
      const ready = async () => (await fetch(`${url}/ready`)).status
      const named = async () => {
        const headers = { ...JSON_TYPE, 'idempotency-key': 'met' }
        const body = JSON.stringify({ pattern: Buffer.from(row(1)).toString('base64'), id: 'new1' })
        const answer = await fetch(`${url}/v1/memories/m/store`, { method: 'POST', headers, body })
        return { status: answer.status, body: await answer.json() }
      }
      expect((await store(0)).status).toBe(200)
      limit(String(readFileSync(logs(path)[0]).length + 20))
      const refused = { status: 503, body: { error: { code: 'ERR_SERVER_STORAGE' } } }
      expect([await named(), await store(2)]).toMatchObject([refused, refused])
      expect([await ready(), (await post('compact', {})).status]).toEqual([503, 503])
      limit('unlimited')
      expect([(await store(3)).status, await ready()]).toEqual([503, 503])
      expect([(await post('compact', {})).status, await ready(), (await store(4)).status]).toEqual([
        200, 200, 200,
      ])
      const count = await patternCount()
      expect(await named()).toMatchObject({ status: 200, body: { repeated: true, patternCount: count } })
      running.kill('SIGKILL')
      const again = await open(path, { writable: false })
      const has = ['new0', 'new1', 'new2', 'new4'].map((id) => indexOf(again, id) >= 0)
      expect(has).toEqual([true, true, false, true])
      expect(again.memory.patternCount).toBe(count)
    },
  )
})

describe('a damaged log', () => {
  async function written(): Promise<{ path: string; log: string; bytes: Buffer }> {
    const path = await file()
    const keeper = await open(path)
    for (let k = 0; k < 5; k++) await keeper.change({ kind: 'store', rows: row(k), ids: [k] })
    await keeper.close()
    const [log] = logs(path)
    return { path, log, bytes: readFileSync(log) }
  }

  test('that ends within a record is cut there, and goes on', async () => {
    const { path, log, bytes } = await written()
    const last = bytes.length - bytes.lastIndexOf('HNL1')
    for (let cut = 1; cut < last; cut += 7) {
      writeFileSync(log, bytes)
      truncateSync(log, bytes.length - cut)
      const keeper = await open(path)
      expect(keeper.memory.patternCount).toBe(10)
      await keeper.change({ kind: 'store', rows: row(99), ids: ['next'] })
      await keeper.close()
      const again = await open(path, { writable: false })
      expect([again.memory.patternCount, indexOf(again, 'next')]).toEqual([11, 10])
    }
  })

  test('whose end was never written is cut there', async () => {
    const { path, log, bytes } = await written()
    for (const tail of [Buffer.alloc(4096), Buffer.from('HNL1'), Buffer.alloc(300, 0xff)]) {
      writeFileSync(log, Buffer.concat([bytes, tail]))
      const keeper = await open(path)
      expect(keeper.memory.patternCount).toBe(11)
      await keeper.close()
      expect(readFileSync(log).equals(bytes)).toBe(true)
    }
  })

  test('with a changed byte before acknowledged changes is refused, with the place, and left as it is', async () => {
    const { path, log, bytes } = await written()
    const record = bytes.lastIndexOf('HNL1')
    for (let at = 0; at < record - 120; at += 11) {
      const spoilt = Buffer.from(bytes)
      spoilt[at] ^= 0x10
      writeFileSync(log, spoilt)
      await expect(open(path)).rejects.toMatchObject({
        code: 'ERR_HOPFIELD_FILE',
        message: expect.stringMatching(/damaged at byte \d+/),
      })
      expect(readFileSync(log).equals(spoilt)).toBe(true)
    }
  })
})

describe('a process that is killed', () => {
  /** Stores patterns in another process until it is killed; returns the ids that it had acknowledged. */
  function killed(path: string, from: number, after: number): Promise<number[]> {
    const child = spawn(
      process.execPath,
      [join(import.meta.dirname, 'storing-child.mjs'), path, String(from)],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    )
    return new Promise((resolve) => {
      let text = ''
      child.stdout.on('data', (some) => {
        if (text === '') setTimeout(() => child.kill('SIGKILL'), after)
        text += some
      })
      // A last line without its end was being written.
      child.once('close', () => resolve(text.split('\n').slice(0, -1).map(Number)))
    })
  }

  test('loses no acknowledged change, whenever it is', async () => {
    const path = await file()
    const acknowledged = new Set<number>()
    let from = 0
    for (let round = 0; round < 20; round++) {
      for (const id of await killed(path, from, (round * 7) % 40)) acknowledged.add(id)
      const keeper = await open(path, { writable: false })
      const missing = [...acknowledged].filter((id) => indexOf(keeper, id) < 0)
      expect(missing).toEqual([])
      // What was not acknowledged may be there, but only what was sent: in order, and once.
      const count = keeper.memory.patternCount - 6
      for (let id = 0; id < count; id++) expect(indexOf(keeper, id)).toBe(6 + id)
      from = count
    }
    // Each is killed after its first.
    expect(acknowledged.size).toBeGreaterThanOrEqual(20)
  })
})

describe('a server that writes', async () => {
  const path = await file()
  const app = await server({ memories: { m: path }, writable: true, watchEvery: 20 })
  const post = (what: string, body: object, headers = {}) =>
    app.inject({
      method: 'POST',
      url: `/v1/memories/m/${what}`,
      headers: { 'content-type': 'application/json', ...headers },
      payload: JSON.stringify(body),
    })
  const pattern = Buffer.from(row(50)).toString('base64')

  test('stores, finds, replaces and forgets by id', async () => {
    expect((await post('store', { pattern, id: 'new' })).json()).toEqual({
      sequence: 1,
      repeated: false,
      patternCount: 7,
    })
    expect((await post('nearest', { cue: pattern })).json()).toMatchObject({
      ids: ['new'],
      similarities: [N],
    })
    const other = Buffer.from(row(51)).toString('base64')
    expect((await post('replace', { id: 'new', pattern: other })).statusCode).toBe(200)
    expect((await post('nearest', { cue: other })).json().ids).toEqual(['new'])
    expect((await post('forget', { id: 'new' })).json().patternCount).toBe(6)
    const gone = await post('forget', { id: 'new' })
    expect([gone.statusCode, gone.json().error.code]).toEqual([404, 'ERR_SERVER_NOT_FOUND'])
  })

  test('makes a change of one name once', async () => {
    const headers = { 'idempotency-key': 'one' }
    const body = { patterns: [pattern], ids: ['once'] }
    expect((await post('store', body, headers)).json().repeated).toBe(false)
    expect((await post('store', body, headers)).json().repeated).toBe(true)
    const other = await post('store', { patterns: [pattern], ids: ['twice'] }, headers)
    expect([other.statusCode, other.json().error.code]).toEqual([409, 'ERR_SERVER_CONFLICT'])
  })

  test('lets no other process write to the same file', async () => {
    await expect(server({ memories: { m: path }, writable: true })).rejects.toMatchObject({
      code: 'ERR_SERVER_CONFLICT',
    })
  })

  test('writes a snapshot when asked', async () => {
    expect((await post('compact', {})).statusCode).toBe(200)
    expect(((await load(path)) as HopfieldNetwork).indexOf('once')).toBe(6)
  })

  test('serves a file that takes the place, without an error in between', async () => {
    const next = new HopfieldNetwork({ neurons: N }).store(randomPatterns({ count: 3, neurons: N, seed: 70 }))
    let stop = false
    const statuses = new Set<number>()
    const asking = (async () => {
      while (!stop) statuses.add((await post('nearest', { cue: pattern })).statusCode)
    })()
    await next.save(path)
    const count = async () => (await app.inject('/v1/memories/m')).json().patternCount
    while ((await count()) !== 3) await new Promise((resolve) => setTimeout(resolve, 5))
    expect((await post('store', { pattern, id: 'after' })).json().patternCount).toBe(4)
    stop = true
    await asking
    expect([...statuses]).toEqual([200])
  })

  test('goes on with the old file where the new one is none', async () => {
    writeFileSync(`${path}.other`, 'no memory at all')
    const { rename } = await import('node:fs/promises')
    await rename(`${path}.other`, path)
    const metrics = async () => (await app.inject('/metrics')).body
    await expect
      .poll(metrics, { timeout: 20_000 })
      .toContain('hopfield_reloads_total{memory="m",end="refused"} 1')
    expect((await post('nearest', { cue: pattern })).json().ids).toEqual(['after'])
  })
})

describe('a server that only reads', async () => {
  const path = await file()
  const app = await server({ memories: { m: path } })

  test('refuses changes', async () => {
    const { statusCode, body } = await app.inject({
      method: 'POST',
      url: '/v1/memories/m/forget',
      payload: { id: 'p1' },
    })
    expect([statusCode, JSON.parse(body).error.code]).toEqual([403, 'ERR_SERVER_FORBIDDEN'])
    expect(logs(path)).toEqual([])
  })
})
