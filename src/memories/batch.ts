import { CLEAN, PackedPatterns } from '../input/packed-patterns.js'
import { checkInteger } from '../input/validate.js'
import { rowWords } from '../kernels/contract/layout.js'

type Numbers = Int8Array | Uint8Array | Uint32Array | Float32Array | Float64Array

/** The results of B recalls as arrays; row b belongs to cue b. */
export abstract class Batch<Single, State> implements Iterable<Single> {
  /** Whether there is but one result, which takes the arrays over. */
  #lone = false

  /** 1 if the recall converged, otherwise 0: B values. */
  abstract readonly converged: Uint8Array

  /** B, the number of cues. */
  get count(): number {
    return this.converged.length
  }

  /**
   * The final state of cue b, a copy.
   * @throws HopfieldError ERR_HOPFIELD_RANGE or _TYPE if there is no cue b.
   */
  abstract state(b: number): State

  /**
   * The result of cue b in the shape of a single recall's result; its arrays are copies.
   * @throws HopfieldError ERR_HOPFIELD_RANGE or _TYPE if there is no cue b.
   */
  abstract at(b: number): Single

  /** Iterates over single results, one per cue. */
  *[Symbol.iterator](): Iterator<Single> {
    for (let b = 0; b < this.count; b++) yield this.at(b)
  }

  /** The result of the only cue of a private batch, without copying its arrays. */
  only(): Single {
    this.#lone = true
    return this.at(0)
  }

  /** Refuses what is no index of a cue. */
  protected check(method: string, b: number): void {
    checkInteger(`${method}: b`, b, 0, this.count - 1)
  }

  /** Row b of B rows. */
  protected row<Rows extends Numbers | PackedPatterns>(rows: Rows, b: number): Rows {
    if (this.#lone) return rows
    if (rows instanceof PackedPatterns) {
      const { neurons, words } = rows
      const stride = rowWords(neurons)
      return packedOf(neurons, words.slice(b * stride, (b + 1) * stride)) as Rows
    }
    const width = rows.length / this.count
    return rows.slice(b * width, (b + 1) * width) as Rows
  }
}

/** Results whose states are rows of one array. */
export abstract class StateBatch<Single, States extends Numbers | PackedPatterns> extends Batch<
  Single,
  States
> {
  /** The final states, row b for cue b. */
  abstract readonly states: States

  override state(b: number): States {
    this.check('state', b)
    return this.row(this.states, b)
  }
}

/** Rows from…to of `width` values, a view; the rows themselves where that is all of them. */
export function part<Rows extends Numbers>(rows: Rows, from: number, to: number, width: number): Rows {
  if (from === 0 && to * width === rows.length) return rows
  return rows.subarray(from * width, to * width) as Rows
}

/** Rows one after the other; there is at least one, and all have the same length. */
export function joined<Row extends Numbers>(rows: readonly Row[]): Row {
  const { length } = rows[0]
  const out = new (rows[0].constructor as new (length: number) => Row)(rows.length * length)
  for (const [b, row] of rows.entries()) out.set(row, b * length)
  return out
}

/** One column of the outcomes that kernels write: number `index` of each row of `width`. */
export function column<Out extends Numbers>(
  out: Out,
  outcomes: Float64Array | Uint32Array,
  width: number,
  index: number,
): Out {
  for (let b = 0; b < out.length; b++) out[b] = outcomes[b * width + index]
  return out
}

/** PackedPatterns of words whose padding is clean. */
export function packedOf(neurons: number, words: Uint32Array): PackedPatterns {
  return new PackedPatterns(Object.assign({ neurons, words }, { [CLEAN]: true }))
}
