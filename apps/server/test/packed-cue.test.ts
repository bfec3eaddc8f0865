import { once } from 'node:events'
import { connect } from 'node:net'
import { join } from 'node:path'
import { addNoise, HopfieldNetwork, PackedPatterns, randomPatterns } from 'hopfield-native'
import { expect, test, vi } from 'vitest'
import { folder, N, network, PACKED_TYPE, packed, server } from './helpers.js'

// One cue in packed bytes is read and answered without Fastify's ways for bodies of any kind. A deadline takes it through those.

const at = folder()
const net = network()
const path = join(at, 'm.safetensors')
await net.save(path)
const app = await server({ memories: { m: path }, maxBody: 1000 })
const ORDINARY = { 'hopfield-deadline-ms': '60000' }
const noisy = addNoise(net.pattern(2), { count: 9, seed: 5 })
const cue = packed(PackedPatterns.from(noisy, { neurons: N }), 0)

async function both(question: string, payload: Buffer, headers: Record<string, string> = {}) {
  const answers = []
  for (const way of [{}, ORDINARY]) {
    const url = `/v1/memories/${question}`
    const answer = await app.inject({
      method: 'POST',
      url,
      payload,
      headers: { ...PACKED_TYPE, ...headers, ...way },
    })
    const { date, ...rest } = answer.headers
    answers.push({ status: answer.statusCode, headers: rest, bytes: answer.rawPayload.toString('hex') })
  }
  return answers
}

test('it is answered with the bytes and headers of the ordinary way', async () => {
  const questions = ['recall', 'recall?seed=3&dynamics=synchronous', 'recall?stream=7']
  for (const question of [...questions, 'nearest', 'nearest?k=3', 'top?k=100', 'overlaps', 'energy']) {
    const [short, ordinary] = await both(`m/${question}`, cue)
    expect(short.status).toBe(200)
    expect(short).toEqual(ordinary)
  }
})

test('an answer of any length has all of its bytes', async () => {
  for (const count of [511, 512, 513, 1500]) {
    const many = new HopfieldNetwork({ neurons: N }).store(randomPatterns({ count, neurons: N, seed: count }))
    const path = join(at, `m${count}.safetensors`)
    await many.save(path)
    const app = await server({ memories: { m: path } })
    const url = await app.listen({ host: '127.0.0.1', port: 0 })
    const asked = { method: 'POST', headers: PACKED_TYPE, body: cue }
    const answer = await fetch(`${url}/v1/memories/m/overlaps`, asked)
    expect(new Float64Array(await answer.arrayBuffer())).toEqual(many.overlaps(noisy))
  }
})

test('what is wrong with it is answered as in the ordinary way', async () => {
  const dirty = Buffer.from(cue)
  dirty[dirty.length - 1] |= 128
  const wrong: [string, Buffer, Record<string, string>?][] = [
    ['m/recall', dirty],
    ['m/recall', cue.subarray(1)],
    ['m/recall', Buffer.alloc(0)],
    ['m/recall', Buffer.alloc(1001)],
    ['m/recall?sed=3', cue],
    ['m/recall?seed=-1', cue],
    ['m/recall?maxSteps=3', cue],
    ['m/nearest?k=0', cue],
    ['m/density', cue],
    ['n/recall', cue],
    ['m/recall', cue, { host: 'evil.example' }],
  ]
  for (const [question, payload, headers] of wrong) {
    const [short, ordinary] = await both(question, payload, headers)
    expect(short.status, question).toBeGreaterThanOrEqual(400)
    expect(short).toEqual(ordinary)
  }
})

test('what is refused is refused in the same words each time, however long that takes', async () => {
  const slow = await server({ memories: { slow: path } })
  let now = performance.now()
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => {
    now += 5
    return now
  })
  try {
    const answers = new Set<string>()
    for (let k = 0; k < 4; k++) {
      const question = {
        method: 'POST',
        url: '/v1/memories/slow/recall?maxSteps=3',
        headers: PACKED_TYPE,
      } as const
      const { statusCode, payload } = await slow.inject({ ...question, payload: cue })
      expect(statusCode).toBe(400)
      answers.add(payload)
    }
    expect(answers.size).toBe(1)
  } finally {
    clock.mockRestore()
  }
})

test('an answer in another form is that of the ordinary way', async () => {
  const [short, ordinary] = await both('m/nearest', cue, { accept: 'application/json' })
  expect(short).toEqual(ordinary)
  expect(JSON.parse(Buffer.from(short.bytes, 'hex').toString())).toMatchObject({ indices: [2] })
})

test('a limit of the body holds for it', async () => {
  const small = await server({ memories: { m: path }, maxBody: cue.length - 1 })
  const { statusCode } = await small.inject({
    method: 'POST',
    url: '/v1/memories/m/recall',
    headers: PACKED_TYPE,
    payload: cue,
  })
  expect(statusCode).toBe(413)
})

test('it may come in pieces, and end early', async () => {
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as { port: number }
  const head = `POST /v1/memories/m/nearest HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/octet-stream\r\ncontent-length: ${cue.length}\r\n\r\n`
  const pieces = connect(port, '127.0.0.1')
  pieces.setNoDelay(true)
  pieces.write(head)
  for (const byte of cue) {
    await new Promise((resolve) => setTimeout(resolve, 2))
    pieces.write(Buffer.of(byte))
  }
  const [first] = (await once(pieces, 'data')) as [Buffer]
  const [short] = await both('m/nearest', cue)
  expect(first.toString('latin1')).toMatch(/^HTTP\/1\.1 200 /)
  expect(first.subarray(-8).toString('hex')).toBe(short.bytes)
  // Two at once on the same connection.
  pieces.write(Buffer.concat([Buffer.from(head), cue, Buffer.from(head), cue]))
  let text = ''
  while (text.split('HTTP/1.1 200').length < 3) text += String(((await once(pieces, 'data')) as [Buffer])[0])
  pieces.destroy()
  const early = connect(port, '127.0.0.1')
  early.write(Buffer.concat([Buffer.from(head), cue.subarray(5)]))
  await new Promise((resolve) => setTimeout(resolve, 20))
  early.destroy()
  expect((await both('m/nearest', cue))[0].status).toBe(200)
})

test('it is counted as every other request', async () => {
  const counted = async () => {
    const { body } = await app.inject('/metrics')
    const of = (status: number) =>
      Number(
        new RegExp(
          `^hopfield_requests_total\\{route="/v1/memories/:name/energy",status="${status}"\\} (.*)$`,
          'm',
        ).exec(body)?.[1] ?? 0,
      )
    return [of(200), of(400)]
  }
  const before = await counted()
  await both('m/energy', cue)
  await both('m/energy', cue.subarray(1))
  expect(await counted()).toEqual([before[0] + 2, before[1] + 2])
})

test('what hooks add to answers is there', async () => {
  const origin = 'https://page.example'
  const told = await server({ memories: { m: path }, cors: [origin], rate: 100 })
  const question = {
    method: 'POST',
    url: '/v1/memories/m/recall',
    headers: { ...PACKED_TYPE, origin },
  } as const
  const { statusCode, headers } = await told.inject({ ...question, payload: cue })
  expect(statusCode).toBe(200)
  expect(headers).toMatchObject({ 'access-control-allow-origin': origin, 'x-ratelimit-limit': '100' })
})
