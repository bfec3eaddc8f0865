// How every figure here is taken: warm-up, at least 0.5 s and 10 calls, median. One thread, pinned by run.mjs.
import { Bench } from 'tinybench'

/**
 * Median and least seconds of one call.
 * @param {() => unknown} call
 * @param {{ time?: number }} [options] milliseconds to measure for
 */
export async function measure(call, { time = 500 } = {}) {
  const bench = new Bench({ time, iterations: 10, warmupTime: time / 4, warmupIterations: 3, throws: true })
  bench.add('call', call)
  await bench.run()
  const { latency } = bench.tasks[0].result
  return { median: latency.p50 / 1e3, least: latency.min / 1e3 }
}

/** Seconds as a person reads them. */
export function duration(seconds) {
  if (seconds < 1e-6) return `${(seconds * 1e9).toFixed(0)} ns`
  if (seconds < 1e-3) return `${(seconds * 1e6).toPrecision(3)} µs`
  if (seconds < 1) return `${(seconds * 1e3).toPrecision(3)} ms`
  return `${seconds.toPrecision(3)} s`
}

/** 1,234 or 12.3. */
export function factor(x) {
  return x >= 100 ? Math.round(x).toLocaleString('en') : x.toPrecision(3)
}

/** A Markdown table. */
export function table(head, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map((_, i) => (i === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n')
}
