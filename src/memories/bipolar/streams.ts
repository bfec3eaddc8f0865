import { describe, HopfieldError } from '../../errors.js'
import { checkLength } from '../../input/validate.js'
import { MAX_STREAM } from './recall-options.js'

/** Addresses of randomness of each cue by itself, checked when they are needed. */
export class StreamReader {
  readonly #name: string
  readonly #values: ArrayLike<unknown>

  constructor(name: string, values: ArrayLike<unknown>) {
    this.#name = name
    // Arrays as they are at the call; whatever else looks like one is read when it is needed.
    if (Array.isArray(values)) this.#values = values.slice()
    else
      this.#values = values instanceof Float64Array || values instanceof Uint32Array ? values.slice() : values
  }

  /** Those of cues from…to, a copy. Throws HopfieldError naming the first that is none. */
  read(from: number, to: number): Float64Array {
    const out = new Float64Array(to - from)
    for (let b = from; b < to; b++) {
      const value = this.#values[b]
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

/** The option `streams`, if it was given: as many as there are cues, and no `stream` beside it. */
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
    throw new HopfieldError(
      'ERR_HOPFIELD_OPTION',
      `${method}: streams: takes the place of stream; give one of them`,
    )
  }
  return new StreamReader(`${method}: streams`, checkLength(`${method}: streams`, streams, count))
}
