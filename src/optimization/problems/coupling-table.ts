import { allocate, describe, HopfieldError } from '../../errors.js'
import { Schema, unread } from '../../input/options.js'
import { readRealRow } from '../../input/reals.js'
import { MAX_NEURONS } from '../../input/spins.js'
import type { NumbersLike } from '../../input/typed-arrays.js'
import {
  checkInteger,
  element,
  isArrayLike,
  isPlainObject,
  lengthOf,
  ownProperties,
} from '../../input/validate.js'
import { atOnce } from '../../platform/turn.js'
import type { ConnectionTable } from '../../storage/connection-table.js'
import { readConnections } from '../../storage/connections.js'
import { transposed } from '../../storage/csr-transpose.js'

/** Larger numbers are refused, so that fields and energies stay finite. */
export const MOST = 1e100
const RANGE = { least: -MOST, most: MOST }

/** One pair of variables and its number; 1 where it has none. */
export type Edge = readonly [i: number, j: number, weight?: number]

/** Pairs of variables, each in an array: pair k is (from[k], to[k]). */
export interface EdgeArrays {
  from: NumbersLike
  to: NumbersLike
  /** One number a pair; 1 for all by default. */
  weights?: NumbersLike
}

/** Pairs of variables, counted from 0. A pair may come in either order. Pairs that are there twice add up. */
export type Edges = ArrayLike<Edge> | EdgeArrays

/** Numbers between pairs of variables as a matrix in compressed rows, with SciPy's names. */
export interface CompressedRows {
  indptr: NumbersLike
  indices: NumbersLike
  data: NumbersLike
}

/** Numbers between all pairs of variables: N × N of them, flat or N rows, or compressed rows. */
export type SquareMatrix = NumbersLike | ArrayLike<NumbersLike> | CompressedRows

/** Pairs as they came: any order, repeats, and variables paired with themselves. */
export interface Pairs {
  readonly variables: number
  readonly from: Uint32Array
  readonly to: Uint32Array
  readonly values: Float64Array
  /** How many came again at the same place; undefined where either order of a pair is the same place. */
  readonly repeats?: number
}

/** Numbers between pairs, symmetric and without diagonal: sources ascending, none twice, none zero. */
export interface CouplingTable extends ConnectionTable {
  readonly weights: Int32Array | Float64Array
}

/** What is left of pairs when each is there once. */
export interface Gathered {
  readonly table: CouplingTable
  /** Σ of the numbers of variables with themselves, one a variable. */
  readonly own: Float64Array
  /** How many pairs were there again. */
  readonly repeats: number
}

const ARRAYS = new Schema({
  from: unread<NumbersLike>(),
  to: unread<NumbersLike>(),
  weights: unread<NumbersLike>(),
})
const ROWS = new Schema({
  indptr: unread<NumbersLike>(),
  indices: unread<NumbersLike>(),
  data: unread<NumbersLike>(),
})

/** Reads a list of pairs. @param variables how many there are; by default one more than the largest that is named. */
export function readEdges(name: string, given: unknown, variables: number | undefined): Pairs {
  const most = (variables ?? MAX_NEURONS) - 1
  const pairs = isPlainObject(given) ? edgeArrays(name, given, most) : edgeList(name, given, most)
  let largest = -1
  for (const i of pairs.from) largest = Math.max(largest, i)
  for (const j of pairs.to) largest = Math.max(largest, j)
  return { variables: variables ?? largest + 1, ...pairs }
}

function edgeArrays(name: string, given: object, most: number): Omit<Pairs, 'variables'> {
  const { from, to, weights } = ARRAYS.readWithin(name, given)
  const starts = readVariables(`${name}.from`, from, undefined, most)
  const ends = readVariables(`${name}.to`, to, starts.length, most)
  if (weights === undefined)
    return { from: starts, to: ends, values: new Float64Array(starts.length).fill(1) }
  return { from: starts, to: ends, values: readRealRow(`${name}.weights`, weights, starts.length, RANGE) }
}

