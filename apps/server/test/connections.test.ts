import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import { join } from 'node:path'
import { HopfieldNetwork, randomPatterns } from 'hopfield-native'
import { describe, expect, test } from 'vitest'
import { createServer } from '../src/index.js'
import { folder, JSON_TYPE, N, network, server } from './helpers.js'

const at = folder()
const path = join(at, 'm.safetensors')
await network().save(path)
const memories = { m: path }
const cue = Array.from(network().pattern(1))

async function listening(app: Awaited<ReturnType<typeof server>>) {
  let requests = 0
  app.server.on('request', () => requests++)
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  /** Resolves when so many requests have come. */
  async function come(count: number): Promise<void> {
    while (requests < count) await new Promise((resolve) => setTimeout(resolve, 5))
  }
  return { port, come }
}

describe('a server that is told to stop', () => {
  test('answers what it took, recalls and changes, and takes nothing more', async () => {
    const app = await createServer({
      memories,
      writable: true,
      logLevel: 'silent',
      docs: false,
      maxWait: 100,
    })
    const { port, come } = await listening(app)
    const post = (what: string, body: object) =>
      fetch(`http://127.0.0.1:${port}/v1/memories/m/${what}`, {
        method: 'POST',
        headers: JSON_TYPE,
        body: JSON.stringify(body),
      })
    const asked = Array.from({ length: 20 }, (_, seed) => post('recall', { cue, seed: seed % 3 }))
    const pattern = Array.from(randomPatterns({ count: 1, neurons: N, seed: 9 }))
    const stored = post('store', { pattern, id: 'last' })
    await come(21)
    await app.close()
    expect(new Set((await Promise.all(asked)).map(({ status }) => status))).toEqual(new Set([200]))
    expect(await (await stored).json()).toMatchObject({ sequence: 1 })
    await expect(post('recall', { cue })).rejects.toThrow()
    const again = await server({ memories })
    expect((await again.inject('/v1/memories/m')).json().patternCount).toBe(7)
  })
})

describe('a slow client', () => {
  test('is cut off with 408', async () => {
    const { port } = await listening(await server({ memories, requestTimeout: 300 }))
    const socket = connect(port, '127.0.0.1')
    socket.write('POST /v1/memories/m/recall HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100\r\n')
    let text = ''
    socket.on('data', (some) => {
      text += some
    })
    await once(socket, 'close')
    expect(text).toMatch(/^HTTP\/1\.1 408 /)
  })

  test('that takes nothing of its answer is cut off, and one that takes it slowly is not', async () => {
    const wide = join(at, 'wide.safetensors')
    await new HopfieldNetwork({ neurons: N })
      .store(randomPatterns({ count: 2000, neurons: N, seed: 1 }))
      .save(wide)
    const app = await server({ memories: { m: wide }, requestTimeout: 2500 })
    const { port, come } = await listening(app)
    const body = Buffer.alloc(1000 * 13)
    const size = 1000 * 2000 * 8
    const ask = () => {
      const socket = connect(port, '127.0.0.1')
      socket.write(
        'POST /v1/memories/m/overlaps HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/octet-stream\r\n' +
          `content-length: ${body.length}\r\n\r\n`,
      )
      socket.write(body)
      return socket
    }
    const none = ask().pause()
    none.on('error', () => {})
    const slow = ask()
    let taken = 0
    const all = new Promise<void>((resolve) => {
      slow.once('close', resolve)
      slow.on('data', (some) => {
        taken += some.length
        if (taken >= size) resolve()
        slow.pause()
        setTimeout(() => slow.resume(), (6000 * some.length) / size)
      })
    })
    await come(2)
    const connections = () =>
      new Promise<number>((resolve) => app.server.getConnections((_, count) => resolve(count)))
    expect(await connections()).toBe(2)
    await all
    expect(taken).toBeGreaterThanOrEqual(size)
    await expect.poll(connections, { timeout: 10_000 }).toBe(1)
    slow.destroy()
    none.destroy()
    await app.close()
  })

  test('that goes takes its question with it', async () => {
    const app = await server({ memories, maxSweeps: 2 ** 31 - 1 })
    const { port, come } = await listening(app)
    const stop = new AbortController()
    const asked = fetch(`http://127.0.0.1:${port}/v1/memories/m/recall`, {
      method: 'POST',
      headers: JSON_TYPE,
      // Of its own kind, since its options are long: minutes of work.
      body: JSON.stringify({
        cue,
        temperature: 1,
        maxSweeps: 2 ** 30,
        externalField: Array.from({ length: N }, (_, i) => i / 7),
      }),
      signal: stop.signal,
    })
    await come(1)
    stop.abort()
    await expect(asked).rejects.toThrow()
    // It would wait for the recall, if that went on.
    await app.close()
  })
})

describe('the deadlines of a connection', () => {
  test('end one request each: not the next one, however it follows', async () => {
    const app = await server({ memories, maxSweeps: 100_000 })
    const { port } = await listening(app)
    const socket = connect(port, '127.0.0.1')
    const statuses: number[] = []
    let come = (): void => {}
    socket.on('data', (some) => {
      for (const [, status] of some.toString('latin1').matchAll(/HTTP\/1\.1 (\d+) /g))
        statuses.push(Number(status))
      come()
    })
    const ask = async (deadline: number, body: object) => {
      const text = JSON.stringify({ cue, ...body })
      const before = statuses.length
      socket.write(
        `POST /v1/memories/m/recall HTTP/1.1\r\nhost: localhost\r\nhopfield-deadline-ms: ${deadline}\r\n` +
          `content-type: application/json\r\ncontent-length: ${text.length}\r\n\r\n${text}`,
      )
      while (statuses.length === before) {
        await new Promise<void>((resolve) => {
          come = resolve
        })
      }
      return statuses.at(-1)
    }
    // Half a second: whoever is held up for less sees the deadline first.
    const long = { temperature: 1, maxSweeps: 100_000 }
    const quick = { maxSweeps: 5 }
    expect(await ask(20_000, quick)).toBe(200)
    // The timer of the request before has 20 s to go.
    expect(await ask(1, long)).toBe(504)
    expect(await ask(20_000, quick)).toBe(200)
    // Its time is over while nothing is asked.
    expect(await ask(1500, quick)).toBe(200)
    await new Promise((resolve) => setTimeout(resolve, 1600))
    expect(await ask(20_000, { ...quick, seed: 1 })).toBe(200)
    expect(await ask(2, long)).toBe(504)
    socket.destroy()
    await app.close()
  })
})
