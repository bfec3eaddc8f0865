/** What a rule that goes on until it is done has to tell. */
export interface LearningReport {
  /** Perceptron: of each neuron, the first epoch, counted from 1, that changed nothing; 0 where none did. */
  readonly epochs?: Uint32Array
  /** Perceptron: whether every neuron has every pattern with the margin asked for. */
  readonly converged?: boolean
  /** Pseudo-inverse: of the patterns last stored, those left out, and the stored ones that each is a combination of. */
  readonly skipped?: readonly { readonly index: number; readonly on: readonly number[] }[]
}