function readVariables(name: string, given: unknown, length: number | undefined, most: number): Uint32Array {
  const own = lengthOf(given)
  if (own < 0) {
    throw new HopfieldError(
      'ERR_HOPFIELD_TYPE',
      `${name}: expected an array of integers, got ${describe(given)}`,
    )
  }
  if (length !== undefined && own !== length) {
    throw new HopfieldError('ERR_HOPFIELD_SHAPE', `${name}: expected ${length} variables, got ${own}`)
  }
  const out = allocate(name, own * 4, () => new Uint32Array(own))
  for (let k = 0; k < own; k++) {
    out[k] = checkInteger(`${name}[${k}]`, element(given as ArrayLike<unknown>, k), 0, most)
  }
  return out
}

function edgeList(name: string, given: unknown, most: number): Omit<Pairs, 'variables'> {
  const count = lengthOf(given)
  if (count < 0 || ArrayBuffer.isView(given)) {
    throw new HopfieldError(
      'ERR_HOPFIELD_TYPE',
      `${name}: expected pairs [i, j] or [i, j, weight], or { from, to, weights }, got ${describe(given)}`,
    )
  }
  const from = allocate(name, count * 16, () => new Uint32Array(count))
  const to = new Uint32Array(count)
  const values = new Float64Array(count)
  for (let k = 0; k < count; k++) {
    const edge = (given as ArrayLike<unknown>)[k]
    const length = lengthOf(edge)
    if (length !== 2 && length !== 3) {
      throw new HopfieldError(
        length < 0 ? 'ERR_HOPFIELD_TYPE' : 'ERR_HOPFIELD_SHAPE',
        `${name}[${k}]: expected [i, j] or [i, j, weight], got ${describe(edge)}`,
      )
    }
    const of = edge as ArrayLike<unknown>
    from[k] = checkInteger(`${name}[${k}][0]`, element(of, 0), 0, most)
    to[k] = checkInteger(`${name}[${k}][1]`, element(of, 1), 0, most)
    values[k] = length === 2 ? 1 : checkReal(`${name}[${k}][2]`, element(of, 2))
  }
  return { from, to, values }
}

export function checkReal(name: string, x: unknown): number {
  if (typeof x === 'number' && Math.abs(x) <= MOST) return x
  throw new HopfieldError(
    'ERR_HOPFIELD_VALUE',
    `${name}: expected a number from ${-MOST} to ${MOST}, got ${describe(x)}`,
  )
}

/** Whether a matrix is given, and not a list of pairs. */
export function isMatrix(given: unknown): boolean {
  if (isPlainObject(given)) return 'indptr' in ownProperties(given)
  return ArrayBuffer.isView(given)
}

/** Every number of a matrix as a pair (row, column), zeros left out. */
export function readMatrix(name: string, given: unknown, variables: number | undefined): Pairs {
  return isPlainObject(given) ? compressedRows(name, given, variables) : denseRows(name, given, variables)
}

function compressedRows(name: string, given: object, wanted: number | undefined): Pairs {
  const { indptr, indices, data } = ROWS.readWithin(name, given)
  const variables = wanted ?? Math.max(lengthOf(indptr) - 1, 0)
  const names = { starts: 'indptr', sources: 'indices' }
  const { starts, sources } = readConnections(name, indptr, indices, variables, names)
  const values = readRealRow(`${name}.data`, data, sources.length, RANGE)
  const from = new Uint32Array(sources.length)
  for (let i = 0; i < variables; i++) from.fill(i, starts[i], starts[i + 1])
  return { variables, from, to: sources, values, repeats: repeatsOf({ starts, sources }, variables) }
}

function repeatsOf({ starts, sources }: ConnectionTable, variables: number): number {
  const seen = new Uint32Array(variables)
  let repeats = 0
  for (let i = 0; i < variables; i++) {
    for (let k = starts[i]; k < starts[i + 1]; k++) {
      if (seen[sources[k]] === i + 1) repeats++
      seen[sources[k]] = i + 1
    }
  }
  return repeats
}

