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
import { LONGEST_STATE, PackedTexts } from './packed-texts.js'

type Spins = HopfieldNetwork | DenseAssociativeMemory

const rowsOf = (memory: Spins) => new Bits(memory.neurons, -1)
const workOf = (memory: Spins) => () => memory.neurons * memory.patternCount

/** What the field of a neuron is summed of: patterns where weights are implicit, and otherwise neurons. */
function inputsOf(memory: Spins): number {
  const implicit = memory instanceof DenseAssociativeMemory || memory.learning === 'hebbian'
  return implicit ? memory.patternCount : memory.neurons
}

/** Results of a batch, with the states as bytes. */
class Batch {
  readonly of: BatchResult<PackedPatterns>
  readonly states: Uint8Array
  readonly alternates: Uint8Array | undefined
  /** Bytes of a state. */
  readonly bytes: number
  #texts: PackedTexts | undefined

  constructor(of: BatchResult<PackedPatterns>, bytes: number) {
    this.of = of
    this.bytes = bytes
    this.states = of.states.toBytes()
    this.alternates = of.alternates?.toBytes()
  }

  get texts(): PackedTexts {
    this.#texts ??= new PackedTexts(this.of, this.states)
    return this.#texts
  }

  row(states: Uint8Array, k: number): Uint8Array {
    return states.subarray(k * this.bytes, (k + 1) * this.bytes)
  }
}

/** One recall of a batch. A class, since a literal with a getter is made ten times as slowly; it reads what is asked of it. */
class Ended implements Recalled {
  readonly #batch: Batch
  readonly #k: number

  constructor(batch: Batch, k: number) {
    this.#batch = batch
    this.#k = k
  }

  get converged(): boolean {
    return this.#batch.of.converged[this.#k] === 1
  }

  get energy(): number {
    return this.#batch.of.energies[this.#k]
  }

  get sweeps(): number {
    return this.#batch.of.sweeps[this.#k]
  }

  get state(): Uint8Array {
    return this.#batch.row(this.#batch.states, this.#k)
  }

  get packed(): string | undefined {
    return this.#batch.bytes > LONGEST_STATE ? undefined : this.#batch.texts.at(this.#k)
  }

  /** Packed answers have no place for it. */
  get more(): Readonly<Record<string, unknown>> {
    const batch = this.#batch
    const { flips, cycles, active } = batch.of
    const { alternates } = batch
    const k = this.#k
    return {
      flips: flips[k],
      cycle: cycles[k],
      ...(alternates && cycles[k] === 2 && { alternate: batch.row(alternates, k) }),
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
          const batch = new Batch(result, cue.bytes)
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
