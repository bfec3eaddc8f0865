import { describe, HopfieldError } from '../../errors.js'
import { plainArray } from '../../input/typed-arrays.js'
import { checkLength, element } from '../../input/validate.js'
import { MAX_STREAM } from './recall-options.js'

/** The random stream of each cue, checked when it is needed. */
export class StreamReader {
  readonly #name: string
  readonly #values: ArrayLike<unknown>

  constructor(name: string, values: ArrayLike<unknown>) {
    this.#name = name
    // Arrays are copied at the call; other array-likes are read when they are needed.
    const own = plainArray(values, Float64Array) ?? plainArray(values, Uint32Array)
    this.#values = own?.slice() ?? (Array.isArray(values) ? Array.prototype.slice.call(values) : values)
  }

  /** The streams of cues from…to, a copy. Throws HopfieldError naming the first invalid one. */
  read(from: number, to: number): Float64Array {
    const out = new Float64Array(to - from)
    for (let b = from; b < to; b++) {
      const value = element(this.#values, b)
      if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > MAX_STREAM) {
        throw new HopfieldError(
          'ERR_HOPFIELD_VALUE',
          `${this.#name}[${b}]: expected an integer from 0 to ${MAX_STREAM}, got ${describe(value)}`,
        )
      }
      out[b - from] = value
    }
    return out
  }
}

/** Reads the option `streams`, if given: one per cue, and not together with `stream`. */
export function streamReader(
  method: string,
  {
    stream,
    streams,
  }: { readonly stream: number | undefined; readonly streams: ArrayLike<unknown> | undefined },
  count: number,
): StreamReader | undefined {
  if (streams === undefined) return undefined
  if (stream !== undefined) {
    throw new HopfieldError('ERR_HOPFIELD_OPTION', `${method}: streams: cannot be combined with stream`)
  }
  return new StreamReader(`${method}: streams`, checkLength(`${method}: streams`, streams, count))
}
