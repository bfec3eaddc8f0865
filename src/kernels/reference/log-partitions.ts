import { fold8 } from '../../numerics/dot8.js'
import { exp } from '../../numerics/exp.js'
import { log } from '../../numerics/log.js'
import { Pace } from '../../platform/pace.js'
import { atOnce } from '../../platform/turn.js'
import { UNIT_KINDS } from '../contract/boltzmann.js'
import { paddedStride } from '../contract/layout.js'
import { potential } from './machine.js'

export function logPartitions(...given: Parameters<typeof logPartitionSteps>): void {
  atOnce(logPartitionSteps(...given))
}

/** In steps. */
export function* logPartitionSteps(
  couplings: Float64Array,
  own: Float64Array,
  units: number,
  fields: Float64Array,
  others: number,
  kind: number,
  low: number,
  prefix: number,
  from: number,
  to: number,
  out: Float64Array,
): Generator<void, void> {
  const pace = new Pace()
  const stride = paddedStride(others)
  const states = 2 ** (units - prefix)
  const terms = new Float64Array(states)
  const z = new Float64Array(others)
  for (let k = from; k < to; k++) {
    for (let rest = 0; rest < states; rest++) {
      let energy = 0
      z.set(fields)
      for (let j = 0; j < units; j++) {
        const s = (j < prefix ? k >>> j : rest >>> (j - prefix)) & 1 ? 1 : low
        energy += s * own[j]
        if (s === 0) continue
        for (let i = 0; i < others; i++) z[i] += s * couplings[j * stride + i]
      }
      terms[rest] = energy + potential(UNIT_KINDS[kind], z, others)
      if (pace.due((units + 8) * others)) yield
    }
    const most = terms.reduce((a, b) => (b > a ? b : a))
    const sums = new Float64Array(8)
    for (let rest = 0; rest < states; rest++) sums[rest & 7] += exp(Math.max(terms[rest] - most, -700))
    out[k - from] = most + log(fold8(sums))
  }
}
