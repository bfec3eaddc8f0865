import type { KeyFacts, KeyStep, KeySums } from 'hopfield-native'

// What a coordinator asks of the parts of a memory. An answer follows from the part and the question alone, so a question may be asked
// again, and of any replica of the part.

/** B states, packed as PackedPatterns. */
export interface States {
  readonly words: Uint32Array
}

/** Of B states or queries: rows of k, the most similar first. */
export interface Found {
  /** The part's own numbers of its patterns. */
  readonly indices: Uint32Array
  /** Overlaps as whole numbers, or similarities. */
  readonly scores: Float64Array
}

/** Patterns that are near to a state, ascending by their number in the part. */
export interface Near {
  readonly counts: Uint32Array
  readonly indices: Uint32Array
  readonly words: Uint32Array
}

/** B queries. */
export interface Queries {
  readonly data: Float32Array
}

export interface PartOf {
  readonly whole: KeyFacts
}

interface Sums extends Queries, PartOf {
  readonly peaks: Float64Array
  readonly before: KeySums | undefined
  readonly addend: 'keys' | 'values' | 'nothing'
}

/** Each question: what is asked, and what is answered. */
export interface Questions {
  /** Overlaps of B states with this part's patterns, whole numbers: B × patterns. With parts of neurons: their part of each overlap. */
  overlaps: [States, Float64Array]
  nearest: [States & { readonly k: number }, Found]
  /** Whole fields N·h_i of B states, as far as these patterns make them: B × N. */
  fields: [States, Float64Array]
  /** Whole weights N·J_ij of some neurons j, as far as these patterns make them: C × N. */
  columns: [{ readonly neurons: Uint32Array }, Float64Array]
  /** Σ_μ ξ_i^μ v^μ of this part's neurons i, from B rows of all overlaps: B × neurons. */
  readout: [{ readonly votes: Float64Array }, Float64Array]
  /** −E of B states, a whole number, and how many patterns have a part in it: B × 2. */
  energies: [States, Float64Array]
  /** The patterns whose overlap with state b is at least `least[b]`. */
  near: [States & { readonly least: Float64Array }, Near]
  similarities: [Queries, Float64Array]
  top: [Queries & { readonly k: number }, Found]
  peaks: [Queries & PartOf, Float64Array]
  partial: [Sums, KeySums]
  complete: [Sums, KeyStep]
}

export type Operation = keyof Questions
export type Asked<O extends Operation> = Questions[O][0]
export type Answered<O extends Operation> = Questions[O][1]

/** How a coordinator reaches the parts: by a call, or over a network. */
export type Ask = <O extends Operation>(part: number, operation: O, asked: Asked<O>) => Promise<Answered<O>>
