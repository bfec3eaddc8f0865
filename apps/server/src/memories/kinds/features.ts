import { RandomFeatureMemory } from 'hopfield-native'
import { F32, Numbers } from '../rows/numbers.js'
import { beside, changes, each, inOneCall, kind, recalling } from './kind.js'

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
        work: () => STEPS * memory.frequencies,
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
      return inOneCall({
        cue,
        work: () => memory.frequencies,
        states: (rows) => cue.joined(rows),
        now: (states) => memory.energyBatch(states),
        later: (states, options) => memory.energyBatchAsync(states, options),
        told: each,
      })
    },
    density(memory) {
      const cue = rowsOf(memory)
      return inOneCall({
        cue,
        work: () => memory.frequencies,
        states: (rows) => cue.joined(rows),
        now: (states) => memory.densityBatch(states),
        later: (states, options) => memory.densityBatchAsync(states, options),
        told: each,
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
