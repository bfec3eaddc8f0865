import { HopfieldError } from '../../errors.js'
import { arrayOf, Heap, kindOf, type TypedArray } from './heap.js'
import { SIGNATURES } from './signatures.js'

export type Kernel = (...given: unknown[]) => unknown

/** What the module's addon exports. */
interface ModuleAddon {
  /** @param control the block that calls of these kernels begin with. */
  kernels(tier: string, control: Float64Array): { memory: Kernel; [name: string]: Kernel }
}

/** What the module has to offer: native/addon/addon.cc, native/wasm/runtime.cc. */
interface ModuleExports {
  readonly memory: WebAssembly.Memory
  readonly __indirect_function_table: WebAssembly.Table
  readonly __stack_pointer: WebAssembly.Global
  __wasm_call_ctors(): void
  start(env: number, exports: number): void
  malloc(bytes: number): number
  free(at: number): void
}

type Callback = (env: number, info: number) => number
type Finalize = (env: number, data: number, hint: number) => void
type Import = (...given: number[]) => number

/** Of Node-API. */
const OK = 0
const INVALID = 1
const GENERIC = 9
/** Any number but 0, which stands for nothing. */
const ENVIRONMENT = 1
const AUTO_LENGTH = 0xffffffff
const TYPES = ['undefined', 'null', 'boolean', 'number', 'string', 'symbol', 'object', 'function']

/** Vectors of the kernels lie on cache lines. */
const LINE = 64
/** Bytes of arrays that a call may bring without asking for memory. */
const DESK = 2 ** 18

/** An array that a call brought, and where its copy lies. */
interface Copy {
  readonly array: TypedArray
  readonly kind: number
  readonly at: number
  /** What to give back; 0 on the desk. */
  readonly owned: number
}

/** What the object of a handle owns in the module's memory. */
interface Estate {
  readonly finalize: number
  readonly data: number
  readonly hint: number
  readonly blocks: number[]
}

/** What an object has at a place that Node-API calls a reference. */
type Reference = { readonly strong: unknown } | { readonly weak: WeakRef<object> }

function outOfMemory(): never {
  throw Object.assign(new RangeError('WebAssembly kernel: out of memory; a module addresses 4 GB'), {
    code: 'ERR_HOPFIELD_MEMORY',
  })
}

/**
 * As much of Node-API as the addon asks for, over the memory of one instance of the module, so that the code that checks arguments and
 * calls kernels is the addon's own. Arrays of JavaScript are copied into the module's memory for a call, those of a handle as long as it
 * lives: memories never change under their handles.
 */
export class Host {
  /** What the module exports, as the addon does. */
  readonly addon = {} as ModuleAddon
  readonly #module: ModuleExports
  readonly #heap: Heap
  readonly #desk: number
  /** What Node-API says of an error that it knows nothing of. */
  readonly #unknown: number
  #deskUsed = 0
  /** Values by number; those of the running call, whose numbers end with it. */
  #values: unknown[] = [undefined]
  #references: (Reference | undefined)[] = [undefined]
  #free: number[] = []
  #arguments: unknown[] = []
  #bound = 0
  #copies: Copy[] = []
  /** Copies stay when the call ends. */
  #keeping = false
  #instanceData = 0
  #wrapped: { readonly object: object; readonly estate: Estate } | undefined
  #buffers = new Map<ArrayBuffer, number>()
  readonly #kept = new WeakMap<object, readonly Copy[]>()
  readonly #estates = new FinalizationRegistry<Estate>((estate) => this.#settle(estate))
  readonly #decoder = new TextDecoder()

