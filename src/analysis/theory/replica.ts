import { erf } from '../../numerics/erf.js'
import { exp } from '../../numerics/exp.js'
import { log } from '../../numerics/log.js'
import { tanh } from '../../numerics/tanh.js'

/**
 * The replica-symmetric theory of the Hebbian network at temperature T (Amit, Gutfreund and Sompolinsky 1987). With s = √(αr), the width of
 * the noise that the other patterns make, and Dz a normal distribution:
 *
 *   m = ∫Dz tanh((m + sz)/T),  q = ∫Dz tanh²((m + sz)/T),  C = (1 − q)/T,  r = q/(1 − C)².
 *
 * For a given s the first two say m and q, and the others α = s²(1 − C)²/q. So the states at a temperature are points of a curve over s, and
 * nothing has to be iterated in several variables.
 */

/** The integrals over z at m, s and T. */
interface Averages {
  /** ∫Dz tanh. */
  readonly mean: number
  /** C. */
  readonly c: number
}

/** Farther out the normal density is below 1e-14. */
const REACH = 8
const FEWEST = 64
/** The least s that is looked at: a load of nothing. */
const LITTLE = 1e-9
/** From this s/T on the integrals are series in T. */
const SHARP = 30

function averages(m: number, s: number, temperature: number): Averages {
  if (s > SHARP * temperature) return nearlyFrozen(m, s, temperature)
  // The trapezoidal rule: tanh has its poles at πT/2s from the axis, so three points a T/s leave an error of e^(−3π²).
  const count = Math.max(FEWEST, Math.ceil((6 * REACH * s) / temperature))
  const step = (2 * REACH) / count
  let [total, mean, q] = [0, 0, 0]
  for (let k = 0; k <= count; k++) {
    const z = k * step - REACH
    const weight = exp((-z * z) / 2)
    const t = tanh((m + s * z) / temperature)
    total += weight
    mean += weight * t
    q += weight * t * t
  }
  return { mean: mean / total, c: (1 - q / total) / temperature }
}

/** T ∫Dz ln 2cosh((m + sz)/T), in the same ways. */
function logCosh(m: number, s: number, temperature: number): number {
  if (s > SHARP * temperature) {
    const density = exp((-m * m) / (2 * s * s)) / (s * Math.sqrt(2 * Math.PI))
    return m * erf(m / (Math.SQRT2 * s)) + (2 * s * s + (Math.PI * temperature) ** 2 / 12) * density
  }
  const count = Math.max(FEWEST, Math.ceil((6 * REACH * s) / temperature))
  const step = (2 * REACH) / count
  let [total, sum] = [0, 0]
  for (let k = 0; k <= count; k++) {
    const z = k * step - REACH
    const weight = exp((-z * z) / 2)
    const size = Math.abs(m + s * z) / temperature
    total += weight
    sum += weight * (size + log(1 + exp(-2 * size)))
  }
  return (temperature * sum) / total
}

/** The series of Sommerfeld in T, up to T², about T = 0, where tanh is a sign. What is left out is about (T/s)⁴. */
function nearlyFrozen(m: number, s: number, temperature: number): Averages {
  // The density of m + sz at 0; its first derivative there is y/s times that, its second (y² − 1)/s².
  const y = m / s
  const density = exp((-y * y) / 2) / (s * Math.sqrt(2 * Math.PI))
  const second = ((Math.PI * temperature) ** 2 / 12) * density
  return {
    mean: erf(y / Math.SQRT2) - (second * y) / s,
    c: 2 * density + (second * (y * y - 1)) / (s * s),
  }
}

/** A state of the theory. */
export interface ReplicaState {
  readonly alpha: number
  readonly m: number
  /** The width of the noise. */
  readonly s: number
  /** C. */
  readonly c: number
}

const NONE: ReplicaState = { alpha: 0, m: 0, s: 0, c: 0 }

function stateOf(m: number, s: number, temperature: number, c: number): ReplicaState {
  const q = 1 - temperature * c
  return { alpha: q <= 0 ? 0 : (s * s * (1 - c) ** 2) / q, m, s, c }
}

/** The free energy per neuron. */
function freeEnergy({ alpha, m, s, c }: ReplicaState, temperature: number): number {
  const q = 1 - temperature * c
  const inner = (1 + temperature * log(1 - c) - q / (1 - c)) / 2
  // αr(1 − q)/2T is s²C/2.
  return (m * m) / 2 + alpha * inner + (s * s * c) / 2 - logCosh(m, s, temperature)
}

