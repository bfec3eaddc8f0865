import type { Figure } from '../figures/index.js'
import type { Lab } from './lab.js'

/** A number and the interval that it is known to: four standard errors, or exact bounds. */
export interface Estimate {
  readonly value: number
  readonly low: number
  readonly high: number
}

/** What ours has to be to the published number. */
export type Relation = 'equal' | 'at least' | 'at most'

export interface Published {
  readonly value: number
  /** 'equal' by default. */
  readonly relation?: Relation
  /** Its standard error, where it was measured; 'ours' where it was and nobody says how well. */
  readonly error?: number | 'ours'
  /** Half a unit of its last digit, where it was printed with few. */
  readonly rounding?: number
}

/** What a row found. */
export interface Finding {
  readonly ours: Estimate
  /** What was measured: N, P, how many networks. */
  readonly size: string
  readonly figure?: Figure
}

/** One published result, and how it is measured. */
export interface Row {
  /** Words joined by dots and hyphens, the family first. */
  readonly id: string
  readonly claim: string
  /** Author, year, and equation or figure; 'computed' or 'measured' where no paper prints the number. */
  readonly source: string
  readonly published: Published
  /** How ours is compared, and how finite size is treated where the number is a limit. */
  readonly rule: string
  /** Why ours is another number, where it is known to be. */
  readonly failure?: string
  measure(lab: Lab): Promise<Finding>
}

/** Rows about one subject. */
export interface Family {
  readonly title: string
  readonly rows: readonly Row[]
}
