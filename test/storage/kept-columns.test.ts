import fc from 'fast-check'
import { expect, test } from 'vitest'
import { allHere } from '../../src/async/steps.js'
import { columnWords, rowWords } from '../../src/kernels/contract/layout.js'
import { typescriptKernels as kernels } from '../../src/kernels/reference/index.js'
import { KeptColumns } from '../../src/storage/kept-columns.js'

/** Rows of whole patterns of clean bits. */
function rowsOf(count: number, neurons: number, seed = 3): Uint32Array {
  const rows = new Uint32Array(count * rowWords(neurons))
  kernels.philox(seed, 0, 0, 0, 0, rows)
  for (let mu = 0; mu < count; mu++) {
    for (let w = 0; w < rowWords(neurons); w++) {
      const used = Math.min(Math.max(neurons - 32 * w, 0), 32)
      if (used < 32) rows[mu * rowWords(neurons) + w] &= 2 ** used - 1
    }
  }
  return rows
}

function columnsOf(rows: Uint32Array, count: number, neurons: number): Uint32Array {
  const columns = new Uint32Array(neurons * columnWords(count))
  kernels.transpose(rows, count, neurons, columns)
  return columns
}

const taken = (kept: KeptColumns, rows: Uint32Array, count: number): Uint32Array =>
  allHere(kept.of(rows, count))

test('columns of patterns that came in parts are those of all of them', () => {
  const parts = fc.array(fc.record({ count: fc.integer({ min: 0, max: 130 }), read: fc.boolean() }), {
    minLength: 1,
    maxLength: 6,
  })
  const property = fc.property(fc.constantFrom(1, 33, 64, 70), parts, (neurons, some) => {
    const all = some.reduce((sum, { count }) => sum + count, 0)
    const rows = rowsOf(all, neurons)
    const kept = new KeptColumns(kernels, neurons)
    const seen: [Uint32Array, Uint32Array][] = []
    let count = 0
    for (const part of some) {
      count += part.count
      kept.came()
      const take = kept.wait()
      const columns = taken(kept, rows, count)
      expect(columns).toEqual(columnsOf(rows, count, neurons))
      const release = take(columns)
      // Readers that are not done yet see what they have got.
      if (part.read) seen.push([columns, columns.slice()])
      else release()
    }
    for (const [columns, before] of seen) expect(columns).toEqual(before)
  })
  fc.assert(property, { seed: 20261126, numRuns: 60 })
})

test('bits of new patterns go where the others are, unless somebody reads those', () => {
  const rows = rowsOf(30, 40)
  const kept = new KeptColumns(kernels, 40)
  const first = taken(kept, rows, 20)
  kept.came()
  expect(taken(kept, rows, 21)).toBe(first)
  const release = kept.wait()(first)
  kept.came()
  const copied = taken(kept, rows, 22)
  expect(copied).not.toBe(first)
  release()
  kept.came()
  expect(taken(kept, rows, 23)).toBe(copied)
  kept.pin(copied)
  kept.came()
  expect(taken(kept, rows, 24)).not.toBe(copied)
})

test('who waits for columns of earlier patterns keeps them from getting more bits', () => {
  const rows = rowsOf(30, 40)
  const kept = new KeptColumns(kernels, 40)
  const first = taken(kept, rows, 20)
  const take = kept.wait()
  kept.came()
  const second = taken(kept, rows, 21)
  expect(second).not.toBe(first)
  take(first)()
  kept.came()
  expect(taken(kept, rows, 22)).toBe(second)
})

test('columns of patterns that have gone are no use to others', () => {
  const [rows, others] = [rowsOf(30, 40), rowsOf(30, 40, 4)]
  const kept = new KeptColumns(kernels, 40)
  taken(kept, rows, 20)
  kept.gone()
  expect(taken(kept, others, 21)).toEqual(columnsOf(others, 21, 40))
})

test('what was being made while patterns went is not kept', () => {
  const [rows, others] = [rowsOf(200, 700), rowsOf(200, 700, 4)]
  const kept = new KeptColumns(kernels, 700)
  taken(kept, rows, 100)
  kept.came()
  const making = kept.of(rows, 170)
  expect(making.next().done).toBe(false)
  kept.gone()
  expect(taken(kept, others, 170)).toEqual(columnsOf(others, 170, 700))
})
