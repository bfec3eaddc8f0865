import { ASYNC } from '../../async/async-options.js'
import {
  choice,
  flag,
  type Given,
  integer,
  number,
  option,
  optional,
  type Read,
  Schema,
  without,
} from '../../input/options.js'
import { type IntoDoubles, into, NO_OUT } from '../../input/out.js'
import { type RealRange, readRealRow } from '../../input/reals.js'
import type { NumbersLike } from '../../input/typed-arrays.js'
import { checkBoolean, checkNumber } from '../../input/validate.js'
import type { IntegrationPlan } from '../../kernels/contract/kernels.js'

/** Bounds that keep every sum and product of an integration within f64. */
export const LEAST = 1e-100
export const MOST = 1e100
export const FINITE: RealRange = { least: -MOST, most: MOST }

/** N finite numbers; a copy, because other threads may read it. */
export function readField(name: string, value: unknown, neurons: number): Float64Array {
  return readRealRow(name, value, neurons, FINITE)
}

export const FIELD = {
  /** b: N finite numbers, in place of the constructor's. */
  externalField: optional<NumbersLike, Float64Array, number>(readField),
}

const INTEGRATION = {
  /** Whether cues are 'outputs' V (default), which are moved to at least 2^-11 of their range from its ends, or 'potentials' u. */
  from: choice(['outputs', 'potentials'], 'outputs'),
  /** 'rk4' (default): Runge and Kutta's method of fourth order. 'euler': Euler's of first order. */
  method: choice(['euler', 'rk4'], 'rk4'),
  /** Length of a step in time, of the first step if `adaptive`; τ/10 by default. */
  step: optional<number>((name, value) => checkNumber(name, value, LEAST, MOST)),
  /** true: step lengths follow `accuracy`. false by default. */
  adaptive: flag(false),
  /** Largest error of a potential per step, > 0, if `adaptive`; 1e-6 by default. */
  accuracy: number(Number.MIN_VALUE, Number.MAX_VALUE, 1e-6),
  /** The network rests when no |du_i/dt| is above this, ≥ 0; 1e-6 by default. */
  tolerance: number(0, Number.MAX_VALUE, 1e-6),
  /** Most steps, including rejected ones, 1 to 2^31 − 1; 10,000 by default. */
  maxSteps: integer(1, 2 ** 31 - 1, 10_000),
  ...FIELD,
  /** true: the result has times and energies of all steps; 'states': outputs too. false by default. */
  trace: option<boolean | 'states'>(false, (name, value) =>
    value === 'states' ? value : checkBoolean(name, value),
  ),
  ...into<IntoDoubles>(),
}
const INTEGRATION_ASYNC = { ...without(INTEGRATION, 'trace', 'out'), ...ASYNC }

export const RECALL = new Schema(INTEGRATION)
/** Of recalls that are gathered, whose traces are left out. */
export const RECALL_GATHERED = new Schema(without(INTEGRATION, 'out'), NO_OUT)
export const RECALL_ASYNC = new Schema(INTEGRATION_ASYNC, {
  ...NO_OUT,
  trace: 'recallAsync writes none; recallBatch does',
})

/** Options of a recall of graded neurons. */
export interface IntegrationOptions extends Given<typeof INTEGRATION> {}

/** Options of a batch off the event loop; it has no traces. */
export interface IntegrationAsyncOptions extends Given<typeof INTEGRATION_ASYNC> {}

/** Checked options without the trace. */
export type Integrating = Read<Omit<typeof INTEGRATION, 'trace' | 'out'>>

export function planOf(options: Integrating, timeConstant: number): IntegrationPlan {
  const { method, step = timeConstant / 10, adaptive, accuracy, tolerance, maxSteps } = options
  return { method, step, adaptive, accuracy, tolerance, maxSteps }
}
