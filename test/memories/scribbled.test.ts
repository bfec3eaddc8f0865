import { describe, expect, it } from 'vitest'
import { HopfieldError, ModernHopfield } from '../../src/index.js'
import { RECORD } from '../../src/memories/opening.js'
import { WordStream } from '../../src/numerics/philox.js'
import type { Values } from '../../src/storage/record.js'
import { BACKENDS } from '../helpers/backends.js'
import {
  type AnyMemory,
  EVERY_MEMORY,
  type EveryMemory,
  learn,
  learns,
  PATTERNS,
} from '../helpers/every-memory.js'

// Memory that threads share, and maps of files, may change after they were looked through. Recalls may then say anything, but they read
// and write no other memory: here everything a memory has is overwritten under it, after the addon has made its handles.

const words = new WordStream(7, 0)

/** Fills an array with what is worst for whoever takes it for indices, sizes or numbers. */
function scribble(values: Values, how: 'random' | 'ones' | 'zeros'): void {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
  for (let k = 0; k < bytes.length; k++) {
    bytes[k] = how === 'ones' ? 255 : how === 'zeros' ? 0 : words.word() & 255
  }
}

/** Everything that reads the memory. It may throw errors of this package, as for a sum that overflows, and no other. */
function* readers(memory: AnyMemory, kind: EveryMemory): Generator<() => unknown> {
  for (const options of kind.options) {
    yield () => memory.recall(kind.cue(1), options)
    yield () => memory.recallBatch(kind.cues, options)
    yield () => memory.recallBatch(kind.cues, { ...options, order: 'random-site' })
  }
  yield () => memory.recallBatch(kind.cues, { temperature: 0.5, maxSweeps: 3 })
  for (const name of ['weights', 'energy', 'overlaps', 'localField', 'isFixedPoint', 'classify'] as const) {
    const method = (memory as unknown as Record<string, ((cue: unknown) => unknown) | undefined>)[name]
    if (method !== undefined) yield () => method.call(memory, kind.cue(0))
  }
  for (const name of ['nearest', 'energyBatch', 'overlapsBatch'] as const) {
    const method = (memory as unknown as Record<string, ((cues: unknown) => unknown) | undefined>)[name]
    if (method !== undefined) yield () => method.call(memory, kind.cues)
  }
  if (memory instanceof ModernHopfield) yield () => memory.top(kind.cue(0) as Float32Array, 3)
  if (kind.teach === undefined) yield () => memory.pattern(0)
  yield () => kind.more?.(memory)
}

function read(memory: AnyMemory, kind: EveryMemory): number {
  let read = 0
  for (const run of readers(memory, kind)) {
    try {
      run()
      read++
    } catch (error) {
      expect(error).toBeInstanceOf(HopfieldError)
    }
  }
  return read
}

describe.runIf(BACKENDS.includes('native'))('memory that is overwritten after it was looked through', () => {
  for (const kind of EVERY_MEMORY) {
    it(`takes no reader of ${kind.name} anywhere else`, () => {
      const memory = kind.make('native')
      if (learns(kind)) for (let k = 0; k < PATTERNS; k++) learn(memory, kind, k)
      expect(read(memory, kind)).toBeGreaterThan(2)
      for (const how of ['random', 'ones', 'random', 'zeros'] as const) {
        const { record, release } = memory[RECORD](true)
        release()
        for (const { values } of record.arrays.values()) scribble(values, how)
        read(memory, kind)
      }
    })
  }
})
