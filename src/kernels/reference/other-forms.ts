import type { ConstantField, ImplicitMemory, MatrixMemory, Memory } from '../contract/kernels.js'
import { ConstantState } from './constant.js'
import { CoupledState } from './coupled.js'
import type { FieldState } from './field-state.js'
import { InteractionState } from './interaction.js'
import { BitsState, CarriedState, MatrixState, SparseState } from './row-forms.js'

/** Fields of every form but the implicit one, which has no file beside its own; `energetic` as for fieldState. */
export function otherState(memory: Exclude<Memory, ImplicitMemory>, energetic: boolean): FieldState {
  switch (memory.form) {
    case 'interaction':
      return new InteractionState(memory, energetic)
    case 'coupled':
      return shifted(new CoupledState(memory), memory.constant)
    case 'matrix':
      return keepsFields(memory) ? new CarriedState(memory) : new MatrixState(memory)
    case 'bits':
      return new BitsState(memory)
    case 'sparse':
      return shifted(new SparseState(memory), memory.constant)
  }
}

function shifted(weights: FieldState, constant: ConstantField | undefined): FieldState {
  return constant === undefined ? weights : new ConstantState(weights, constant)
}

/** Whether fields are whole numbers that are carried from flip to flip. */
export function keepsFields({ symmetric, weights }: MatrixMemory): boolean {
  return symmetric && weights instanceof Int32Array
}
