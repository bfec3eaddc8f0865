import type { Memory } from './memory.js'

/** Fields and energies. */
export interface FieldKernels {
  /**
   * h of every neuron, as the form of the memory defines it. implicit: out[i] = Σ_μ ξ_i^μ v^μ − P·s_i. Padding bits of states
   * count as zero, here and in quadratics.
   */
  localFields(memory: Memory, state: Uint32Array, out: Float64Array): void

  /**
   * Q of `count` packed states. implicit: Σ_μ (v^μ)² − N·P, summed as f64 in ascending μ. coupled: Σ_μ v^μ w^μ − Σ_i d_i, each
   * sum as f64 in ascending order. interaction: −4·E. Other forms: Σ_i s_i h_i, summed as f64 in ascending i.
   */
  quadratics(memory: Memory, states: Uint32Array, count: number, out: Float64Array): void

  /** dot8(b, s): the external field's part of −E (numerics/dot8.ts). */
  externalDot(externalField: Float64Array, neurons: number, state: Uint32Array): number
}
