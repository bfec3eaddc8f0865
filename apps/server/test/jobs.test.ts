import { join } from 'node:path'
import { annealAsync, IsingProblem } from 'hopfield-native/optimization'
import { describe, expect, test } from 'vitest'
import { folder, network, server } from './helpers.js'

const at = folder()
await network().save(join(at, 'm.safetensors'))
const app = await server({ memories: { m: join(at, 'm.safetensors') }, maxJobs: 2, maxJobTime: 60_000 })

/** A ring of spins, each against the next. */
const edges = Array.from({ length: 31 }, (_, i) => [i, (i + 1) % 31, -1])
const submit = async (body: object, headers = {}) => {
  const answer = await app.inject({ method: 'POST', url: '/v1/jobs/anneal', payload: body, headers })
  return { status: answer.statusCode, headers: answer.headers, ...answer.json() }
}
const look = async (id: string) => (await app.inject(`/v1/jobs/${id}`)).json()
async function ended(id: string) {
  for (;;) {
    const report = await look(id)
    if (report.state !== 'queued' && report.state !== 'running') return report
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
const endless = { problem: { edges }, options: { numSweeps: 2 ** 24, numReads: 8192 } }

describe('annealing as a job', () => {
  test('finds what annealAsync finds', async () => {
    const { status, headers, id } = await submit({ problem: { edges }, options: { seed: 5, numSweeps: 100 } })
    expect([status, headers.location]).toEqual([202, `/v1/jobs/${id}`])
    const { state, result } = await ended(id)
    const right = await annealAsync(IsingProblem.from({ edges: edges as never }), { seed: 5, numSweeps: 100 })
    expect([state, result.energy, result.state]).toEqual(['done', right.energy, Array.from(right.state)])
  })

  test('is cancelled while it waits and while it runs', async () => {
    const running = await submit(endless)
    const waiting = await submit(endless)
    for (const { id } of [waiting, running]) await app.inject({ method: 'DELETE', url: `/v1/jobs/${id}` })
    expect([(await ended(running.id)).state, (await ended(waiting.id)).state]).toEqual([
      'cancelled',
      'cancelled',
    ])
  })

  test('is one job under one key', async () => {
    const headers = { 'idempotency-key': 'j' }
    const [first, second] = [
      await submit({ problem: { edges } }, headers),
      await submit({ problem: { edges } }, headers),
    ]
    expect(second.id).toBe(first.id)
    await app.inject({ method: 'DELETE', url: `/v1/jobs/${first.id}` })
  })

  test('is refused where too many wait', async () => {
    const all = [await submit(endless), await submit(endless), await submit(endless)]
    const refused = await submit(endless)
    expect([refused.status, refused.error.code]).toEqual([429, 'ERR_HOPFIELD_OVERLOADED'])
    expect(refused.headers['retry-after']).toBe('1')
    for (const { id } of all) await app.inject({ method: 'DELETE', url: `/v1/jobs/${id}` })
  })

  test('of a problem that would take too much is refused before there is room made for it', async () => {
    for (const problem of [
      { edges: [[0, 1e9, 1]] },
      { variables: 1e9 },
      { edges: [[0, 0.5, 1]] },
      { edges: [['a']] },
    ]) {
      const { status, error } = await submit({ problem })
      expect([status, error.code.slice(0, 4)]).toEqual([400, 'ERR_'])
    }
  })

  test('that nobody submitted is not there', async () => {
    const { statusCode, body } = await app.inject('/v1/jobs/1')
    expect([statusCode, JSON.parse(body).error.code]).toEqual([404, 'ERR_SERVER_NOT_FOUND'])
  })
})
