// How every time is measured: warm-up, at least 0.5 s and 10 calls, median. One thread, pinned by run.mjs.
// The machine may be shared. Rows take turns over a few rounds, and the median of the rounds counts. A long call that
// lost the core to another program does not count; its processor time shows that. A row without any call that had the
// core to itself is marked busy.
import { Bench } from 'tinybench'

/** `npm run bench -- --quick`: one round and short runs, to check that everything works. Do not quote its times. */
export const QUICK = process.env.HOPFIELD_BENCH_QUICK === '1'
const ROUNDS = QUICK ? 1 : 3

/** Calls longer than this many milliseconds are checked for interruptions; shorter ones are rarely interrupted. */
const LONG = 0.2
/** Most milliseconds to wait for uninterrupted calls. */
const PATIENCE = 20_000

/**
 * Median and least seconds of one call.
 * @param {() => unknown} call
 * @param {{ time?: number, before?: () => void }} [options] milliseconds to measure for; what to do, untimed, before each call
 * @returns {Promise<{ median: number, least: number, busy?: true }>}
 */
export async function measure(call, { time = 500, before = () => {} } = {}) {
  const wanted = QUICK ? time / 5 : time
  let took = Number.POSITIVE_INFINITY
  // The JIT compiler works during the first calls, so their times say little.
  for (let warm = 0; warm < 5 && took > LONG && (warm === 0 || warm * took < 100); warm++) {
    before()
    took = Math.min(took, (await once(call)).took)
  }
  return took > LONG ? long(call, before, wanted) : short(call, before, wanted)
}

async function short(call, before, time) {
  const bench = new Bench({ time, iterations: 10, warmupTime: time / 4, warmupIterations: 3, throws: true })
  bench.add('call', call, { beforeEach: before })
  await bench.run()
  const { latency } = bench.tasks[0].result
  return { median: latency.p50 / 1e3, least: latency.min / 1e3 }
}

async function long(call, before, time) {
  const calls = []
  const clean = []
  const start = performance.now()
  const enough = () => {
    const spent = performance.now() - start
    const wanted = spent > 4 * time ? 3 : 10
    return (spent >= time && clean.length >= wanted) || spent > (QUICK ? time : PATIENCE)
  }
  do {
    before()
    const one = await once(call)
    calls.push(one.took)
    if (one.alone) clean.push(one.took)
  } while (!enough())
  const busy = clean.length === 0
  const counted = busy ? calls : clean
  return {
    median: middle(counted) / 1e3,
    least: Math.min(...counted) / 1e3,
    ...(busy ? { busy } : {}),
  }
}

/** Milliseconds of a call, and whether the process had the core all that time. */
async function once(call) {
  const before = process.cpuUsage()
  const start = performance.now()
  const result = call()
  if (result instanceof Promise) await result
  const took = performance.now() - start
  const { user, system } = process.cpuUsage(before)
  return { took, alone: took - (user + system) / 1e3 < 0.03 * took + 0.05 }
}

/**
 * Lets groups of rows take turns. A row is { name, median, least, … }; rows of one name are the same row.
 * @param {(() => Promise<object[]> | object[])[]} groups
 * @returns {Promise<object[]>} every row once: the median of its medians, the least of all
 */
export async function takeTurns(groups) {
  const found = new Map()
  for (let round = 0; round < ROUNDS; round++) {
    for (const group of groups) {
      for (const row of await group()) found.set(row.name, [...(found.get(row.name) ?? []), row])
    }
  }
  return [...found.values()].map((rows) => {
    const clean = rows.filter(({ busy }) => !busy)
    if (clean.length === 0) busyRows++
    const counted = clean.length === 0 ? rows : clean
    return {
      ...counted[0],
      median: middle(counted.map(({ median }) => median)),
      least: Math.min(...counted.map(({ least }) => least)),
    }
  })
}

let busyRows = 0

/** A warning if rows were busy, otherwise ''. */
export function busyNote() {
  if (busyRows === 0) return ''
  return `BUSY: ${busyRows} row(s) here never had a core to themselves; do not quote this table.\n`
}

/** The median of a few numbers. */
export function middle(values) {
  return [...values].sort((a, b) => a - b)[values.length >> 1]
}

/** Seconds with a unit. */
export function duration(seconds) {
  if (Math.abs(seconds) < 1e-6) return `${(seconds * 1e9).toFixed(0)} ns`
  if (Math.abs(seconds) < 1e-3) return `${(seconds * 1e6).toPrecision(3)} µs`
  if (Math.abs(seconds) < 1) return `${(seconds * 1e3).toPrecision(3)} ms`
  return `${seconds.toPrecision(3)} s`
}

/** Seconds, with how many times as long as the base they are in brackets. */
export function beside(seconds, base) {
  return base === undefined ? duration(seconds) : `${duration(seconds)} (${factor(seconds / base)}×)`
}

/** 1,234 or 12.3. */
export function factor(x) {
  return x >= 100 ? Math.round(x).toLocaleString('en') : x.toPrecision(3)
}

/** 12 %. */
export function percent(x) {
  return `${(x * 100).toPrecision(x < 0.1 ? 2 : 3)} %`
}

/** 1.23 T. */
export function metric(x, unit = '') {
  const [power, prefix] =
    x >= 1e12 ? [1e12, 'T'] : x >= 1e9 ? [1e9, 'G'] : x >= 1e6 ? [1e6, 'M'] : x >= 1e3 ? [1e3, 'k'] : [1, '']
  return `${(x / power).toPrecision(3)} ${prefix}${unit}`
}

/** A Markdown table. */
export function table(head, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map((_, i) => (i === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n')
}
