import { atOnce } from '../../platform/turn.js'
import type { ImplicitMemory, Memory, RecallPlan } from '../contract/kernels.js'
import { clearPadding, columnWords, rowWords, spin } from '../contract/layout.js'
import { implicitQuadratic } from './energy.js'
import { columnField, implicitFieldSteps } from './field.js'
import type { FieldState } from './field-state.js'
import { keepsFields, otherState } from './other-forms.js'
import { overlapSteps } from './overlap.js'

class ImplicitState implements FieldState {
  readonly #memory: ImplicitMemory
  readonly #overlaps: Int32Array
  #total = 0

  constructor(memory: ImplicitMemory) {
    this.#memory = memory
    this.#overlaps = new Int32Array(memory.count)
  }

  get effort(): number {
    return 2 * this.#memory.count
  }

  *begin(state: Uint32Array): Generator<void, void> {
    const { rows, count, neurons } = this.#memory
    yield* overlapSteps(rows, count, neurons, state, 1, this.#overlaps)
    this.#total = this.#overlaps.reduce((sum, v) => sum + v, 0)
  }

  field(i: number, value: 1 | -1): number {
    const { columns, count } = this.#memory
    return columnField(columns, count, i, this.#overlaps, this.#total, value)
  }

  flipped(i: number, value: 1 | -1): void {
    const { columns, count } = this.#memory
    const base = i * columnWords(count)
    this.#total = 0
    for (let mu = 0; mu < count; mu++) {
      this.#overlaps[mu] += 2 * value * spin(columns, mu, base)
      this.#total += this.#overlaps[mu]
    }
  }

  fields(state: Uint32Array, out: Float64Array): Generator<void, void> {
    const { rows, count, neurons } = this.#memory
    return implicitFieldSteps(rows, count, neurons, this.#overlaps, state, out)
  }

  // biome-ignore lint/correctness/useYield: one number a pattern is one step.
  *quadratic(): Generator<void, number> {
    return implicitQuadratic(this.#overlaps, this.#memory.count, this.#memory.neurons)
  }
}

/** @param energetic whether fields are compared with anything but zero: drawn by, or added to an external field. */
export function fieldState(memory: Memory, energetic = false): FieldState {
  return memory.form === 'implicit' ? new ImplicitState(memory) : otherState(memory, energetic)
}

/** Whether Q may be carried from flip to flip: integers below 2^53. */
export function carriesQuadratic({ form, neurons, count }: Memory): boolean {
  return form === 'implicit' && neurons * neurons * count < 2 ** 53
}

/** Whether a recall at T = 0 may come back to a state after more sweeps than two, or one neuron at a time after any number. */
export function mayCycle(memory: Memory, { dynamics }: Pick<RecallPlan, 'dynamics'>): boolean {
  if (memory.form === 'matrix') return !keepsFields(memory)
  // Updates of one neuron lower the energy of any function of overlaps, but those of all at once may go round.
  if (memory.form === 'interaction') return dynamics === 'synchronous'
  return memory.form !== 'implicit'
}

export function localFields(...given: Parameters<typeof localFieldSteps>): void {
  atOnce(localFieldSteps(...given))
}

/** In steps. */
export function* localFieldSteps(
  memory: Memory,
  state: Uint32Array,
  out: Float64Array,
): Generator<void, void> {
  const form = fieldState(memory)
  const clean = state.slice(0, rowWords(memory.neurons))
  clearPadding(clean, memory.neurons)
  yield* form.begin(clean)
  yield* form.fields(clean, out)
}

export function quadratics(...given: Parameters<typeof quadraticSteps>): void {
  atOnce(quadraticSteps(...given))
}

/** In steps. */
export function* quadraticSteps(
  memory: Memory,
  states: Uint32Array,
  count: number,
  out: Float64Array,
): Generator<void, void> {
  const form = fieldState(memory)
  const stride = rowWords(memory.neurons)
  for (let b = 0; b < count; b++) {
    const state = states.slice(b * stride, (b + 1) * stride)
    clearPadding(state, memory.neurons)
    yield* form.begin(state)
    out[b] = yield* form.quadratic(state)
    yield
  }
}
