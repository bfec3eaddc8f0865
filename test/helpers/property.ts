import fc from 'fast-check'

/** Property-based tests draw the same cases in every run; a failure is repeated by running the test again. */
export const FIXED: { seed: number; numRuns: number } = { seed: 1982, numRuns: 100 }

/** Sizes at which packed words and 512-bit blocks begin and end, and any small size. */
export const neuronCounts: fc.Arbitrary<number> = fc.oneof(
  fc.integer({ min: 1, max: 40 }),
  fc.constantFrom(31, 32, 33, 63, 64, 65, 511, 512, 513),
)

/** Drawn 32 spins at a time: a draw takes a microsecond. Not biased, or most words would be all alike. */
const word = fc.noBias(fc.integer({ min: 0, max: 2 ** 32 - 1 }))

export function state(neurons: number): fc.Arbitrary<Int8Array> {
  const words = Math.ceil(neurons / 32)
  return fc
    .array(word, { minLength: words, maxLength: words })
    .map((drawn) =>
      Int8Array.from({ length: neurons }, (_, i) => ((drawn[i >> 5] >>> (i & 31)) & 1 ? -1 : 1)),
    )
}

/** `count` states in one flat array. */
export function states(neurons: number, count: number): fc.Arbitrary<Int8Array> {
  return state(neurons * count)
}

export interface Memory {
  neurons: number
  count: number
  patterns: Int8Array
}

/** A network size with up to `most` stored patterns. */
export function memories(most = 9, sizes = neuronCounts): fc.Arbitrary<Memory> {
  return fc
    .record({ neurons: sizes, count: fc.integer({ min: 0, max: most }) })
    .chain(({ neurons, count }) => states(neurons, count).map((patterns) => ({ neurons, count, patterns })))
}

/** A memory with a state to ask it about. */
export function questions(most = 9, sizes = neuronCounts): fc.Arbitrary<Memory & { cue: Int8Array }> {
  return memories(most, sizes).chain((memory) => state(memory.neurons).map((cue) => ({ ...memory, cue })))
}
