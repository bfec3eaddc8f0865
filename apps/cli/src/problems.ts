import { HopfieldError } from 'hopfield-native'
import {
  type IsingProblem,
  parseGset,
  parseIsing,
  parseQubo,
  parseTsplib,
  type Tour,
} from 'hopfield-native/optimization'
import { DataError, UsageError } from './errors.js'
import { readBytes } from './files.js'

export const FORMATS = ['gset', 'qubo', 'ising', 'tsplib'] as const
export type Format = (typeof FORMATS)[number]

/** What a file's name ends in tells its format. */
const ENDINGS: readonly [RegExp, Format][] = [
  [/\.tsp$/i, 'tsplib'],
  [/\.(qubo|sparse|bqp)$/i, 'qubo'],
  [/\.(ising|coo|spin)$/i, 'ising'],
  [/\.(rud|rudy|mc|gset)$|(^|\/)G\d+(\.txt)?$/i, 'gset'],
]

/** Reads a problem. What is wrong with the file is told with its name, line and reason. */
export function readProblem(file: string, given: Format | undefined): IsingProblem<unknown> {
  const name = file.replace(/\.gz$/i, '')
  const format = given ?? ENDINGS.find(([ending]) => ending.test(name))?.[1]
  if (format === undefined) {
    throw new UsageError(`the name of ${file} does not tell its format; say --format ${FORMATS.join(', ')}`)
  }
  const text = new TextDecoder().decode(readBytes(file))
  try {
    if (format === 'gset') return parseGset(text)
    if (format === 'qubo') return parseQubo(text)
    return format === 'ising' ? parseIsing(text) : parseTsplib(text)
  } catch (error) {
    if (error instanceof HopfieldError) throw new DataError(`${file}: ${error.message}`)
    throw error
  }
}

export function readTours(file: string): IsingProblem<Tour> {
  return readProblem(file, 'tsplib') as IsingProblem<Tour>
}

/** A number as it is read: no digits that say nothing. */
export function told(x: number): string {
  return String(Number(x.toPrecision(12)))
}

/** How far a value is from another, in hundredths of it. */
export function gapOf(value: number, from: number): string {
  if (value === from) return 'none'
  if (from === 0) return told(Math.abs(value - from))
  return `${told(Math.abs(value - from))} (${((100 * Math.abs(value - from)) / Math.abs(from)).toFixed(2)} %)`
}
