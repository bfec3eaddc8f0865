import type { Memory } from '../kernels/contract/kernels.js'
import { RowMemory } from './row-memory.js'
import type { Weights } from './weights.js'

/** Patterns in rows, and pairwise weights of whatever form that come from them. */
export abstract class RowWeights<Made extends Memory = Memory> extends RowMemory<Made> implements Weights {
  abstract readonly form: Memory['form']
  abstract readonly symmetric: boolean
  abstract matrix(unit: number): Int32Array | Float64Array

  get weightDivisor(): number {
    return this.divisor
  }

  get whole(): boolean {
    return true
  }

  get meanSources(): number | undefined {
    return undefined
  }

  fields(state: Uint32Array, out: Float64Array): void {
    this.kernels.localFields(this.memory(false), state, out)
  }

  quadratic(state: Uint32Array): number {
    const out = new Float64Array(1)
    this.kernels.quadratics(this.memory(false), state, 1, out)
    return out[0]
  }
}
