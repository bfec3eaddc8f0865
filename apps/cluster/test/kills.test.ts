import { expect, test } from 'vitest'
import { underKills, WHAT } from './kills.js'
import { has } from './servers.js'

const engines = has('nats-server') && has('redis-server')

// `npm run test:long` has the same with 100,000 requests each.
test.skipIf(!engines).each(WHAT)(
  'requests while %s are killed: none lost or changed',
  async (what) => {
    const row = await underKills(what, { requests: 400, kills: 2, pause: 2000 })
    expect(row).toMatchObject({ lost: [], wrong: [] })
    expect(row.requests).toBeGreaterThanOrEqual(400)
    expect(row.kills).toBeGreaterThanOrEqual(2)
  },
  300_000,
)
