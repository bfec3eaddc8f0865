/** The results of B recalls in arrays, row b for cue b. */
export abstract class Batch<Single, State> implements Iterable<Single> {
  /** 1 where a recall came to rest. */
  abstract readonly converged: Uint8Array

  /** B. */
  get count(): number {
    return this.converged.length
  }

  /** The state that cue b ended in, a copy. */
  abstract state(b: number): State

  /** The result of cue b as a lone recall gives it; its arrays are copies. */
  abstract at(b: number): Single

  /** Lone results, one per cue. */
  *[Symbol.iterator](): Iterator<Single> {
    for (let b = 0; b < this.count; b++) yield this.at(b)
  }
}
