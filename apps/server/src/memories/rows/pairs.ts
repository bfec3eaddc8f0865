import { HopfieldError } from 'hopfield-native'
import { bytesOf, cut, type Form, type PairRow, type PlainRow, type RowFormat } from './row-format.js'

/**
 * Two rows that belong together. Packed, one stands behind the other. Where either may be missing, a byte is in front: 1 if the first is
 * there, plus 2 if the second is; the bytes of one that is not are passed over.
 */
export class Pairs implements RowFormat<PairRow> {
  readonly width: number
  readonly bytes: number
  readonly says: string
  readonly #sides: readonly (readonly [name: string, format: RowFormat<PlainRow>])[]
  readonly #either: boolean

  /** @param either whether one of them is enough. */
  constructor(
    sides: Readonly<Record<string, RowFormat<PlainRow>>>,
    { either }: { readonly either: boolean },
  ) {
    this.#sides = Object.entries(sides)
    this.#either = either
    const sum = (of: 'width' | 'bytes') => this.#sides.reduce((all, [, format]) => all + format[of], 0)
    this.width = sum('width')
    this.bytes = sum('bytes') + (either ? 1 : 0)
    this.says = this.#sides.map(([name, { says }]) => `${name}: ${says}`).join(either ? ' or ' : ', ')
  }

  read(name: string, given: unknown): PairRow {
    if (typeof given === 'string') return this.#unpacked(name, bytesOf(name, given))
    if (given instanceof Uint8Array) return this.#unpacked(name, given)
    if (given === null || typeof given !== 'object' || Array.isArray(given)) {
      throw this.#unlike(name, Array.isArray(given) ? 'an array' : typeof given)
    }
    const parts = given as Readonly<Record<string, unknown>>
    const unknown = Object.keys(parts).find((key) => !this.#sides.some(([side]) => side === key))
    if (unknown !== undefined) throw this.#unlike(name, unknown)
    const row: Record<string, PlainRow> = {}
    for (const [side, format] of this.#sides) {
      if (parts[side] !== undefined) row[side] = format.read(`${name}.${side}`, parts[side])
      else if (!this.#either) throw this.#unlike(name, `no ${side}`)
    }
    if (Object.keys(row).length === 0) throw this.#unlike(name, 'neither')
    return row
  }

  readAll(name: string, bytes: Uint8Array): PairRow[] {
    return cut(name, bytes, this, (of, row) => this.#unpacked(of, row))
  }

  written(row: PairRow, form: Form): unknown {
    const there = this.#sides.filter(([side]) => row[side] !== undefined)
    return Object.fromEntries(
      there.map(([side, format]) => [side, format.written(row[side] as PlainRow, form)]),
    )
  }

  pack(row: PairRow): Uint8Array {
    const parts = this.#sides.map(([side, format]) =>
      row[side] === undefined ? Buffer.alloc(format.bytes) : format.pack(row[side]),
    )
    const flags = this.#sides.reduce((sum, [side], k) => sum + (row[side] === undefined ? 0 : 2 ** k), 0)
    return Buffer.concat(this.#either ? [Uint8Array.of(flags), ...parts] : parts)
  }

  example(bits: Uint8Array): Uint8Array {
    // The second side has the bits from the next whole byte on.
    const sides = this.#sides.map(([, format], k) => {
      const from = k === 0 ? 0 : bits.length - Math.ceil(format.width / 8)
      const own = bits.slice(from, from + Math.ceil(format.width / 8))
      if (format.width % 8 !== 0) own[own.length - 1] &= 2 ** (format.width % 8) - 1
      return format.example(own)
    })
    return Buffer.concat(this.#either ? [Uint8Array.of(3), ...sides] : sides)
  }

  #unpacked(name: string, bytes: Uint8Array): PairRow {
    if (bytes.length !== this.bytes) {
      throw new HopfieldError(
        'ERR_HOPFIELD_SHAPE',
        `${name}: expected ${this.bytes} bytes (${this.says}), got ${bytes.length}`,
      )
    }
    const flags = this.#either ? bytes[0] : 3
    if (flags < 1 || flags > 3) {
      throw new HopfieldError(
        'ERR_HOPFIELD_VALUE',
        `${name}: expected 1, 2 or 3 in the first byte, which says what is there, got ${flags}`,
      )
    }
    const row: Record<string, PlainRow> = {}
    let at = this.#either ? 1 : 0
    for (const [k, [side, format]] of this.#sides.entries()) {
      const part = bytes.subarray(at, at + format.bytes)
      at += format.bytes
      if (((flags >> k) & 1) === 1) row[side] = format.read(`${name}.${side}`, part)
    }
    return row
  }

  #unlike(name: string, got: string): HopfieldError {
    const sides = this.#sides.map(([side]) => side)
    const wanted = `${sides.join(this.#either ? ', ' : ' and ')}${this.#either ? ' or both' : ''}`
    return new HopfieldError(
      'ERR_HOPFIELD_TYPE',
      `${name}: expected an object of ${wanted} (${this.says}), or packed bytes, got ${got}`,
    )
  }
}
