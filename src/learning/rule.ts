import type { Kernels } from '../kernels/contract/kernels.js'
import type { CouplingLearner, MatrixLearner, SignLearner } from '../storage/learner.js'

/** Loads P/N up to which random patterns are held; a field is absent where no theory is known. */
export interface Capacity {
  /** Retrievable, a few bits wrong. */
  retrieval?: number
  /** Fixed points to the last bit. */
  errorFree?: number
}

/** An option of a rule: how it is read, and what it is where it is not given. */
export interface RuleOption<T> {
  readonly default: T
  /** The default in words, where it depends on the numbers of neurons and patterns. */
  readonly usual?: string
  read(name: string, value: unknown): Exclude<T, undefined>
}

/** A rule's options after reading: every one is there, undefined only where its type says so. */
export type Settings<Options> = {
  readonly [Key in keyof Options as Exclude<Key, 'kind'>]-?: Options[Key]
}

/** Where a rule learns. */
export interface Site {
  readonly kernels: Kernels
  readonly neurons: number
}

/** How a rule makes weights, by the form they have. A rule with a choice of forms has several. */
export interface Learners<Report extends object = object> {
  /** J = ΞᵀAΞ: in the patterns, or on few connections. */
  readonly coupling?: CouplingLearner<Report>
  /** J as a matrix. */
  readonly matrix?: MatrixLearner<Report>
  /** J as a matrix of one bit a weight. */
  readonly signs?: SignLearner
}

/**
 * A learning rule. Each is a file of this folder and a line of registry.ts; the public types, `capacity`, the reports, the
 * command line and the tests of the documentation's tables read it from there.
 */
export interface Rule<
  Options extends { readonly kind: string } = { readonly kind: string },
  Report extends object = object,
> {
  /** The name users write. */
  readonly kind: Options['kind']
  /** What it does, in one line. */
  readonly title: string
  /** J, as the documentation's table has it. */
  readonly weights: string
  /** How many random patterns it holds, as the documentation's table has it. */
  readonly holds: string
  /** Its page in docs/. */
  readonly page: string
  readonly options: {
    readonly [Key in keyof Settings<Options>]: RuleOption<Settings<Options>[Key]>
  }
  /** What theory says for N → ∞, or for so many neurons. */
  capacity?(neurons: number | undefined): Capacity
  learners(site: Site, settings: Settings<Options>): Learners<Report>
}
