import {
  type NumberForm,
  type NumberRows,
  readingNumberRows,
  readNumberRow,
  readNumberRows,
} from './number-rows.js'

/** Rows of real numbers from outside: a copy, since what is computed from them is written over them. */
export type RealRows = NumberRows<Float64Array>

/** Between which numbers each has to lie. */
export interface RealRange {
  readonly least: number
  readonly most: number
}

function within({ least, most }: RealRange): NumberForm<Float64Array> {
  return {
    noun: 'rows',
    make: Float64Array,
    asItIs: false,
    accepts: (x) => x >= least && x <= most,
    wanted: `a number from ${least} to ${most}`,
  }
}

/**
 * Any number of rows of N numbers within a range, flat or nested.
 * Throws HopfieldError ERR_HOPFIELD_TYPE, _SHAPE or _VALUE naming `name` and the first offender.
 */
export function readRealRows(name: string, given: unknown, width: number, range: RealRange): RealRows {
  return readNumberRows(name, given, width, within(range))
}

/** The same in small steps. */
export function readingRealRows(
  name: string,
  given: unknown,
  width: number,
  range: RealRange,
): Generator<void, RealRows> {
  return readingNumberRows(name, given, width, within(range))
}

/** Exactly one row, a copy. */
export function readRealRow(name: string, given: unknown, width: number, range: RealRange): Float64Array {
  return readNumberRow(name, given, width, within(range))
}