function denseRows(name: string, given: unknown, wanted: number | undefined): Pairs {
  const length = lengthOf(given)
  if (length < 0) {
    throw new HopfieldError(
      'ERR_HOPFIELD_TYPE',
      `${name}: expected a matrix: N × N numbers, N rows, or { indptr, indices, data }, got ${describe(given)}`,
    )
  }
  const nested = length > 0 && isArrayLike((given as ArrayLike<unknown>)[0])
  const variables = wanted ?? (nested ? length : Math.round(Math.sqrt(length)))
  if (length !== (nested ? variables : variables * variables)) {
    const expected = nested
      ? `${variables} rows`
      : wanted === undefined
        ? 'N × N numbers'
        : `${wanted} × ${wanted} numbers`
    throw new HopfieldError('ERR_HOPFIELD_SHAPE', `${name}: expected ${expected}, got ${length}`)
  }
  const all = nested ? undefined : readRealRow(name, given, variables * variables, RANGE)
  const rows: Float64Array[] = []
  let count = 0
  for (let i = 0; i < variables; i++) {
    const row =
      all?.subarray(i * variables, (i + 1) * variables) ??
      readRealRow(`${name}[${i}]`, (given as ArrayLike<unknown>)[i], variables, RANGE)
    for (const x of row) if (x !== 0) count++
    rows.push(row)
  }
  const pairs = {
    variables,
    from: allocate(name, count * 16, () => new Uint32Array(count)),
    to: new Uint32Array(count),
    values: new Float64Array(count),
    repeats: 0,
  }
  let k = 0
  for (const [i, row] of rows.entries()) {
    for (let j = 0; j < variables; j++) {
      if (row[j] === 0) continue
      pairs.from[k] = i
      pairs.to[k] = j
      pairs.values[k++] = row[j]
    }
  }
  return pairs
}

/** Each pair once, whichever way round it came, and numbers of one pair added up in the order in which they came. */
export function gathered(name: string, { variables, from, to, values, repeats }: Pairs): Gathered {
  const own = allocate(name, variables * 8, () => new Float64Array(variables))
  const ends = new Uint32Array(variables + 1)
  const owned = new Uint8Array(variables)
  // Of two variables each is counted in both rows.
  let twice = 0
  for (let k = 0; k < from.length; k++) {
    if (from[k] === to[k]) {
      own[from[k]] += values[k]
      twice += 2 * owned[from[k]]
      owned[from[k]] = 1
    } else {
      ends[from[k] + 1]++
      ends[to[k] + 1]++
    }
  }
  for (let i = 0; i < variables; i++) ends[i + 1] += ends[i]
  const all = ends[variables]
  const items = allocate(name, all * 12, () => new Uint32Array(all))
  const numbers = new Float64Array(all)
  const next = ends.slice()
  for (let k = 0; k < from.length; k++) {
    const [a, b] = [from[k], to[k]]
    if (a === b) continue
    items[next[a]] = b
    numbers[next[a]++] = values[k]
    items[next[b]] = a
    numbers[next[b]++] = values[k]
  }
  // What is symmetric is its own transpose, and there rows are in ascending order.
  const sorted = atOnce(transposed({ starts: ends, items }, variables))
  const starts = new Uint32Array(variables + 1)
  const sums = new Float64Array(all)
  let at = 0
  for (let i = 0; i < variables; i++) {
    const first = at
    for (let k = sorted.starts[i]; k < sorted.starts[i + 1]; k++) {
      if (at > first && items[at - 1] === sorted.items[k]) {
        sums[at - 1] += numbers[sorted.places[k]]
        twice++
      } else {
        items[at] = sorted.items[k]
        sums[at++] = numbers[sorted.places[k]]
      }
    }
    at = withoutZeros(items, sums, first, at)
    starts[i + 1] = at
  }
  for (let k = 0; k < at; k++) if (Math.abs(sums[k]) > MOST) checkReal(`${name}: the sum of a pair`, sums[k])
  const table = { starts, sources: items.slice(0, at), weights: narrowed(sums.subarray(0, at)) }
  return { table, own, repeats: repeats ?? twice / 2 }
}

function withoutZeros(items: Uint32Array, sums: Float64Array, from: number, end: number): number {
  let at = from
  for (let k = from; k < end; k++) {
    if (sums[k] === 0) continue
    items[at] = items[k]
    sums[at++] = sums[k]
  }
  return at
}

/** As 32-bit integers if all fit, with either sign. */
export function narrowed(numbers: Float64Array): Int32Array | Float64Array {
  const fit = numbers.every((x) => x === (x | 0) && x !== -(2 ** 31))
  return fit ? Int32Array.from(numbers) : numbers.slice()
}

/** The same couplings with the other sign. */
export function opposite({ starts, sources, weights }: CouplingTable): CouplingTable {
  return { starts, sources, weights: weights.map((x) => 0 - x) as typeof weights }
}

