import { spin } from '../contract/layout.js'

export { dot8Spins as externalDot } from '../../numerics/dot8.js'

export function implicitQuadratic(overlaps: Int32Array, count: number, neurons: number): number {
  let sum = 0
  for (let mu = 0; mu < count; mu++) sum += overlaps[mu] * overlaps[mu]
  return sum - neurons * count
}

export function fieldQuadratic(fields: Float64Array, neurons: number, state: Uint32Array): number {
  let sum = 0
  for (let i = 0; i < neurons; i++) sum += spin(state, i) * fields[i]
  return sum
}
