import { allocate } from '../errors.js'
import type { UnitKind } from '../kernels/contract/kernels.js'
import { rowWords, spin } from '../kernels/contract/layout.js'
import { atOnce } from '../platform/turn.js'
import { type NumberForm, type NumberRows, readingNumberRows, readNumberRows } from './number-rows.js'
import { checkPacked, isPacked, type PackedPatterns, type PackedRows } from './packed-patterns.js'
import { checkLasting } from './spins.js'
import type { NumbersLike } from './typed-arrays.js'
import type { VectorsLike } from './vectors.js'

/** Units read of packed rows in one step: some tenths of a millisecond. */
const STEP = 2 ** 16

/** Rows of units of a machine: numbers, flat or nested, or packed bits. */
export type UnitRowsLike = VectorsLike | PackedPatterns
/** One of them. */
export type UnitRowLike = NumbersLike | PackedPatterns

const WANTED: Record<UnitKind, string> = {
  binary: 'a number from 0 to 1',
  bipolar: 'a number from -1 to 1',
  gaussian: 'a finite number within ±1e6',
}
const LEAST: Record<UnitKind, number> = { binary: 0, bipolar: -1, gaussian: -1e6 }
const MOST: Record<UnitKind, number> = { binary: 1, bipolar: 1, gaussian: 1e6 }

function form(kind: UnitKind): NumberForm<Float32Array> {
  return {
    noun: 'rows',
    make: Float32Array,
    asItIs: false,
    accepts: (x) => x >= LEAST[kind] && x <= MOST[kind],
    wanted: WANTED[kind],
  }
}

/**
 * Any number of rows of units, as f32; always a copy. Bits of packed rows are the two values of a unit.
 * Throws HopfieldError ERR_HOPFIELD_TYPE, _SHAPE or _VALUE naming `name` and the first offender.
 */
export function readUnitRows(
  name: string,
  given: unknown,
  width: number,
  kind: UnitKind,
): NumberRows<Float32Array> {
  if (!isPacked(given)) return readNumberRows(name, given, width, form(kind))
  return atOnce(readingUnitRows(name, given, width, kind))
}

/** The same in small steps. */
export function readingUnitRows(
  name: string,
  given: unknown,
  width: number,
  kind: UnitKind,
): Generator<void, NumberRows<Float32Array>> {
  if (!isPacked(given)) return readingNumberRows(name, given, width, form(kind))
  return readingBits(name, checkPacked(name, given, width), kind)
}

function* readingBits(
  name: string,
  { words, count, neurons: width }: PackedRows,
  kind: UnitKind,
): Generator<void, NumberRows<Float32Array>> {
  const low = kind === 'binary' ? 0 : -1
  const stride = rowWords(width)
  const data = allocate(name, count * width * 4, () => new Float32Array(count * width))
  const some = Math.max(1, Math.floor(STEP / width))
  for (let b = 0; b < count; b++) {
    if (b > 0 && b % some === 0) yield
    if (b % some === 0) checkLasting(name, words, count * stride)
    for (let i = 0; i < width; i++) data[b * width + i] = spin(words, i, b * stride) === 1 ? 1 : low
  }
  return { count, data }
}
