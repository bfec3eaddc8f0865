import { Option } from 'commander'
import { DenseAssociativeMemory, HopfieldNetwork, load, ModernHopfield } from 'hopfield-native'
import { DataError, UsageError } from './errors.js'
import { requireFolderFor, requireOther } from './files.js'
import type { ModelName, SweepingMemory } from './models.js'
import type { PatternSet } from './patterns.js'

/** A memory that `hopfield recall` recalls from. */
export type AnyModel = SweepingMemory | ModernHopfield

/** What it takes to keep a memory. */
export interface KeepingFlags {
  save?: string
  load?: string
}

export const saveOption = (): Option =>
  new Option('--save <file>', 'write the memory with all it has learned to this file (safetensors)')

export const loadOption = (instead: string): Option =>
  new Option('--load <file>', `take the memory from a file of --save or of the package ${instead}`)

/** Throws if a memory could not be written there, or would take the place of an input; called before long work. */
export function requireFile({ save }: KeepingFlags, inputs: readonly string[] = []): void {
  if (save === undefined) return
  requireFolderFor(save)
  requireOther('--save', save, inputs)
}

/** The file of a command that cannot do without. */
export function requireLoad(load: string | undefined): string {
  if (load === undefined)
    throw new UsageError('say which machine: --load FILE, which hopfield rbm fit --save has written')
  return load
}

interface Saved {
  save(path: string, options: { signal: AbortSignal }): Promise<void>
}

/** Saves the memory if the user wants it. */
export async function keep(memory: Saved, { save }: KeepingFlags, signal: AbortSignal): Promise<void> {
  if (save !== undefined) await memory.save(save, { signal })
}

/** Opens a memory of ±1 patterns. */
export async function openModel(path: string, signal: AbortSignal): Promise<AnyModel> {
  const memory = await load(path, { signal })
  if (memory instanceof HopfieldNetwork || memory instanceof DenseAssociativeMemory) return memory
  if (memory instanceof ModernHopfield && memory.patterns().every((x) => x === 1 || x === -1)) return memory
  const what = memory instanceof ModernHopfield ? 'ModernHopfield of real vectors' : memory.constructor.name
  throw new DataError(
    `${path}: it holds a ${what}; this command takes memories of ±1 patterns that recall themselves`,
  )
}

/** Opens a memory of one class. */
export async function openAs<Memory>(
  path: string,
  Class: { readonly name: string; load(path: string): Promise<Memory> },
  fits: (memory: Memory) => boolean,
  wanted: string,
): Promise<Memory> {
  const memory = await Class.load(path)
  if (fits(memory)) return memory
  throw new DataError(`${path}: expected a ${Class.name} ${wanted}; save one with --save`)
}

export function modelOf(memory: AnyModel): ModelName {
  if (memory instanceof ModernHopfield) return 'modern'
  return memory instanceof HopfieldNetwork ? 'classical' : 'dense'
}

/** The patterns of a memory; names are its ids. */
export function patternsOf(path: string, memory: AnyModel): PatternSet {
  const { patternCount, ids } = memory
  if (patternCount === 0) throw new DataError(`${path}: the memory has no patterns`)
  const names = Array.from({ length: patternCount }, (_, mu) => String(ids?.[mu] ?? `pattern ${mu}`))
  return memory instanceof ModernHopfield
    ? { neurons: memory.dimension, names, states: Int8Array.from(memory.patterns()), grid: undefined }
    : { neurons: memory.neurons, names, states: memory.patterns().unpack(), grid: undefined }
}

/** The names as ids, which must be unique: the second of a kind gets a number. `taken` are ids of the memory. */
export function idsOf(names: readonly string[], taken: Iterable<unknown> = []): string[] {
  const known = new Set(taken)
  return names.map((name) => {
    let id = name
    for (let k = 2; known.has(id); k++) id = `${name} (${k})`
    known.add(id)
    return id
  })
}

/** Refuses options that say what a saved memory has decided already. */
export function refuseBesideLoad(names: readonly string[], given: (name: string) => boolean): void {
  for (const name of names) {
    if (given(name)) throw new UsageError(`--${name} cannot be combined with --load: the file says it`)
  }
}
