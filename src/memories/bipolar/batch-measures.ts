import { allHere } from '../../async/steps.js'
import { allocate, HopfieldError } from '../../errors.js'
import { type Nearest, noPatterns } from '../../input/nearest-patterns.js'
import type { StateReader } from '../../input/state-reader.js'
import type { Kernels, Memory } from '../../kernels/contract/kernels.js'
import { rowWords } from '../../kernels/contract/layout.js'
import { energyOf } from '../../numerics/energy.js'
import { atOnce } from '../../platform/turn.js'
import type { PatternMemory } from '../../storage/weights.js'
import { NearestJob } from './nearest-job.js'

/** Most bytes of packed states, or of intermediate integers, at a time. */
const PORTION = 2 ** 24

/** Calls `take` with packed states from…to, portion by portion; `width` is the bytes it makes per state. */
function portions(
  kernels: Kernels,
  states: StateReader,
  neurons: number,
  width: number,
  take: (rows: Uint32Array, from: number, to: number) => void,
): void {
  const stride = rowWords(neurons)
  const most = Math.max(1, Math.min(states.count, Math.floor(PORTION / Math.max(stride * 4, width))))
  const rows = allocate('states', most * stride * 4, () => kernels.allocate(most * stride))
  for (let from = 0; from < states.count; from += most) {
    const to = Math.min(from + most, states.count)
    atOnce(states.read(kernels, from, to, rows))
    take(rows, from, to)
  }
}

/** The memory whose energies are computed. */
export interface Measured {
  readonly memory: Memory
  readonly scale: number
  readonly externalField: Float64Array | undefined
}

/** E of every state: B values. */
export function energies(
  kernels: Kernels,
  neurons: number,
  states: StateReader,
  measured: () => Measured,
): Float64Array<ArrayBuffer> {
  const stride = rowWords(neurons)
  const out = allocate('energies', states.count * 8, () => new Float64Array(states.count))
  portions(kernels, states, neurons, 8, (rows, from, to) => {
    const { memory, scale, externalField } = measured()
    kernels.quadratics(memory, rows, to - from, out.subarray(from, to))
    for (let b = from; b < to; b++) {
      const at = (b - from) * stride
      const dot =
        externalField === undefined
          ? 0
          : kernels.externalDot(externalField, neurons, rows.subarray(at, at + stride))
      out[b] = energyOf(out[b], scale, dot)
    }
  })
  return out
}

/** m^μ of every state: B × P values. */
export function overlapTable(
  kernels: Kernels,
  memory: () => Memory,
  states: StateReader,
): Float64Array<ArrayBuffer> {
  const { neurons, count } = memory()
  const size = states.count * count
  const out = allocate('overlaps', size * 8, () => new Float64Array(size))
  let integers = new Int32Array(0)
  portions(kernels, states, neurons, count * 4, (rows, from, to) => {
    const needed = (to - from) * count
    if (integers.length < needed) {
      integers = allocate('overlaps', needed * 4, () => new Int32Array(needed))
    }
    const read = unchanged('overlapsBatch', memory(), count)
    kernels.overlaps(read.rows, count, neurons, rows, to - from, integers)
    const base = from * count
    const end = (to - from) * count
    for (let k = 0; k < end; k++) out[base + k] = integers[k] / neurons
  })
  return out
}

/** The nearest stored pattern of every state. */
export function nearest(
  kernels: Kernels,
  memory: PatternMemory,
  neurons: number,
  states: StateReader,
): Nearest {
  const { count } = memory
  if (count === 0) throw noPatterns('nearest')
  const job = new NearestJob(kernels, neurons, states)
  portions(kernels, states, neurons, 8, (rows, from, to) => {
    unchanged('nearest', memory, count)
    allHere(job.compute({ planes: memory.planes(), count }, from, to, rows))
  })
  return job.result()
}

/** Reading states may run the caller's code, which may store and forget. */
function unchanged<M extends { readonly count: number }>(method: string, memory: M, count: number): M {
  if (memory.count === count) return memory
  throw new HopfieldError(
    'ERR_HOPFIELD_BUSY',
    `${method}: states: reading them changed the number of stored patterns; do not store or forget in a getter`,
  )
}
