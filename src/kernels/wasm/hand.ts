import { HopfieldError, type HopfieldErrorCode } from '../../errors.js'
import { callEvery } from '../../platform/node/event-loop.js'
import { startThread, type Thread } from '../../platform/node/threads.js'
import { warnOnce } from '../../platform/node/warning.js'
import { breathe, spent } from '../../platform/turn.js'
import { FLAG, type Flag, stopped } from '../contract/kernels.js'
import { type ControlBlock, OUTCOME } from '../native/control.js'
import type { TierExports } from '../native/exports.js'
import { arrayOf, kindOf, type TypedArray } from './heap.js'
import { SIGNATURES } from './signatures.js'

/** What the thread is told first, and of a memory that is gone; and what it is asked. */
export type Message = { readonly module: WebAssembly.Module } | { readonly gone: number } | Asked

export interface Asked {
  readonly number: number
  readonly name: keyof typeof SIGNATURES
  /** Copies, which are the thread's own. */
  readonly given: unknown[]
  /** Of the control block. */
  readonly numbers: Float64Array
  /** The memory that the first two arguments stand for, or that the call makes. */
  readonly memory: number | undefined
  /** Words that both threads see: a {@link Flag}. Undefined where no memory can be shared. */
  readonly flag: Int32Array | undefined
}

export interface Answer {
  readonly number: number
  readonly answer?: unknown
  /** Arguments that the kernel has written, in the order of its signature. */
  readonly written?: readonly unknown[]
  readonly error?: { readonly name: string; readonly message: string; readonly code: unknown }
}

/** The thread could not be started, or has ended: whoever asked computes here. */
export class NoHand extends Error {}

/** Somebody who waits for an answer: undefined if nobody wants it any more, 'again' if the thread that was asked is gone. */
interface Waiting {
  readonly resolve: (answer: Answer | 'again' | undefined) => void
  readonly reject: (error: unknown) => void
  readonly flag: Flag | undefined
  readonly shared: Int32Array | undefined
}

/** A memory that the thread knows, or is told of when it is asked about it. */
class Remote {
  readonly id: number
  readonly arrays: readonly unknown[]

  constructor(id: number, arrays: readonly unknown[]) {
    this.id = id
    this.arrays = arrays
  }
}

/** Milliseconds between two looks at the flags of those who wait. */
const LOOK = 4
/** Elements that are copied at a time: some tenths of a millisecond. */
const PIECE = 2 ** 17

/**
 * A thread with an instance of the module of its own, which computes what takes long: WebAssembly runs to its end once it has begun. Arrays go
 * there as copies, and those that a kernel writes come back when it has ended; memories go there once.
 */
export class Hand {
  readonly #module: WebAssembly.Module
  readonly #program: string
  #thread: Thread | undefined
  #failed = false
  readonly #waiting = new Map<number, Waiting>()
  #asked = 0
  #memories = 0
  /** Memories that the thread has, or is being told of. */
  readonly #known = new Map<number, Promise<Answer | 'again' | undefined>>()
  readonly #lost = new FinalizationRegistry<number>((id) => this.#forget(id))
  #watch: { cancel(): void } | undefined

  constructor(module: WebAssembly.Module, program: string) {
    this.#module = module
    this.#program = program
  }

  /** Whether it may be asked. */
  get there(): boolean {
    return !this.#failed
  }

  /**
   * The kernels beside this thread, as the addon exports them. They reject with NoHand where there is no thread.
   * @param names of the kernels.
   * @param control what calls of theirs begin with.
   */
  exports(names: readonly (keyof typeof SIGNATURES)[], control: ControlBlock): TierExports {
    const kernels = names.map((name) => [
      `${name}Async`,
      (...given: unknown[]) => this.#call(name, given, control.numbers),
    ])
    return {
      ...Object.fromEntries(kernels),
      memory: (...arrays: unknown[]) => this.#remote(arrays),
      memoryAsync: (...arrays: unknown[]) => this.#ready(this.#remote(arrays)),
      // The memory has more than the thread was told.
      quantizeKeys: (id: number) => this.#forget(id),
    } as unknown as TierExports
  }

  #remote(arrays: readonly unknown[]): Remote {
    const remote = new Remote(++this.#memories, arrays)
    this.#lost.register(remote, remote.id)
    return remote
  }

