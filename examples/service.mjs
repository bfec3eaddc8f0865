// A web service in front of a memory: single requests are gathered into batches, and a client that goes away is forgotten.
//   node service.mjs [PORT]
// With a port it serves until SIGINT or SIGTERM, and then answers what it has begun. Without one it starts on any free port, asks itself
// a few questions, prints the answers, and stops.
//   curl -d '{"pattern":".###. #...# #...# #...# .##.."}' -H content-type:application/json http://127.0.0.1:PORT/recall
import { setTimeout } from 'node:timers/promises'
import { fastify } from 'fastify'
import { bipolar, formatGlyph, HopfieldError, HopfieldNetwork, RecallBatcher } from 'hopfield-native'

const LETTERS = {
  X: bipolar('#...# .#.#. ..#.. .#.#. #...#'),
  T: bipolar('##### ..#.. ..#.. ..#.. ..#..'),
  O: bipolar('.###. #...# #...# #...# .###.'),
}
const DAMAGED = '##### ..... ..#.. ..#.. .##..'
/** What a request must be; fastify refuses others with 400. */
const BODY = {
  type: 'object',
  required: ['pattern'],
  properties: { pattern: { type: 'string', maxLength: 100 } },
}

/** The service, which does not listen yet. `maxWait` are milliseconds that a request may wait for others. */
function service({ maxWait = 2 } = {}) {
  const net = new HopfieldNetwork({ neurons: 25 })
  net.store(Object.values(LETTERS), { ids: Object.keys(LETTERS) })
  const batcher = new RecallBatcher(net, { maxSize: 256, maxWait, maxQueue: 10_000 })
  const app = fastify({ bodyLimit: 10_000 })
  let gone = 0

  app.post('/recall', { schema: { body: BODY } }, async (request, reply) => {
    const { pattern } = /** @type {{ pattern: string }} */ (request.body)
    // The connection closes before the answer is written: nobody waits for it any more.
    const client = new AbortController()
    reply.raw.once('close', () => {
      if (!reply.raw.writableFinished) client.abort()
    })
    const { state, sweeps } = await batcher.recall(bipolar(pattern), { signal: client.signal })
    const { kind, id, overlap } = net.classify(state)
    return { kind, letter: id, overlap, sweeps, pattern: formatGlyph(state).replaceAll('\n', ' ') }
  })
  app.get('/health', async () => ({ patterns: net.patternCount, waiting: batcher.pending, gone }))

  app.setErrorHandler((error, _request, reply) => {
    const { name, message, statusCode } = /** @type {Error & { statusCode?: number }} */ (error)
    if (name === 'AbortError') {
      gone++
      return reply.code(499).send()
    }
    // A full queue is our fault and passes; all else that the memory refuses is wrong in the request.
    if (error instanceof HopfieldError)
      return reply.code(error.code === 'ERR_HOPFIELD_OVERLOADED' ? 503 : 400).send({ error: message })
    if (statusCode !== undefined) return reply.code(statusCode).send({ error: message })
    console.error(error)
    return reply.code(500).send({ error: 'this is our fault' })
  })
  app.addHook('onClose', () => batcher.close())
  return app
}

/** @param {string} url @param {unknown} body @param {AbortSignal} [signal] */
function recall(url, body, signal = AbortSignal.timeout(60_000)) {
  const headers = { 'content-type': 'application/json' }
  return fetch(`${url}/recall`, { method: 'POST', body: JSON.stringify(body), headers, signal })
}

/** Asks the service what clients would. @param {string} url */
async function ask(url) {
  const say = async (/** @type {string} */ what, /** @type {Response} */ response) =>
    console.log(`${what}: ${response.status} ${JSON.stringify(await response.json())}`)
  await say('a damaged T', await recall(url, { pattern: DAMAGED }))
  await say('24 pixels', await recall(url, { pattern: '.###. #...# ....# #...# .##.' }))
  await say('no pattern', await recall(url, { patern: '' }))
  const many = await Promise.all(Array.from({ length: 200 }, () => recall(url, { pattern: DAMAGED })))
  console.log(`200 at once: ${many.filter(({ status }) => status === 200).length} answered`)
}

/** A client that does not wait for its answer. @param {string} url */
async function leave(url) {
  const health = async () => (await fetch(`${url}/health`)).json()
  const client = new AbortController()
  const answer = recall(url, { pattern: DAMAGED }, client.signal).catch(({ name }) => name)
  while ((await health()).waiting === 0) await setTimeout(5)
  client.abort()
  console.log(`a client goes away: ${await answer}`)
  while ((await health()).gone === 0) await setTimeout(5)
  console.log(`the service: ${JSON.stringify(await health())}`)
}

/** @param {string[]} args */
async function main([port]) {
  if (port !== undefined && !(/^\d+$/.test(port) && +port <= 65535))
    throw new Error(`expected a port from 0 to 65535, got ${port}`)
  if (port === undefined) {
    await served({}, ask)
    // Here a request waits a minute for others, so that the client is surely gone before it is answered.
    await served({ maxWait: 60_000 }, leave)
    return
  }
  const app = service()
  console.log(`listening at ${await app.listen({ port: +port, host: '127.0.0.1' })}`)
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => app.close())
}

/** @param {{ maxWait?: number }} options @param {(url: string) => Promise<void>} use */
async function served(options, use) {
  const app = service(options)
  try {
    await use(await app.listen({ port: 0, host: '127.0.0.1' }))
  } finally {
    await app.close()
  }
}

try {
  await main(process.argv.slice(2))
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
