import type { Kernels } from '../kernels/contract/kernels.js'
import type { CouplingLearner, MatrixLearner, SignLearner } from '../storage/learner.js'

/** Largest loads P/N of random patterns; a field is absent if no theory is known. */
export interface Capacity {
  /** Recall ends near the pattern, with a few wrong bits. */
  retrieval?: number
  /** All patterns are fixed points, without a wrong bit. */
  errorFree?: number
}

/** An option of a rule: its check and its default. */
export interface RuleOption<T> {
  readonly default: T
  /** The default in words, if it depends on the number of neurons or patterns. */
  readonly usual?: string
  read(name: string, value: unknown): Exclude<T, undefined>
}

/** A rule's options after the check: all are present; undefined only if the type allows it. */
export type Settings<Options> = {
  readonly [Key in keyof Options as Exclude<Key, 'kind'>]-?: Options[Key]
}

/** The kernels and the size a rule learns with. */
export interface Site {
  readonly kernels: Kernels
  readonly neurons: number
}

/** The learners of a rule, one per form of weights that it supports. */
export interface Learners<Report extends object = object> {
  /** J = ΞᵀAΞ: in the patterns, or on few connections. */
  readonly coupling?: CouplingLearner<Report>
  /** J as a matrix. */
  readonly matrix?: MatrixLearner<Report>
  /** J as a matrix with one bit per weight. */
  readonly signs?: SignLearner
}

/**
 * A learning rule: a file of this folder and a line of registry.ts. The public types, `capacity`, the reports, the
 * command line and the tests of the documentation's tables read the registry.
 */
export interface Rule<
  Options extends { readonly kind: string } = { readonly kind: string },
  Report extends object = object,
> {
  /** The name users write. */
  readonly kind: Options['kind']
  /** What it does, in one line. */
  readonly title: string
  /** J, as in the table of docs/learning-rules.md. */
  readonly weights: string
  /** Capacity for random patterns, as in the table of docs/learning-rules.md. */
  readonly holds: string
  /** Its page in docs/. */
  readonly page: string
  readonly options: {
    readonly [Key in keyof Settings<Options>]: RuleOption<Settings<Options>[Key]>
  }
  /** The published capacity for N → ∞, or for the given N. */
  capacity?(neurons: number | undefined): Capacity
  learners(site: Site, settings: Settings<Options>): Learners<Report>
}
