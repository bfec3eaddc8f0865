/** The results of B recalls as arrays; row b belongs to cue b. */
export abstract class Batch<Single, State> implements Iterable<Single> {
  /** 1 if the recall converged, otherwise 0: B values. */
  abstract readonly converged: Uint8Array

  /** B, the number of cues. */
  get count(): number {
    return this.converged.length
  }

  /** The final state of cue b, a copy. */
  abstract state(b: number): State

  /** The result of cue b in the shape of a single recall's result; its arrays are copies. */
  abstract at(b: number): Single

  /** Iterates over single results, one per cue. */
  *[Symbol.iterator](): Iterator<Single> {
    for (let b = 0; b < this.count; b++) yield this.at(b)
  }
}
