import { allocate, describe, HopfieldError } from '../errors.js'
import { type Given, option, optional, Schema } from './options.js'
import { notASpin } from './spins.js'
import type { Int8s, NumbersLike, Uint8s } from './typed-arrays.js'
import { checkInteger, checkLength, element, lengthOf } from './validate.js'

const ON = '#1X'
const OFF = '.0'

/**
 * Converts 0/1 or true/false, or a drawing, to ±1 values. In a drawing '#', '1' and 'X' are +1, '.' and '0' are −1, and white
 * space separates rows. If a drawing of several lines has only '#' or 'X', spaces inside a line are −1.
 *
 * @returns Int8Array with one value ±1 per bit, row after row.
 * @throws HopfieldError ERR_HOPFIELD_VALUE naming the first value that is no bit; ERR_HOPFIELD_SHAPE for ragged rows.
 */
export function bipolar(bits: string | ArrayLike<number | bigint | boolean>): Int8s {
  if (typeof bits === 'string') return fromDrawing(bits)
  const length = lengthOf(bits)
  if (length < 0) {
    throw new HopfieldError(
      'ERR_HOPFIELD_TYPE',
      `bipolar: bits: expected a string or an array, got ${describe(bits)}`,
    )
  }
  const out = allocate('bipolar', length, () => new Int8Array(length))
  for (let i = 0; i < out.length; i++) {
    const bit = element(bits, i)
    if (bit !== 0 && bit !== 1 && bit !== true && bit !== false) {
      throw new HopfieldError(
        'ERR_HOPFIELD_VALUE',
        `bipolar: bits[${i}]: expected 0 or 1, got ${describe(bit)}`,
      )
    }
    out[i] = bit ? 1 : -1
  }
  return out
}

function fromDrawing(text: string): Int8s {
  const { rows, filled } = drawingRows(text)
  if (rows.length === 0)
    throw new HopfieldError(
      'ERR_HOPFIELD_SHAPE',
      'bipolar: bits: expected a drawing with at least one row, got none',
    )
  const width = filled ? rows.reduce((most, row) => Math.max(most, row.length), 0) : rows[0].length
  const size = rows.length * width
  const out = allocate('bipolar', size, () => new Int8Array(size))
  for (const [y, row] of rows.entries()) {
    if (row.length !== width && !filled) {
      throw new HopfieldError(
        'ERR_HOPFIELD_SHAPE',
        `bipolar: bits: row ${y}: expected ${width} values as in row 0, got ${row.length}`,
      )
    }
    for (let x = 0; x < width; x++) {
      const mark = x < row.length ? row[x] : ' '
      if (!ON.includes(mark) && !OFF.includes(mark) && mark !== ' ') {
        throw new HopfieldError(
          'ERR_HOPFIELD_VALUE',
          `bipolar: bits: row ${y}, column ${x}: expected one of ${ON}${OFF}, got ${describe(mark)}`,
        )
      }
      out[y * width + x] = ON.includes(mark) ? 1 : -1
    }
  }
  return out
}

/** The rows of a drawing, and whether those that are too short are filled up with −1. */
function drawingRows(text: string): { rows: string[]; filled: boolean } {
  const lines = text.split(/\r?\n/)
  const blankIsOff = lines.length > 1 && !/[.01]/.test(text)
  if (!blankIsOff) return { rows: text.split(/\s+/).filter((row) => row !== ''), filled: false }
  const isRow = (line: string): boolean => line.trim() !== ''
  const first = lines.findIndex(isRow)
  const drawing = first < 0 ? [] : lines.slice(first, lines.findLastIndex(isRow) + 1)
  return { rows: drawing.map((line) => line.trimEnd()), filled: true }
}

/**
 * Converts ±1 values to 0/1.
 * @throws HopfieldError ERR_HOPFIELD_VALUE naming the first value that is not +1 or −1.
 */
export function binary(state: NumbersLike): Uint8s {
  return readBits('binary: state', state)
}

/** 0/1 values from ±1, under the name that the caller of a method knows. */
export function readBits(name: string, state: NumbersLike): Uint8s {
  const length = lengthOf(state)
  if (length < 0) {
    throw new HopfieldError('ERR_HOPFIELD_TYPE', `${name}: expected an array, got ${describe(state)}`)
  }
  const out = allocate(name, length, () => new Uint8Array(length))
  for (let i = 0; i < out.length; i++) {
    const value = element(state, i)
    if (value !== 1 && value !== -1) {
      throw notASpin(name, i, length, false, value)
    }
    out[i] = value === 1 ? 1 : 0
  }
  return out
}

const mark = (usual: string) =>
  option<string>(usual, (name, value) => {
    if (typeof value === 'string') return value
    throw new HopfieldError('ERR_HOPFIELD_TYPE', `${name}: expected a string, got ${describe(value)}`)
  })
const FORMAT = {
  /** Neurons per line; the square root of N where that is whole. */
  width: optional<number, unknown>((_, value) => value),
  /** Mark of +1, '#' by default. */
  on: mark('#'),
  /** Mark of −1, '.' by default. */
  off: mark('.'),
}
const FORMAT_SCHEMA = new Schema(FORMAT)

/** A state as lines of text. `bipolar(formatGlyph(state))` is the state again. */
export function formatGlyph(state: NumbersLike, options?: Given<typeof FORMAT>): string {
  const { width: given, on, off } = FORMAT_SCHEMA.read('formatGlyph', options)
  const bits = readBits('formatGlyph: state', state)
  const width = checkInteger(
    'formatGlyph: width (give it where N is no square)',
    given ?? Math.sqrt(bits.length),
    1,
    Math.max(1, bits.length),
  )
  if (bits.length % width !== 0) {
    throw new HopfieldError(
      'ERR_HOPFIELD_SHAPE',
      `formatGlyph: width: expected a divisor of ${bits.length}, the number of neurons, got ${width}`,
    )
  }
  const lines: string[] = []
  for (let at = 0; at < bits.length; at += width) {
    lines.push(Array.from(bits.subarray(at, at + width), (bit) => (bit ? on : off)).join(''))
  }
  return lines.join('\n')
}

/** A mask of N flags (0/1 or true/false) as bytes. */
export function readFlags(name: string, input: unknown, neurons: number): Uint8Array {
  const given = checkLength(name, input, neurons)
  const out = new Uint8Array(neurons)
  for (let i = 0; i < neurons; i++) {
    const flag = element(given, i)
    if (flag !== 0 && flag !== 1 && flag !== true && flag !== false) {
      throw new HopfieldError(
        'ERR_HOPFIELD_VALUE',
        `${name}[${i}]: expected 0, 1, true or false, got ${describe(flag)}`,
      )
    }
    out[i] = flag ? 1 : 0
  }
  return out
}
