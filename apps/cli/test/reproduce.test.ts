import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { about, difference, exactly, extrapolated, mean, share } from '../src/reproduce/estimates.js'
import { holds } from '../src/reproduce/judge.js'
import { type Listed, listed, type Outcome, run } from '../src/reproduce/run.js'
import { hopfield, scratch } from './helpers.js'

const { file } = scratch()
const quick = (...args: string[]) => hopfield(['reproduce', '--quick', ...args])

describe('a verdict', () => {
  const ours = about(0.5, 0.01)

  test.each([
    ['within four standard errors', { value: 0.539 }, true],
    ['beyond them', { value: 0.541 }, false],
    ['beyond ours and within both', { value: 0.55, error: 0.01 }, true],
    ['beyond both', { value: 0.56, error: 0.01 }, false],
    ['within the last digit printed', { value: 0.54, rounding: 0.005 }, true],
    ['a bound that all of the interval respects', { value: 0.46, relation: 'at least' }, true],
    ['a bound that part of it does not', { value: 0.47, relation: 'at least' }, false],
    ['an upper bound that it respects', { value: 0.54, relation: 'at most' }, true],
    ['an upper bound that it does not', { value: 0.53, relation: 'at most' }, false],
  ] as const)('%s', (_, published, expected) => {
    expect(holds(ours, published)).toBe(expected)
  })

  test('of a quick run does not fail where a bound is within the interval', () => {
    expect(holds(ours, { value: 0.47, relation: 'at least' }, true)).toBe(true)
    expect(holds(ours, { value: 0.55, relation: 'at least' }, true)).toBe(false)
  })

  test('of what is no number is no', () => {
    expect(holds(exactly(Number.NaN), { value: 0.5 })).toBe(false)
  })
})

describe('an estimate', () => {
  test('of a mean reaches four standard errors to both sides', () => {
    // s² = 1, so the standard error is 1/√3.
    const { value, low, high } = mean([1, 2, 3])
    expect(value).toBe(2)
    expect(2 - low).toBeCloseTo(4 / Math.sqrt(3), 12)
    expect(high - 2).toBeCloseTo(4 / Math.sqrt(3), 12)
  })

  test('of a share that is always 1 has a lower end below it', () => {
    // Wilson's: T/(T + 16).
    const { value, low, high } = share(new Array(48).fill(1))
    expect([value, high]).toEqual([1, 1])
    expect(low).toBeCloseTo(0.75, 12)
  })

  test('of a difference adds intervals in squares', () => {
    expect(difference({ value: 3, low: 0, high: 3 }, { value: 1, low: 0, high: 5 })).toEqual({
      value: 2,
      low: -3,
      high: 3,
    })
  })

  test('on a straight line is found again at 0', () => {
    const points = [1, 2, 4].map((x) => ({ x, y: about(5 - 2 * x, 0.1) }))
    expect(extrapolated(points).value).toBeCloseTo(5, 12)
  })
})

/** A row that measures nothing. */
const planted = (id: string, published: number, measured: () => number): Listed => ({
  id,
  family: 'planted',
  claim: 'c',
  source: 's',
  published: { value: published },
  rule: 'r',
  failure: 'it was planted',
  measure: async () => ({ ours: exactly(measured()), size: 'none' }),
})

async function outcomes(...rows: Listed[]): Promise<Record<string, Outcome>> {
  const found: Record<string, Outcome> = {}
  const tell = (outcome: Outcome): void => {
    found[outcome.id] = outcome
  }
  await run(rows, { seed: 0n, quick: true, signal: new AbortController().signal, tell })
  return found
}

test('a row with a wrong published number does not hold, and says why', async () => {
  const { right, wrong } = await outcomes(
    planted('right', 1, () => 1),
    planted('wrong', 2, () => 1),
  )
  expect(right).toMatchObject({ holds: true })
  expect(right.reason).toBeUndefined()
  expect(wrong).toMatchObject({ holds: false, reason: 'it was planted' })
})

test('two rows run at a time, and all are told', async () => {
  let [at, most] = [0, 0]
  const rows = Array.from(
    { length: 5 },
    (_, k): Listed => ({
      ...planted(`row-${k}`, 0, () => 0),
      async measure() {
        most = Math.max(most, ++at)
        await new Promise((resolve) => setTimeout(resolve, 5))
        at--
        return { ours: exactly(0), size: 'none' }
      },
    }),
  )
  expect(Object.keys(await outcomes(...rows))).toHaveLength(5)
  expect(most).toBe(2)
})

