import { describe, expect, it } from 'vitest'
import { addNoise, HopfieldNetwork, randomPatterns } from '../../../src/index.js'
import { BACKENDS, VARIANTS } from '../../helpers/backends.js'
import { row } from '../../helpers/statistics.js'

describe.each(VARIANTS)('classify, $backend, $weights', (variant) => {
  const [neurons, count] = [500, 9]
  const patterns = randomPatterns({ count, neurons, seed: 1 })
  const net = new HopfieldNetwork({ neurons, ...variant }).store(patterns)

  /** The sign of a sum of patterns and inverses. */
  const mixed = (members: readonly [pattern: number, sign: 1 | -1][]): Int8Array =>
    Int8Array.from({ length: neurons }, (_, i) =>
      Math.sign(members.reduce((sum, [mu, sign]) => sum + sign * patterns[mu * neurons + i], 0)),
    )

  it('knows stored patterns and their inverses', () => {
    expect(net.classify(row(patterns, neurons, 4))).toMatchObject({ kind: 'stored', pattern: 4, overlap: 1 })
    const inverse = row(patterns, neurons, 2).map((s) => -s)
    expect(net.classify(inverse)).toMatchObject({ kind: 'inverse', pattern: 2, overlap: -1 })
  })

  it.each([3, 5, 7])('knows a mixture of %d, its members and their signs', (size) => {
    const members = Array.from({ length: size }, (_, k) => [k + 1, k % 2 === 0 ? 1 : -1] as [number, 1 | -1])
    const found = net.classify(mixed(members))
    expect(found.kind).toBe('mixture')
    const told = found.members?.map(({ pattern, sign }) => [pattern, sign]).sort(([a], [b]) => a - b)
    expect(told).toEqual(members)
  })

  it('calls a mixture with one neuron off spurious, as it does a random state', () => {
    const state = mixed([
      [0, 1],
      [1, 1],
      [2, 1],
    ])
    expect(net.classify(state).kind).toBe('mixture')
    state[7] = -state[7]
    expect(net.classify(state)).toMatchObject({ kind: 'spurious' })
    expect(net.classify(state).members).toBeUndefined()
    expect(net.classify(randomPatterns({ count: 1, neurons, seed: 5 })).kind).toBe('spurious')
  })

  it('finds that a recall from between three patterns ends in their mixture', () => {
    const small = new HopfieldNetwork({ neurons, ...variant }).store(patterns.subarray(0, 3 * neurons))
    const start = addNoise(mixed([[0, 1], [1, 1], [2, -1]]), { count: 5, seed: 3 }) // biome-ignore format: a set
    const { state, converged } = small.recall(start)
    expect(converged).toBe(true)
    expect(
      small
        .classify(state)
        .members?.map(({ pattern }) => pattern)
        .sort(),
    ).toEqual([0, 1, 2])
  })

  it('has nothing to tell of a memory of nothing', () => {
    const empty = new HopfieldNetwork({ neurons, ...variant })
    const found = empty.classify(row(patterns, neurons, 0))
    expect(found).toEqual({ kind: 'spurious', pattern: -1, overlap: 0, margin: 0 })
  })
})

for (const backend of BACKENDS) {
  it(`classifies off the event loop as it does here, with the ids of the call, ${backend}`, async () => {
    const neurons = 90
    const patterns = randomPatterns({ count: 7, neurons, seed: 5 })
    const ids = ['a', 'b', 'c', 'd', 'e', 'f', 'g']
    const net = new HopfieldNetwork({ neurons, backend }).store(patterns, { ids })
    const row = (mu: number): Int8Array => patterns.subarray(mu * neurons, (mu + 1) * neurons)
    const mixture = Int8Array.from(row(0), (x, i) => Math.sign(x + row(2)[i] - row(5)[i]))
    for (const state of [
      row(3),
      row(4).map((x) => -x),
      mixture,
      randomPatterns({ count: 1, neurons, seed: 9 }),
    ]) {
      const wanted = net.classify(state)
      const found = net.classifyAsync(state, { threads: 2 })
      net.forget(0)
      expect(await found).toEqual(wanted)
      net.clear().store(patterns, { ids })
    }
    const reason = new Error('enough')
    await expect(net.classifyAsync(mixture, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    const none = new HopfieldNetwork({ neurons, backend })
    expect(await none.classifyAsync(mixture)).toEqual(none.classify(mixture))
  })
}
