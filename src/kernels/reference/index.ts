import type { Backend, Beside, Kernels } from '../contract/kernels.js'
import { ANNEALING_KERNELS } from './families/annealing.js'
import { CODE_KERNELS } from './families/codes.js'
import { FEATURE_KERNELS } from './families/features.js'
import { GRADED_KERNELS } from './families/graded.js'
import { LEARNING_KERNELS } from './families/learning.js'
import { MACHINE_KERNELS } from './families/machines.js'
import { PACKING_KERNELS } from './families/packing.js'
import { PAIR_KERNELS } from './families/pairs.js'
import { PAIRWISE_KERNELS } from './families/pairwise.js'
import { RETRIEVAL_KERNELS } from './families/retrieval.js'
import { SEARCHING_KERNELS } from './families/searching.js'
import { type Family, referenceWith } from './table.js'

const FAMILIES = {
  PACKING_KERNELS,
  PAIRWISE_KERNELS,
  LEARNING_KERNELS,
  SEARCHING_KERNELS,
  ANNEALING_KERNELS,
  RETRIEVAL_KERNELS,
  GRADED_KERNELS,
  PAIR_KERNELS,
  CODE_KERNELS,
  MACHINE_KERNELS,
  FEATURE_KERNELS,
}

/** All that families supply; the compiler misses what none does. */
type Supplied<Part extends keyof Family> = {
  [Name in keyof typeof FAMILIES]: (typeof FAMILIES)[Name][Part]
}[keyof typeof FAMILIES]
type All<Union> = (Union extends unknown ? (part: Union) => void : never) extends (part: infer Whole) => void
  ? Whole
  : never
type Missing =
  | Exclude<keyof Omit<Kernels, keyof Backend>, keyof All<Supplied<'kernels'>>>
  | Exclude<keyof Beside, keyof All<Supplied<'steps'>>>
const complete: [Missing] extends [never] ? true : Missing = true

/** The whole reference. The package takes from it what a program needs: src/kernels/families.ts. */
export const typescriptKernels: Kernels = referenceWith(complete && Object.values(FAMILIES))
