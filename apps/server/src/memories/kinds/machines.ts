import { BoltzmannMachine, type CompletionBatchResult, RestrictedBoltzmannMachine } from 'hopfield-native'
import { Bits } from '../rows/bits.js'
import { Numbers, type Range } from '../rows/numbers.js'
import type { How, Recalls } from '../served-memory.js'
import { beside, byRow, kind, question, recalling } from './kind.js'

/** Steps of a completion, about. */
const STEPS = 100

const RANGES: Readonly<Record<RestrictedBoltzmannMachine['visibleUnits'], Range>> = {
  binary: { least: 0, most: 1 },
  bipolar: { least: -1, most: 1 },
  gaussian: { least: -1e6, most: 1e6 },
}

/** What machines do with cues: they complete them. */
function completing(
  { visible, hidden }: { readonly visible: number; readonly hidden: number },
  range: Range,
  work: () => number,
  complete: (
    cues: Float32Array,
    options: object,
    how: How,
  ) => CompletionBatchResult | Promise<CompletionBatchResult>,
) {
  const cue = Numbers.f32(visible, range)
  return recalling({
    cue,
    state: cue,
    also: { means: cue, hidden: Numbers.f32(hidden) },
    random: false,
    work,
    async run(rows, options, how): Promise<Recalls> {
      const found = await complete(cue.joined(rows), options, how)
      const row = (all: Float32Array, width: number, k: number) => all.subarray(k * width, (k + 1) * width)
      return {
        converged: found.converged,
        at: (k) => ({
          state: row(found.states, visible, k),
          converged: found.converged[k] === 1,
          sweeps: found.steps[k],
          more: { means: row(found.means, visible, k), hidden: row(found.hidden, hidden, k) },
        }),
      }
    },
  })
}

/** Visible and hidden units, each layer independent given the other. */
export const RESTRICTED = kind({
  Class: RestrictedBoltzmannMachine,
  facts: ['visible', 'hidden', 'visibleUnits', 'hiddenUnits'],
  questions: {
    recall: (memory) =>
      completing(
        memory,
        RANGES[memory.visibleUnits],
        () => STEPS * memory.visible * memory.hidden,
        (cues, options, how) =>
          how.here
            ? memory.recallBatch(cues, options)
            : memory.recallAsync(cues, { ...options, ...beside(how) }),
      ),
    'free-energy'(memory) {
      const cue = Numbers.f32(memory.visible, RANGES[memory.visibleUnits])
      return question({
        cue,
        work: () => memory.visible * memory.hidden,
        run: (rows, _, how) => byRow(rows, how, (row) => memory.freeEnergy(row)),
      })
    },
  },
})

/** ±1 units, all coupled. */
export const COUPLED = kind({
  Class: BoltzmannMachine,
  facts: ['visible', 'hidden'],
  questions: {
    recall: (memory) =>
      completing(
        memory,
        RANGES.bipolar,
        () => STEPS * (memory.visible + memory.hidden) ** 2,
        (cues, options, how) =>
          how.here
            ? memory.recallBatch(cues, options)
            : memory.recallAsync(cues, { ...options, ...beside(how) }),
      ),
    energy(memory) {
      // Of all units, visible ones first.
      const cue = new Bits(memory.visible + memory.hidden, -1)
      return question({
        cue,
        work: () => cue.width ** 2,
        run: (rows, _, how) => byRow(rows, how, (row) => memory.energy(cue.states([row]))),
      })
    },
  },
})
