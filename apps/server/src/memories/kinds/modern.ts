import { ModernHopfield } from 'hopfield-native'
import { Numbers } from '../rows/numbers.js'
import { Pairs } from '../rows/pairs.js'
import type { PairRow } from '../rows/row-format.js'
import {
  beside,
  changes,
  each,
  inOneCall,
  keyed,
  kind,
  neighbours,
  ONE_THREAD,
  question,
  recalling,
  slices,
} from './kind.js'

const rowsOf = (memory: ModernHopfield) => Numbers.f32(memory.dimension)
const workOf = (memory: ModernHopfield) => () => memory.dimension * memory.patternCount

/** Memories of real vectors. */
export const MODERN = kind({
  Class: ModernHopfield,
  facts: ['dimension', 'valueDimension', 'patternCount', 'beta', 'similarity', 'separator'],
  questions: {
    recall(memory) {
      const cue = rowsOf(memory)
      const width = memory.valueDimension
      return recalling({
        cue,
        state: Numbers.f32(width),
        also: {},
        random: false,
        work: workOf(memory),
        async run(rows, options, how) {
          const queries = cue.joined(rows)
          const result = how.here
            ? memory.recallBatch(queries, options)
            : await memory.recallAsync(queries, { ...options, ...beside(how) })
          const { states, converged, energies, steps, active } = result
          return {
            energies,
            converged,
            at: (k) => ({
              state: states.subarray(k * width, (k + 1) * width),
              converged: converged[k] === 1,
              energy: energies[k],
              sweeps: steps[k],
              more: { active: active[k] },
            }),
          }
        },
      })
    },
    nearest(memory) {
      const cue = rowsOf(memory)
      return question({
        cue,
        work: workOf(memory),
        async run(rows, { k }, { here }) {
          const queries = cue.joined(rows)
          const { indices, similarities, ids } = here
            ? memory.topBatch(queries, k as number)
            : await memory.topAsync(queries, k as number, ONE_THREAD)
          return neighbours(rows.length, indices, similarities, ids)
        },
      })
    },
    overlaps(memory) {
      const cue = rowsOf(memory)
      return inOneCall({
        cue,
        work: workOf(memory),
        states: (rows) => cue.joined(rows),
        now: (queries) => memory.overlapsBatch(queries),
        later: (queries, options) => memory.overlapsBatchAsync(queries, options),
        told: slices,
      })
    },
    energy(memory) {
      const cue = rowsOf(memory)
      return inOneCall({
        cue,
        work: workOf(memory),
        states: (rows) => cue.joined(rows),
        now: (states) => memory.energyBatch(states),
        later: (states, options) => memory.energyBatchAsync(states, options),
        told: each,
      })
    },
  },
  changes(memory) {
    const key = rowsOf(memory)
    if (!memory.hasValues) {
      return changes({
        pattern: key,
        store: (rows, ids) => memory.storeAsync(key.joined(rows), ids && { ids }),
        keyed: keyed(memory, (which, row: Float32Array) => memory.replace(which, row)),
      })
    }
    const value = Numbers.f32(memory.valueDimension)
    const side = (rows: readonly PairRow[], name: string) => rows.map((row) => row[name] as Float32Array)
    return changes({
      pattern: new Pairs({ key, value }, { either: false }),
      store: (rows, ids) =>
        memory.storeAsync(key.joined(side(rows, 'key')), value.joined(side(rows, 'value')), ids && { ids }),
      keyed: keyed(memory, (which, row: PairRow) =>
        memory.replace(which, row['key'] as Float32Array, row['value'] as Float32Array),
      ),
    })
  },
})
