/**
 * Arrays that no SharedArrayBuffer is under: `Int8Array<ArrayBuffer>` and so on where TypeScript tells the difference (from 5.7),
 * plain `Int8Array` before, which would refuse to name it.
 */
export type Int8s = ReturnType<Int8ArrayConstructor['of']>
export type Uint8s = ReturnType<Uint8ArrayConstructor['of']>
export type Int32s = ReturnType<Int32ArrayConstructor['of']>
export type Uint32s = ReturnType<Uint32ArrayConstructor['of']>
export type Float32s = ReturnType<Float32ArrayConstructor['of']>
export type Float64s = ReturnType<Float64ArrayConstructor['of']>

/** Numbers in an array of any kind, also the 64-bit integers that are NumPy's default. */
export type NumbersLike = ArrayLike<number> | BigInt64Array | BigUint64Array
