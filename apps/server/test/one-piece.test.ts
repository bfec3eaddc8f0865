import { once } from 'node:events'
import { ServerResponse } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { PackedPatterns } from 'hopfield-native'
import { afterAll, expect, test, vi } from 'vitest'
import { folder, N, network, packed, server } from './helpers.js'

// Short answers to packed cues are written to their connection without Node's ways for answers of every kind. A deadline takes a request
// through those, and so does whatever ends its connection.

const at = folder()
const net = network()
const path = join(at, 'm.safetensors')
await net.save(path)
const app = await server({ memories: { m: path } })
await app.listen({ host: '127.0.0.1', port: 0 })
const address = app.server.address() as AddressInfo
const cue = packed(PackedPatterns.from(net.pattern(2), { neurons: N }), 0)
const ORDINARY = 'hopfield-deadline-ms: 60000\r\n'
const open: Socket[] = []
afterAll(() => {
  for (const socket of open) socket.destroy()
})

function connection({ port } = address): Socket {
  const socket = connect(port, '127.0.0.1')
  open.push(socket)
  return socket
}

function request(question: string, more = '', version = '1.1'): Buffer {
  const head =
    `POST /v1/memories/m/${question} HTTP/${version}\r\nhost: localhost\r\n${more}` +
    `content-type: application/octet-stream\r\ncontent-length: ${cue.length}\r\n\r\n`
  return Buffer.concat([Buffer.from(head), cue])
}

interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** The next so many answers of a connection, in their order. */
async function answers(socket: Socket, count: number): Promise<Answer[]> {
  const found: Answer[] = []
  let bytes = Buffer.alloc(0)
  while (found.length < count) {
    const end = bytes.indexOf('\r\n\r\n')
    const [first, ...lines] = bytes.subarray(0, Math.max(end, 0)).toString('latin1').split('\r\n')
    const headers = Object.fromEntries(
      lines.map((line) => {
        const [name, ...value] = line.split(': ')
        return [name.toLowerCase(), value.join(': ')]
      }),
    )
    const whole = end + 4 + Number(headers['content-length'])
    if (end < 0 || bytes.length < whole) {
      const [more] = (await once(socket, 'data')) as [Buffer]
      bytes = Buffer.concat([bytes, more])
      continue
    }
    const body = bytes.subarray(end + 4, whole).toString('hex')
    found.push({ status: Number(first.split(' ')[1]), headers, body })
    bytes = bytes.subarray(whole)
  }
  expect(bytes).toHaveLength(0)
  return found
}

test('the header and the bytes are those of the ordinary way', async () => {
  const socket = connection()
  const end = vi.spyOn(ServerResponse.prototype, 'end')
  const questions = ['recall', 'recall?dynamics=synchronous&seed=3', 'nearest', 'overlaps', 'energy']
  for (const question of questions) {
    socket.write(Buffer.concat([request(question), request(question, ORDINARY)]))
    const [short, ordinary] = await answers(socket, 2)
    const { date } = short.headers
    expect(short.status).toBe(200)
    expect(Math.abs(Date.parse(date) - Date.now())).toBeLessThan(30_000)
    expect(new Date(date).toUTCString()).toBe(date)
    expect({ ...short, headers: { ...short.headers, date: '' } }).toEqual({
      ...ordinary,
      headers: { ...ordinary.headers, date: '' },
    })
  }
  expect(end).toHaveBeenCalledTimes(questions.length)
  end.mockRestore()
})

test('answers keep the order of their requests, whichever way they go', async () => {
  const asked = Array.from({ length: 60 }, (_, k) =>
    k % 7 === 3
      ? request('recal')
      : request(k % 2 === 0 ? 'nearest' : 'recall', k % 3 === 0 ? ORDINARY : '', '1.1'),
  )
  const alone = []
  for (const one of asked) {
    const socket = connection()
    socket.write(one)
    alone.push(...(await answers(socket, 1)))
    socket.destroy()
  }
  const socket = connection()
  socket.write(Buffer.concat(asked))
  const together = await answers(socket, asked.length)
  const told = ({ status, body }: Answer) => ({ status, body })
  expect(together.map(told)).toEqual(alone.map(told))
  expect(new Set(together.map(({ status }) => status))).toEqual(new Set([200, 404]))
})

test('a connection is used again, as often as one likes', async () => {
  const socket = connection()
  for (let k = 0; k < 300; k++) {
    socket.write(request('nearest'))
    const [{ status, headers }] = await answers(socket, 1)
    expect(status).toBe(200)
    expect(headers).toMatchObject({ connection: 'keep-alive', 'keep-alive': 'timeout=72' })
  }
  expect(socket.destroyed).toBe(false)
})

test('a client that asks on and on and reads later has every answer', { timeout: 120_000 }, async () => {
  const count = 40_000
  const patient = await server({ memories: { m: path }, maxQueue: count })
  await patient.listen({ host: '127.0.0.1', port: 0 })
  const [theirs, socket] = await Promise.all([
    once(patient.server, 'connection').then(([socket]) => socket as Socket),
    connection(patient.server.address() as AddressInfo).pause(),
  ])
  socket.write(Buffer.concat(Array.from({ length: count }, () => request('overlaps'))))
  await expect.poll(() => theirs.writableLength, { timeout: 60_000 }).toBeGreaterThan(0)
  // Node stops to read where answers are not taken.
  await new Promise((resolve) => setTimeout(resolve, 200))
  expect(theirs.writableLength).toBeLessThan(count * 50)
  let length = 0
  socket.on('data', (some) => {
    length += some.length
  })
  socket.resume()
  const one = connection()
  one.write(request('overlaps'))
  const [{ body, headers }] = await answers(one, 1)
  const head = ['HTTP/1.1 200 OK', ...Object.entries(headers).map((line) => line.join(': ')), '', '']
  const size = head.join('\r\n').length + body.length / 2
  await expect.poll(() => length, { timeout: 60_000 }).toBe(count * size)
})

test.each([
  ['connection: close\r\n', '1.1'],
  ['', '1.0'],
])('a connection that is to end does: %j of HTTP/%s', async (more, version) => {
  const socket = connection()
  const closed = once(socket, 'close')
  socket.write(request('recall', more, version))
  const [{ status, headers }] = await answers(socket, 1)
  expect(status).toBe(200)
  expect(headers['connection']).toBe('close')
  await closed
})

test('a client that goes before its answer harms no other', async () => {
  const slow = await server({ memories: { m: path }, maxWait: 100 })
  await slow.listen({ host: '127.0.0.1', port: 0 })
  const there = slow.server.address() as AddressInfo
  const [gone, stays] = [connection(there), connection(there)]
  let requests = 0
  const both = new Promise<void>((resolve) => {
    slow.server.on('request', () => {
      requests++
      if (requests === 2) resolve()
    })
  })
  gone.write(request('nearest'))
  stays.write(request('nearest'))
  await both
  gone.destroy()
  for (let k = 0; k < 3; k++) {
    if (k > 0) stays.write(request('nearest'))
    expect((await answers(stays, 1))[0].status).toBe(200)
  }
})
