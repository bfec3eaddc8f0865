// Checked by `npm run types`, never run: what the types promise, and what must not compile.
import {
  type BatchResult,
  HopfieldNetwork,
  type PackedPatterns,
  type RecallResult,
  randomPatterns,
} from '../src/index.js'

const net = new HopfieldNetwork({ neurons: 25 })

export const flat: Int8Array = randomPatterns({ count: 2, neurons: 25 })
export const packed: PackedPatterns = randomPatterns({ count: 2, neurons: 25, packed: true })
export const one: RecallResult = net.recall(flat.subarray(0, 25), { order: [0, 1, 2], seed: 1n })
export const batch: BatchResult<Int8Array> = net.recallBatch(packed)
export const small: BatchResult<PackedPatterns> = net.recallBatch([[1, -1]], { packed: true })
export const integers: Int32Array = net.weights()
export const reals: Float64Array = net.weights({ normalize: true })
export const chained: HopfieldNetwork = net.store([flat]).forget(0).clear()

// @ts-expect-error neurons is required
new HopfieldNetwork({})
// @ts-expect-error there is no such rule in this release
new HopfieldNetwork({ neurons: 25, learning: 'storkey' })
// @ts-expect-error a misspelt option
net.recall(flat, { maxSweep: 3 })
// @ts-expect-error no positional booleans
net.recall(flat, true)
// @ts-expect-error a tie rule that is none
net.recall(flat, { tie: 'zero' })
// @ts-expect-error drawings become states by bipolar()
net.store('#.#')
// @ts-expect-error results are read-only in number, not in name
one.overlap
// @ts-expect-error the size of a network does not change
net.neurons = 5
