import { RestrictedBoltzmannMachine, type UnitKind } from 'hopfield-native'
import { DataError, UsageError } from './errors.js'
import { openAs } from './keeping.js'
import { type Grid, gridOf, type PatternSet, sizeOf } from './patterns.js'
import { isUnifont, type ReadOptions, readPatterns } from './readers/index.js'

/** How pictures are read, as flags say it. */
export type PictureFlags = { readonly [Name in keyof ReadOptions]?: ReadOptions[Name] | undefined }

export async function readPictures(
  files: readonly string[],
  { range, invert = false, size, array }: PictureFlags,
): Promise<PatternSet> {
  if (range !== undefined && !files.some(isUnifont)) {
    throw new UsageError('--range chooses glyphs of a .hex file, but no file is one')
  }
  return readPatterns(files, { range, invert, size, array })
}

/** Opens a machine whose visible units have two values: they are pixels. */
export function openMachine(path: string): Promise<RestrictedBoltzmannMachine> {
  const fits = ({ visibleUnits }: RestrictedBoltzmannMachine): boolean => visibleUnits !== 'gaussian'
  return openAs(path, RestrictedBoltzmannMachine, fits, 'whose visible units have two values')
}

export function requireWidth(
  machine: RestrictedBoltzmannMachine,
  path: string,
  pictures: PatternSet,
  file: string,
): void {
  if (machine.visible === pictures.neurons) return
  throw new DataError(
    `${file}: pictures have ${pictures.neurons} pixels, but the machine in ${path} has ${machine.visible} visible units`,
  )
}

/** The picture that visible units are; `wanted` is what the user says. */
export function pictureOf({ visible }: RestrictedBoltzmannMachine, wanted: Grid | undefined): Grid {
  if (wanted !== undefined && wanted.width * wanted.height !== visible) {
    throw new UsageError(`--size ${sizeOf(wanted)}: the machine has ${visible} visible units`)
  }
  return gridOf(visible, wanted)
}

function lowOf(kind: UnitKind): number {
  return kind === 'binary' ? 0 : -1
}

/** ±1 as units have it. */
export function unitsOf(states: Int8Array, kind: UnitKind): Float32Array {
  return Float32Array.from(states, (spin) => (spin === 1 ? 1 : lowOf(kind)))
}

/** Means of units as grey values: 1 is ink. */
export function greysOf(means: Float32Array, kind: UnitKind): Float32Array {
  return kind === 'binary' ? means : means.map((mean) => (mean + 1) / 2)
}

/** Values of units as ±1. */
export function spinsOf(values: Float32Array, kind: UnitKind): Int8Array {
  const middle = (1 + lowOf(kind)) / 2
  return Int8Array.from(values, (value) => (value > middle ? 1 : -1))
}
