import { type InteractionMemory, OUTCOME, type RecallPlan } from '../../src/kernels/contract/kernels.js'
import { columnWords, rowWords } from '../../src/kernels/contract/layout.js'
import { typescriptKernels as kernels } from '../../src/kernels/reference/index.js'
import { bitsOf, digest, patterns, row } from './cases.js'

/** A memory whose patterns vote by tables, and one recall from it; see cases.ts. */
export interface InteractionCase {
  neurons: number
  count: number
  kind: 'random' | 'pairs'
  seed: number
  /**
   * 'cubic': F = v³. 'halving': relative, T[N − k] = 2^−k for k from −1 to 64 and 0 beyond, and β = ½: made without
   * exp, so that another language need not have one. 'ball': F = max(0, j − N + r), r = ⌊N/8⌋ but at least 1; then the cue is pattern 0
   * with every sixteenth neuron flipped.
   */
  table: 'cubic' | 'halving' | 'ball'
  fields: string
  quadratic: string
  dynamics: RecallPlan['dynamics']
  order: 'random' | 'cyclic' | 'random-site'
  tie: RecallPlan['tie']
  state: string
  sweeps: number
  flips: number
  cycle: number
  active: number
  energy: string
  traceEnergies: string
  traceOverlaps: string
  traceFlips: string
}

const SIZES: [neurons: number, count: number][] = [
  [1, 0], [1, 1], [2, 3], [7, 9], [33, 64], [66, 600], [100, 65], [130, 700], [257, 300], [513, 33], [129, 65], [192, 40], [256, 70],
] // biome-ignore format: a table

const ORDERS = ['random', 'cyclic', 'random-site'] as const
const TIES = ['positive', 'negative', 'keep'] as const

export function tablesOf(
  table: InteractionCase['table'],
  neurons: number,
): Pick<InteractionMemory, 'fields' | 'energies' | 'beta'> {
  const fields = new Float64Array(neurons + 2)
  if (table === 'halving') {
    for (let k = -1; k <= Math.min(neurons, 64); k++) fields[neurons - k] = 2 ** -k
    return { fields, energies: fields, beta: 0.5 }
  }
  const energies = new Float64Array(neurons + 1)
  for (let j = 0; j <= neurons; j++) {
    energies[j] = table === 'ball' ? Math.max(0, j - neurons + radiusOf(neurons)) : (2 * j - neurons) ** 3
    if (j > 0) fields[j] = energies[j] - energies[j - 1]
  }
  return { fields, energies, beta: 0 }
}

const radiusOf = (neurons: number): number => Math.max(1, Math.floor(neurons / 8))

export function makeInteractionCases(): InteractionCase[] {
  return SIZES.flatMap(([neurons, count], index) =>
    [0, 1, 2, 3, 4, 5, 6, 7, 8].map((variant) => makeCase(neurons, count, 2000 + index, variant)),
  )
}

function makeCase(neurons: number, count: number, seed: number, variant: number): InteractionCase {
  const kind = variant === 5 ? 'pairs' : 'random'
  const table = variant > 5 ? 'ball' : variant % 2 === 0 ? 'halving' : 'cubic'
  const rows = patterns(neurons, count, kind, seed)
  const columns = new Uint32Array(neurons * columnWords(count))
  kernels.transpose(rows, count, neurons, columns)
  const memory = { form: 'interaction', neurons, count, rows, columns, ...tablesOf(table, neurons) } as const
  const [a, b] = [row(neurons, seed, 2, 0), row(neurons, seed, 2, 1)]
  const cue = row(neurons, seed, 1, 0).map((w, k) => w ^ (a[k] & b[k]))
  if (table === 'ball' && count > 0) {
    cue.set(rows.subarray(0, cue.length))
    for (let i = 3; i < neurons; i += 16) cue[i >>> 5] ^= 1 << (i & 31)
  }
  const fields = new Float64Array(neurons)
  kernels.localFields(memory, cue, fields)
  const quadratic = new Float64Array(1)
  kernels.quadratics(memory, cue, 1, quadratic)
  const plan: RecallPlan = {
    dynamics: variant === 4 || variant === 7 ? 'synchronous' : 'asynchronous',
    order: ORDERS[variant % 3],
    tie: TIES[(variant >> 1) % 3],
    maxSweeps: 20,
    seedLow: seed,
    seedHigh: variant,
    stream: variant,
    streams: undefined,
    temperatures: undefined,
    firstSweep: 0,
    scale: 1,
    externalField: undefined,
    clamp: undefined,
  }
  const state = new Uint32Array(rowWords(neurons))
  const outcome = new Float64Array(OUTCOME.length)
  const trace = kernels.recallTraced(memory, cue, plan, state, outcome)
  return {
    neurons,
    count,
    kind,
    seed,
    table,
    fields: digest(fields),
    quadratic: bitsOf(quadratic[0]),
    dynamics: plan.dynamics,
    order: ORDERS[variant % 3],
    tie: plan.tie,
    state: digest(state),
    sweeps: outcome[OUTCOME.sweeps],
    flips: outcome[OUTCOME.flips],
    cycle: outcome[OUTCOME.cycle],
    active: outcome[OUTCOME.active],
    energy: bitsOf(outcome[OUTCOME.energy]),
    traceEnergies: digest(trace.energies),
    traceOverlaps: digest(trace.overlaps),
    traceFlips: digest(trace.flips),
  }
}
