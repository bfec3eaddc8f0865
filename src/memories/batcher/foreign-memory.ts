import { describe, HopfieldError, isRevoked } from '../../errors.js'
import type { PackedPatterns } from '../../input/packed-patterns.js'
import { MAX_NEURONS } from '../../input/spins.js'
import { readState, type StateLike } from '../../input/states.js'
import type { Int8s } from '../../input/typed-arrays.js'
import { checkInteger } from '../../input/validate.js'
import { rowWords } from '../../kernels/contract/layout.js'
import { kernelsFor } from '../../kernels/select.js'
import { joined, packedOf } from '../batch.js'
import { type RecallAsyncOptions, recallSchemas } from '../bipolar/recall-options.js'
import type { BatchResult, RecallResult } from '../bipolar/recall-result.js'
import type { Gathering } from '../memory.js'

/** A memory of ±1 states that is not of this package: one in another process, say. */
export interface AsyncMemory {
  readonly neurons: number
  recallAsync(cues: PackedPatterns, options: RecallAsyncOptions): Promise<BatchResult>
}

type Single = RecallResult<Int8s | PackedPatterns>

/** How cues of such a memory are gathered: packed, and under a copy of the options. */
export function gathering(memory: AsyncMemory, options: unknown): Gathering<StateLike, Uint32Array, Single> {
  if (isRevoked(memory) || typeof memory?.recallAsync !== 'function') {
    throw new HopfieldError(
      'ERR_HOPFIELD_TYPE',
      `RecallBatcher: memory: expected a memory with recallAsync, got ${describe(memory)}`,
    )
  }
  const neurons = checkInteger('RecallBatcher: memory.neurons', memory.neurons, 1, MAX_NEURONS)
  recallSchemas().gathered.read('RecallBatcher', options, neurons)
  const kept = structuredClone(options) as RecallAsyncOptions
  const kernels = kernelsFor('auto')
  const stride = rowWords(neurons)
  return {
    take(name, cue) {
      const row = new Uint32Array(stride)
      readState(name, cue, neurons).packInto(kernels, row)
      return row
    },
    run(rows, streams) {
      return memory.recallAsync(packedOf(neurons, joined(rows)), { ...kept, threads: 1, streams })
    },
  }
}
