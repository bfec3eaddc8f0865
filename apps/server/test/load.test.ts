import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { byAutocannon } from '../src/measure/by-autocannon.js'
import { byWrk, hasWrk } from '../src/measure/by-wrk.js'
import { folder, network, packed, server } from './helpers.js'

const net = network()
const path = join(folder(), 'm.safetensors')
await net.save(path)
const app = await server({ memories: { m: path } })
const url = await app.listen({ host: '127.0.0.1', port: 0 })
const bodies = [packed(net.patterns(), 0), packed(net.patterns(), 3)]

const clients = [
  { name: 'autocannon', ask: byAutocannon, there: true },
  { name: 'wrk', ask: byWrk, there: hasWrk() },
]
for (const { name, ask, there } of clients) {
  describe.skipIf(!there)(name, () => {
    const of = (question: string) =>
      ask({ url: `${url}/v1/memories/${question}`, bodies, beside: [] }, { connections: 4, seconds: 1 })

    test('tells what was answered', async () => {
      const { requests, seconds, p50, p99, failures } = await of('m/nearest')
      expect(requests).toBeGreaterThan(0)
      expect(failures).toBe(0)
      expect(seconds).toBeGreaterThanOrEqual(0.9)
      expect(p50).toBeGreaterThan(0)
      expect(p99).toBeGreaterThanOrEqual(p50)
    })

    test('and what was refused', async () => {
      const { requests, failures } = await of('nothing/nearest')
      expect(failures).toBe(requests)
      expect(failures).toBeGreaterThan(0)
    })
  })
}
