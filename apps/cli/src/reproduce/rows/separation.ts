import { Expansion, expansionOverlap, randomCodes, SparseAssociativeMemory } from 'hopfield-native'
import { separationCurve } from 'hopfield-native/experiments'
import { against, points, theory } from '../draw.js'
import { about, difference, extrapolated, mean } from '../estimates.js'
import type { Lab } from '../lab.js'
import type { Estimate, Family, Row } from '../row.js'

const [NEURONS, ACTIVE, SOURCES] = [200, 20, 20]

/** Share of winners that two inputs have in common, by the share of their active neurons that they have. */
async function separated(
  lab: Lab,
  outputs: number,
  overlaps: readonly number[],
  networks: number,
): Promise<Estimate[]> {
  const { overlap } = await separationCurve({
    neurons: NEURONS,
    active: ACTIVE,
    outputs,
    sources: SOURCES,
    winners: outputs / 50,
    overlaps: [...overlaps],
    networks,
    // Other networks for each number of outputs: errors of a line through them take them as independent.
    seed: lab.seed + BigInt(outputs),
    ...lab.limits,
  })
  return Array.from(overlap.mean, (m, k) => about(m, overlap.standardError[k]))
}

function expected(share: number): number {
  return expansionOverlap({
    neurons: NEURONS,
    active: ACTIVE,
    shared: Math.round(share * ACTIVE),
    sources: SOURCES,
    activity: 0.02,
  })
}

function output(share: number): Row {
  return {
    id: `separation.overlap-${share}`,
    claim: `two inputs that share ${100 * share} % of their active neurons share this much of their winners`,
    source:
      'Marr 1971; Treves and Rolls 1992; computed: hypergeometric counts and their ties, many output units',
    published: { value: expected(share) },
    rule: 'the formula has M → ∞ output units; in both codes the last winners are those of lowest index among equals, up to places that differ by about √M: M = 2000, 4000, 8000, a straight line in 1/√M; its value at 0 within four standard errors',
    async measure(lab) {
      const sizes = lab.pick([2000, 4000, 8000], [500, 1000])
      const networks = lab.pick(60, 10)
      const found: { x: number; y: Estimate }[] = []
      for (const outputs of sizes) {
        const [y] = await separated(lab, outputs, [share], networks)
        found.push({ x: 1 / Math.sqrt(outputs), y })
      }
      return {
        ours: extrapolated(found),
        size: `N = 200, 20 active, M = ${sizes.join(', ')}, 2 % winners, ${networks} networks`,
      }
    },
  }
}

const apart: Row = {
  id: 'separation.apart',
  claim: 'expansion with few winners pulls inputs apart: of two that share 75 % the codes share less',
  source: 'Marr 1971; Treves and Rolls 1992',
  published: { value: 0.75, relation: 'at most' },
  rule: 'the share of winners in common and four standard errors below .75',
  async measure(lab) {
    const networks = lab.pick(60, 10)
    const shares = [0, 0.1, 0.25, 0.4, 0.5, 0.6, 0.75, 0.9, 1]
    const found = await separated(lab, 2000, shares, networks)
    return {
      ours: found[6],
      size: `N = 200, 20 active, M = 2000, 40 winners, ${networks} networks`,
      figure: against(
        'Pattern separation by expansion',
        'share of active inputs in common',
        'share of winners in common',
        [
          points('M = 2000', shares, found),
          theory('theory, M → ∞', shares, expected),
          { label: 'no separation', x: [0, 1], y: [0, 1], kind: 'line' },
        ],
      ),
    }
  },
}

/** The active units of each code. */
function unitsOf(codes: Uint8Array): number[][] {
  return Array.from({ length: codes.length / NEURONS }, (_, mu) =>
    Array.from({ length: NEURONS }, (_, i) => i).filter((i) => codes[mu * NEURONS + i] === 1),
  )
}

/** So many units of one code, the others of another one, beginning anywhere. */
function blend(one: readonly number[], other: readonly number[], kept: number, turn: number): number[] {
  const turned = one.map((_, k) => one[(k + turn) % one.length]).slice(0, kept)
  return [...turned, ...other.filter((i) => !turned.includes(i)).slice(0, ACTIVE - kept)]
}

const completion: Row = {
  id: 'separation.completion',
  claim:
    'completing separated codes recalls inputs that are too alike to be completed as they are (DG before CA3)',
  source: 'Marr 1971; Treves and Rolls 1992; O’Reilly and McClelland 1994',
  published: { value: 0, relation: 'at least' },
  rule: 'share of cues with two of 20 neurons wrong whose stored code is completed exactly, with expansion less without: above zero by four standard errors',
  async measure(lab) {
    const [kinds, each] = [10, 10]
    const rates: [expanded: number[], plain: number[]] = [[], []]
    await lab.over(lab.pick(40, 6), async (seed) => {
      const [prototypes, others, wrong] = [kinds, kinds * each, kinds * each].map((count, k) =>
        unitsOf(randomCodes({ neurons: NEURONS, active: ACTIVE, count, seed: seed + (BigInt(k) << 58n) })),
      )
      // Inputs of one kind share at least some of its twelve neurons.
      const inputs = others.map((other, mu) => ({ active: blend(prototypes[mu % kinds], other, 12, mu) }))
      const cues = inputs.map(({ active }, mu) => ({ active: blend(active, wrong[mu], ACTIVE - 2, mu + 7) }))
      const expansion = new Expansion({
        neurons: NEURONS,
        outputs: 2000,
        sources: SOURCES,
        winners: 40,
        units: 'binary',
        seed,
      })
      for (const [k, made] of [
        (some: typeof inputs) => some.map((code) => ({ active: Array.from(expansion.expand(code).active) })),
        (some: typeof inputs) => some,
      ].entries()) {
        const [neurons, winners] = k === 0 ? [2000, 40] : [NEURONS, ACTIVE]
        const codes = made(inputs)
        const memory = new SparseAssociativeMemory({ neurons, rule: 'willshaw' })
        await memory.storeAsync(codes, lab.limits)
        const ends = await memory.recallAsync(made(cues), { winners, maxSteps: 20, ...lab.limits })
        const right = codes.filter(({ active }, mu) => {
          const end = new Set(ends.active(mu))
          return active.every((unit) => end.has(unit))
        })
        rates[k].push(right.length / codes.length)
      }
      return 0
    })
    return {
      ours: difference(mean(rates[0]), mean(rates[1])),
      size: `100 inputs of ten kinds, N = 200, M = 2000, ${rates[0].length} networks`,
    }
  },
}

export const separation: Family = {
  title: 'Pattern separation before completion',
  rows: [output(0.25), output(0.5), output(0.75), apart, completion],
}
