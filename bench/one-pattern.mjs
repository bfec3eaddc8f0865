// What does it take to store one pattern into a million, to forget one, and to search and recall right after it?
import { HopfieldNetwork, randomPatterns } from 'hopfield-native'
import { duration, QUICK, table } from './measure.mjs'

const NEURONS = 1024
const COUNT = QUICK ? 20_000 : 1_000_000
const TIMES = QUICK ? 20 : 200
/** Of what takes long. */
const FEW = 5

/** The median of seconds that `call` takes, after `before`, which is not timed. */
function median(times, call, before = () => {}) {
  const all = Array.from({ length: times }, (_, k) => {
    before(k)
    const start = performance.now()
    call(k)
    return (performance.now() - start) / 1e3
  })
  return all.sort((a, b) => a - b)[times >> 1]
}

export async function run(report) {
  const packed = randomPatterns({ count: COUNT, neurons: NEURONS, packed: true })
  const ids = Array.from({ length: COUNT }, (_, k) => `pattern ${k}`)
  const net = new HopfieldNetwork({ neurons: NEURONS }).store(packed, { ids })
  const fresh = randomPatterns({ count: TIMES + 4 * FEW, neurons: NEURONS, seed: 5 })
  const pattern = (k) => fresh.subarray(k * NEURONS, (k + 1) * NEURONS)
  let next = 0
  const store = () => net.store(pattern(next), { ids: [`fresh ${next++}`] })
  const search = () => net.nearest(pattern(0))
  const recall = () => net.recall(pattern(0), { maxSweeps: 2 })
  const anywhere = () => Math.floor(Math.random() * net.patternCount)
  // Room and tables are made at the first of each.
  store()
  search()
  recall()
  const rows = [
    ['store', median(TIMES, store)],
    ['forget with `swap`', median(TIMES, () => net.forget(anywhere(), { swap: true }))],
    ['forget, the others in order', median(FEW, () => net.forget(anywhere()))],
    ['nearest', median(FEW, search)],
    ['nearest after a store', median(FEW, search, store)],
    ['nearest after a forget with `swap`', median(FEW, search, () => net.forget(anywhere(), { swap: true }))],
    ['nearest after a forget', median(FEW, search, () => net.forget(anywhere()))],
    ['asynchronous recall, two sweeps', median(FEW, recall)],
    ['the same after a store', median(FEW, recall, store)],
    [
      'the same after a forget with `swap`',
      median(FEW, recall, () => net.forget(anywhere(), { swap: true })),
    ],
  ]
  for (const [name, seconds] of rows) report.json({ question: 'one pattern', count: COUNT, name, seconds })
  const told = rows.map(([name, seconds]) => [name, duration(seconds)])
  const head = [`one pattern among ${COUNT.toLocaleString('en')} of ${NEURONS} neurons, with ids`, 'time']
  report.text(`${table(head, told)}\n`)
}
