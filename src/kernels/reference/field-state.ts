/**
 * What a recall needs of the weights, whichever form they have. Holds what it must know about the current state. What looks at all
 * weights does so in steps, each of about a millisecond.
 */
export interface FieldState {
  /** Take `state` as the current one. */
  begin(state: Uint32Array): Generator<void, void>
  /** Operations of one field, or of one flip, about. */
  readonly effort: number
  /** Local field of neuron i, whose value is `value`. */
  field(i: number, value: 1 | -1): number
  /** Neuron i has just become `value`. */
  flipped(i: number, value: 1 | -1): void
  /** All local fields of the current state. */
  fields(state: Uint32Array, out: Float64Array): Generator<void, void>
  /** Q of the current state. */
  quadratic(state: Uint32Array): Generator<void, number>
}
