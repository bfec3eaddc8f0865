import { BidirectionalMemory } from 'hopfield-native'
import { Bits } from '../rows/bits.js'
import { Pairs } from '../rows/pairs.js'
import type { PairRow } from '../rows/row-format.js'
import { beside, byRow, changes, keyed, kind, question, recalling } from './kind.js'

const sidesOf = (memory: BidirectionalMemory) => ({
  x: new Bits(memory.inputs, -1),
  y: new Bits(memory.outputs, -1),
})
const workOf = (memory: BidirectionalMemory) => () => (memory.inputs + memory.outputs) * memory.patternCount

/** Pairs of ±1 states, of which either recalls the other. */
export const BIDIRECTIONAL = kind({
  Class: BidirectionalMemory,
  facts: ['inputs', 'outputs', 'patternCount'],
  questions: {
    recall(memory) {
      const { x, y } = sidesOf(memory)
      const states = (row: PairRow) => ({
        ...(row['x'] && { x: x.states([row['x'] as Uint8Array]) }),
        ...(row['y'] && { y: y.states([row['y'] as Uint8Array]) }),
      })
      return recalling({
        cue: new Pairs({ x, y }, { either: true }),
        state: new Pairs({ x, y }, { either: false }),
        also: {},
        random: false,
        work: workOf(memory),
        async run(rows, options, how) {
          const given = { ...options, packed: true } as const
          const cues = rows.map(states)
          const result = how.here
            ? memory.recallBatch(cues, given)
            : await memory.recallAsync(cues, { ...given, ...beside(how) })
          const { converged, energies, steps } = result
          const [xs, ys] = [result.xs.toBytes(), result.ys.toBytes()]
          return {
            energies,
            converged,
            at: (k) => ({
              state: {
                x: xs.subarray(k * x.bytes, (k + 1) * x.bytes),
                y: ys.subarray(k * y.bytes, (k + 1) * y.bytes),
              },
              converged: converged[k] === 1,
              energy: energies[k],
              sweeps: steps[k],
            }),
          }
        },
      })
    },
    overlaps(memory) {
      const { x, y } = sidesOf(memory)
      return question({
        cue: new Pairs({ x, y }, { either: true }),
        work: workOf(memory),
        run: (rows, _, how) =>
          byRow(rows, how, (row) =>
            memory.overlaps({
              ...(row['x'] && { x: x.states([row['x'] as Uint8Array]) }),
              ...(row['y'] && { y: y.states([row['y'] as Uint8Array]) }),
            }),
          ),
      })
    },
    energy(memory) {
      const { x, y } = sidesOf(memory)
      return question({
        cue: new Pairs({ x, y }, { either: false }),
        work: workOf(memory),
        run: (rows, _, how) =>
          byRow(rows, how, (row) =>
            memory.energy(x.states([row['x'] as Uint8Array]), y.states([row['y'] as Uint8Array])),
          ),
      })
    },
  },
  changes(memory) {
    const { x, y } = sidesOf(memory)
    const xs = (rows: readonly PairRow[]) => x.states(rows.map((row) => row['x'] as Uint8Array))
    const ys = (rows: readonly PairRow[]) => y.states(rows.map((row) => row['y'] as Uint8Array))
    return changes({
      pattern: new Pairs({ x, y }, { either: false }),
      store: (rows, ids) => memory.storeAsync(xs(rows), ys(rows), ids && { ids }),
      keyed: keyed(memory, (which, row: PairRow) => memory.replace(which, xs([row]), ys([row]))),
    })
  },
})
