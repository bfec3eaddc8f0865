import { HopfieldError, PackedPatterns } from 'hopfield-native'
import { base64, bit, bytesOf, cut, type Form, type RowFormat, told } from './row-format.js'

/** Units of two values, packed: unit i in bit i mod 8 of byte ⌊i/8⌋. */
export class Bits implements RowFormat<Uint8Array> {
  readonly width: number
  readonly bytes: number
  readonly says: string
  readonly #low: -1 | 0
  /** Bits of the last byte that belong to no unit. */
  readonly #beyond: number

  /** @param low the value of a bit 0; that of a bit 1 is 1. */
  constructor(units: number, low: -1 | 0) {
    this.width = units
    this.bytes = Math.ceil(units / 8)
    this.says = `${units} values ${low === -1 ? '±1' : '0 or 1'}`
    this.#low = low
    this.#beyond = units % 8 === 0 ? 0 : 256 - 2 ** (units % 8)
  }

  read(name: string, given: unknown): Uint8Array {
    const bytes =
      typeof given === 'string'
        ? bytesOf(name, given)
        : given instanceof Uint8Array
          ? given
          : this.#packed(name, given)
    if (bytes.length !== this.bytes) {
      throw new HopfieldError(
        'ERR_HOPFIELD_SHAPE',
        `${name}: expected ${this.bytes} bytes for ${this.says}, got ${bytes.length}`,
      )
    }
    return this.#clean(name, bytes)
  }

  readAll(name: string, bytes: Uint8Array): Uint8Array[] {
    return cut(name, bytes, this, (of, row) => this.#clean(of, row))
  }

  written(row: Uint8Array, form: Form): unknown {
    if (form === 'bytes') return row
    if (form === 'base64') return base64(row)
    return Array.from({ length: this.width }, (_, i) =>
      ((row[i >> 3] >> (i & 7)) & 1) === 1 ? 1 : this.#low,
    )
  }

  pack(row: Uint8Array): Uint8Array {
    return row
  }

  example(bits: Uint8Array): Uint8Array {
    return bits
  }

  /** Rows as calls of memories of ±1 states take them. */
  states(rows: readonly Uint8Array[]): PackedPatterns {
    const size = this.bytes
    let [bytes] = rows
    if (rows.length > 1) {
      bytes = new Uint8Array(rows.length * size)
      for (let k = 0; k < rows.length; k++) bytes.set(rows[k], k * size)
    }
    return PackedPatterns.fromBytes(bytes, { neurons: this.width })
  }

  /** Rows as calls of memories of codes take them. */
  codes(rows: readonly Uint8Array[]): { active: number[] }[] {
    return rows.map((row) => {
      const active: number[] = []
      for (let i = 0; i < this.width; i++) if (bit(row, i) === 1) active.push(i)
      return { active }
    })
  }

  #packed(name: string, given: unknown): Uint8Array {
    const { active } = (given ?? {}) as { active?: unknown }
    if (this.#low === 0 && Array.isArray(active)) return this.#byIndices(`${name}.active`, active)
    if (!Array.isArray(given) && !(given instanceof Int8Array)) {
      const or = this.#low === 0 ? ', { active: indices of units }' : ''
      throw new HopfieldError(
        'ERR_HOPFIELD_TYPE',
        `${name}: expected ${this.says}${or}, or packed bytes (base64 in JSON), got ${typeof given}`,
      )
    }
    if (given.length !== this.width) {
      throw new HopfieldError(
        'ERR_HOPFIELD_SHAPE',
        `${name}: expected ${this.width} values, got ${given.length}`,
      )
    }
    const bytes = new Uint8Array(this.bytes)
    for (let i = 0; i < given.length; i++) {
      const s = given[i]
      if (s === 1) bytes[i >> 3] |= 1 << (i & 7)
      else if (s !== this.#low) {
        const wanted = this.#low === -1 ? '+1 or -1' : '0 or 1'
        throw new HopfieldError('ERR_HOPFIELD_VALUE', `${name}[${i}]: expected ${wanted}, got ${told(s)}`)
      }
    }
    return bytes
  }

  #byIndices(name: string, active: readonly unknown[]): Uint8Array {
    const bytes = new Uint8Array(this.bytes)
    for (const [k, i] of active.entries()) {
      if (typeof i !== 'number' || !Number.isInteger(i) || i < 0 || i >= this.width) {
        throw new HopfieldError(
          'ERR_HOPFIELD_RANGE',
          `${name}[${k}]: expected an integer from 0 to ${this.width - 1}, got ${told(i)}`,
        )
      }
      bytes[i >> 3] |= 1 << (i & 7)
    }
    return bytes
  }

  /** Refuses what the batch that the row goes into would be refused for. */
  #clean(name: string, bytes: Uint8Array): Uint8Array {
    const last = bytes[bytes.length - 1]
    if ((last & this.#beyond) === 0) return bytes
    throw new HopfieldError(
      'ERR_HOPFIELD_VALUE',
      `${name}: expected 0 in the bits behind the last of ${this.width} units, got ${last} in the last byte`,
    )
  }
}
