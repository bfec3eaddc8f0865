import { describe, expect, it } from 'vitest'
import { HopfieldNetwork, PackedPatterns, randomPatterns } from '../../../src/index.js'
import { BACKENDS } from '../../helpers/backends.js'

const [P, N] = [300, 70]
const patterns = randomPatterns({ count: P, neurons: N, seed: 3 })
const states = randomPatterns({ count: 4, neurons: N, seed: 4 })

/** By sorting all overlaps. */
function sorted(net: HopfieldNetwork, k: number): { indices: number[]; overlaps: number[] } {
  const all = { indices: [] as number[], overlaps: [] as number[] }
  for (let b = 0; b < 4; b++) {
    const own = net.overlaps(states.subarray(b * N, (b + 1) * N)).map((m) => Math.round(m * N))
    const order = Array.from(own.keys()).sort((x, y) => own[y] - own[x] || x - y)
    for (const mu of order.slice(0, k)) {
      all.indices.push(mu)
      all.overlaps.push(own[mu])
    }
  }
  return all
}

describe.each(BACKENDS)('the k nearest patterns, %s', (backend) => {
  const ids = Array.from({ length: P }, (_, mu) => mu + 1000)
  const net = new HopfieldNetwork({ neurons: N, backend }).store(patterns, { ids })

  it.each([1, 2, 10, P, P + 5])('are those of the largest overlaps, k = %s', async (k) => {
    const { indices, overlaps, ids: named } = net.nearest(states, { k })
    const expected = sorted(net, k)
    expect({ indices: [...indices], overlaps: [...overlaps] }).toEqual(expected)
    expect(named).toEqual(expected.indices.map((mu) => mu + 1000))
    expect(await net.nearestAsync(states, { k, chunk: 3 })).toEqual(net.nearest(states, { k }))
  })

  it('are the same of packed patterns', () => {
    const { indices, overlaps } = net.nearest(states, { k: 7 })
    expect(PackedPatterns.from(patterns, { neurons: N }).nearest(states, { k: 7 })).toEqual({
      indices,
      overlaps,
    })
  })

  it('are at least one', () => {
    expect(() => net.nearest(states, { k: 0 })).toThrow(/nearest: k: expected/)
    expect(() => PackedPatterns.from(patterns, { neurons: N }).nearest(states, { k: 1.5 })).toThrow(
      /nearest: k: expected/,
    )
  })
})
