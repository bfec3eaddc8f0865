import { basename } from 'node:path'
import { HopfieldError, type NpyArray, type NpyData, parseNpy, parseNpz } from 'hopfield-native'
import { DataError } from '../errors.js'
import type { PatternSet } from '../patterns.js'

/** NumPy arrays of ±1 or of 0 and 1: one axis is one pattern, two are P×N, three are P×height×width. */
export function readNpy(path: string, bytes: Uint8Array): PatternSet {
  return patternsOf(
    path,
    parsed(path, () => parseNpy(bytes)),
    basename(path).replace(/\.npy(\.gz)?$/i, ''),
  )
}

/** One array of a NumPy archive: the one with this name, or the only one. */
export function readNpz(path: string, bytes: Uint8Array, wanted: string | undefined): PatternSet {
  const arrays = parsed(path, () => parseNpz(bytes))
  const names = Object.keys(arrays)
  const name = wanted ?? (names.length === 1 ? names[0] : undefined)
  if (name === undefined || !names.includes(name)) {
    const which =
      name === undefined ? '--array says which one to read' : `there is no ${JSON.stringify(name)}`
    throw new DataError(`${path}: its arrays are ${names.join(', ') || 'none'}; ${which}`)
  }
  return patternsOf(`${path}: ${name}`, arrays[name], name)
}

function patternsOf(path: string, { data, shape }: NpyArray, stem: string): PatternSet {
  if (shape.length < 1 || shape.length > 3) {
    throw new DataError(`${path}: expected an array of 1, 2 or 3 axes, got ${shape.length}`)
  }
  if (data.length === 0)
    throw new DataError(`${path}: the array is empty, its shape is (${shape.join(', ')})`)
  const count = shape.length === 1 ? 1 : shape[0]
  return {
    neurons: data.length / count,
    names: Array.from({ length: count }, (_, mu) => (shape.length === 1 ? stem : `${stem}[${mu}]`)),
    states: spinsOf(path, data, shape),
    grid: shape.length === 3 ? { height: shape[1], width: shape[2] } : undefined,
  }
}

function parsed<T>(path: string, parse: () => T): T {
  try {
    return parse()
  } catch (error) {
    if (error instanceof HopfieldError)
      throw new DataError(`${path}: ${error.message.replace(/^parseNp[yz]: /, '')}`)
    throw error
  }
}

/** Both notations write +1 as 1; −1 is either −1 or 0, so an array may contain only one of these two. */
function spinsOf(path: string, data: NpyData, shape: readonly number[]): Int8Array {
  const states = new Int8Array(data.length)
  let off: number | undefined
  for (let i = 0; i < states.length; i++) {
    const value = Number(data[i])
    if (value !== 1 && value !== 0 && value !== -1) {
      throw new DataError(`${path}${place(i, shape)}: expected ±1 or 0 and 1, got ${value}`)
    }
    if (value !== 1) {
      off ??= value
      if (value !== off)
        throw new DataError(
          `${path}${place(i, shape)}: expected ±1 or 0 and 1, got ${value} in an array that contains ${off}`,
        )
    }
    states[i] = value === 1 ? 1 : -1
  }
  return states
}

function place(index: number, shape: readonly number[]): string {
  let rest = index
  return shape
    .toReversed()
    .map((length) => {
      const at = rest % length
      rest = Math.floor(rest / length)
      return `[${at}]`
    })
    .toReversed()
    .join('')
}
