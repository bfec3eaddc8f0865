import { spin } from '../contract/layout.js'

export { dot8Spins as externalDot } from '../../numerics/dot8.js'

export function implicitQuadratic(overlaps: Int32Array, count: number, neurons: number): number {
  let sum = 0
  for (let mu = 0; mu < count; mu++) sum += overlaps[mu] * overlaps[mu]
  return sum - neurons * count
}

export function denseQuadratic(fields: Float64Array, neurons: number, state: Uint32Array): number {
  let sum = 0
  for (let i = 0; i < neurons; i++) sum += spin(state, i) * fields[i]
  return sum
}

/** E = −Q/(2·scale) − Σ_i b_i s_i, with one division and one subtraction. */
export function energyOf(quadratic: number, scale: number, external: number): number {
  return (0 - quadratic / 2) / scale - external
}
