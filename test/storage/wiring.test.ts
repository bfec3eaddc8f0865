import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { Kernels } from '../../src/kernels/contract/kernels.js'
import { typescriptKernels } from '../../src/kernels/reference/index.js'
import type { ConnectionTable } from '../../src/storage/connection-table.js'
import { smallWorld } from '../../src/storage/small-world.js'
import { Draws, randomPairs, randomSources } from '../../src/storage/wiring.js'
import { refusal } from '../helpers/refusal.js'

const draws = () => new Draws(typescriptKernels, [3, 1])

/** Every kind of wiring, from the least network to one in which all are connected, and the digest of its table. */
const TABLES: readonly (readonly [
  what: string,
  make: (kernels: Kernels) => ConnectionTable,
  digest: string,
])[] = [
  ['one source of two neurons', (kernels) => randomSources(kernels, 2, 1, draws()), '525b225737d0'],
  ['three sources', (kernels) => randomSources(kernels, 50, 3, draws()), '0783bf8eae7a'],
  ['all sources', (kernels) => randomSources(kernels, 50, 49, draws()), '9828fef05123'],
  ['a tenth of a thousand', (kernels) => randomSources(kernels, 1000, 100, draws()), '65f94b38e05e'],
  ['a triangle', (kernels) => smallWorld(kernels, 3, 2, 0.5, draws()), '4dc205dac1d0'],
  ['a ring', (kernels) => smallWorld(kernels, 50, 6, 0, draws()), 'c9335a3e2534'],
  ['a ring led elsewhere', (kernels) => smallWorld(kernels, 1000, 10, 1, draws()), 'c11bb141fe8f'],
  [
    'nearly all, half of them led elsewhere',
    (kernels) => smallWorld(kernels, 50, 48, 0.5, draws()),
    '666448f18aec',
  ],
  ['pairs', (kernels) => randomPairs(kernels, 1000, 100, draws()), '7387e91a6cc5'],
]

const digestOf = (table: ConnectionTable): string => {
  const hash = createHash('sha1')
  for (const array of [table.starts, table.sources]) {
    hash.update(new Uint8Array(array.buffer, array.byteOffset, array.byteLength))
  }
  return hash.digest('hex').slice(0, 12)
}

describe('wiring', () => {
  it.each(TABLES)('of %s is the same in every version', (_, make, digest) => {
    expect(digestOf(make(typescriptKernels))).toBe(digest)
  })

  it.each(TABLES)('of %s has ascending sources, and no neuron among its own', (_, make) => {
    const { starts, sources } = make(typescriptKernels)
    const wrong: number[] = []
    for (let i = 0; i + 1 < starts.length; i++) {
      for (let k = starts[i]; k < starts[i + 1]; k++) {
        if (sources[k] === i || (k > starts[i] && sources[k] <= sources[k - 1])) wrong.push(k)
      }
    }
    expect(wrong).toEqual([])
  })

  it.each(
    TABLES.map(([what], k) => [what, k] as const),
  )('of %s says what does not fit, whichever array it is', (_, k) => {
    let count = 0
    const short = (last: number): Kernels => ({
      ...typescriptKernels,
      allocate: (words, shared) => {
        if (count++ === last) throw new RangeError('Array buffer allocation failed')
        return typescriptKernels.allocate(words, shared)
      },
    })
    TABLES[k][1](short(-1))
    const all = count
    expect(all).toBeGreaterThan(0)
    for (let last = 0; last < all; last++) {
      count = 0
      expect(refusal(() => TABLES[k][1](short(last)))).toMatchObject({
        code: 'ERR_HOPFIELD_MEMORY',
        message: expect.stringContaining('connections: could not allocate'),
      })
    }
  })

  it('fits a heap that is smaller than its table', () => {
    // Two million connections are 8 MB of typed arrays outside of the heap, and were 100 MB of sets within it.
    const program = `
      import { HopfieldNetwork } from 'hopfield-native'
      for (const connections of [
        { kind: 'random', degree: 32 },
        { kind: 'random', degree: 32, symmetric: true },
        { kind: 'small-world', neighbours: 32, rewire: 0.1 },
      ]) {
        const net = new HopfieldNetwork({ neurons: 2 ** 16, connections })
        console.log(Math.round(net.meanSources))
      }`
    const output = execFileSync(
      process.execPath,
      ['--max-old-space-size=24', '--input-type=module', '-e', program],
      { cwd: fileURLToPath(new URL('../../', import.meta.url)), encoding: 'utf8' },
    )
    expect(output).toBe('32\n32\n32\n')
  })
})
