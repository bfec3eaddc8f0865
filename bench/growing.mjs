// Does a memory of a million patterns take 1,000 new ones per second while four workers search it? One writer, share({ room }), refresh.
import { availableParallelism } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { HopfieldNetwork, randomPatterns } from 'hopfield-native'
import { duration, QUICK, table } from './measure.mjs'

const NEURONS = 1024
const COUNT = QUICK ? 20_000 : 1_000_000
const RATE = 1000
const SECONDS = QUICK ? 1 : 10
const READERS = 4
/** Stores per second, each of RATE/STORES patterns. */
const STORES = 100

/** How often an asynchronous recall is timed after a refresh and again. */
const REFRESHES = 4

export const cores = Math.min(availableParallelism(), READERS + 1)

const READER = `
  const { parentPort, workerData } = require('node:worker_threads')
  import('hopfield-native').then(async ({ HopfieldNetwork, randomPatterns }) => {
    const { handle, fresh, from, end } = workerData
    const opening = performance.now()
    const reader = HopfieldNetwork.fromShared(handle)
    const opened = performance.now() - opening
    parentPort.postMessage({ opened })
    let [searches, wrong, refreshes, refreshing, empty, looking] = [0, 0, 0, 0, 0, 0]
    while (reader.patternCount < end) {
      const start = performance.now()
      const more = reader.refresh()
      const took = performance.now() - start
      if (more) { refreshes++; refreshing += took } else { empty++; looking += took }
      // The newest pattern that is seen has to be found where it was stored.
      const last = reader.patternCount - 1
      const state = last < from ? reader.pattern(last) : fresh.subarray((last - from) * reader.neurons, (last - from + 1) * reader.neurons)
      if (reader.nearest(state).indices[0] !== last) wrong++
      searches++
    }
    parentPort.postMessage({ searches, wrong, refreshes, refresh: refreshing / refreshes / 1e3, look: looking / empty / 1e3 })
  })`

const message = (worker) =>
  new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject))

/** Least seconds of a reader's asynchronous recall: the first of all, the first after a refresh, and those that follow. */
function recallsAround(writer, handle) {
  const reader = HopfieldNetwork.fromShared(handle)
  const cue = reader.pattern(0)
  const recall = () => {
    const start = performance.now()
    reader.recall(cue, { maxSweeps: 2 })
    return (performance.now() - start) / 1e3
  }
  const [first, after, again] = [recall(), [], []]
  for (let k = 0; k < REFRESHES; k++) {
    writer.store(randomPatterns({ count: 1, neurons: NEURONS, seed: 100 + k }))
    reader.refresh()
    after.push(recall())
    again.push(recall())
  }
  return { first, after: Math.min(...after), again: Math.min(...again) }
}

export async function run(report) {
  const added = RATE * SECONDS
  report.text(
    `## ${RATE.toLocaleString('en')} patterns per second into ${COUNT.toLocaleString('en')} of ${NEURONS} neurons, ${READERS} workers that search\n`,
  )
  const writer = new HopfieldNetwork({ neurons: NEURONS }).store(
    randomPatterns({ count: COUNT, neurons: NEURONS, packed: true }),
  )
  const fresh = randomPatterns({ count: added, neurons: NEURONS, seed: 5 })
  let start = performance.now()
  const handle = await writer.shareAsync({ room: COUNT + added + REFRESHES })
  const share = (performance.now() - start) / 1e3
  const workerData = { handle, fresh, from: COUNT, end: COUNT + added }
  const workers = Array.from({ length: READERS }, () => new Worker(READER, { eval: true, workerData }))
  const opened = await Promise.all(workers.map(message))
  const done = Promise.all(workers.map(message))
  const some = RATE / STORES
  const stores = []
  start = performance.now()
  for (let k = 0; k < added / some; k++) {
    const due = start + (1000 * k) / STORES
    if (performance.now() < due) await sleep(due - performance.now())
    const at = performance.now()
    writer.store(fresh.subarray(k * some * NEURONS, (k + 1) * some * NEURONS))
    stores.push((performance.now() - at) / 1e3)
  }
  const seconds = (performance.now() - start) / 1e3
  const readers = await done
  stores.sort((a, b) => a - b)
  const recalls = recallsAround(writer, handle)
  const mean = (key) => readers.reduce((sum, reader) => sum + reader[key], 0) / READERS
  const found = {
    stored: added / seconds,
    store: stores[stores.length >> 1],
    worst: stores.at(-1),
    share,
    open: Math.max(...opened.map((one) => one.opened)) / 1e3,
    refresh: mean('refresh'),
    look: mean('look'),
    searches: readers.reduce((sum, reader) => sum + reader.searches, 0) / seconds,
    wrong: readers.reduce((sum, reader) => sum + reader.wrong, 0),
  }
  report.json({ question: 'growing', neurons: NEURONS, count: COUNT, readers: READERS, ...found, recalls })
  report.text(
    table(
      ['', ''],
      [
        ['patterns stored a second', Math.round(found.stored).toLocaleString('en')],
        [`a store of ${some}: median`, duration(found.store)],
        [`a store of ${some}: longest`, duration(found.worst)],
        ['shareAsync, once', duration(found.share)],
        ['fromShared', duration(found.open)],
        ['refresh that finds new patterns', duration(found.refresh)],
        ['refresh that finds none', duration(found.look)],
        ['searches per second, all workers', found.searches.toFixed(0)],
        ['searches that missed the newest pattern', found.wrong],
        ['an asynchronous recall of a reader: the first', duration(recalls.first)],
        ['the first after a refresh', duration(recalls.after)],
        ['the next', duration(recalls.again)],
      ],
    ),
  )
}