/** The same of a matrix that has to be symmetric: each pair's two numbers are one coupling. */
export function gatheredSymmetric(name: string, pairs: Pairs): Gathered {
  const { variables, from, to, values } = pairs
  if (isSorted(pairs)) {
    const made = withoutDiagonal(pairs)
    if (made === undefined) throw asymmetric(name, variables, pairs)
    return made
  }
  const { table, own } = gathered(
    name,
    part(pairs, (i, j) => i <= j),
  )
  const { table: mirror } = gathered(
    name,
    part({ variables, from: to, to: from, values }, (i, j) => i < j),
  )
  if (!isSame(table, mirror)) throw asymmetric(name, variables, pairs)
  return { table, own, repeats: pairs.repeats ?? 0 }
}

/** Whether pairs come row by row, each row in ascending order, and none twice: as matrices do. */
function isSorted({ from, to }: Pairs): boolean {
  for (let k = 1; k < from.length; k++) {
    if (from[k] < from[k - 1] || (from[k] === from[k - 1] && to[k] <= to[k - 1])) return false
  }
  return true
}

/** Sorted pairs as a table, if both orders of each have the same number. */
function withoutDiagonal({ variables, from, to, values }: Pairs): Gathered | undefined {
  const own = new Float64Array(variables)
  const starts = new Uint32Array(variables + 1)
  const sources = new Uint32Array(to.length)
  const numbers = new Float64Array(to.length)
  let at = 0
  for (let k = 0; k < from.length; k++) {
    if (from[k] === to[k]) own[from[k]] = values[k]
    else if (values[k] !== 0) {
      sources[at] = to[k]
      numbers[at++] = values[k]
      starts[from[k] + 1] = at
    }
  }
  for (let i = 0; i < variables; i++) starts[i + 1] = Math.max(starts[i + 1], starts[i])
  // Row by row, each entry finds its mirror image where the row of that has come to.
  const next = starts.slice()
  for (let i = 0; i < variables; i++) {
    for (let k = starts[i]; k < starts[i + 1]; k++) {
      const mirror = next[sources[k]]++
      if (mirror >= starts[sources[k] + 1] || sources[mirror] !== i || numbers[mirror] !== numbers[k])
        return undefined
    }
  }
  const table = { starts, sources: sources.slice(0, at), weights: narrowed(numbers.subarray(0, at)) }
  return { table, own, repeats: 0 }
}

function part({ variables, from, to, values }: Pairs, wanted: (i: number, j: number) => boolean): Pairs {
  const kept = new Uint32Array(from.length)
  let count = 0
  for (let k = 0; k < from.length; k++) if (wanted(from[k], to[k])) kept[count++] = k
  const places = kept.subarray(0, count)
  return {
    variables,
    from: Uint32Array.from(places, (k) => from[k]),
    to: Uint32Array.from(places, (k) => to[k]),
    values: Float64Array.from(places, (k) => values[k]),
  }
}

function isSame(a: CouplingTable, b: CouplingTable): boolean {
  if (a.sources.length !== b.sources.length) return false
  for (let i = 0; i < a.starts.length; i++) if (a.starts[i] !== b.starts[i]) return false
  for (let k = 0; k < a.sources.length; k++) {
    if (a.sources[k] !== b.sources[k] || a.weights[k] !== b.weights[k]) return false
  }
  return true
}

/** The error of the first pair whose two numbers differ. */
function asymmetric(name: string, variables: number, { from, to, values }: Pairs): HopfieldError {
  const sums = new Map<number, number>()
  const place = (i: number, j: number): number => i * variables + j
  for (let k = 0; k < from.length; k++) {
    const at = place(from[k], to[k])
    sums.set(at, (sums.get(at) ?? 0) + values[k])
  }
  for (let k = 0; k < from.length; k++) {
    const [i, j] = [Math.min(from[k], to[k]), Math.max(from[k], to[k])]
    const [above, below] = [sums.get(place(i, j)) ?? 0, sums.get(place(j, i)) ?? 0]
    if (above === below) continue
    return new HopfieldError(
      'ERR_HOPFIELD_VALUE',
      `${name}: expected a symmetric matrix, got ${above} at [${i}][${j}] and ${below} at [${j}][${i}]; half of the sum with its transpose has the same energies`,
    )
  }
  return new HopfieldError('ERR_HOPFIELD_VALUE', `${name}: expected a symmetric matrix`)
}
