import { HopfieldError } from 'hopfield-native'
import { base64, bit, bytesOf, cut, type Form, type RowFormat, told } from './row-format.js'

/** Which numbers a row may have. */
export interface Range {
  readonly least: number
  readonly most: number
  /** Whether a row of zeros is refused: it has no direction. */
  readonly direction?: boolean
  /** Whether only the ends are allowed. */
  readonly signs?: boolean
}

/** All that an f32 holds. */
export const F32: Range = { least: -3.4028234663852886e38, most: 3.4028234663852886e38 }

/** Rows of real numbers: f32, or f64 where `double`, little-endian where they are packed. */
export class Numbers<R extends Float32Array | Float64Array> implements RowFormat<R> {
  readonly width: number
  readonly bytes: number
  readonly says: string
  readonly #double: boolean
  readonly #range: Range

  private constructor(width: number, range: Range, double: boolean) {
    this.width = width
    this.bytes = (double ? 8 : 4) * width
    this.says = `${width} numbers, f${double ? 64 : 32} in bytes`
    this.#double = double
    this.#range = range
  }

  static f32(width: number, range: Range = F32): Numbers<Float32Array> {
    return new Numbers(width, range, false)
  }

  static f64(width: number, range: Range): Numbers<Float64Array> {
    return new Numbers(width, range, true)
  }

  read(name: string, given: unknown): R {
    if (typeof given === 'string') return this.#unpacked(name, bytesOf(name, given))
    if (given instanceof Uint8Array) return this.#unpacked(name, given)
    if (!Array.isArray(given)) {
      throw new HopfieldError(
        'ERR_HOPFIELD_TYPE',
        `${name}: expected ${this.width} numbers, or bytes of them (base64 in JSON), got ${typeof given}`,
      )
    }
    if (given.length !== this.width) throw this.#misfit(name, 'numbers', this.width, given.length)
    const row = this.#make()
    for (let i = 0; i < row.length; i++) {
      const x: unknown = given[i]
      row[i] = typeof x === 'number' ? x : Number.NaN
    }
    return this.#checked(name, row, given)
  }

  readAll(name: string, bytes: Uint8Array): R[] {
    return cut(name, bytes, this, (of, row) => this.#unpacked(of, row))
  }

  written(row: R, form: Form): unknown {
    if (form === 'numbers') return Array.from(row)
    return form === 'bytes' ? this.pack(row) : base64(this.pack(row))
  }

  pack(row: R): Uint8Array {
    const bytes = new Uint8Array((this.#double ? 8 : 4) * row.length)
    const view = new DataView(bytes.buffer)
    for (let i = 0; i < row.length; i++) {
      if (this.#double) view.setFloat64(8 * i, row[i], true)
      else view.setFloat32(4 * i, row[i], true)
    }
    return bytes
  }

  /** Numbers 0 and 1, or the signs. */
  example(bits: Uint8Array): Uint8Array {
    const low = this.#range.signs === true ? -1 : 0
    const row = this.#make()
    for (let i = 0; i < row.length; i++) row[i] = bit(bits, i) === 1 ? 1 : low
    return this.pack(row)
  }

  /** Rows one behind the other, as calls of memories take them. */
  joined(rows: readonly R[]): R {
    const all = this.#make(rows.length)
    for (const [k, row] of rows.entries()) all.set(row, k * this.width)
    return all
  }

  /** Refuses what is out of another range. @throws HopfieldError ERR_HOPFIELD_VALUE. */
  check(name: string, row: R, range: Range): void {
    const at = row.findIndex((x: number) => !(x >= range.least && x <= range.most))
    if (at >= 0) throw noNumber(`${name}[${at}]`, range, row[at])
  }

  #make(rows = 1): R {
    const length = rows * this.width
    return (this.#double ? new Float64Array(length) : new Float32Array(length)) as R
  }

  #unpacked(name: string, bytes: Uint8Array): R {
    if (bytes.length !== this.bytes) throw this.#misfit(name, 'bytes', this.bytes, bytes.length)
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const row = this.#make()
    for (let i = 0; i < row.length; i++) {
      row[i] = this.#double ? view.getFloat64(8 * i, true) : view.getFloat32(4 * i, true)
    }
    return this.#checked(name, row, row)
  }

  /** @param given where the row is from, for the message. */
  #checked(name: string, row: R, given: ArrayLike<unknown>): R {
    const { least, most, direction, signs } = this.#range
    let zeros = true
    for (let i = 0; i < row.length; i++) {
      const good = signs === true ? row[i] === least || row[i] === most : row[i] >= least && row[i] <= most
      if (!good) throw noNumber(`${name}[${i}]`, this.#range, given[i])
      if (row[i] !== 0) zeros = false
    }
    if (direction !== true || !zeros) return row
    throw new HopfieldError('ERR_HOPFIELD_VALUE', `${name}: expected a direction, got only zeros`)
  }

  #misfit(name: string, what: 'numbers' | 'bytes', wanted: number, got: number): HopfieldError {
    return new HopfieldError('ERR_HOPFIELD_SHAPE', `${name}: expected ${wanted} ${what}, got ${got}`)
  }
}

function noNumber(name: string, { least, most, signs }: Range, x: unknown): HopfieldError {
  const between = signs === true ? `${least} or ${most}` : `a number from ${least} to ${most}`
  const wanted = most === F32.most ? 'a number that f32 holds' : between
  return new HopfieldError('ERR_HOPFIELD_VALUE', `${name}: expected ${wanted}, got ${told(x)}`)
}
