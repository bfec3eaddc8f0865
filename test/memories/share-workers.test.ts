import { Worker } from 'node:worker_threads'
import { describe, expect, it } from 'vitest'
import { HopfieldNetwork, randomPatterns } from '../../src/index.js'
import { VARIANTS } from '../helpers/backends.js'

for (const { backend, weights } of VARIANTS) {
  describe(`workers on shared memory, ${backend}, ${weights}`, () => {
    it('may be terminated in the middle of a recall, and nobody else notices', async () => {
      const size = 1000
      const net = new HopfieldNetwork({ neurons: size, backend, weights }).store(
        randomPatterns({ count: 60, neurons: size, seed: 1 }),
      )
      const asked = randomPatterns({ count: 8, neurons: size, seed: 2 })
      const expected = net.recallBatch(asked, { maxSweeps: 5 })
      const code = `
        const { parentPort, workerData } = require('node:worker_threads')
        import('hopfield-native').then(async ({ HopfieldNetwork, RecallBatcher, randomPatterns }) => {
          const { handle, backend, how } = workerData
          const net = HopfieldNetwork.fromShared(handle, { backend })
          const cues = randomPatterns({ count: 400, neurons: net.neurons, seed: 3 })
          if (how === 'batch') {
            parentPort.postMessage('ready')
            for (;;) net.recallBatch(cues)
          }
          const batcher = new RecallBatcher(net, { maxSize: 8 })
          for (let k = 0; k < 40; k++) batcher.recall(cues.subarray(0, net.neurons)).catch(() => {})
          let told = false
          const onProgress = () => {
            if (!told) parentPort.postMessage('ready')
            told = true
          }
          for (;;) await Promise.all([1, 2, 3].map(() => net.recallAsync(cues, { chunk: 1, threads: 4, onProgress })))
        })`
      // What could be left behind is the addon's: the TypeScript backend has no threads of its own.
      for (let round = 0; round < (backend === 'native' ? 3 : 1); round++) {
        const workers = ['batch', 'async', 'async'].map(
          (how) => new Worker(code, { eval: true, workerData: { handle: net.share(), backend, how } }),
        )
        await Promise.all(
          workers.map(
            (worker) =>
              new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject)),
          ),
        )
        const running = net.recallAsync(asked, { maxSweeps: 5, chunk: 1 })
        expect(await Promise.all(workers.map((worker) => worker.terminate()))).toEqual([1, 1, 1])
        expect(await running).toEqual(expected)
      }
    })
  })
}
