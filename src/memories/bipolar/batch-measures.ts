import { allHere } from '../../async/steps.js'
import { allocate, HopfieldError } from '../../errors.js'
import { type Nearest, noPatterns } from '../../input/nearest-patterns.js'
import type { StateReader } from '../../input/state-reader.js'
import type { Float64s } from '../../input/typed-arrays.js'
import type { Kernels, Memory } from '../../kernels/contract/kernels.js'
import { rowWords } from '../../kernels/contract/layout.js'
import { atOnce } from '../../platform/turn.js'
import type { PatternMemory } from '../../storage/weights.js'
import { EnergiesJob, type Measured, OverlapsJob } from './measure-jobs.js'
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

/** E of every state: B values. */
export function energies(
  kernels: Kernels,
  neurons: number,
  states: StateReader,
  measured: () => Measured,
): Float64s {
  const job = new EnergiesJob(kernels, neurons, states)
  portions(kernels, states, neurons, 8, (rows, from, to) => {
    allHere(job.compute(measured(), from, to, rows))
  })
  return job.result()
}

/** m^μ of every state: B × P values. */
export function overlapTable(kernels: Kernels, memory: () => Memory, states: StateReader): Float64s {
  const { neurons, count } = memory()
  const job = new OverlapsJob(kernels, neurons, states, count)
  portions(kernels, states, neurons, count * 4, (rows, from, to) => {
    allHere(job.compute(unchanged('overlapsBatch', memory(), count), from, to, rows))
  })
  return job.result()
}

/** The k nearest stored patterns of every state. */
export function nearest(
  kernels: Kernels,
  memory: PatternMemory,
  neurons: number,
  states: StateReader,
  k: number,
): Nearest {
  const { count } = memory
  if (count === 0) throw noPatterns('nearest')
  const job = new NearestJob(kernels, neurons, states, Math.min(k, count))
  portions(kernels, states, neurons, 8 * Math.min(k, count), (rows, from, to) => {
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
