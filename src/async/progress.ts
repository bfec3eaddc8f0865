/** The progress of a long call. */
export interface Progress {
  /** Cues that are done. */
  done: number
  /** All cues. */
  total: number
}
