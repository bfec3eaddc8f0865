import { DenseAssociativeMemory, HopfieldNetwork, type Interaction, randomPatterns } from 'hopfield-native'
import { exactly, share } from '../estimates.js'
import type { Lab } from '../lab.js'
import { average } from '../networks.js'
import type { Family, Row } from '../row.js'

/** Share of patterns that no asynchronous sweep changes: the first 100 of each memory. */
async function fixed(
  lab: Lab,
  neurons: number,
  count: number,
  interaction: Interaction,
  memories: number,
): Promise<number[]> {
  return lab.over(memories, async (seed) => {
    const patterns = randomPatterns({ neurons, count, seed })
    const memory = new DenseAssociativeMemory({ neurons, interaction })
    await memory.storeAsync(patterns, lab.limits)
    const cues = patterns.subarray(0, Math.min(count, 100) * neurons)
    const { flips } = await memory.recallAsync(cues, { maxSweeps: 1, seed, ...lab.limits })
    return average(Array.from(flips, (changed) => Number(changed === 0)))
  })
}

/** K_max = N^(n−1)/(2(2n − 3)!! ln N). */
function most(neurons: number, degree: number): number {
  let odd = 1
  for (let k = 2 * degree - 3; k > 1; k -= 2) odd *= k
  return neurons ** (degree - 1) / (2 * odd * Math.log(neurons))
}

function krotov(degree: number, neurons: number, times: number, value: number): Row {
  const count = Math.round(times * most(neurons, degree))
  return {
    id: `dense.krotov-${degree}-${times}`,
    claim: `with F = v^${degree} and ${times === 1 ? '' : 'half of '}K_max = ${count} patterns in ${neurons} neurons this share is stable`,
    source: 'Krotov and Hopfield 2016; measured by an independent program',
    published: { value, error: 'ours', rounding: 0.0005 },
    rule: 'equal within four standard errors; the source gives none of its own, so it is taken to be as large as ours',
    failure:
      'the source gives neither its standard error nor how many patterns it tried; with 200 of them the numbers are within three of its standard errors, and its 1 may be 200 of 200',
    async measure(lab) {
      const memories = lab.pick(100, 8)
      const values = await fixed(lab, neurons, count, { kind: 'polynomial', degree }, memories)
      return {
        ours: share(values),
        size: `N = ${neurons}, P = ${count}, ${memories} memories, 100 patterns each`,
      }
    },
  }
}

const demircigil: Row = {
  id: 'dense.demircigil',
  claim: 'with F = exp 2^(N/2) = 1024 patterns in 20 neurons are nearly all stable: this share',
  source: 'Demircigil et al. 2017; measured by an independent program',
  published: { value: 0.992, error: 'ours', rounding: 0.0005 },
  rule: 'equal within four standard errors; the source gives none of its own, so it is taken to be as large as ours',
  async measure(lab) {
    const memories = lab.pick(400, 40)
    const values = await fixed(lab, 20, 1024, { kind: 'exponential' }, memories)
    return { ours: share(values), size: `N = 20, P = 1024, ${memories} memories, 100 patterns each` }
  },
}

const quadratic: Row = {
  id: 'dense.degree-2',
  claim: 'degree 2 is the network of 1982: the same states, step by step, from the same random cues',
  source: 'Krotov and Hopfield 2016, section 2',
  published: { value: 0 },
  rule: 'exact: no neuron differs after any recall',
  async measure(lab) {
    const [neurons, count] = [200, 15]
    const values = await lab.over(lab.pick(200, 20), async (seed) => {
      const patterns = randomPatterns({ neurons, count, seed })
      const dense = new DenseAssociativeMemory({ neurons, interaction: { kind: 'polynomial', degree: 2 } })
      const classical = new HopfieldNetwork({ neurons })
      const cues = randomPatterns({ neurons, count: 20, seed: seed + (1n << 60n) })
      const ends: Int8Array[] = []
      for (const memory of [dense, classical]) {
        await memory.storeAsync(patterns, lab.limits)
        ends.push((await memory.recallAsync(cues, { seed, ...lab.limits })).states)
      }
      return average(Array.from(ends[0], (s, i) => Number(s !== ends[1][i])))
    })
    return {
      ours: exactly(Math.max(...values)),
      size: `N = ${neurons}, P = ${count}, ${values.length} networks, 20 cues each`,
    }
  },
}

const ball: Row = {
  id: 'dense.ball',
  claim: 'with a Hamming ball below the least distance every pattern is recalled alone and exactly',
  source: 'Hoover et al. 2025: every memory is a minimum iff β ≥ 2/d_min²',
  published: { value: 1 },
  rule: 'exact: every pattern is a fixed point at the radius that exactness() names, which is one less than the least distance',
  async measure(lab) {
    const [neurons, count] = [64, 200]
    const values = await lab.over(lab.pick(100, 10), async (seed) => {
      const patterns = randomPatterns({ neurons, count, seed })
      const measure = new DenseAssociativeMemory({
        neurons,
        interaction: { kind: 'epanechnikov', radius: 1 },
      })
      await measure.storeAsync(patterns, lab.limits)
      const { radius } = await measure.exactnessAsync(lab.limits)
      const memory = new DenseAssociativeMemory({ neurons, interaction: { kind: 'epanechnikov', radius } })
      await memory.storeAsync(patterns, lab.limits)
      const { flips, active } = await memory.recallAsync(patterns, { dynamics: 'synchronous', ...lab.limits })
      return average(Array.from(flips, (changed, mu) => Number(changed === 0 && active?.[mu] === 1)))
    })
    return {
      ours: exactly(Math.min(...values)),
      size: `N = ${neurons}, P = ${count}, ${values.length} memories`,
    }
  },
}

export const dense: Family = {
  title: 'Dense associative memories',
  rows: [
    krotov(3, 100, 0.5, 0.998),
    krotov(3, 100, 1, 0.878),
    krotov(4, 50, 0.5, 1),
    krotov(4, 50, 1, 0.89),
    demircigil,
    quadratic,
    ball,
  ],
}
