// The memory lives here, so that no recall keeps the page waiting.
import { HopfieldNetwork } from './node_modules/hopfield-native/dist/web/index.js'

let network

self.onmessage = ({ data: { digits, ids, scan } }) => {
  if (digits !== undefined) {
    network = new HopfieldNetwork({ neurons: digits[0].length, learning: 'pseudoinverse' }).store(digits, {
      ids,
    })
    return
  }
  const { state, sweeps } = network.recall(scan)
  postMessage({ state, sweeps, id: network.classify(state).id, backend: network.backend.name })
}
