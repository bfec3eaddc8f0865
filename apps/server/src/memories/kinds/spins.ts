import {
  type BatchResult,
  DenseAssociativeMemory,
  HopfieldNetwork,
  type PackedPatterns,
} from 'hopfield-native'
import { Bits } from '../rows/bits.js'
import type { Recalled } from '../served-memory.js'
import {
  beside,
  changes,
  each,
  inOneCall,
  type Kind,
  keyed,
  kind,
  neighbours,
  ONE_THREAD,
  question,
  recalling,
  slices,
} from './kind.js'

type Spins = HopfieldNetwork | DenseAssociativeMemory

const rowsOf = (memory: Spins) => new Bits(memory.neurons, -1)
const workOf = (memory: Spins) => () => memory.neurons * memory.patternCount

/** What the field of a neuron is summed of: patterns where weights are implicit, and otherwise neurons. */
function inputsOf(memory: Spins): number {
  const implicit = memory instanceof DenseAssociativeMemory || memory.learning === 'hebbian'
  return implicit ? memory.patternCount : memory.neurons
}

/** Results of a batch, with the states as bytes. */
interface Batch {
  readonly of: BatchResult<PackedPatterns>
  /** Bytes of a state. */
  readonly bytes: number
  readonly states: Uint8Array
  readonly alternates: Uint8Array | undefined
}

/** One recall of a batch. A class, since a literal with a getter is made ten times as slowly. */
class Ended implements Recalled {
  readonly converged: boolean
  readonly energy: number
  readonly sweeps: number
  readonly #batch: Batch
  readonly #k: number

  constructor(batch: Batch, k: number) {
    this.converged = batch.of.converged[k] === 1
    this.energy = batch.of.energies[k]
    this.sweeps = batch.of.sweeps[k]
    this.#batch = batch
    this.#k = k
  }

  get state(): Uint8Array {
    const { states, bytes } = this.#batch
    return states.subarray(this.#k * bytes, (this.#k + 1) * bytes)
  }

  /** Packed answers have no place for it. */
  get more(): Readonly<Record<string, unknown>> {
    const { of, alternates, bytes } = this.#batch
    const { flips, cycles, active } = of
    const k = this.#k
    return {
      flips: flips[k],
      cycle: cycles[k],
      ...(alternates && cycles[k] === 2 && { alternate: alternates.subarray(k * bytes, (k + 1) * bytes) }),
      ...(active && { active: active[k] }),
    }
  }
}

/** Networks of ±1 neurons. */
const SPINS: Omit<Kind<Spins>, 'Class'> = {
  facts: ['neurons', 'patternCount', 'alpha'],
  questions: {
    recall(memory) {
      const cue = rowsOf(memory)
      return recalling({
        cue,
        state: cue,
        also: { alternate: cue },
        random: true,
        work: () => memory.neurons * inputsOf(memory),
        async run(rows, options, how) {
          const given = { ...options, packed: true, streams: how.streams } as const
          const cues = cue.states(rows)
          const result: BatchResult<PackedPatterns> = how.here
            ? memory.recallBatch(cues, given)
            : await memory.recallAsync(cues, { ...given, ...beside(how) })
          const { energies, converged } = result
          const batch = {
            of: result,
            bytes: cue.bytes,
            states: result.states.toBytes(),
            alternates: result.alternates?.toBytes(),
          }
          return { energies, converged, at: (k) => new Ended(batch, k) }
        },
      })
    },
    nearest(memory) {
      const cue = rowsOf(memory)
      return question({
        cue,
        work: workOf(memory),
        async run(rows, { k }, { here }) {
          const asked = { k: k as number }
          const states = cue.states(rows)
          const { indices, overlaps, ids } = here
            ? memory.nearest(states, asked)
            : await memory.nearestAsync(states, { ...asked, ...ONE_THREAD })
          return neighbours(rows.length, indices, overlaps, ids)
        },
      })
    },
    overlaps(memory) {
      const cue = rowsOf(memory)
      return inOneCall({
        cue,
        work: workOf(memory),
        states: (rows) => cue.states(rows),
        now: (states) => memory.overlapsBatch(states),
        later: (states, options) => memory.overlapsBatchAsync(states, options),
        told: slices,
      })
    },
    energy(memory) {
      const cue = rowsOf(memory)
      return inOneCall({
        cue,
        work: workOf(memory),
        states: (rows) => cue.states(rows),
        now: (states) => memory.energyBatch(states),
        later: (states, options) => memory.energyBatchAsync(states, options),
        told: each,
      })
    },
  },
  changes(memory) {
    const pattern = rowsOf(memory)
    return changes({
      pattern,
      store: (rows, ids) => memory.storeAsync(pattern.states(rows), ids && { ids }),
      keyed: keyed(memory, (which, row: Uint8Array) => memory.replace(which, pattern.states([row]))),
    })
  },
}

export const HOPFIELD = kind({ Class: HopfieldNetwork, ...SPINS } as Kind<HopfieldNetwork>)
export const DENSE = kind({ Class: DenseAssociativeMemory, ...SPINS } as Kind<DenseAssociativeMemory>)
