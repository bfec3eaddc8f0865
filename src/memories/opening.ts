import type { Steps } from '../async/steps.js'
import { HopfieldError } from '../errors.js'
import type { BackendChoice } from '../kernels/select.js'
import { type MemoryRecord, misfit, type RecordReader } from '../storage/record.js'

/** The name that a record gives to the class of a memory. */
export const KIND: unique symbol = Symbol('kind')
/** The method by which a memory tells everything it knows. */
export const RECORD: unique symbol = Symbol('record')
/** The method by which a memory exchanges its arrays for those of a record that says the same. */
export const ADOPT: unique symbol = Symbol('adopt')

/** A record of a memory, which stays as it is until it is released: changes go to copies. */
export interface HeldRecord {
  readonly record: MemoryRecord
  /** Looks through what is in it and was never used, and makes what is not in it yet, before anybody takes it for what the memory knows. */
  readonly settling: Steps<void>
  release(): void
}

/** A class of memories: `new` takes an options object. */
export interface MemoryClass<Memory> {
  readonly [KIND]: string
  readonly name: string
  new (options: never): Memory
}

/** What the memory that is being constructed is made from. */
let opened: RecordReader | undefined

/** The record that the constructor which asks is to take its arrays from; undefined where a user constructs. */
export function openedRecord(): RecordReader | undefined {
  const from = opened
  opened = undefined
  return from
}

/**
 * Makes a memory of a class from a record, whose arrays become those of the memory.
 * Contents of arrays are still to be looked through: `from.settle()`; otherwise the memory does so at the first use.
 * @throws HopfieldError ERR_HOPFIELD_FILE with the place; ERR_HOPFIELD_MEMORY; ERR_HOPFIELD_BACKEND.
 */
export function openRecord<Memory>(
  Class: MemoryClass<Memory>,
  from: RecordReader,
  backend: BackendChoice,
): Memory {
  const { kind, options } = from.record
  if (kind !== Class[KIND]) throw misfit('class', `expected a ${Class[KIND]}, got a ${kind}`)
  opened = from
  try {
    const memory = new Class({ ...options, backend } as never)
    from.finish()
    return memory
  } catch (error) {
    throw asMisfit(error)
  } finally {
    opened = undefined
  }
}

/** Options that a constructor refuses are faults of the record; what the machine lacks is none. */
function asMisfit(error: unknown): unknown {
  if (!(error instanceof HopfieldError)) return error
  const { code, message: cause } = error
  if (code === 'ERR_HOPFIELD_MEMORY' || code === 'ERR_HOPFIELD_BACKEND' || code === 'ERR_HOPFIELD_FILE')
    return error
  return misfit('options', cause)
}
