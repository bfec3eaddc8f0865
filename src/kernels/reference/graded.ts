import { fold8 } from '../../numerics/dot8.js'
import { log } from '../../numerics/log.js'
import { logistic, tanh } from '../../numerics/tanh.js'
import { Pace } from '../../platform/pace.js'
import { atOnce, later } from '../../platform/turn.js'
import {
  countDone,
  type GradedKernels,
  type GradedNetwork,
  INTEGRATION,
  type IntegrationPlan,
  type IntegrationTrace,
  LARGEST_POTENTIAL,
  stopped,
} from '../contract/kernels.js'
import { paddedStride } from '../contract/layout.js'

/** dot8 of two f64 vectors: products round, so nothing is fused anywhere. */
function dot8(a: Float64Array, at: number, b: Float64Array, length: number): number {
  const sums = new Float64Array(8)
  for (let k = 0; k < length; k++) sums[k & 7] += a[at + k] * b[k]
  return fold8(sums)
}

/** Σ_j J_ij V_j. */
function fieldOf({ neurons, weights, connections }: GradedNetwork, i: number, v: Float64Array): number {
  if (connections === undefined) return dot8(weights, i * paddedStride(neurons), v, neurons)
  const { starts, sources } = connections
  const sums = new Float64Array(8)
  for (let k = starts[i]; k < starts[i + 1]; k++) sums[(k - starts[i]) & 7] += weights[k] * v[sources[k]]
  return fold8(sums)
}

/** How many numbers fieldOf multiplies. */
function heardBy({ neurons, connections }: GradedNetwork, i: number): number {
  return connections === undefined ? neurons : connections.starts[i + 1] - connections.starts[i]
}

/** x ln x, and 0 at 0. */
function entropy(x: number): number {
  return x === 0 ? 0 : x * log(x)
}

/** ∫ g⁻¹(V) dV from the output at u = 0, at gain 1. */
function leak({ activation }: GradedNetwork, v: number): number {
  return activation === 'tanh'
    ? 0.5 * (entropy(1 + v) + entropy(1 - v))
    : entropy(v) + entropy(1 - v) + Math.LN2
}

/** V, J V and du/dt at u. */
class Point {
  readonly u: Float64Array
  readonly v: Float64Array
  readonly field: Float64Array
  readonly slope: Float64Array

  constructor(u: Float64Array) {
    this.u = u
    this.v = new Float64Array(u.length)
    this.field = new Float64Array(u.length)
    this.slope = new Float64Array(u.length)
  }

  /** In steps. */
  *evaluate(network: GradedNetwork): Generator<void, this> {
    const { neurons, externalField, activation, gain, rate } = network
    const pace = new Pace()
    const { u, v, field, slope } = this
    const g = activation === 'tanh' ? tanh : logistic
    for (let i = 0; i < neurons; i++) v[i] = g(gain * u[i])
    for (let i = 0; i < neurons; i++) {
      field[i] = fieldOf(network, i, v)
      const driven = externalField === undefined ? field[i] : field[i] + externalField[i]
      slope[i] = driven - u[i] * rate
      if (pace.due(2 * heardBy(network, i) + 8)) yield
    }
    return this
  }
}

function energyOf(network: GradedNetwork, v: Float64Array, field: Float64Array): number {
  const { neurons, externalField, gain, rate } = network
  const sums = new Float64Array(8)
  for (let i = 0; i < neurons; i++) sums[i & 7] += leak(network, v[i])
  const inner = fold8(sums) * (rate / gain) - 0.5 * dot8(v, 0, field, neurons)
  return externalField === undefined ? inner : inner - dot8(externalField, 0, v, neurons)
}

export function gradedSlopes(
  network: GradedNetwork,
  potentials: Float64Array,
  count: number,
  outputs: Float64Array,
  slopes: Float64Array,
): void {
  const { neurons } = network
  for (let b = 0; b < count; b++) {
    const point = new Point(potentials.slice(b * neurons, (b + 1) * neurons))
    const { v, slope } = atOnce(point.evaluate(network))
    outputs.set(v, b * neurons)
    slopes.set(slope, b * neurons)
  }
}

export function gradedEnergies(
  network: GradedNetwork,
  outputs: Float64Array,
  count: number,
  out: Float64Array,
): void {
  const { neurons } = network
  const field = new Float64Array(neurons)
  for (let b = 0; b < count; b++) {
    const v = outputs.subarray(b * neurons, (b + 1) * neurons)
    for (let i = 0; i < neurons; i++) field[i] = fieldOf(network, i, v)
    out[b] = energyOf(network, v, field)
  }
}

/** One step of length h from a point. */
function* stepFrom(
  network: GradedNetwork,
  plan: IntegrationPlan,
  from: Point,
  h: number,
): Generator<void, Float64Array> {
  const { u, slope } = from
  if (plan.method === 'euler') return u.map((x, i) => x + h * slope[i])
  const half = h * 0.5
  const { slope: k2 } = yield* new Point(u.map((x, i) => x + half * slope[i])).evaluate(network)
  const { slope: k3 } = yield* new Point(u.map((x, i) => x + half * k2[i])).evaluate(network)
  const { slope: k4 } = yield* new Point(u.map((x, i) => x + h * k3[i])).evaluate(network)
  const sixth = h / 6
  return u.map((x, i) => x + sixth * (slope[i] + 2 * k2[i] + 2 * k3[i] + k4[i]))
}

