export interface WriteOptions {
  /** Draw +1 as light, as --invert read it. */
  invert: boolean
}
