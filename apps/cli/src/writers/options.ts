export interface WriteOptions {
  /** +1 becomes light, as it was read with --invert. */
  invert: boolean
}