/** The retrieval state behind the noise s: the largest root m, or none. */
function retrievalAt(s: number, temperature: number): ReplicaState {
  // ∫Dz tanh bends downwards over m and has the slope C: Newton's steps from 1 fall to the root and never pass it.
  let m = 1
  for (let k = 0; k < 100; k++) {
    const at = averages(m, s, temperature)
    if (at.c >= 1) return NONE
    const next = m - (m - at.mean) / (1 - at.c)
    if (next <= 1e-9) return NONE
    if (m - next < 1e-12) return stateOf(m, s, temperature, at.c)
    m = next
  }
  return NONE
}

/** A search in small steps: each is one root m, or the averages at it. */
type Search<T> = Generator<void, T>

/** The retrieval state of the largest load at 0 ≤ T < 1: golden-section search. */
export function* lastRetrieval(temperature: number): Search<ReplicaState> {
  const golden = (Math.sqrt(5) - 1) / 2
  const load = (s: number): number => retrievalAt(s, temperature).alpha
  let [low, high] = [0, 1]
  let [a, b] = [1 - golden, golden]
  let [atA, atB] = [load(a), load(b)]
  // α is flat at its peak: its relative error is about the square of that of s.
  while (high - low > 1e-5 * high) {
    yield
    // Where both are none, the noise is too much.
    if (atA > atB || atA === 0) {
      ;[high, b, atB] = [b, a, atA]
      a = high - golden * (high - low)
      atA = load(a)
    } else {
      ;[low, a, atA] = [a, b, atB]
      b = low + golden * (high - low)
      atB = load(b)
    }
  }
  return retrievalAt((low + high) / 2, temperature)
}

/** The retrieval state at load α and 0 ≤ T < 1, the one with the larger overlap; undefined if there is none. */
export function* retrievalState(alpha: number, temperature: number): Search<ReplicaState | undefined> {
  const last = yield* lastRetrieval(temperature)
  if (alpha > last.alpha) return undefined
  const s = yield* risingRoot(LITTLE, last.s, function* (width) {
    yield
    return retrievalAt(width, temperature).alpha - alpha
  })
  return retrievalAt(s, temperature)
}

/** The spin-glass state, m = 0, at load α > 0 and 0 ≤ T < 1. */
function* spinGlassState(alpha: number, temperature: number): Search<ReplicaState> {
  // α grows with s from the s at which C is 1; and C is at most √(2/π)/s, so that α is at least (s − √(2/π))².
  const most = Math.sqrt(alpha) + Math.sqrt(2 / Math.PI)
  const s = yield* risingRoot(LITTLE, most, function* (width) {
    yield
    const at = averages(0, width, temperature)
    return at.c >= 1 ? -alpha : stateOf(0, width, temperature, at.c).alpha - alpha
  })
  return stateOf(0, s, temperature, averages(0, s, temperature).c)
}

/** The largest load at which retrieval states have the least free energy at 0 ≤ T < 1. */
export function* lastGround(temperature: number): Search<number> {
  const last = yield* lastRetrieval(temperature)
  // The load is about s² there: more than a third of the last one, at every temperature.
  const s = yield* risingRoot(last.s / 4, last.s, function* (width) {
    const state = retrievalAt(width, temperature)
    const glass = yield* spinGlassState(state.alpha, temperature)
    return freeEnergy(state, temperature) - freeEnergy(glass, temperature)
  })
  return retrievalAt(s, temperature).alpha
}

/**
 * Where a function passes 0 from below between `low` and `high`: by secants, of which the end that stays is weighed half as much each time
 * (the Illinois method).
 */
export function* risingRoot(low: number, high: number, value: (x: number) => Search<number>): Search<number> {
  let [below, above] = [yield* value(low), yield* value(high)]
  if (above <= 0) return high
  let kept = 0
  for (let k = 0; k < 100 && high - low > 1e-12 * high; k++) {
    const x = (low * above - high * below) / (above - below)
    const at = yield* value(x)
    if (at === 0) return x
    if (at < 0) {
      ;[low, below] = [x, at]
      if (kept === 1) above /= 2
      kept = 1
    } else {
      ;[high, above] = [x, at]
      if (kept === -1) below /= 2
      kept = -1
    }
  }
  return (low + high) / 2
}