  async #ready(remote: Remote): Promise<unknown> {
    try {
      await this.#tell(remote)
      return remote
    } catch (error) {
      return error
    }
  }

  #forget(id: number): void {
    if (!this.#known.delete(id)) return
    this.#thread?.post({ gone: id } satisfies Message, [])
  }

  async #call(name: keyof typeof SIGNATURES, all: unknown[], block: Float64Array): Promise<unknown> {
    const { takes, writes } = SIGNATURES[name]
    const flag = all[takes] as Flag | undefined
    const given = all.slice(0, takes)
    // Other calls write the block meanwhile.
    const numbers = block.slice(0, OUTCOME)
    const remote = given[1] instanceof Remote ? given[1] : undefined
    for (;;) {
      if (remote !== undefined) {
        await this.#tell(remote)
        given.fill(undefined, 0, 2)
      }
      const told = await this.#ask({ name, given, numbers, memory: remote?.id }, flag)
      if (told === 'again') continue
      for (const [k, at] of writes.entries()) {
        const written = told?.written?.[k] as TypedArray | undefined
        if (written !== undefined) await copy(written, given[at] as TypedArray)
      }
      return told?.answer
    }
  }

  /** Has the thread know a memory. It rejects with what is wrong with it. */
  async #tell({ id, arrays }: Remote): Promise<void> {
    const numbers = new Float64Array(0)
    for (;;) {
      const known =
        this.#known.get(id) ??
        this.#ask({ name: 'memory', given: [...arrays], numbers, memory: id }, undefined)
      this.#known.set(id, known)
      try {
        if ((await known) !== 'again') return
      } catch (error) {
        // It may have had no room just then.
        if (this.#known.get(id) === known) this.#known.delete(id)
        throw error
      }
    }
  }

  async #ask(
    asked: Omit<Asked, 'number' | 'flag'>,
    flag: Flag | undefined,
  ): Promise<Answer | 'again' | undefined> {
    const thread = this.#start()
    const number = ++this.#asked
    const shared = flag && sharedFlag()
    const answer = new Promise<Answer | 'again' | undefined>((resolve, reject) => {
      this.#waiting.set(number, { resolve, reject, flag, shared })
    })
    // Nobody may be there yet when it fails.
    answer.catch(() => {})
    this.#wait()
    try {
      const copies = new Map<unknown, TypedArray>()
      for (const array of asked.given) await addCopy(array, copies)
      if (!this.#waiting.has(number)) return answer
      // It has been told to forget the memory while arrays were copied.
      if (asked.name !== 'memory' && asked.memory !== undefined && !this.#known.has(asked.memory)) {
        this.#end(number)
        return 'again'
      }
      const given = asked.given.map((value) => copies.get(value) ?? value)
      const message: Message = { ...asked, number, given, flag: shared }
      thread.post(
        message,
        [...copies.values()].map(({ buffer }) => buffer as ArrayBuffer),
      )
    } catch (error) {
      this.#end(number)
      throw error
    }
    return answer
  }

  /** @throws NoHand */
  #start(): Thread {
    if (this.#failed) throw new NoHand()
    if (this.#thread !== undefined) return this.#thread
    const thread = startThread(
      this.#program,
      (message) => this.#hear(message as Answer),
      (reason) => this.#fail(reason),
    )
    if (thread === undefined) {
      this.#failed = true
      throw new NoHand()
    }
    thread.post({ module: this.#module } satisfies Message, [])
    this.#thread = thread
    return thread
  }

  #hear(answer: Answer): void {
    const waiting = this.#end(answer.number)
    if (answer.error === undefined) waiting?.resolve(answer)
    else waiting?.reject(errorOf(answer.error))
  }

  /** Goes on without a thread, and says so: long calls hold up this one from now on. */
  #fail(reason: string): void {
    this.#failed = true
    warnOnce(
      'HOPFIELD_NATIVE_THREAD',
      `hopfield-native computes long calls on the thread that makes them, and holds it up: its own thread could not be started, or has ended: ${reason}`,
    )
    this.#thread?.end()
    this.#thread = undefined
    for (const number of this.#waiting.keys()) this.#end(number)?.reject(new NoHand())
  }

  /** Nobody waits for this answer any more. */
  #end(number: number): Waiting | undefined {
    const waiting = this.#waiting.get(number)
    this.#waiting.delete(number)
    if (this.#waiting.size === 0) {
      this.#thread?.await(false)
      this.#watch?.cancel()
      this.#watch = undefined
    }
    return waiting
  }

  #wait(): void {
    if (this.#watch !== undefined) return
    this.#thread?.await(true)
    this.#watch = callEvery(() => this.#look(), LOOK)
  }

  /** Carries flags to the thread, and back what is done. A thread that cannot see them ends, and another one goes on for the others. */
  #look(): void {
    let deaf = false
    for (const [number, { flag, shared }] of this.#waiting) {
      if (flag === undefined) continue
      if (shared !== undefined) Atomics.store(flag, FLAG.done, Atomics.load(shared, FLAG.done))
      if (!stopped(flag)) continue
      if (shared === undefined) deaf = true
      else Atomics.store(shared, FLAG.stop, 1)
      this.#end(number)?.resolve(undefined)
    }
    if (!deaf) return
    this.#thread?.end()
    this.#thread = undefined
    this.#known.clear()
    for (const number of this.#waiting.keys()) this.#end(number)?.resolve('again')
  }
}

/** An error of the thread, as it would be here. */
function errorOf({ name, message, code }: NonNullable<Answer['error']>): Error {
  if (name === 'HopfieldError') return new HopfieldError(code as HopfieldErrorCode, message)
  const error = new (name === 'TypeError' ? TypeError : Error)(message)
  return code === undefined ? error : Object.assign(error, { code })
}

function sharedFlag(): Int32Array | undefined {
  if (typeof SharedArrayBuffer === 'undefined') return undefined
  return new Int32Array(new SharedArrayBuffer(FLAG.length * Int32Array.BYTES_PER_ELEMENT))
}

/** Copies an array, unless it is known already or no array at all. */
async function addCopy(value: unknown, copies: Map<unknown, TypedArray>): Promise<void> {
  const kind = kindOf(value)
  if (kind === undefined || copies.has(value)) return
  const array = value as TypedArray
  const made = arrayOf(kind, new ArrayBuffer(array.byteLength), 0, array.length)
  copies.set(value, made)
  await copy(array, made)
}

/** Copies what may be long, and gives other work its turns meanwhile. */
async function copy(from: TypedArray, to: TypedArray): Promise<void> {
  for (let at = 0; at < from.length; at += PIECE) {
    if (at > 0 && spent()) await breathe()
    ;(to as Float64Array).set(from.subarray(at, at + PIECE) as Float64Array, at)
  }
}
