// What can one core of this machine do at most? Builds and runs limits.cc; other benchmarks compare with its results.
import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { metric, middle, table } from './measure.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))

/** @typedef {{ what: string, how: string, where: string, unit: string, best: number, median: number }} Limit */

let compiled

/** Builds limits.cc once; false without a compiler. */
function program() {
  if (compiled !== undefined) return compiled
  mkdirSync(`${root}/build`, { recursive: true })
  const path = `${root}/build/limits`
  const { status } = spawnSync(process.env.CXX ?? 'c++', [
    '-O3',
    '-march=native',
    '-std=c++17',
    `${root}/bench/limits.cc`,
    '-o',
    path,
  ])
  compiled = status === 0 ? path : false
  return compiled
}

/**
 * @param {...string} what popcount, look-up, int8, float32, float64, read, write, update; all by default
 * @returns {Limit[]} empty without a compiler or without AVX2
 */
export function limits(...what) {
  const path = program()
  if (path === false) return []
  return JSON.parse(spawnSync(path, what, { encoding: 'utf8' }).stdout || '{"limits":[]}').limits
}

/**
 * Limits as one of the groups that take turns: another program that slows the core slows both, and the ratio stays
 * right. Each limit is the median of its rounds.
 * @returns {{ group: () => object[], list: () => Limit[] }}
 */
export function limitsInTurn(...what) {
  const rounds = []
  return {
    group: () => {
      rounds.push(limits(...what))
      return []
    },
    list: () =>
      (rounds[0] ?? []).map((limit, k) => ({ ...limit, best: middle(rounds.map((round) => round[k].best)) })),
  }
}

/** The best measured rate of the limit `what` whose `how` starts with the given text; undefined if there is none. */
export function best(list, what, how = '', where = undefined) {
  return list.find(
    (limit) =>
      limit.what === what && limit.how.startsWith(how) && (where === undefined || limit.where === where),
  )?.best
}

/**
 * The most bit operations per second of a tier. With tiles one operation is an int8 multiply-add; otherwise it is one bit of
 * xor and popcount in the tier's instructions, four queries per load, from the first-level cache.
 * @returns {{ rate: number, of: string } | undefined}
 */
export function tierLimit(list, tier) {
  const [what, how, of] =
    tier === 'amx'
      ? ['int8', 'amx, tiles resident', 'int8 tile products']
      : ['popcount', `${tier}, 4 queries`, `popcount, ${tier}`]
  const rate = best(list, what, how)
  return rate === undefined ? undefined : { rate, of }
}

export function run(report) {
  const list = limits()
  report.json({ question: 'limits', limits: list })
  report.text("## What one core can do at most, by this machine's own measure\n")
  if (list.length === 0) {
    report.text('No C++ compiler, or no AVX2: nothing was measured.\n')
    return
  }
  report.text(
    table(
      ['', 'operands in', 'best call', 'median call'],
      list.map(({ what, how, where, unit, best: most, median }) => [
        `${what}: ${how}`,
        where,
        metric(most, unit),
        metric(median, unit),
      ]),
    ),
  )
  report.text('')
}

/** Pattern bits per second that a tier of the package looks up; undefined if it was not measured. */
export function lookUpRate(list, tier, where) {
  return list.find(
    (limit) =>
      limit.what === 'look-up' && limit.how === tier.replace('amx', 'avx512') && limit.where === where,
  )?.best
}