/** The part of a difference between a step and its halves that is the error of the halves, and when to go twice as far. */
const ORDERS = {
  euler: { share: 1, grows: 1 / 8 },
  rk4: { share: 1 / 15, grows: 1 / 64 },
} as const

/** Factor between the first step and the shortest or longest one that step control may take. */
const REACH = 2 ** 20

/** One integration, in steps of about a millisecond, from `potentials` (N numbers), which becomes where it ended. */
function* run(
  network: GradedNetwork,
  plan: IntegrationPlan,
  potentials: Float64Array,
  outputs: Float64Array,
  outcome: Float64Array,
  record: (time: number, energy: number, v: Float64Array) => void,
): Generator<void, void> {
  const { share, grows } = ORDERS[plan.method]
  const { step, accuracy, adaptive, tolerance, maxSteps } = plan
  const shortest = step / REACH
  const longest = step * REACH
  let point = yield* new Point(potentials.slice()).evaluate(network)
  let h = step
  let time = 0
  let steps = 0
  let end: number
  for (let fresh = true; ; ) {
    yield
    if (fresh) record(time, energyOf(network, point.v, point.field), point.v)
    end = point.slope.every((x) => Math.abs(x) <= tolerance) ? 1 : 0
    if (end === 1 || steps === maxSteps) break
    steps++
    fresh = true
    let next = yield* stepFrom(network, plan, point, h)
    let longer = false
    const taken = h
    if (adaptive) {
      const half = yield* stepFrom(network, plan, point, h * 0.5)
      const middle = yield* new Point(half).evaluate(network)
      const finer = yield* stepFrom(network, plan, middle, h * 0.5)
      const errors = finer.map((x, i) => Math.abs(x - next[i]) * share)
      let moved = h * tolerance
      for (let i = 0; i < finer.length; i++) {
        const way = Math.abs(finer[i] - point.u[i])
        if (way > moved) moved = way
      }
      const allowed = Math.min(accuracy, moved * 0.25)
      if (!errors.every((error) => error <= allowed) && h > shortest) {
        h *= 0.5
        fresh = false
        continue
      }
      longer = errors.every((error) => error <= allowed * grows) && h < longest
      next = finer
    }
    if (!next.every((x) => Math.abs(x) <= LARGEST_POTENTIAL)) {
      end = 2
      break
    }
    time += taken
    if (longer) h *= 2
    point = yield* new Point(next).evaluate(network)
  }
  potentials.set(point.u)
  outputs.set(point.v)
  outcome[INTEGRATION.end] = end
  outcome[INTEGRATION.steps] = steps
  outcome[INTEGRATION.time] = time
  outcome[INTEGRATION.energy] = energyOf(network, point.v, point.field)
}

/** Row b of a batch. */
function runOne(b: number, ...work: Parameters<GradedKernels['integrate']>): Generator<void, void> {
  const [network, potentials, , plan, outputs, outcomes] = work
  const { neurons } = network
  const row = (all: Float64Array): Float64Array => all.subarray(b * neurons, (b + 1) * neurons)
  const outcome = outcomes.subarray(b * INTEGRATION.length, (b + 1) * INTEGRATION.length)
  return run(network, plan, row(potentials), row(outputs), outcome, () => {})
}

export function integrate(...work: Parameters<GradedKernels['integrate']>): void {
  const count = work[2]
  for (let b = 0; b < count; b++) atOnce(runOne(b, ...work))
}

export async function integrateAsync(...work: Parameters<GradedKernels['integrateAsync']>): Promise<void> {
  const [network, potentials, count, plan, outputs, outcomes, flag] = work
  function* each(): Generator<void, void> {
    for (let b = 0; b < count; b++) {
      yield* runOne(b, network, potentials, count, plan, outputs, outcomes)
      countDone(flag)
    }
  }
  await later(each(), () => stopped(flag))
}

export function integrateTraced(
  network: GradedNetwork,
  potentials: Float64Array,
  plan: IntegrationPlan,
  outputs: Float64Array,
  outcome: Float64Array,
  withStates: boolean,
): IntegrationTrace {
  const times: number[] = []
  const energies: number[] = []
  const states: Float64Array[] = []
  const record = (time: number, energy: number, v: Float64Array): void => {
    times.push(time)
    energies.push(energy)
    if (withStates) states.push(v)
  }
  atOnce(run(network, plan, potentials, outputs, outcome, record))
  const table = new Float64Array(states.length * network.neurons)
  for (const [k, v] of states.entries()) table.set(v, k * network.neurons)
  return { times: Float64Array.from(times), energies: Float64Array.from(energies), states: table }
}
