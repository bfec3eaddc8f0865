import { BidirectionalMemory, bipolar, randomPatterns } from 'hopfield-native'
import { exactly, share } from '../estimates.js'
import { average } from '../networks.js'
import type { Family, Row } from '../row.js'

const kosko: Row = {
  id: 'bidirectional.example',
  claim: 'both pairs of Kosko’s example have the energy −6',
  source: 'Kosko 1988, section III',
  published: { value: -6 },
  rule: 'exact: an integer, of both pairs',
  async measure() {
    const xs = ['#.#.#.', '###...'].map((row) => bipolar(row))
    const ys = ['##..', '#.#.'].map((row) => bipolar(row))
    const memory = new BidirectionalMemory({ inputs: 6, outputs: 4 }).store(xs, ys)
    // The paper's energy is of 0/1 pairs with ±1 weights: −AMBᵀ.
    const weights = memory.weights()
    const energies = xs.map((x, mu) => {
      let sum = 0
      for (let i = 0; i < 6; i++)
        for (let j = 0; j < 4; j++) if (x[i] > 0 && ys[mu][j] > 0) sum -= weights[i * 4 + j]
      return sum
    })
    return {
      ours: { value: average(energies), low: Math.min(...energies), high: Math.max(...energies) },
      size: 'two pairs of 6 and 4 units',
    }
  },
}

const stable: Row = {
  id: 'bidirectional.stable',
  claim: 'every matrix is bidirectionally stable: all recalls come to rest',
  source: 'Kosko 1988, theorem',
  published: { value: 1 },
  rule: 'exact: every recall from a random cue converges, also far beyond capacity',
  async measure(lab) {
    const values = await lab.over(lab.pick(500, 50), async (seed) => {
      const [inputs, outputs, count] = [100, 60, 80]
      const memory = new BidirectionalMemory({ inputs, outputs })
      const more = seed + (1n << 60n)
      await memory.storeAsync(
        randomPatterns({ neurons: inputs, count, seed }),
        randomPatterns({ neurons: outputs, count, seed: more }),
        lab.limits,
      )
      const xs = randomPatterns({ neurons: inputs, count: 100, seed: more })
      return average((await memory.recallAsync({ xs }, { maxSteps: 10_000, ...lab.limits })).converged)
    })
    return {
      ours: exactly(Math.min(...values)),
      size: `100 and 60 units, 80 pairs, ${values.length} memories`,
    }
  },
}

const few: Row = {
  id: 'bidirectional.capacity',
  claim: 'min(n, m)/(4 ln min(n, m)) pairs are recalled from one side without an error in most cases',
  source: 'Kosko 1988; Haines and Hecht-Nielsen 1988',
  published: { value: 0.9, relation: 'at least' },
  rule: 'share of stored x that recall their pair exactly, n = m = 500, 20 pairs: at least .9 with its interval',
  async measure(lab) {
    const [units, count] = [500, 20]
    const values = await lab.over(lab.pick(300, 30), async (seed) => {
      const memory = new BidirectionalMemory({ inputs: units, outputs: units })
      const xs = randomPatterns({ neurons: units, count, seed })
      const ys = randomPatterns({ neurons: units, count, seed: seed + (1n << 60n) })
      await memory.storeAsync(xs, ys, lab.limits)
      const ends = await memory.recallAsync({ xs }, lab.limits)
      const exact = Array.from({ length: count }, (_, mu) =>
        Number(ys.subarray(mu * units, (mu + 1) * units).every((y, i) => y === ends.ys[mu * units + i])),
      )
      return average(exact)
    })
    return { ours: share(values), size: `500 and 500 units, 20 pairs, ${values.length} memories` }
  },
}

export const bidirectional: Family = { title: 'Bidirectional memory', rows: [kosko, stable, few] }
