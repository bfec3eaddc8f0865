import { allocate } from '../errors.js'
import type { Kernels } from '../kernels/contract/kernels.js'

/** Zeros that begin on a cache line where the backend can tell: rules that change numbers in place are slower across two lines. */
export function alignedReals(kernels: Kernels, what: string, length: number): Float64Array {
  return allocate(what, length * 8, () => {
    const words = kernels.allocate(length * 2)
    return new Float64Array(words.buffer, words.byteOffset, length)
  })
}
