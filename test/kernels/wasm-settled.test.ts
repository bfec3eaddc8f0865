import { describe, expect, test } from 'vitest'
import { DenseAssociativeMemory, HopfieldNetwork, randomPatterns } from '../../src/index.js'
import { loadWasmModule } from '../../src/platform/node/wasm-file.js'

const found = loadWasmModule()
const skipped = 'problem' in found
if (skipped && process.env['HOPFIELD_WASM'] === 'required') throw new Error(found.problem)

// Rows and planes are large enough that the module keeps copies of them.
const [N, P] = [512, 300]
const some = (count: number, seed: number): Int8Array => randomPatterns({ count, neurons: N, seed })
const cues = some(7, 99)
const one = cues.subarray(0, N)

type Memory = HopfieldNetwork | DenseAssociativeMemory

const CLASSES = {
  HopfieldNetwork: (backend: 'wasm' | 'typescript'): Memory => new HopfieldNetwork({ neurons: N, backend }),
  DenseAssociativeMemory: (backend: 'wasm' | 'typescript'): Memory =>
    new DenseAssociativeMemory({ neurons: N, interaction: { kind: 'exponential' }, backend }),
}

/** All that changes what the module may have a copy of. */
const CHANGES: { readonly [name: string]: (memory: Memory) => unknown } = {
  store: (memory) => memory.store(some(3, 2)),
  'store, more than there is room for': (memory) => memory.store(some(400, 3)),
  storeAsync: (memory) => memory.storeAsync(some(5, 4)),
  replace: (memory) => memory.replace(0, some(1, 5)),
  'replace the last': (memory) => memory.replace(memory.patternCount - 1, some(1, 6)),
  forget: (memory) => memory.forget(1),
  'forget the last': (memory) => memory.forget(memory.patternCount - 1),
  'forget, and the last takes its index': (memory) => memory.forget(2, { swap: true }),
  'forget, and store in its room': (memory) => memory.forget(3, { swap: true }).store(some(1, 7)),
  'replace while others read': async (memory) => {
    const reading = memory.overlapsBatchAsync(cues)
    memory.replace(4, some(1, 8))
    await reading
  },
  'clear, and store as many': (memory) => memory.clear().store(some(P, 9)),
}

/** All that reads rows, columns or planes. */
async function read(memory: Memory): Promise<unknown> {
  const plan = { seed: 3, maxSweeps: 3 }
  const { indices, overlaps } = memory.nearest(cues, { k: 2 })
  return [
    memory.patternCount,
    memory.overlaps(one),
    memory.overlapsBatch(cues),
    await memory.overlapsBatchAsync(cues),
    indices,
    overlaps,
    await memory.nearestAsync(cues),
    memory.classify(one),
    memory.recall(one, plan),
    memory.recallBatch(cues, { ...plan, dynamics: 'synchronous' }),
    await memory.recallAsync(cues, plan),
    memory.energyBatch(cues),
    memory.overlaps(memory.pattern(0)),
  ]
}

describe.skipIf(skipped)('what the module keeps', () => {
  for (const [name, make] of Object.entries(CLASSES)) {
    for (const [what, change] of Object.entries(CHANGES)) {
      test(`is what ${name} has after ${what}`, async () => {
        const results = []
        for (const backend of ['wasm', 'typescript'] as const) {
          const memory = make(backend)
          memory.store(some(P, 1))
          const all = [await read(memory)]
          for (let k = 0; k < 2; k++) {
            await change(memory)
            all.push(await read(memory))
          }
          results.push(all)
        }
        const [wasm, typescript] = results
        expect(wasm).toEqual(typescript)
        // The change shows.
        expect(wasm[1]).not.toEqual(wasm[0])
      })
    }
  }

  test('is what the other side of shared memory has stored', () => {
    const writer = new HopfieldNetwork({ neurons: N, backend: 'wasm' }).store(some(P, 1))
    const reader = HopfieldNetwork.fromShared(writer.share({ room: 2 * P }), { backend: 'wasm' })
    for (let k = 0; k < 3; k++) {
      expect(reader.overlaps(one)).toEqual(writer.overlaps(one))
      expect(reader.nearest(cues)).toEqual(writer.nearest(cues))
      writer.store(some(40, 20 + k))
      expect(reader.refresh()).toBe(true)
    }
    writer.replace(0, some(1, 5))
    expect(writer.overlaps(one)).not.toEqual(reader.overlaps(one))
  })

  test('is what another memory of the same bytes does not change', () => {
    const memory = new HopfieldNetwork({ neurons: N, backend: 'wasm' }).store(some(P, 1))
    const before = memory.overlaps(one)
    const copy = HopfieldNetwork.fromBytes(memory.toBytes(), { backend: 'wasm' })
    expect(copy.overlaps(one)).toEqual(before)
    copy.replace(0, some(1, 5))
    expect(memory.overlaps(one)).toEqual(before)
    expect(copy.overlaps(one)).not.toEqual(before)
  })
})
