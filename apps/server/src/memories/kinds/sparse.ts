import { SparseAssociativeMemory } from 'hopfield-native'
import { Bits } from '../rows/bits.js'
import { Pairs } from '../rows/pairs.js'
import type { PairRow } from '../rows/row-format.js'
import { beside, changes, keyed, kind, recalling } from './kind.js'

/** Memories of sparse 0/1 codes. */
export const SPARSE = kind({
  Class: SparseAssociativeMemory,
  facts: ['neurons', 'outputs', 'patternCount', 'alpha', 'fill'],
  questions: {
    recall(memory) {
      const cue = new Bits(memory.neurons, 0)
      const state = new Bits(memory.outputs, 0)
      return recalling({
        cue,
        state,
        also: {},
        random: false,
        work: () => memory.neurons * memory.outputs,
        async run(rows, options, how) {
          const given = { ...options, packed: true } as const
          const cues = cue.codes(rows)
          const result = how.here
            ? memory.recallBatch(cues, given)
            : await memory.recallAsync(cues, { ...given, ...beside(how) })
          const states = result.states.toBytes()
          const { converged, steps } = result
          return {
            converged,
            at: (k) => ({
              state: states.subarray(k * state.bytes, (k + 1) * state.bytes),
              converged: converged[k] === 1,
              sweeps: steps[k],
              more: { active: Array.from(result.active(k)) },
            }),
          }
        },
      })
    },
  },
  changes(memory) {
    const code = new Bits(memory.neurons, 0)
    if (!memory.hasValues) {
      return changes({
        pattern: code,
        store: (rows, ids) => memory.storeAsync(code.codes(rows), ids && { ids }),
        keyed: keyed(memory, (which, row: Uint8Array) => memory.replace(which, code.codes([row])[0])),
      })
    }
    const output = new Bits(memory.outputs, 0)
    const inputs = (rows: readonly PairRow[]) => code.codes(rows.map((row) => row['input'] as Uint8Array))
    const outputs = (rows: readonly PairRow[]) => output.codes(rows.map((row) => row['output'] as Uint8Array))
    return changes({
      pattern: new Pairs({ input: code, output }, { either: false }),
      store: (rows, ids) => memory.storeAsync(inputs(rows), outputs(rows), ids && { ids }),
      keyed: keyed(memory, (which, row: PairRow) =>
        memory.replace(which, inputs([row])[0], outputs([row])[0]),
      ),
    })
  },
})
