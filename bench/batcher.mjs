// How long does a single cue wait when 10,000 cues arrive per second? RecallBatcher under an open Poisson load.
import * as hopfield from 'hopfield-native'
import { digest, makeInputs } from './inputs.mjs'
import { duration, measure, QUICK, table } from './measure.mjs'

const NEURONS = 1024
const COUNT = 51
const RATE = 10_000
const SECONDS = QUICK ? 1 : 5
const MAX_SIZE = 256
const MAX_WAITS = [1, 2, 5] // milliseconds
/** Number of different cues; arrivals use them in turn. */
const CUES = 1024
/** Most milliseconds the loop sleeps before it reads the clock again, so that promises settle meanwhile. */
const NAP = 0.1

export async function run(report) {
  const { HopfieldNetwork, RecallBatcher } = hopfield
  report.text(
    `## ${RATE.toLocaleString('en')} single cues per second, N = ${NEURONS}, P = ${COUNT}, synchronous, one core\n`,
  )
  if (RecallBatcher === undefined) {
    report.text('This build has no RecallBatcher.\n')
    return
  }
  const { patterns, cues } = makeInputs([NEURONS, COUNT], CUES)
  const net = new HopfieldNetwork({ neurons: NEURONS }).store(patterns)
  const list = Array.from({ length: CUES }, (_, b) => cues.subarray(b * NEURONS, (b + 1) * NEURONS))
  const options = { dynamics: 'synchronous' }
  const right = list.map((cue) => digest(net.recall(cue, options).state))
  const rows = []
  for (const maxWait of MAX_WAITS) {
    // A batch is as many cues as arrive while one waits.
    const expected = Math.min(MAX_SIZE, Math.max(1, Math.round((RATE * maxWait) / 1e3)))
    const batch = await measure(() => net.recallBatch(cues.subarray(0, expected * NEURONS), options), {
      time: 200,
    })
    const batcher = new RecallBatcher(net, { maxSize: MAX_SIZE, maxWait, maxQueue: RATE, ...options })
    await load(batcher, list, right, RATE / 10) // warm-up
    const { waits, sentWaits, wrong, seconds } = await load(batcher, list, right, RATE * SECONDS)
    const at = (times, share) => times[Math.min(times.length - 1, Math.floor(share * times.length))] / 1e3
    const found = {
      p50: at(waits, 0.5),
      p99: at(waits, 0.99),
      p999: at(waits, 0.999),
      max: at(waits, 1),
      sentP50: at(sentWaits, 0.5),
      sentP99: at(sentWaits, 0.99),
      bound: maxWait / 1e3 + batch.median,
      served: waits.length / seconds,
    }
    report.json({ question: 'batcher', neurons: NEURONS, count: COUNT, rate: RATE, maxWait, wrong, ...found })
    rows.push([
      `${maxWait} ms${wrong === 0 ? '' : ` — ${wrong} other states!`}`,
      duration(found.p50),
      duration(found.p99),
      duration(found.p999),
      duration(found.max),
      duration(found.sentP50),
      duration(found.sentP99),
      duration(found.bound),
      Math.round(found.served).toLocaleString('en'),
    ])
  }
  const head = [
    'maxWait',
    'p50',
    'p99',
    'p99.9',
    'longest',
    'p50 since sent',
    'p99 since sent',
    'maxWait + one batch',
    'served per second',
  ]
  report.text(table(head, rows))
  report.text(
    '\nTimes run from the moment a cue was due, or from the moment it was sent, to its result. The load generator runs on the same core and thread, ' +
      'and itself waits for recalls. A batch is what arrives in maxWait.\n',
  )
}

/** Sends `count` cues at exponential intervals without waiting for results; returns waiting times in ms since due and since sent, ascending. */
async function load(batcher, list, right, count) {
  const sleeper = new Int32Array(new SharedArrayBuffer(4))
  const due = new Float64Array(count)
  let time = 5
  for (let k = 0; k < count; k++) {
    time -= (Math.log(1 - Math.random()) / RATE) * 1e3
    due[k] = time
  }
  const waits = new Float64Array(count)
  const sentWaits = new Float64Array(count)
  const pending = []
  let wrong = 0
  const start = performance.now()
  for (let sent = 0; sent < count; ) {
    const now = performance.now() - start
    for (; sent < count && due[sent] <= now; sent++) {
      const k = sent
      const sentAt = performance.now() - start
      const answer = batcher.recall(list[k % list.length]).then(({ state }) => {
        const settled = performance.now() - start
        waits[k] = settled - due[k]
        sentWaits[k] = settled - sentAt
        // Only one result in a hundred is checked: checking all would be a load of its own.
        if (k % 100 === 0 && digest(state) !== right[k % list.length]) wrong++
      })
      pending.push(answer)
    }
    const gap = due[sent] - (performance.now() - start)
    if (gap > 0) Atomics.wait(sleeper, 0, 0, Math.min(gap, NAP))
    await new Promise(setImmediate)
  }
  await Promise.all(pending)
  const seconds = (performance.now() - start) / 1e3
  return { waits: waits.sort(), sentWaits: sentWaits.sort(), wrong, seconds }
}
