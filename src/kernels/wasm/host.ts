import { HopfieldError } from '../../errors.js'
import { type Estate, Frame, type Lender, outOfMemory, type Settled } from './frame.js'
import { nodeApi } from './node-api.js'
import { SIGNATURES } from './signatures.js'

export type Kernel = (...given: unknown[]) => unknown

/** What the module's addon exports. */
interface ModuleAddon {
  /** The package, its version, and a stamp of the sources. */
  readonly identity?: string
  /** @param control the block that calls of these kernels begin with. */
  kernels(tier: string, control: Float64Array): { memory: Kernel; [name: string]: Kernel }
}

/** What the module exports itself: native/addon/addon.cc, native/wasm/runtime.cc. */
interface ModuleExports extends Lender {
  readonly __indirect_function_table: WebAssembly.Table
  readonly __stack_pointer: WebAssembly.Global
  __wasm_call_ctors(): void
  start(env: number, exports: number): void
  /** From now on kernels ask whether to go on: native/wasm/flag.cc. */
  watch(): void
}

/** Who knows whether somebody still wants the result of the running call, and how much of it is done. */
export interface Watcher {
  /** Throws if nobody does. */
  heed(): void
  countDone(count: number): void
}

const NOBODY: Watcher = { heed() {}, countDone() {} }

type Callback = (env: number, info: number) => number
type Finalize = (env: number, data: number, hint: number) => void

/** Any number but 0, which stands for nothing. */
const ENVIRONMENT = 1

/** One instance of the module, and the Node-API that it runs on: so the code that checks arguments and calls kernels is the addon's own. */
export class Host {
  /** What the module exports, as the addon does. */
  readonly addon = {} as ModuleAddon
  readonly #module: ModuleExports
  readonly frame: Frame
  /** Of the stack between calls. */
  readonly #top: unknown
  /** What objects of the module own. */
  readonly #owned = new WeakMap<object, Estate>()
  readonly #estates = new FinalizationRegistry<Estate>((estate) => this.#settle(estate))
  readonly #copies = new FinalizationRegistry<Settled>((settled) => {
    if (this.#broken === undefined) this.frame.drop(settled)
  })
  /** What ended a call so that nothing in the module's memory can be relied on. */
  #broken: unknown

  // What calls tell, made once: a call of a few microseconds would notice.
  readonly #copied = (buffer: ArrayBufferLike, settled: Settled): void =>
    this.#copies.register(buffer, settled)
  readonly #wrapped = (object: object, estate: Estate): void => {
    this.#owned.set(object, estate)
    this.#estates.register(object, estate, object)
  }

  /** @param watcher whom running kernels ask, if anybody. */
  constructor(compiled: WebAssembly.Module, watcher?: Watcher) {
    const host = {
      raise: (value: number) => {
        throw this.frame.value(value)
      },
      outOfMemory,
      ...(watcher ?? NOBODY),
    }
    const instance = new WebAssembly.Instance(compiled, { napi: nodeApi(this), host })
    if (instance.exports['start'] === undefined) throw new Error('it is another module than the package has')
    this.#module = instance.exports as unknown as ModuleExports
    this.#top = this.#module.__stack_pointer.value
    this.#module.__wasm_call_ctors()
    // Who asks the watcher gets copies of arrays, which nobody else has.
    this.frame = new Frame(this.#module, watcher === undefined)
    this.#inCall(() => this.#module.start(ENVIRONMENT, this.frame.give(this.addon)))
    if (watcher !== undefined) this.#module.watch()
  }

  /** Ends what the module owns for an object that nobody uses any more, before the engine finds that out. */
  release(object: object): void {
    const estate = this.#owned.get(object)
    if (estate === undefined) return
    this.#estates.unregister(object)
    this.#owned.delete(object)
    this.#settle(estate)
  }

  /** Bytes of the module's memory. */
  get bytes(): number {
    return this.#module.memory.buffer.byteLength
  }

  /** As Backend.settled. */
  settled(words: Uint32Array): void {
    if (this.#broken === undefined) this.frame.settle(words)
  }

  /** A function of the module, as JavaScript calls it. */
  define(name: string, callback: number, data: number): Kernel {
    const call = this.#module.__indirect_function_table.get(callback) as Callback
    const { writes } = SIGNATURES[name as keyof typeof SIGNATURES]
    return (...given) => {
      this.frame.begin(given, data, name === 'memory')
      return this.#inCall(() => {
        const answer = this.frame.value(call(ENVIRONMENT, ENVIRONMENT))
        this.frame.takeBack(writes)
        return answer
      })
    }
  }

  /** Whatever happens, what belongs to the call ends with it. */
  #inCall<T>(run: () => T): T {
    if (this.#broken !== undefined) throw this.#ended()
    try {
      const answer = run()
      this.frame.made(this.#copied)
      this.frame.register(this.#wrapped)
      return answer
    } catch (error) {
      // Frames of C++ that an error of JavaScript's passes leave the stack as it is.
      this.#module.__stack_pointer.value = this.#top
      if (!(error instanceof WebAssembly.RuntimeError)) throw error
      this.#broken = error
      throw this.#ended()
    } finally {
      this.frame.end()
    }
  }

  #ended(): HopfieldError {
    return new HopfieldError(
      'ERR_HOPFIELD_BACKEND',
      `the WebAssembly module ended in the middle of a call: ${(this.#broken as Error).message}; start a new page or process, or ask for backend: 'typescript'`,
      { cause: this.#broken },
    )
  }

  #settle({ finalize, data, hint, blocks }: Estate): void {
    if (this.#broken !== undefined) return
    const end = this.#module.__indirect_function_table.get(finalize) as Finalize
    this.#inCall(() => end(ENVIRONMENT, data, hint))
    for (const block of blocks) this.#module.free(block)
  }
}
