import { HopfieldError } from '../errors.js'
import type { Float64s } from '../input/typed-arrays.js'
import { checkNumber } from '../input/validate.js'

/**
 * What a matrix of learned weights says beside its numbers, so that it can be given to a network again and mean the same to the last
 * bit. Properties of the array that are not enumerated; copies have none, and are numbers alone.
 */
export interface WeightUnit {
  /** J·divisor are whole numbers: those of an Int32Array, which are still to be divided by it, or J itself in a Float64Array. */
  readonly divisor?: number
  /** k of the fields Σ_j J_ij s_j + k_i, which given weights cannot have. */
  readonly constantField?: Float64s
}

export function withUnit<Matrix extends Int32Array | Float64Array>(
  matrix: Matrix,
  { divisor, constantField }: { [Name in keyof WeightUnit]: WeightUnit[Name] | undefined },
): Matrix & WeightUnit {
  if (divisor !== undefined) Object.defineProperty(matrix, 'divisor', hidden(divisor))
  if (constantField !== undefined) Object.defineProperty(matrix, 'constantField', hidden(constantField))
  return matrix
}

/** Without a prototype, to which somebody might have added a getter. */
function hidden(value: unknown): PropertyDescriptor {
  return Object.assign(Object.create(null), { value })
}

/** The divisor of an array that `withUnit` made, or 1. Throws HopfieldError where it cannot be given to a network. */
export function divisorOf(name: string, given: unknown): number {
  if (!(given instanceof Int32Array || given instanceof Float64Array)) return 1
  if (Object.hasOwn(given, 'constantField')) {
    throw new HopfieldError(
      'ERR_HOPFIELD_OPTION',
      `${name}: these come with a constant field, which given weights cannot have; give a copy, ${name}.slice(), and constantField as externalField of every call`,
    )
  }
  if (!Object.hasOwn(given, 'divisor')) return 1
  return checkNumber(`${name}.divisor`, (given as WeightUnit).divisor, 1e-100, 1e100)
}

/** The whole numbers J·divisor that J was made of, in place; false where J was made of none: then nothing has changed. */
export function madeWhole(numbers: Float64Array, divisor: number): boolean {
  const whole = (x: number): number => Math.round(x * divisor)
  if (!numbers.every((x) => whole(x) / divisor === x && Math.abs(whole(x)) < 2 ** 53)) return false
  for (let k = 0; k < numbers.length; k++) numbers[k] = whole(numbers[k]) + 0
  return true
}
