import { ASYNC_KEYS, type AsyncOptions } from '../../async/options.js'
import { type RealRange, readRealRow } from '../../input/reals.js'
import { checkBoolean, checkChoice, checkInteger, checkNumber, checkOptions } from '../../input/validate.js'
import type { IntegrationPlan } from '../../kernels/contract/kernels.js'

/** Options of a recall of graded neurons: how it is integrated, and until when. */
export interface IntegrationOptions {
  /** What a cue is: outputs V (default), moved to at least 2^-11 of their range from its ends; or potentials u. */
  from?: 'outputs' | 'potentials'
  /** Runge and Kutta's of fourth order (default), or Euler's of first. */
  method?: 'euler' | 'rk4'
  /** Length of a step in units of time, the first one's if `adaptive`; τ/10 by default. */
  step?: number
  /** true: lengths of steps follow `accuracy`. */
  adaptive?: boolean
  /** Error of a potential that a step may make, > 0, `adaptive` only; 1e-6 by default. */
  accuracy?: number
  /** At rest where no potential changes faster than this, ≥ 0; 1e-6 by default. */
  tolerance?: number
  /** Steps after which to give up, those tried in vain included, 1 to 2^31 − 1; 10,000 by default. */
  maxSteps?: number
  /** N finite numbers b_i, in place of the constructor's. */
  externalField?: ArrayLike<number>
  /** Write down times and energies on the way; 'states': outputs too. */
  trace?: boolean | 'states'
}

/** Options of a batch off the event loop. Traces are recallBatch's. */
export interface IntegrationAsyncOptions extends Omit<IntegrationOptions, 'trace'>, AsyncOptions {}

const KEYS: readonly (keyof IntegrationOptions)[] = [
  'from',
  'method',
  'step',
  'adaptive',
  'accuracy',
  'tolerance',
  'maxSteps',
  'externalField',
  'trace',
]
export const INTEGRATION_KEYS: readonly string[] = KEYS
export const INTEGRATION_ASYNC_KEYS: readonly string[] = [
  ...KEYS.filter((key) => key !== 'trace'),
  ...ASYNC_KEYS,
]

const PATIENCE = 10_000
/** What keeps every sum and product of an integration within f64. */
export const LEAST = 1e-100
export const MOST = 1e100
export const FINITE: RealRange = { least: -MOST, most: MOST }

export interface IntegrationRequest {
  readonly plan: IntegrationPlan
  readonly from: 'outputs' | 'potentials'
  readonly externalField: Float64Array | undefined
  readonly trace: boolean | 'states'
}

/** Checks the options and turns them into what kernels take. The external field is a copy: threads may read it. */
export function readIntegrationOptions(
  options: IntegrationOptions | undefined,
  neurons: number,
  timeConstant: number,
  known: readonly string[] = INTEGRATION_KEYS,
): IntegrationRequest {
  checkOptions('recall options', options, known)
  const {
    from = 'outputs',
    method = 'rk4',
    step,
    adaptive = false,
    externalField,
    trace = false,
  } = options ?? {}
  const { accuracy = 1e-6, tolerance = 1e-6, maxSteps = PATIENCE } = options ?? {}
  return {
    from: checkChoice('from', from, ['outputs', 'potentials']),
    externalField:
      externalField === undefined ? undefined : readRealRow('externalField', externalField, neurons, FINITE),
    trace: trace === 'states' ? trace : checkBoolean('trace', trace),
    plan: {
      method: checkChoice('method', method, ['euler', 'rk4']),
      step: step === undefined ? timeConstant / 10 : checkNumber('step', step, LEAST, MOST),
      adaptive: checkBoolean('adaptive', adaptive),
      accuracy: checkNumber('accuracy', accuracy, Number.MIN_VALUE, Number.MAX_VALUE),
      tolerance: checkNumber('tolerance', tolerance, 0, Number.MAX_VALUE),
      maxSteps: checkInteger('maxSteps', maxSteps, 1, 2 ** 31 - 1),
    },
  }
}