test('an abort ends the run and leaves what was told', async () => {
  const controller = new AbortController()
  const found: string[] = []
  const rows = [
    planted('first', 0, () => 0),
    { ...planted('second', 0, () => 0), measure: forever(controller) },
  ]
  const running = run(rows, {
    seed: 0n,
    quick: true,
    signal: controller.signal,
    tell: ({ id }) => found.push(id),
  })
  await expect(running).rejects.toThrow('enough')
  expect(found).toEqual(['first'])
})

function forever(controller: AbortController): Listed['measure'] {
  return async (lab) => {
    setTimeout(() => controller.abort(new Error('enough')), 10)
    await lab.over(Number.POSITIVE_INFINITY, () => 0)
    throw new Error('it ended')
  }
}

describe('the rows', () => {
  const rows = listed()

  test('have names of their own that begin with a word, and say claim, source and rule', () => {
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length)
    expect(rows.length).toBeGreaterThanOrEqual(30)
    for (const { id, claim, source, rule, published } of rows) {
      expect(id).toMatch(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/)
      for (const text of [claim, source, rule]) expect(text).toMatch(/\S+ ?\S/)
      expect(published.value).not.toBeNaN()
    }
  })
})

describe('hopfield reproduce', () => {
  test('prints rows that hold, the same numbers for the same seed', async () => {
    const first = await quick('--only', 'one-step.exact-100-20', '--json')
    expect([first.code, first.stderr]).toEqual([0, ''])
    const [row] = JSON.parse(first.stdout).rows
    expect(row).toMatchObject({ id: 'one-step.exact-100-20', holds: true, published: { value: 0.0112306 } })
    const again = await quick('--only', 'one-step.exact-100-20', '--json')
    expect(JSON.parse(again.stdout).rows[0].ours).toEqual(row.ours)
    const other = await quick('--only', 'one-step.exact-100-20', '--json', '--seed', '1')
    expect(JSON.parse(other.stdout).rows[0].ours).not.toEqual(row.ours)
  })

  test('ends with 3 where a row does not hold, and tells its reason', async () => {
    const { code, stdout } = await quick('--only', 'n-err-15')
    expect(code).toBe(3)
    expect(stdout).toMatch(/hopfield-1982\.n-err-15 .* ✗/)
    expect(stdout).toMatch(/0 of 1 published results hold\.\n✗ .*about a quarter/)
  })

  test('writes one page that needs nothing else, with figures', async () => {
    const html = file('report.html')
    const markdown = file('page.md')
    const { code } = await quick('--only', 'temperature.curve', '--html', html, '--markdown', markdown)
    expect(code).toBe(0)
    const page = readFileSync(html, 'utf8')
    expect(page).toContain('1 of 1 published results hold')
    expect(page).toMatch(/<svg[^>]*class="figure"/)
    expect(page).not.toMatch(/<(script|link|img)|src=|url\(['"]?http|@import/)
    expect(readFileSync(markdown, 'utf8')).toMatch(/^\| ✓ \| `temperature\.curve` /m)
  })

  test('draws how far the numbers are from the published ones', async () => {
    const svg = file('overview.svg')
    const { code } = await quick('--only', 'one-step.exact', '--svg', svg)
    expect(code).toBe(0)
    const drawn = readFileSync(svg, 'utf8')
    expect(drawn).toContain('3 of 3 hold')
    expect(drawn.match(/one-step\.exact-[\d-]+/g)).toHaveLength(3)
  })

  test('lists rows without measuring any', async () => {
    const { code, stdout } = await hopfield(['reproduce', '--list', '--only', 'McEliece'])
    expect(code).toBe(0)
    expect(stdout).toContain('capacity.mceliece-one-1.4')
    expect(stdout).not.toContain('temperature.')
  })

  test.each([
    [['--only', 'nothing-like-that'], 'no row has that word'],
    [['--seed', '-1'], 'Expected an integer from 0'],
    [['--only', 'temperature.curve', '--svg', 'x.svg'], 'these rows are about bounds alone'],
    [['--html', 'same', '--markdown', 'same'], 'also what --html writes'],
  ])('refuses %j', async (args, message) => {
    const { code, stderr } = await quick(...args)
    expect(code).toBe(2)
    expect(stderr).toContain(message)
  })
})
