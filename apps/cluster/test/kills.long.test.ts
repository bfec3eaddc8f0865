import { afterAll, expect, test } from 'vitest'
import { type Row, table, underKills, WHAT } from './kills.js'
import { has } from './servers.js'

const engines = has('nats-server') && has('redis-server')
const rows: Row[] = []

// One after the other: what is killed, and how many answers of 100,000 it loses or changes.
test.skipIf(!engines).each(WHAT)(
  '100,000 requests while %s are killed: none lost or changed',
  async (what) => {
    const row = await underKills(what, { requests: 100_000, kills: 50, pause: 5000 })
    rows.push(row)
    console.log(table([row]))
    expect(row).toMatchObject({ lost: [], wrong: [] })
    expect(row.again).toBeGreaterThan(0)
  },
)

afterAll(() => console.log(table(rows)))
