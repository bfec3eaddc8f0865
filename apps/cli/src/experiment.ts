import { bipolar, HopfieldNetwork, type RecallTrace } from 'hopfield-native'

const LETTERS = {
  X: '#...# .#.#. ..#.. .#.#. #...#',
  T: '##### ..#.. ..#.. ..#.. ..#..',
  O: '.###. #...# #...# #...# .###.',
}
const DAMAGE = [4, 20, 18, 21, 3, 1, 24, 14]
const ORDER = Uint32Array.of(
  1,
  20,
  7,
  21,
  17,
  15,
  23,
  16,
  24,
  11,
  2,
  22,
  12,
  10,
  3,
  4,
  5,
  8,
  0,
  9,
  14,
  18,
  13,
  6,
  19,
)

/** One recall with all its steps: three letters are stored, and the X is recalled from a cue with eight of 25 neurons wrong. */
export interface Experiment {
  readonly network: HopfieldNetwork
  readonly names: readonly string[]
  readonly patterns: readonly Int8Array[]
  /** The pattern the cue was made from: `patterns[0]`. */
  readonly original: Int8Array
  /** Neurons whose value in the cue is wrong. */
  readonly damage: readonly number[]
  readonly cue: Int8Array
  /** Visiting order of the asynchronous dynamics. */
  readonly order: Uint32Array
  readonly recalled: Int8Array
  readonly sweeps: number
  readonly flips: number
  readonly trace: RecallTrace
  /** The cue, then the state after every flip. */
  readonly states: readonly Int8Array[]
  /** Overlap with the original, before and after the recall. */
  readonly overlaps: { readonly cue: number; readonly recalled: number }
}

/** Nothing here is random: every call gives the same result. @param loaded a network that has learned the letters. */
export function runExperiment(loaded?: HopfieldNetwork): Experiment {
  const patterns = Object.values(LETTERS).map((letter) => bipolar(letter))
  const [original] = patterns
  const names = Object.keys(LETTERS)
  const network = loaded ?? new HopfieldNetwork({ neurons: original.length }).store(patterns, { ids: names })
  const cue = flipped(original, DAMAGE)
  const result = network.recall(cue, { order: ORDER, trace: true })
  const trace = result.trace as RecallTrace
  return {
    network,
    names,
    patterns,
    original,
    damage: DAMAGE,
    cue,
    order: ORDER,
    recalled: result.state,
    sweeps: result.sweeps,
    flips: result.flips,
    trace,
    states: Array.from({ length: result.flips + 1 }, (_, k) => flipped(cue, trace.flips.subarray(0, k))),
    overlaps: { cue: network.overlaps(cue)[0], recalled: network.overlaps(result.state)[0] },
  }
}

function flipped(state: Int8Array, neurons: Iterable<number>): Int8Array {
  const out = state.slice()
  for (const i of neurons) out[i] = -out[i]
  return out
}
