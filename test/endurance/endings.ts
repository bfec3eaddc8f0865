import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { expect, it } from 'vitest'

// Workers that are terminated, and processes that exit, in the middle of a call. What they were doing must not keep them, take the
// process down, or write to memory that is gone.

/** Calls that have no end; `k` says which. */
const DEEDS = `
const { HopfieldNetwork, ModernHopfield, BidirectionalMemory, randomPatterns } = await import('hopfield-native')
const patterns = (count, neurons, seed) => randomPatterns({ count, neurons, seed })
const network = () => new HopfieldNetwork({ neurons: 1000 }).store(patterns(60, 1000, 1))
const cues = patterns(400, 1000, 2)
// Four at a time. A busy machine may come late, and then there must still be a call to end.
const forever = (call) => {
  const again = () => call().then(again)
  for (let k = 0; k < 4; k++) again()
}
const deeds = [
  () => { const net = network(); return () => { for (;;) net.recallBatch(cues) } },
  () => { const net = network(); return () => forever(() => net.recallAsync(cues, { temperature: 0.5, maxSweeps: 10000 })) },
  () => { const net = network(); return () => forever(() => net.nearestAsync(cues)) },
  () => () => forever(() => new HopfieldNetwork({ neurons: 600, learning: 'perceptron' }).storeAsync(patterns(600, 600, 3))),
  () => { const net = network(); return () => forever(() => net.sampleAsync(cues.subarray(0, 1000), { temperature: 1, samples: 100000 })) },
  () => {
    const keys = new ModernHopfield({ dimension: 64 }).store(Float32Array.from({ length: 20000 * 64 }, (_, k) => Math.sin(k)))
    const queries = Float32Array.from({ length: 500 * 64 }, (_, k) => Math.cos(k))
    return () => forever(() => keys.recallAsync(queries))
  },
  () => {
    const pairs = new BidirectionalMemory({ inputs: 800, outputs: 600 }).store(patterns(100, 800, 4), patterns(100, 600, 5))
    return () => forever(() => pairs.recallAsync({ xs: patterns(2000, 800, 6) }))
  },
]
const start = deeds[k % deeds.length]()
`

const WORKER = `
const { parentPort, workerData: k } = require('node:worker_threads')
;(async () => {
  ${DEEDS}
  parentPort.postMessage('ready')
  start()
})()`

const PROGRAM = `
const k = Number(process.argv[1])
${DEEDS}
setTimeout(() => process.exit(40 + (k % 3)), (k * 7) % 23)
process.stdout.write('ready')
start()`

/** Ends `count` workers, four at a time. */
export function endsWorkers(count: number): void {
  it(`${count} workers are terminated in the middle of a call`, async () => {
    let begun = 0
    const lane = async (): Promise<void> => {
      while (begun < count) {
        const worker = new Worker(WORKER, { eval: true, workerData: begun++ })
        await once(worker, 'message')
        await delay(12 * Math.random())
        expect(await worker.terminate()).toBe(1)
      }
    }
    await Promise.all([lane(), lane(), lane(), lane()])
  })
}

/** Lets `count` processes exit, two at a time: from the first deed on but for the one that never gives way. */
export function exitsProcesses(count: number): void {
  it(`${count} processes exit in the middle of a call`, async () => {
    let begun = 0
    const lane = async (): Promise<void> => {
      while (begun < count) {
        const k = begun++
        // The deed that holds the thread would never come to its exit.
        const which = k % 7 === 0 ? k + 1 : k
        const child = spawn(process.execPath, ['--input-type=module', '-e', PROGRAM, String(which)], {
          stdio: ['ignore', 'pipe', 'inherit'],
        })
        const over = once(child, 'exit')
        await Promise.race([once(child.stdout, 'data'), over])
        const from = performance.now()
        const [code, signal] = await over
        expect([code, signal], `deed ${which % 7}`).toEqual([40 + (which % 3), null])
        // Work that nobody waits for any more is stopped, not waited for; the machine may be busy.
        expect(performance.now() - from).toBeLessThan(60_000)
      }
    }
    await Promise.all([lane(), lane()])
  })
}
