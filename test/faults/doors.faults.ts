import { openSync } from 'node:fs'
import { afterEach, describe, expect, it } from 'vitest'
import { rowWords } from '../../src/kernels/contract/layout.js'
import { OUTCOME } from '../../src/kernels/contract/recall.js'
import {
  addon,
  callsOf,
  cleanRows,
  type Kept,
  memoriesOf,
  N,
  newBlock,
  numbers,
  P,
  type Table,
  TIERS,
  tableOf,
  taken,
} from '../kernels/calls.js'
import { alive, collect, failAt, stopFailing } from './allocations.js'

// Every door of the addon, with its first allocation failing, its second one, and so on until nothing fails any more. Each call throws
// ERR_HOPFIELD_MEMORY or gives what it gives otherwise; the next one works; and nothing is left behind.

type Values = ArrayLike<number> & ArrayBufferView
let failed = 0

/** What a call leaves in its arguments and returns; handles are no matter. */
function resultOf(value: unknown, args: unknown[]): unknown {
  const arrays = args.filter((each) => ArrayBuffer.isView(each)) as Values[]
  return [
    typeof value === 'object' ? JSON.stringify(value) : value,
    ...arrays.map((each) => Array.from(each)),
  ]
}

interface Door {
  readonly name: string
  /** Fresh arguments for each call. */
  args(): unknown[]
  call(args: unknown[]): unknown
}

async function exhaust({ name, args, call }: Door): Promise<void> {
  const attempt = async (): Promise<unknown> => {
    const given = args()
    return resultOf(await call(given), given)
  }
  const right = await attempt()
  for (const lasting of [false, true]) {
    for (let k = 1; ; k++) {
      const given = args()
      failAt(k, lasting)
      let got: unknown
      try {
        got = resultOf(await call(given), given)
      } catch (error) {
        expect((error as { code?: string }).code, `${name}, allocation ${k}: ${error}`).toBe(
          'ERR_HOPFIELD_MEMORY',
        )
      }
      const made = stopFailing()
      if (got !== undefined) expect(got, `${name}, allocation ${k}`).toEqual(right)
      if (made < k) break
      failed++
      expect(await attempt(), `${name}, after allocation ${k} failed`).toEqual(right)
    }
  }
}

/** Kernels without a memory, with right arguments. */
function plainDoors(kernels: Table): Record<string, () => unknown[]> {
  const [row, stride] = [rowWords(N), 32]
  const columns = (): Uint32Array => new Uint32Array(2 * N)
  const planes = (): Uint32Array => new Uint32Array(16)
  return {
    pack: () => [new Int8Array(P * N).fill(1), P, N, new Uint32Array(P * row)],
    unpack: () => [cleanRows(P), P, N, new Int8Array(P * N)],
    transpose: () => [cleanRows(P), P, N, columns()],
    overlaps: () => [cleanRows(P), P, N, cleanRows(2), 2, new Int32Array(2 * P)],
    interleave: () => [cleanRows(P), P, N, planes()],
    nearest: () => [planes(), P, N, cleanRows(2), 2, 0, 1, new Uint32Array(2), new Int32Array(2)],
    externalDot: () => [numbers(N), N, cleanRows(1)],
    philox: () => [1, 2, 3, 4, 5, new Uint32Array(9)],
    willshawStore: () => [new Uint32Array(N * row), N, N, Uint32Array.of(1, 2), cleanRows(1)],
    hebbian: () => [columns(), P, N, 1, new Int32Array(N * stride), true],
    quotients: () => [new Int32Array(9), 9, 3, numbers(9)],
    storkey: () => [cleanRows(P), P, N, new Float64Array(N * stride)],
    rankOne: () => [cleanRows(1), N, 0.5, new Float64Array(N * stride)],
    border: () => [cleanRows(P), 0, P, N, 1e-9, new Float64Array(P * 8), 8, new Float64Array(P)],
    retire: () => [numbers(P * 8, 1), 8, P, 1],
    responses: () => [numbers(P * 8, 1), 8, columns(), P, N, new Float64Array(N * 8), new Float64Array(N)],
    perceptron: () => [cleanRows(P), P, N, 0.5, 3, new Int32Array(N * stride), new Uint32Array(N)],
    minimalOverlap: () => [
      cleanRows(P),
      P,
      N,
      1,
      5,
      new Int32Array(N * stride),
      new Uint32Array(N),
      numbers(2 * N),
    ],
    bounded: () => [cleanRows(P), P, N, 4, new Int32Array(N * stride)],
    clipped: () => [columns(), P, N, new Uint32Array(N * row)],
    keyNorms: () => [new Float32Array(27).fill(1), 3, 9, new Float64Array(3)],
    correlations: () => [columns(), columns(), P, N, N, new Int32Array(N * N)],
    signedSums: () => [columns(), 2, P, numbers(P), N, new Float64Array(N)],
    quantizedBytes: () => [kernels['quantizedBytes'] === undefined ? 1 : 9],
  }
}

