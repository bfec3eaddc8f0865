// The memory lives here, so that no recall keeps the page waiting.
import { HopfieldNetwork, ready } from './node_modules/hopfield-native/dist/web/index.js'

const waiting = ready()
let network

self.onmessage = async ({ data: { digits, ids, scan } }) => {
  // Messages that come before the module has arrived wait in their order.
  await waiting
  if (digits !== undefined) {
    network = new HopfieldNetwork({ neurons: digits[0].length, learning: 'pseudoinverse' }).store(digits, {
      ids,
    })
    return
  }
  const { state, sweeps } = network.recall(scan)
  postMessage({ state, sweeps, id: network.classify(state).id, backend: network.backend.name })
}
