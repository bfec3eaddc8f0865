import { checkNumber } from '../../input/validate.js'
import { atOnce } from '../../platform/turn.js'
import { lastGround, lastRetrieval, risingRoot } from './replica.js'

/** Loads at which the Hebbian network changes its phase at a temperature; see {@link criticalLoads}. */
export interface CriticalLoads {
  /** The largest load with retrieval states. */
  retrieval: number
  /** The largest load at which these are the states of least free energy. */
  ground: number
}

/**
 * The loads α = P/N up to which the Hebbian network has retrieval states at temperature T, and up to which they are global minima
 * of the free energy: 0.137906 and 0.051854 at T = 0, where the paper prints 0.138 and 0.051; 0 from T = 1 on (Amit, Gutfreund and
 * Sompolinsky 1987). Replica-symmetric, so at low temperatures the first one is a little larger than at T = 0.
 * @throws HopfieldError ERR_HOPFIELD_RANGE or _TYPE.
 */
export function criticalLoads(temperature = 0): CriticalLoads {
  checkNumber('criticalLoads: temperature', temperature, 0, Number.MAX_VALUE)
  return atOnce(criticalLoadsSteps(temperature))
}

/** The same in small steps, at a temperature that was checked. */
export function* criticalLoadsSteps(temperature: number): Generator<void, CriticalLoads> {
  if (temperature >= 1) return { retrieval: 0, ground: 0 }
  return { retrieval: yield* retrievalLoad(temperature), ground: yield* lastGround(temperature) }
}

/** Temperatures at which the Hebbian network changes its phase at a load; see {@link criticalTemperatures}. */
export interface CriticalTemperatures {
  /** T_g = 1 + √α: above it every state is forgotten. */
  spinGlass: number
  /** T_M: the highest temperature with retrieval states; 0 if there is none. */
  retrieval: number
  /** T_c: below it these are the states of least free energy; 0 if there is no such temperature. */
  ground: number
}

/**
 * The temperatures that part the phases of the Hebbian network at load α = P/N (Amit, Gutfreund and Sompolinsky 1987). At α = 0 all three are 1.
 * @throws HopfieldError ERR_HOPFIELD_RANGE or _TYPE.
 */
export function criticalTemperatures(alpha: number): CriticalTemperatures {
  checkNumber('criticalTemperatures: alpha', alpha, 0, Number.MAX_VALUE)
  return {
    spinGlass: 1 + Math.sqrt(alpha),
    retrieval: atOnce(highest(alpha, PEAKS.retrieval, retrievalLoad)),
    ground: atOnce(highest(alpha, PEAKS.ground, lastGround)),
  }
}

/** Where critical loads are largest: from there on they fall. */
const PEAKS = { retrieval: 0.023, ground: 0.085 }

type CriticalLoad = (temperature: number) => Generator<void, number>

function* retrievalLoad(temperature: number): Generator<void, number> {
  return (yield* lastRetrieval(temperature)).alpha
}

/** The highest temperature whose critical load is at least α. */
function* highest(alpha: number, peak: number, load: CriticalLoad): Generator<void, number> {
  if (alpha === 0) return 1
  if ((yield* load(peak)) < alpha) return 0
  return yield* risingRoot(peak, 1, function* (temperature) {
    return alpha - (temperature === 1 ? 0 : yield* load(temperature))
  })
}