  constructor(compiled: WebAssembly.Module) {
    const instance = new WebAssembly.Instance(compiled, {
      napi: this.#nodeApi(),
      host: {
        raise: (value: number) => {
          throw this.#values[value]
        },
        outOfMemory,
      },
    })
    this.#module = instance.exports as unknown as ModuleExports
    this.#heap = new Heap(this.#module.memory)
    this.#module.__wasm_call_ctors()
    this.#desk = this.#room(DESK).at
    this.#unknown = this.#room(LINE).at
    this.#heap.words.fill(0, this.#unknown >> 2, (this.#unknown + LINE) >> 2)
    this.#inCall([], () => {
      this.#module.start(ENVIRONMENT, this.#give(this.addon))
    })
  }

  /** Bytes of the module's memory. */
  get bytes(): number {
    return this.#module.memory.buffer.byteLength
  }

  #function(name: string, callback: number, data: number): (...given: unknown[]) => unknown {
    const call = this.#module.__indirect_function_table.get(callback) as Callback
    const { writes } = SIGNATURES[name as keyof typeof SIGNATURES]
    return (...given) => {
      this.#bound = data
      this.#keeping = name === 'memory'
      return this.#inCall(given, () => {
        const answer = this.#values[call(ENVIRONMENT, ENVIRONMENT)]
        this.#takeBack(given, writes)
        return answer
      })
    }
  }

  /** Whatever happens, what belongs to the call ends with it. */
  #inCall<T>(given: unknown[], run: () => T): T {
    const stack = this.#module.__stack_pointer
    const top = stack.value as number
    this.#arguments = given
    try {
      const answer = run()
      if (this.#wrapped !== undefined) this.#register(this.#wrapped)
      return answer
    } finally {
      stack.value = top
      for (const { owned } of this.#copies) if (owned !== 0) this.#module.free(owned)
      for (const at of this.#buffers.values()) this.#module.free(at)
      this.#copies.length = 0
      this.#buffers.clear()
      this.#values.length = 1
      this.#arguments = []
      this.#deskUsed = 0
      this.#wrapped = undefined
      this.#keeping = false
    }
  }

  #takeBack(given: unknown[], writes: readonly number[]): void {
    for (const { array, kind, at } of this.#copies) {
      const position = given.indexOf(array)
      if (position < 0 || writes.includes(position)) this.#heap.take(at, array, kind)
    }
    for (const [buffer, at] of this.#buffers) {
      new Uint8Array(buffer).set(this.#heap.bytes.subarray(at, at + buffer.byteLength))
    }
  }

  /** The copies that this call made belong to the object from now on. */
  #register({ object, estate }: { object: object; estate: Estate }): void {
    for (const { owned } of this.#copies) if (owned !== 0) estate.blocks.push(owned)
    this.#kept.set(object, [...this.#copies])
    this.#copies.length = 0
    this.#estates.register(object, estate)
  }

  #settle({ finalize, data, hint, blocks }: Estate): void {
    const end = this.#module.__indirect_function_table.get(finalize) as Finalize
    this.#inCall([], () => end(ENVIRONMENT, data, hint))
    for (const block of blocks) this.#module.free(block)
  }

  #give(value: unknown): number {
    return this.#values.push(value) - 1
  }

  #answer(at: number, value: unknown): number {
    this.#heap.words[at >> 2] = this.#give(value)
    return OK
  }

  #room(bytes: number): { at: number; owned: number } {
    const owned = this.#module.malloc(bytes + LINE) >>> 0
    if (owned === 0) outOfMemory()
    return { at: Math.ceil(owned / LINE) * LINE, owned }
  }

  /** Where the bytes of an array are for this call. */
  #copied(array: TypedArray, kind: number): number {
    const known = this.#copies.find((copy) => copy.array === array) ?? this.#ofHandle(array)
    if (known !== undefined) return known.at
    const bytes = array.byteLength
    // An address that is not null, and that nothing is read from.
    if (bytes === 0) return LINE
    if (bytes >= 2 ** 32 - 2 * LINE) outOfMemory()
    const end = this.#deskUsed + Math.ceil(bytes / LINE) * LINE
    const place =
      end <= DESK && !this.#keeping ? { at: this.#desk + this.#deskUsed, owned: 0 } : this.#room(bytes)
    if (place.owned === 0) this.#deskUsed = end
    this.#heap.put(place.at, array, kind)
    this.#copies.push({ array, kind, ...place })
    return place.at
  }

  /** The copy that the memory of this call keeps. */
  #ofHandle(array: TypedArray): Copy | undefined {
    const handle = this.#arguments[1]
    if (typeof handle !== 'object' || handle === null) return undefined
    return this.#kept.get(handle)?.find((copy) => copy.array === array)
  }

  #text(at: number, length: number): string {
    const { bytes } = this.#heap
    const end = length >>> 0 === AUTO_LENGTH ? bytes.indexOf(0, at) : at + length
    return this.#decoder.decode(bytes.subarray(at, end))
  }

  #refer(reference: Reference): number {
    const at = this.#free.pop() ?? this.#references.length
    this.#references[at] = reference
    return at
  }

  #referred(at: number): unknown {
    const reference = this.#references[at]
    if (reference === undefined) return undefined
    return 'weak' in reference ? reference.weak.deref() : reference.strong
  }

  #nodeApi(): Record<string, Import> {
    const values = (at: number): unknown => this.#values[at]
    const object = (at: number): Record<string, unknown> => this.#values[at] as Record<string, unknown>
    const words = (): Uint32Array => this.#heap.words
    const errorOf =
      (Kind: new (message: string) => Error) =>
      (_env: number, code: number, message: number, result: number): number => {
        const error = new Kind(values(message) as string)
        if (code !== 0) Object.assign(error, { code: values(code) })
        return this.#answer(result, error)
      }
    return {
      napi_get_cb_info: (_env, _info, count, list, _self, data) => {
        const heap = words()
        const most = heap[count >> 2]
        const { length } = this.#arguments
        heap[count >> 2] = length
        const base = this.#values.length
        for (let k = 0; k < length; k++) this.#values.push(this.#arguments[k])
        const none = length < most ? this.#give(undefined) : 0
        for (let k = 0; k < most; k++) heap[(list >> 2) + k] = k < length ? base + k : none
        heap[data >> 2] = this.#bound
        return OK
      },
      napi_get_typedarray_info: (_env, value, type, length, data, buffer, offset) => {
        const array = values(value) as TypedArray
        const kind = kindOf(array)
        if (kind === undefined) return INVALID
        const at = this.#copied(array, kind)
        const heap = words()
        if (type !== 0) heap[type >> 2] = kind
        if (length !== 0) heap[length >> 2] = array.length
        if (data !== 0) heap[data >> 2] = at
        if (buffer !== 0) heap[buffer >> 2] = this.#give(array.buffer)
        if (offset !== 0) heap[offset >> 2] = array.byteOffset
        return OK
      },
      napi_typeof: (_env, value, result) => {
        const what = values(value)
        words()[result >> 2] = TYPES.indexOf(what === null ? 'null' : typeof what)
        return OK
      },
      napi_get_value_double: (_env, value, result) => {
        const number = values(value)
        if (typeof number !== 'number') return INVALID
        this.#heap.doubles[result >> 3] = number
        return OK
      },
      napi_get_value_bool: (_env, value, result) => {
        const bit = values(value)
        if (typeof bit !== 'boolean') return INVALID
        this.#heap.bytes[result] = bit ? 1 : 0
        return OK
      },
      napi_get_value_string_utf8: (_env, value, to, size, result) => {
        const text = values(value)
        if (typeof text !== 'string') return INVALID
        const bytes = new TextEncoder().encode(text).subarray(0, size - 1)
        this.#heap.bytes.set(bytes, to)
        this.#heap.bytes[to + bytes.length] = 0
        words()[result >> 2] = bytes.length
        return OK
      },
      napi_create_double: (_env, number, result) => this.#answer(result, number),
      napi_get_boolean: (_env, bit, result) => this.#answer(result, bit !== 0),
      napi_create_object: (_env, result) => this.#answer(result, {}),
      napi_create_array_with_length: (_env, length, result) => this.#answer(result, new Array(length)),
      napi_create_string_utf8: (_env, text, length, result) => this.#answer(result, this.#text(text, length)),
      napi_create_type_error: errorOf(TypeError),
      napi_create_error: errorOf(Error),
      napi_create_function: (_env, name, length, callback, data, result) =>
        this.#answer(result, this.#function(this.#text(name, length), callback, data)),
      napi_create_arraybuffer: (_env, bytes, data, result) => {
        const buffer = new ArrayBuffer(bytes)
        const at = this.#module.malloc(Math.max(bytes, 1)) >>> 0
        if (at === 0) outOfMemory()
        this.#buffers.set(buffer, at)
        if (data !== 0) words()[data >> 2] = at
        return this.#answer(result, buffer)
      },
      napi_get_arraybuffer_info: (_env, value, data, length) => {
        const buffer = values(value) as ArrayBuffer
        if (data !== 0) words()[data >> 2] = this.#buffers.get(buffer) ?? 0
        if (length !== 0) words()[length >> 2] = buffer.byteLength
        return OK
      },
      napi_create_typedarray: (_env, kind, length, buffer, offset, result) =>
        this.#answer(result, arrayOf(kind, values(buffer) as ArrayBuffer, offset, length)),
      napi_is_arraybuffer: (_env, value, result) => {
        this.#heap.bytes[result] = values(value) instanceof ArrayBuffer ? 1 : 0
        return OK
      },
      napi_set_element: (_env, list, index, value) => {
        ;(values(list) as unknown[])[index] = values(value)
        return OK
      },
      napi_set_named_property: (_env, target, name, value) => {
        object(target)[this.#text(name, AUTO_LENGTH)] = values(value)
        return OK
      },
      napi_get_named_property: (_env, target, name, result) =>
        this.#answer(result, object(target)[this.#text(name, AUTO_LENGTH)]),
      napi_has_property: (_env, target, key, result) => {
        this.#heap.bytes[result] = (values(key) as string) in object(target) ? 1 : 0
        return OK
      },
      napi_get_property: (_env, target, key, result) =>
        this.#answer(result, object(target)[values(key) as string]),
      // Of what has eight words the name, which comes first, and the value, the sixth.
      napi_define_properties: (_env, target, count, list) => {
        for (let k = 0; k < count; k++) {
          const heap = words()
          const row = (list >> 2) + 8 * k
          Object.defineProperty(object(target), this.#text(heap[row], AUTO_LENGTH), {
            value: values(heap[row + 5]),
          })
        }
        return OK
      },
      napi_create_reference: (_env, value, count, result) => {
        const what = values(value)
        const weak = count === 0 && typeof what === 'object' && what !== null
        words()[result >> 2] = this.#refer(weak ? { weak: new WeakRef(what) } : { strong: what })
        return OK
      },
      napi_get_reference_value: (_env, reference, result) => {
        const value = this.#referred(reference)
        words()[result >> 2] = value === undefined ? 0 : this.#give(value)
        return OK
      },
      napi_delete_reference: (_env, reference) => {
        this.#references[reference] = undefined
        this.#free.push(reference)
        return OK
      },
      napi_wrap: (_env, value, data, finalize, hint) => {
        this.#wrapped = { object: object(value), estate: { finalize, data, hint, blocks: [] } }
        return OK
      },
      napi_set_instance_data: (_env, data) => {
        this.#instanceData = data
        return OK
      },
      napi_get_instance_data: (_env, result) => {
        words()[result >> 2] = this.#instanceData
        return OK
      },
      // The engine is not told: what the module holds is a copy of what the engine counts already.
      napi_adjust_external_memory: () => OK,
      napi_is_exception_pending: (_env, result) => {
        this.#heap.bytes[result] = 0
        return OK
      },
      napi_get_last_error_info: (_env, result) => {
        words()[result >> 2] = this.#unknown
        return OK
      },
      napi_get_and_clear_last_exception: () => GENERIC,
      napi_open_escapable_handle_scope: () => OK,
      napi_close_escapable_handle_scope: () => OK,
      napi_escape_handle: (_env, _scope, value, result) => {
        words()[result >> 2] = value
        return OK
      },
      napi_fatal_error: (_where, _whereLength, message, length) => {
        throw new HopfieldError('ERR_HOPFIELD_BACKEND', `WebAssembly kernel: ${this.#text(message, length)}`)
      },
    }
  }
}
