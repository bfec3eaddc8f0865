import { ContinuousHopfield } from 'hopfield-native'
import { Bits } from '../rows/bits.js'
import { Numbers, type Range } from '../rows/numbers.js'
import { beside, byRow, changes, keyed, kind, question, recalling } from './kind.js'

const POTENTIALS: Range = { least: -1e100, most: 1e100 }

/** Of outputs; the ends of their range are allowed. */
const outputsOf = ({ activation }: ContinuousHopfield): Range => ({
  least: activation === 'tanh' ? -1 : 0,
  most: 1,
})

/** Passes over the weights of a recall, about. */
const PASSES = 2000

/** Networks of graded neurons. */
export const CONTINUOUS = kind({
  Class: ContinuousHopfield,
  facts: ['neurons', 'patternCount', 'alpha', 'activation', 'gain', 'timeConstant'],
  questions: {
    recall(memory) {
      const { neurons } = memory
      const cue = Numbers.f64(neurons, POTENTIALS)
      return recalling({
        cue,
        state: cue,
        also: { potentials: cue },
        random: false,
        work: () => PASSES * neurons ** 2,
        check(rows, { from = 'outputs' }) {
          if (from === 'potentials') return
          for (const [k, row] of rows.entries()) {
            cue.check(rows.length === 1 ? 'cue' : `cues[${k}]`, row, outputsOf(memory))
          }
        },
        async run(rows, options, how) {
          const cues = cue.joined(rows)
          const result = how.here
            ? memory.recallBatch(cues, options)
            : await memory.recallAsync(cues, { ...options, ...beside(how) })
          const { states, potentials, converged, diverged, energies, steps, times } = result
          const row = (all: Float64Array, k: number) => all.subarray(k * neurons, (k + 1) * neurons)
          return {
            energies,
            converged,
            at: (k) => ({
              state: row(states, k),
              converged: converged[k] === 1,
              energy: energies[k],
              sweeps: steps[k],
              more: { potentials: row(potentials, k), diverged: diverged[k] === 1, time: times[k] },
            }),
          }
        },
      })
    },
    overlaps(memory) {
      return question({
        cue: Numbers.f64(memory.neurons, outputsOf(memory)),
        work: () => memory.neurons * memory.patternCount,
        run: (rows, _, how) => byRow(rows, how, (row) => memory.overlaps(row)),
      })
    },
    energy(memory) {
      return question({
        cue: Numbers.f64(memory.neurons, outputsOf(memory)),
        work: () => memory.neurons ** 2,
        run: (rows, _, how) => byRow(rows, how, (row) => memory.energy(row)),
      })
    },
  },
  changes(memory) {
    const pattern = new Bits(memory.neurons, -1)
    return changes({
      pattern,
      store: (rows, ids) => memory.storeAsync(pattern.states(rows), ids && { ids }),
      keyed: keyed(memory, (which, row: Uint8Array) => memory.replace(which, pattern.states([row]))),
    })
  },
})
