import { ClusterError } from '../errors.js'
import type { Asked, Operation } from './questions.js'

// A question may come from anywhere. What it holds is looked at before anything is computed or allocated; the package checks the rest,
// states and sums, as it does anything a caller gives it.

type Field = (value: unknown) => boolean

const array =
  (type: { new (length: number): ArrayLike<number> }): Field =>
  (value) =>
    value instanceof type
const whole: Field = (value) => Number.isInteger(value) && (value as number) >= 1
const object: Field = (value) => typeof value === 'object' && value !== null
const either =
  (...fields: Field[]): Field =>
  (value) =>
    fields.some((field) => field(value))
const none: Field = (value) => value === undefined

const [words, data] = [array(Uint32Array), array(Float32Array)]
const sums = {
  data,
  whole: object,
  peaks: array(Float64Array),
  before: either(none, object),
  addend: either(none, (value) => typeof value === 'string'),
}

const FIELDS: { readonly [O in Operation]: { readonly [K in keyof Asked<O>]-?: Field } } = {
  overlaps: { words },
  nearest: { words, k: whole },
  fields: { words },
  columns: { neurons: array(Uint32Array) },
  readout: { votes: array(Float64Array) },
  energies: { words },
  near: { words, least: array(Float64Array) },
  similarities: { data },
  top: { data, k: whole },
  peaks: { data, whole: object },
  partial: sums,
  complete: sums,
}

/**
 * What is asked, of an operation that a part answers.
 * @throws ClusterError ERR_CLUSTER_VALUE for a field that is missing or is not what it should be.
 */
export function checked<O extends Operation>(operation: O, asked: unknown): Asked<O> {
  if (!object(asked)) throw wrong(operation, 'an object', 'asked')
  const given = asked as Record<string, unknown>
  for (const [name, fits] of Object.entries(FIELDS[operation] as Record<string, Field>))
    if (!fits(given[name])) throw wrong(operation, 'its type', name)
  return asked as Asked<O>
}

/** A list of numbers of what there are `count` of. */
export function checkEach(operation: Operation, name: string, list: ArrayLike<number>, count: number): void {
  for (let k = 0; k < list.length; k++)
    if (list[k] >= count)
      throw new ClusterError(
        'ERR_CLUSTER_VALUE',
        `${operation}: ${name}[${k}]: expected less than ${count}, got ${list[k]}`,
      )
}

/** Rows of `width` numbers. */
export function checkRows(
  operation: Operation,
  name: string,
  list: ArrayLike<number>,
  width: number,
  rows?: number,
): void {
  const fits = rows === undefined ? list.length % width === 0 : list.length === rows * width
  if (!fits)
    throw new ClusterError(
      'ERR_CLUSTER_VALUE',
      `${operation}: ${name}: expected ${rows ?? 'rows'} of ${width} numbers, got ${list.length}`,
    )
}

function wrong(operation: Operation, expected: string, name: string): ClusterError {
  return new ClusterError(
    'ERR_CLUSTER_VALUE',
    `${operation}: ${name}: expected ${expected}, got something else`,
  )
}
