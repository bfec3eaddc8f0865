import { randomCodes, SparseAssociativeMemory, willshawFill } from 'hopfield-native'
import { exactly, mean } from '../estimates.js'
import type { Lab } from '../lab.js'
import { average } from '../networks.js'
import type { Family, Row } from '../row.js'

const UNITS = 1000

interface Recalled {
  /** Share of synapses set; 0 for rules without. */
  readonly fill: number
  /** Share of stored units that are missing, and of other units that are there. */
  readonly missing: number
  readonly false: number
}

/** Recalls 100 codes from themselves. */
async function recalled(
  lab: Lab,
  seed: bigint,
  { active, count, rule }: { active: number; count: number; rule: 'willshaw' | 'tsodyks-feigelman' },
): Promise<Recalled> {
  const chosen = rule === 'willshaw' ? rule : { kind: rule, activity: active / UNITS }
  const memory = new SparseAssociativeMemory({ neurons: UNITS, rule: chosen })
  const codes = randomCodes({ neurons: UNITS, active, count, seed })
  await memory.storeAsync(codes, lab.limits)
  const cues = codes.subarray(0, 100 * UNITS)
  const { states } = await memory.recallAsync(cues, lab.limits)
  let [missing, wrong] = [0, 0]
  for (let i = 0; i < cues.length; i++) {
    if (cues[i] === 1 && states[i] === 0) missing++
    if (cues[i] === 0 && states[i] === 1) wrong++
  }
  return {
    fill: memory.fill ?? 0,
    missing: missing / (100 * active),
    false: wrong / (100 * (UNITS - active)),
  }
}

const WILLSHAW = { active: 10, count: 6931, rule: 'willshaw' } as const
const TSODYKS = { active: 50, count: 200, rule: 'tsodyks-feigelman' } as const

const size = (networks: number, { active, count }: { active: number; count: number }): string =>
  `n = ${UNITS}, ${active} active, ${count} codes, ${networks} memories`

const fill: Row = {
  id: 'sparse.willshaw-fill',
  claim: '6931 codes of 10 of 1000 units set this share of synapses',
  source: 'Willshaw, Buneman and Longuet-Higgins 1969: 1 − (1 − k(k−1)/(n(n−1)))^M',
  published: { value: 0.4644, rounding: 0.00005 },
  rule: 'equal within four standard errors and half of the last digit',
  async measure(lab) {
    const values = await lab.over(lab.pick(40, 6), async (seed) => (await recalled(lab, seed, WILLSHAW)).fill)
    return { ours: mean(values), size: size(values.length, WILLSHAW) }
  },
}

const never: Row = {
  id: 'sparse.willshaw-missing',
  claim: 'a unit of a stored code is never missing in what the whole code recalls',
  source: 'Willshaw, Buneman and Longuet-Higgins 1969',
  published: { value: 0 },
  rule: 'exact: none in any recall',
  async measure(lab) {
    const values = await lab.over(
      lab.pick(40, 6),
      async (seed) => (await recalled(lab, seed, WILLSHAW)).missing,
    )
    return { ours: exactly(average(values)), size: size(values.length, WILLSHAW) }
  },
}

const spurious: Row = {
  id: 'sparse.willshaw-false',
  claim:
    'a unit that is not in the code is recalled with probability p₁^k, p₁ being the share of synapses set',
  source: 'Willshaw, Buneman and Longuet-Higgins 1969; computed',
  published: {
    value:
      willshawFill({ neurons: UNITS, active: WILLSHAW.active, patterns: WILLSHAW.count }) ** WILLSHAW.active,
    relation: 'at least',
  },
  rule: 'synapses of a unit are set together, so the power is a lower bound (Jensen’s inequality over units): ours less four standard errors above it',
  async measure(lab) {
    const values = await lab.over(
      lab.pick(60, 10),
      async (seed) => (await recalled(lab, seed, WILLSHAW)).false,
    )
    return { ours: mean(values), size: size(values.length, WILLSHAW) }
  },
}

function tsodyks(what: 'hits' | 'false'): Row {
  return {
    id: `sparse.tsodyks-feigelman-${what}`,
    claim:
      what === 'hits'
        ? 'by the covariance rule 200 codes of 50 of 1000 units are recalled with more than .99 of their units'
        : 'by the covariance rule fewer than one in 1000 of the other units are recalled',
    source: 'Tsodyks and Feigelman 1988; measured by an independent program',
    published: what === 'hits' ? { value: 0.99, relation: 'at least' } : { value: 1e-3, relation: 'at most' },
    rule: 'mean and four standard errors on the right side of the bound',
    async measure(lab) {
      const values = await lab.over(lab.pick(100, 10), async (seed) => {
        const { missing, false: wrong } = await recalled(lab, seed, TSODYKS)
        return what === 'hits' ? 1 - missing : wrong
      })
      return { ours: mean(values), size: size(values.length, TSODYKS) }
    },
  }
}

export const sparse: Family = {
  title: 'Sparse codes',
  rows: [fill, never, spurious, tsodyks('hits'), tsodyks('false')],
}
