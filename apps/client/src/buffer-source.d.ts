/** A name of browsers in the types of @msgpack/msgpack, which Node's types lack. */
interface BufferSource {
  readonly byteLength: number
}
