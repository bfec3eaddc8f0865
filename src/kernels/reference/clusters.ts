import { Pace } from '../../platform/pace.js'
import { atOnce } from '../../platform/turn.js'
import type { AnnealingMemory } from '../contract/kernels.js'
import { paddedStride } from '../contract/layout.js'

/** Neurons that are connected with neuron i. */
function neighbours(memory: AnnealingMemory, i: number): Uint32Array {
  const { neurons, weights } = memory
  const from = memory.form === 'matrix' ? i * paddedStride(neurons) : memory.starts[i]
  const length = memory.form === 'matrix' ? neurons : memory.starts[i + 1] - from
  const near = new Uint32Array(length)
  let count = 0
  for (let k = 0; k < length; k++) {
    if (weights[from + k] !== 0) near[count++] = memory.form === 'matrix' ? k : memory.sources[from + k]
  }
  return near.subarray(0, count)
}

export function exchangeClusters(...given: Parameters<typeof exchangeClusterSteps>): void {
  atOnce(exchangeClusterSteps(...given))
}

export function* exchangeClusterSteps(
  memory: AnnealingMemory,
  starts: Uint32Array,
  replicas: Uint32Array,
  count: number,
): Generator<void, void> {
  const { neurons } = memory
  const words = 2 * Math.ceil(count / 64)
  const pace = new Pace()
  const near: Uint32Array[] = []
  for (let i = 0; i < neurons; i++) {
    near.push(neighbours(memory, i))
    if (pace.due(near[i].length + (memory.form === 'matrix' ? neurons : 0))) yield
  }
  for (let p = 0; p < count >> 1; p++) {
    const at = p >>> 4
    const bit = 2 * (p & 15)
    const differs = (i: number): boolean => {
      const word = replicas[words * i + at] >>> bit
      return ((word ^ (word >>> 1)) & 1) === 1
    }
    let start = starts[p]
    for (let looked = 0; looked < neurons && !differs(start); looked++) start = (start + 1) % neurons
    if (pace.due(neurons)) yield
    if (!differs(start)) continue
    const found = new Uint8Array(neurons)
    const cluster = [start]
    found[start] = 1
    for (const i of cluster) {
      for (const j of near[i]) {
        if (found[j] === 1 || !differs(j)) continue
        found[j] = 1
        cluster.push(j)
      }
      if (pace.due(near[i].length + 4)) yield
    }
    for (const i of cluster) replicas[words * i + at] ^= 3 << bit
  }
}
