import { RandomFeatureMemory } from 'hopfield-native'
import { F32, Numbers } from '../rows/numbers.js'
import { beside, changes, each, kind, ONE_THREAD, question, recalling } from './kind.js'

/** Features of a row, and steps of a recall, about. */
const STEPS = 100

/** Vectors of which the direction counts, or ±1. */
const rowsOf = ({ dimension, vectors }: RandomFeatureMemory) =>
  Numbers.f32(
    dimension,
    vectors === 'bipolar' ? { least: -1, most: 1, signs: true } : { ...F32, direction: true },
  )

/** Sums of random features. */
export const FEATURES = kind({
  Class: RandomFeatureMemory,
  facts: ['dimension', 'frequencies', 'vectorCount', 'beta', 'vectors'],
  count: (memory) => memory.vectorCount,
  questions: {
    recall(memory) {
      const cue = rowsOf(memory)
      const { dimension } = memory
      return recalling({
        cue,
        state: cue,
        also: {},
        random: false,
        work: STEPS * memory.frequencies,
        async run(rows, options, how) {
          const cues = cue.joined(rows)
          const result = how.here
            ? memory.recallBatch(cues, options)
            : await memory.recallAsync(cues, { ...options, ...beside(how) })
          const { states, converged, energies, steps } = result
          return {
            energies,
            converged,
            at: (k) => ({
              state: states.subarray(k * dimension, (k + 1) * dimension),
              converged: converged[k] === 1,
              energy: energies[k],
              sweeps: steps[k],
            }),
          }
        },
      })
    },
    energy(memory) {
      const cue = rowsOf(memory)
      return question({
        cue,
        work: memory.frequencies,
        async run(rows, _, { here }) {
          const states = cue.joined(rows)
          return each(here ? memory.energyBatch(states) : await memory.energyBatchAsync(states, ONE_THREAD))
        },
      })
    },
    density(memory) {
      const cue = rowsOf(memory)
      return question({
        cue,
        work: memory.frequencies,
        async run(rows, _, { here }) {
          const states = cue.joined(rows)
          return each(here ? memory.densityBatch(states) : await memory.densityBatchAsync(states, ONE_THREAD))
        },
      })
    },
  },
  changes(memory) {
    const pattern = rowsOf(memory)
    return changes({
      pattern,
      store: (rows) => memory.storeAsync(pattern.joined(rows)),
      take: (rows) => memory.forgetAsync(pattern.joined(rows)),
    })
  },
})
