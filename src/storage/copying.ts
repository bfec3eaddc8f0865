type Numbers = Uint32Array | Int32Array | Float32Array | Float64Array | Uint8Array

/** Bytes a step: some tenths of a millisecond where the pages are new, which a guest of a busy host may have to wait for. */
const STEP = 2 ** 16

/** Copies numbers to the beginning of others, in small steps. */
export function* copy<Kind extends Numbers>(from: Kind, to: Kind): Generator<void, void> {
  const some = STEP / from.BYTES_PER_ELEMENT
  for (let at = 0; at < from.length; at += some) {
    to.set(from.subarray(at, Math.min(at + some, from.length)), at)
    yield
  }
}
