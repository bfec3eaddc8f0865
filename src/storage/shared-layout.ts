import { HopfieldError } from '../errors.js'
import { columnWords, paddedStride, rowWords } from '../kernels/contract/layout.js'

/** Where things lie in shared memory, in words: the rows, then the columns or the matrix. */
export interface SharedLayout {
  /** End of the P × R words of rows. */
  readonly rows: number
  /** End of the N × C words of columns, or of the N × paddedStride(N) integers of the matrix. */
  readonly end: number
}

export function sharedLayout(neurons: number, count: number, dense: boolean): SharedLayout {
  const rows = count * rowWords(neurons)
  return { rows, end: rows + neurons * (dense ? paddedStride(neurons) : columnWords(count)) }
}

/** The error for bytes that no share() wrote. */
export function notOfShare(): HopfieldError {
  return new HopfieldError(
    'ERR_HOPFIELD_VALUE',
    'handle.memory: the patterns are not in the layout of share(); pass the handle of share() unchanged',
  )
}
