import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ADOPT, type HeldRecord, type MemoryClass, openRecord } from '../../src/memories/opening.js'
import { type MemoryRecord, RecordReader, type Tensor } from '../../src/storage/record.js'
import { BACKENDS, type Backend } from '../helpers/backends.js'
import {
  type AnyMemory,
  change,
  changes,
  EVERY_MEMORY,
  type EveryMemory,
  everythingOf,
  filled,
  learn,
  learns,
} from '../helpers/every-memory.js'
import { heldRecord } from '../helpers/held-record.js'
import { FIXED } from '../helpers/property.js'
import { refusal } from '../helpers/refusal.js'

// What a memory tells of itself, and what is made of that.

const recordOf = (memory: AnyMemory, derived = false): HeldRecord => heldRecord(memory, derived)

/** The same record with arrays of its own. */
function copied(record: MemoryRecord): MemoryRecord {
  const arrays = Array.from(record.arrays, ([name, { values, shape }]): [string, Tensor] => {
    return [name, { values: values.slice(), shape }]
  })
  return { ...record, arrays: new Map(arrays) }
}

function opened(kind: EveryMemory, record: MemoryRecord, backend: Backend, shared = true): AnyMemory {
  const from = new RecordReader(record, shared)
  return openRecord(kind.Class as unknown as MemoryClass<AnyMemory>, from, backend)
}

describe.each(EVERY_MEMORY)('the record of $name', (kind) => {
  it('says everything, and what it is made into goes on alike on any backend', () => {
    const property = fc.property(fc.constantFrom(...BACKENDS), changes, changes, (backend, before, after) => {
      const memory = kind.make(backend)
      for (const step of learns(kind) ? before : []) change(memory, kind, step)
      const { record, release } = recordOf(memory)
      const copy = copied(record)
      release()
      const again = opened(kind, copy, BACKENDS.find((other) => other !== backend) ?? backend)
      expect(everythingOf(again, kind)).toEqual(everythingOf(memory, kind))
      for (const step of learns(kind) ? after : []) {
        change(memory, kind, step)
        change(again, kind, step)
      }
      expect(everythingOf(again, kind)).toEqual(everythingOf(memory, kind))
      expect(recordOf(again).record).toEqual(recordOf(memory).record)
    })
    fc.assert(property, { ...FIXED, numRuns: learns(kind) ? 2 : 1 })
  })

  it('is made of views, and stays as it is while it is held', () => {
    const memory = filled(kind, BACKENDS[0])
    const held = recordOf(memory)
    const before = copied(held.record)
    if (kind.forgets) memory.forget(0).forget(1)
    if (learns(kind)) learn(memory, kind, 7)
    if (kind.stores) memory.clear()
    expect(held.record).toEqual(before)
    held.release()
  })

  it('may be shared: who changes what was made of it copies first', () => {
    const memory = filled(kind, BACKENDS[0])
    const record = copied(recordOf(memory, true).record)
    const before = copied(record)
    const [one, other] = [opened(kind, record, BACKENDS[0]), opened(kind, record, BACKENDS[0])]
    const expected = everythingOf(memory, kind)
    if (kind.forgets) one.forget(0).replace(1, ...kind.pattern(8))
    for (const k of learns(kind) ? [7, 9] : []) learn(one, kind, k)
    everythingOf(one, kind)
    expect(everythingOf(other, kind)).toEqual(expected)
    expect(record).toEqual(before)
  })

  it('can take the place of the arrays that it came from', () => {
    const memory = filled(kind, BACKENDS[0])
    const expected = everythingOf(memory, kind)
    const record = copied(recordOf(memory, true).record)
    ;(memory as unknown as Record<typeof ADOPT, (from: RecordReader) => void>)[ADOPT](
      new RecordReader(record, true),
    )
    expect(everythingOf(memory, kind)).toEqual(expected)
  })

  it('is refused where an array or a fact is missing, is too many, or has another shape', () => {
    const { record } = recordOf(filled(kind, BACKENDS[0]))
    const bad: [MemoryRecord, string][] = [
      [{ ...record, kind: 'Nothing' }, 'class: '],
      [{ ...record, facts: { ...record.facts, more: 1 } }, 'more: unknown fact'],
      [{ ...record, options: { ...record.options, more: 1 } }, 'options: '],
      [
        {
          ...record,
          arrays: new Map([...record.arrays, ['more', { values: new Int32Array(1), shape: [1] }]]),
        },
        'more: ',
      ],
    ]
    for (const [name, { values, shape }] of record.arrays) {
      const others = new Map(record.arrays)
      others.delete(name)
      // Without these there is less to know, and nothing wrong.
      if (!['ids', 'thresholds', 'externalField', 'interaction.energies'].includes(name))
        bad.push([{ ...record, arrays: others }, ''])
      const other = new Map(record.arrays).set(name, { values, shape: [...shape, 1] })
      bad.push([{ ...record, arrays: other }, `${name}: expected `])
      const Other = values instanceof Uint8Array ? Float32Array : Uint8Array
      const typed = new Map(record.arrays).set(name, { values: Other.from(values), shape })
      bad.push([{ ...record, arrays: typed }, `${name}: expected `])
    }
    for (const [wrong, words] of bad) {
      const error = refusal(() => opened(kind, wrong, BACKENDS[0]))
      expect([error.code, error.message]).toEqual(['ERR_HOPFIELD_FILE', expect.stringContaining(words)])
    }
  })
})