afterEach(() => void stopFailing())

for (const tier of TIERS) {
  describe(`tier ${tier}`, () => {
    const block = newBlock()
    const kernels = tableOf(tier, block)
    const memories = memoriesOf(kernels)
    const plain = plainDoors(kernels)
    /** With a flag behind its arguments, on another thread. */
    const beside = (name: string, args: () => unknown[]): Door[] => {
      const other = kernels[`${name}Async`]
      return other === undefined ? [] : [{ name: `${name}Async`, args, call: async (all) => other(...all) }]
    }

    it('makes memories', async () => {
      for (const [name, args] of Object.entries(memories)) {
        await exhaust({ name, args, call: (all) => typeof kernels['memory'](...all) })
      }
    })

    it('computes on memories, here and on another thread', async () => {
      for (const [kernel, names, rest] of callsOf(kernels, block)) {
        for (const name of names) {
          const handle = kernels['memory'](...memories[name]()) as Kept
          const args = (): unknown[] => [...taken(handle), ...rest()]
          const here = {
            name: `${kernel} of ${name}`,
            args,
            call: (all: unknown[]) => kernels[kernel](...all),
          }
          // Cues in the block, or as bytes, cannot leave this thread.
          const packed = kernel === 'recall' ? [] : beside(kernel, args)
          for (const door of [here, ...packed]) await exhaust(door)
        }
      }
    })

    it('recalls on another thread', async () => {
      for (const name of Object.keys(memories).slice(0, 7)) {
        const handle = kernels['memory'](...memories[name]()) as Kept
        const args = (): unknown[] => {
          block.set([0, 1, 0, 3, 1, 0, 0, N, 0, 3, 1])
          return [
            ...taken(handle),
            cleanRows(3),
            new Uint32Array(3 * rowWords(N)),
            new Float64Array(3 * OUTCOME.length),
          ]
        }
        for (const door of beside('recall', args)) await exhaust(door)
      }
    })

    it('computes without memories, here and on another thread', async () => {
      for (const [name, args] of Object.entries(plain)) {
        await exhaust({ name, args, call: (all) => kernels[name](...all) })
        for (const door of beside(name, args)) await exhaust(door)
      }
    })
  })
}

describe('the addon', () => {
  it('lists its tiers, makes its kernels and maps files', async () => {
    const path = process.env['HOPFIELD_FAULTS'] as string
    const file = openSync(path, 'r')
    await exhaust({ name: 'tiers', args: () => [], call: () => addon.tiers() })
    await exhaust({
      name: 'kernels',
      args: () => [],
      call: () => Object.keys(addon.kernels('scalar', newBlock())).length,
    })
    await exhaust({ name: 'controlMemory', args: () => [], call: () => addon.controlMemory()?.byteLength })
    await exhaust({
      name: 'mapFile',
      args: () => [file, path, 24],
      call: (all) => typeof addon.mapFile(...(all as [never, never, never])),
    })
  })

  it('leaves nothing behind', async () => {
    const kernels = tableOf(TIERS[0], newBlock())
    const memories = memoriesOf(kernels)
    const many = (): void => {
      for (let k = 1; k < 40; k++) {
        for (const args of Object.values(memories)) {
          failAt(k % 8)
          try {
            kernels['memory'](...args())
          } catch {}
        }
      }
      stopFailing()
    }
    many()
    await collect()
    const before = alive()
    for (let round = 0; round < 5; round++) many()
    await collect()
    expect(alive()).toBe(before)
  })

  it('forgets memories while there is no memory to be had', async () => {
    const kernels = tableOf(TIERS[0], newBlock())
    const [make] = Object.values(memoriesOf(kernels))
    const before = alive()
    // More than ever before, so that whatever counts them has to grow.
    const hold = (): void => void Array.from({ length: 3000 }, () => kernels['memory'](...make()))
    hold()
    expect(alive()).toBeGreaterThan(before + 3000)
    failAt(1, true)
    await collect()
    stopFailing()
    expect(alive()).toBeLessThan(before + 1000)
  })

  it('was failed often enough', () => {
    expect(failed).toBeGreaterThan(100)
    console.log(`${failed} allocations failed, one by one or all from there on`)
  })
})
