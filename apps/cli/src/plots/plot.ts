import type { Command } from 'commander'
import type { Figure } from '../figures/index.js'
import type { Watching } from '../watched.js'

/** What was measured, in the three ways it can be had. */
export interface Measured {
  /** What `--json` prints; typed arrays become plain ones. */
  readonly data: object
  /** What is printed otherwise. */
  readonly words: string
  figure(): Figure
}

/** A kind of `hopfield plot`. */
export interface Plot<Flags> {
  readonly kind: string
  readonly summary: string
  readonly description: string
  /** An example, without the program's name. */
  readonly example: string
  /** Adds what can be chosen. */
  options(command: Command): Command
  /** Files that are read. */
  inputs?(flags: Flags): readonly string[]
  measure(flags: Flags, watching: Watching): Promise<Measured>
}

/** Types of flags differ from kind to kind; who lists kinds need not know them. */
export interface AnyPlot extends Omit<Plot<never>, 'inputs' | 'measure'> {
  inputs?(flags: unknown): readonly string[]
  measure(flags: unknown, watching: Watching): Promise<Measured>
}

export function plot<Flags>(kind: Plot<Flags>): AnyPlot {
  return kind as unknown as AnyPlot
}
