import { call, type Steps } from '../../async/steps.js'
import { GROUP } from '../../kernels/contract/kernels.js'
import type { Ising } from '../problems/ising-model.js'
import { acceptanceFor, beginReplicas, costOf, groupOf } from './replicas.js'
import type { Search } from './search.js'

/** The root mean square of what a variable feels in a random state, in the unit of the couplings; 1 where it feels nothing. */
export function felt(ising: Ising): number {
  let { squares } = ising.facts
  for (const b of ising.model.fields ?? []) squares += b * b
  return squares > 0 ? Math.sqrt(squares / ising.variables) : 1
}

/** Inverse temperatures at which energies are measured, and sweeps before each measurement. */
const POINTS = 40
const SWEEPS = 5
/** Replicas that are measured: many where they cost little more than one. */
const MANY = 64
const FEW = 8
/** Number of the group whose random words are drawn: no group of a solver has it. */
const GROUP_OF_TRIALS = 2 ** 42

/** How far inverse temperatures are from each other, measured by what energies fluctuate: its unit is a standard deviation. */
export interface ThermodynamicLength {
  /** From the first to the last β. */
  readonly total: number
  /** The β that has this part of the length before it, from 0 to 1. */
  at(part: number): number
}

/**
 * The thermodynamic length from one β to another, ∫ √(−dE/dβ) dβ (Salamon and Berry 1983), from a short annealing of replicas of their own.
 * Two neighbouring temperatures at a distance of √2 exchange a third of their states.
 */
export function* thermodynamicLength(
  search: Search,
  [from, to]: readonly [number, number],
): Steps<ThermodynamicLength> {
  const { ising, kernels, seed } = search
  const { memory } = ising
  const { fields } = ising.model
  const count = groupOf(ising) === GROUP ? MANY : FEW
  const acceptance = acceptanceFor(ising)
  const cost = costOf(kernels, memory, count)
  const now = yield* beginReplicas(search, 0, count)
  const quadratics = new Float64Array(count)
  const betas = Float64Array.from({ length: POINTS }, (_, k) => from * (to / from) ** (k / (POINTS - 1)))
  const lengths = new Float64Array(POINTS)
  let energy = 0
  for (const [k, beta] of betas.entries()) {
    if (search.over) break
    const plan = {
      betas: new Float64Array(SWEEPS).fill(beta),
      firstSweep: k * SWEEPS,
      seedLow: seed[0],
      seedHigh: seed[1],
      group: GROUP_OF_TRIALS,
      acceptance,
      externalField: fields,
    }
    yield* call(kernels, SWEEPS * cost, 'anneal', memory, plan, now, count)
    yield* call(kernels, cost, 'replicaQuadratics', memory, fields, now, count, quadratics)
    const mean = quadratics.reduce((sum, quadratic) => sum - quadratic / 2, 0) / count
    if (k > 0) {
      const fall = Math.max(0, energy - mean) * (beta - betas[k - 1])
      lengths[k] = lengths[k - 1] + Math.sqrt(fall)
    }
    energy = k > 0 ? Math.min(energy, mean) : mean
  }
  const total = lengths[POINTS - 1]
  return {
    total,
    at(part) {
      if (total === 0) return from * (to / from) ** part
      const wanted = part * total
      let k = 1
      while (k < POINTS - 1 && lengths[k] < wanted) k++
      const step = lengths[k] - lengths[k - 1]
      const share = step > 0 ? Math.min(Math.max((wanted - lengths[k - 1]) / step, 0), 1) : 1
      return betas[k - 1] * (betas[k] / betas[k - 1]) ** share
    },
  }
}
