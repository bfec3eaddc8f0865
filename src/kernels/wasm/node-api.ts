import { HopfieldError } from '../../errors.js'
import { AUTO_LENGTH, type Frame } from './frame.js'
import { arrayOf, kindOf, type TypedArray } from './heap.js'

type Import = (...given: number[]) => number

/** Of Node-API. */
const OK = 0
const INVALID = 1
const GENERIC = 9
const TYPES = ['undefined', 'null', 'boolean', 'number', 'string', 'symbol', 'object', 'function']

/** Who is called: its values and arrays, and functions for JavaScript of those of the module. */
interface Called {
  readonly frame: Frame
  define(name: string, callback: number, data: number): (...given: unknown[]) => unknown
}

/**
 * As much of Node-API as the addon asks for: what it says of a call's values, and what it makes. Arguments are numbers of values, and
 * addresses, which arrive as signed numbers: those beyond 2 GB are negative.
 */
export function nodeApi(host: Called): Record<string, Import> {
  const values = (at: number): unknown => host.frame.value(at)
  const object = (at: number): Record<string, unknown> => host.frame.value(at) as Record<string, unknown>
  const words = (): Uint32Array => host.frame.heap.words
  const errorOf =
    (Kind: new (message: string) => Error) =>
    (_env: number, code: number, message: number, result: number): number => {
      const error = new Kind(values(message) as string)
      if (code !== 0) Object.assign(error, { code: values(code) })
      return host.frame.answer(result, error)
    }
  return {
    napi_get_cb_info: (_env, _info, count, list, _self, data) => {
      const heap = words()
      const most = heap[count >>> 2]
      const { length } = host.frame.given
      heap[count >>> 2] = length
      const { given } = host.frame
      for (let k = 0; k < most; k++) heap[(list >>> 2) + k] = host.frame.give(given[k])
      heap[data >>> 2] = host.frame.bound
      return OK
    },
    napi_get_typedarray_info: (_env, value, type, length, data, buffer, offset) => {
      const array = values(value) as TypedArray
      const kind = kindOf(array)
      if (kind === undefined) return INVALID
      const at = host.frame.copied(array, kind)
      const heap = words()
      if (type !== 0) heap[type >>> 2] = kind
      if (length !== 0) heap[length >>> 2] = array.length
      if (data !== 0) heap[data >>> 2] = at
      if (buffer !== 0) heap[buffer >>> 2] = host.frame.give(array.buffer)
      if (offset !== 0) heap[offset >>> 2] = array.byteOffset
      return OK
    },
    napi_typeof: (_env, value, result) => {
      const what = values(value)
      words()[result >>> 2] = TYPES.indexOf(what === null ? 'null' : typeof what)
      return OK
    },
    napi_get_value_double: (_env, value, result) => {
      const number = values(value)
      if (typeof number !== 'number') return INVALID
      host.frame.heap.doubles[result >>> 3] = number
      return OK
    },
    napi_get_value_bool: (_env, value, result) => {
      const bit = values(value)
      if (typeof bit !== 'boolean') return INVALID
      host.frame.heap.bytes[result >>> 0] = bit ? 1 : 0
      return OK
    },
    napi_get_value_string_utf8: (_env, value, to, size, result) => {
      const text = values(value)
      if (typeof text !== 'string') return INVALID
      const bytes = new TextEncoder().encode(text).subarray(0, size - 1)
      host.frame.heap.bytes.set(bytes, to >>> 0)
      host.frame.heap.bytes[(to >>> 0) + bytes.length] = 0
      words()[result >>> 2] = bytes.length
      return OK
    },
    napi_create_double: (_env, number, result) => host.frame.answer(result, number),
    napi_get_boolean: (_env, bit, result) => host.frame.answer(result, bit !== 0),
    napi_create_object: (_env, result) => host.frame.answer(result, {}),
    napi_create_array_with_length: (_env, length, result) => host.frame.answer(result, new Array(length)),
    napi_create_string_utf8: (_env, text, length, result) =>
      host.frame.answer(result, host.frame.text(text, length)),
    napi_create_type_error: errorOf(TypeError),
    napi_create_error: errorOf(Error),
    napi_create_function: (_env, name, length, callback, data, result) =>
      host.frame.answer(result, host.define(host.frame.text(name, length), callback, data)),
    napi_create_arraybuffer: (_env, bytes, data, result) => {
      const { buffer, at } = host.frame.newBuffer(bytes >>> 0)
      if (data !== 0) words()[data >>> 2] = at
      return host.frame.answer(result, buffer)
    },
    napi_get_arraybuffer_info: (_env, value, data, length) => {
      const buffer = values(value) as ArrayBuffer
      if (data !== 0) words()[data >>> 2] = host.frame.placeOf(buffer)
      if (length !== 0) words()[length >>> 2] = buffer.byteLength
      return OK
    },
    napi_create_typedarray: (_env, kind, length, buffer, offset, result) =>
      host.frame.answer(result, arrayOf(kind, values(buffer) as ArrayBuffer, offset, length)),
    napi_is_arraybuffer: (_env, value, result) => {
      host.frame.heap.bytes[result >>> 0] = values(value) instanceof ArrayBuffer ? 1 : 0
      return OK
    },
    napi_set_element: (_env, list, index, value) => {
      ;(values(list) as unknown[])[index] = values(value)
      return OK
    },
    napi_set_named_property: (_env, target, name, value) => {
      object(target)[host.frame.text(name, AUTO_LENGTH)] = values(value)
      return OK
    },
    napi_get_named_property: (_env, target, name, result) =>
      host.frame.answer(result, object(target)[host.frame.text(name, AUTO_LENGTH)]),
    napi_has_property: (_env, target, key, result) => {
      host.frame.heap.bytes[result >>> 0] = (values(key) as string) in object(target) ? 1 : 0
      return OK
    },
    napi_get_property: (_env, target, key, result) =>
      host.frame.answer(result, object(target)[values(key) as string]),
    // Of what has eight words the name, which comes first, and the value, the sixth.
    napi_define_properties: (_env, target, count, list) => {
      for (let k = 0; k < count; k++) {
        const heap = words()
        const row = (list >>> 2) + 8 * k
        Object.defineProperty(object(target), host.frame.text(heap[row], AUTO_LENGTH), {
          value: values(heap[row + 5]),
        })
      }
      return OK
    },
    napi_create_reference: (_env, value, count, result) => {
      const what = values(value)
      const weak = count === 0 && typeof what === 'object' && what !== null
      words()[result >>> 2] = host.frame.refer(weak ? { weak: new WeakRef(what) } : { strong: what })
      return OK
    },
    napi_get_reference_value: (_env, reference, result) => {
      const value = host.frame.referred(reference)
      words()[result >>> 2] = value === undefined ? 0 : host.frame.give(value)
      return OK
    },
    napi_delete_reference: (_env, reference) => {
      host.frame.forget(reference)
      return OK
    },
    napi_wrap: (_env, value, data, finalize, hint) => {
      host.frame.wrap(object(value), { finalize, data, hint })
      return OK
    },
    napi_set_instance_data: (_env, data) => {
      host.frame.instanceData = data
      return OK
    },
    napi_get_instance_data: (_env, result) => {
      words()[result >>> 2] = host.frame.instanceData
      return OK
    },
    // The engine is not told: what the module holds is a copy of what the engine counts already.
    napi_adjust_external_memory: () => OK,
    napi_is_exception_pending: (_env, result) => {
      host.frame.heap.bytes[result >>> 0] = 0
      return OK
    },
    napi_get_last_error_info: (_env, result) => {
      words()[result >>> 2] = host.frame.unknown
      return OK
    },
    napi_get_and_clear_last_exception: () => GENERIC,
    napi_open_escapable_handle_scope: () => OK,
    napi_close_escapable_handle_scope: () => OK,
    napi_escape_handle: (_env, _scope, value, result) => {
      words()[result >>> 2] = value
      return OK
    },
    napi_fatal_error: (_where, _whereLength, message, length) => {
      throw new HopfieldError(
        'ERR_HOPFIELD_BACKEND',
        `WebAssembly kernel: ${host.frame.text(message, length)}`,
      )
    },
  }
}
