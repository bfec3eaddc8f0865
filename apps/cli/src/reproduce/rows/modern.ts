import { ModernHopfield, randomPatterns } from 'hopfield-native'
import { exactly } from '../estimates.js'
import { average } from '../networks.js'
import type { Family, Row } from '../row.js'

const KEYS = [
  [1, 0, 0, 1],
  [0, 1, 0, 1],
  [0, 0, 1, 1],
]
const QUERY = [0.9, 0.1, 0, 0.8]

/** A memory of the three vectors that every report of the update can be compared on. */
function example(): ModernHopfield {
  return new ModernHopfield({ dimension: 4, beta: 4 }).store(KEYS)
}

function update(id: string, claim: string, value: number, ours: (memory: ModernHopfield) => number): Row {
  return {
    id: `modern.${id}`,
    claim,
    source: 'Ramsauer et al. 2021, equations 2 and 3; computed in f64',
    published: { value, rounding: 1e-6 },
    rule: 'within 1e-6: keys are kept in f32, and .9 and .1 are none',
    async measure() {
      return { ours: exactly(ours(example())), size: 'M = 3, d = 4, β = 4' }
    },
  }
}

/** Normal numbers of Box and Muller, from bits of random patterns. */
function gaussian(count: number, seed: bigint): Float32Array {
  const bits = randomPatterns({ neurons: 32, count: 2 * count, seed })
  const uniform = (k: number): number => {
    let x = 0
    for (let i = 0; i < 32; i++) x = x / 2 + (bits[k * 32 + i] > 0 ? 0.5 : 0)
    return x + 2 ** -33
  }
  return Float32Array.from(
    { length: count },
    (_, k) => Math.sqrt(-2 * Math.log(uniform(2 * k))) * Math.cos(2 * Math.PI * uniform(2 * k + 1)),
  )
}

const bound: Row = {
  id: 'modern.bound',
  claim:
    'the retrieval error stays below 2(M−1)·exp(−β(Δ − 2 max(‖ξ−x‖, ‖x*−x‖)·max‖x‖))·max‖x‖: the largest quotient of the two',
  source: 'Ramsauer et al. 2021, theorem 4',
  published: { value: 1, relation: 'at most' },
  rule: 'exact bound: no quotient of any query above 1',
  async measure(lab) {
    const [dimension, count] = [32, 20]
    const quotients = await lab.over(lab.pick(500, 50), (seed) => {
      const keys = gaussian(count * dimension, seed)
      const memory = new ModernHopfield({ dimension, beta: 1 }).store(keys)
      const noise = gaussian(dimension, seed + (1n << 60n))
      const key = keys.subarray(0, dimension)
      const query = key.map((x, i) => x + 0.05 * noise[i])
      const { state } = memory.recall(query)
      const error = Math.hypot(...state.map((x, i) => x - key[i]))
      return error / memory.retrievalErrorBound(0, query)
    })
    return {
      ours: exactly(Math.max(...quotients)),
      size: `M = ${count}, d = ${dimension}, β = 1, ${quotients.length} memories`,
    }
  },
}

const exact: Row = {
  id: 'modern.exact',
  claim:
    'at the least β that the separation of the vectors allows, sparsemax, entmax and Epanechnikov recall every vector to its last bit',
  source: 'Martins and Astudillo 2016; Peters, Niculae and Martins 2019; Hoover et al. 2025',
  published: { value: 1 },
  rule: 'exact: every vector of every memory, at 1.0001 times that β',
  async measure(lab) {
    const [dimension, count] = [24, 50]
    const values = await lab.over(lab.pick(100, 10), (seed) => {
      const keys = gaussian(count * dimension, seed)
      const shares = (['sparsemax', 'entmax15', 'epanechnikov'] as const).map((separation) => {
        const similarity = 'euclidean' as const
        const made = (beta: number): ModernHopfield =>
          new ModernHopfield({ dimension, beta, separation, similarity }).store(keys)
        const memory = made(made(1).exactness().beta * 1.0001)
        const { states } = memory.recallBatch(keys)
        return average(Array.from(keys, (x, i) => Number(x === states[i])))
      })
      return Math.min(...shares)
    })
    return {
      ours: exactly(Math.min(...values)),
      size: `M = ${count}, d = ${dimension}, ${values.length} memories, Euclidean similarity`,
    }
  },
}

export const modern: Family = {
  title: 'Modern Hopfield networks',
  rows: [
    update(
      'update',
      'one update of the query (.9, .1, 0, .8) moves its first component here',
      0.936254261252643,
      (memory) => memory.recall(QUERY).state[0],
    ),
    update('energy-before', 'the energy of the query before the update', 0.28818602397793414, (memory) =>
      memory.energy(QUERY),
    ),
    update(
      'energy-after',
      'the energy of the query after one update',
      0.26465976851982687,
      (memory) => memory.recall(QUERY).energy,
    ),
    bound,
    exact,
  ],
}
