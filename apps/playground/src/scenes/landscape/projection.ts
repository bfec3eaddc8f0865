/** Heights over a plane, and where its points are. Units: −1 to 1 along the plane; heights as given. */
export interface Relief {
  readonly heights: Float32Array
  /** Where point k is on the plane. */
  readonly place: (k: number) => readonly [x: number, y: number]
  /** The side that it is seen from, in degrees. */
  readonly turn: number
}

/** How far above the plane the eye is: the sine of the angle. */
const RISE = 0.5
/** How tall the surface is, over half a diagonal of the plane. */
const TALL = 0.85
/** Room above and below it, in pixels. */
const ABOVE = 16
const BELOW = 36

/** From the relief to a canvas: as large as fits, in its middle. */
export class Projection {
  readonly #sine: number
  readonly #cosine: number
  readonly #low: number
  readonly #span: number
  readonly #size: number
  readonly #left: number
  readonly #top: number

  constructor({ heights, place, turn }: Relief, width: number, height: number) {
    this.#sine = Math.sin((turn * Math.PI) / 180)
    this.#cosine = Math.cos((turn * Math.PI) / 180)
    const [low, high] = rangeOf(heights)
    this.#low = low
    this.#span = high - low || 1
    const [top, bottom] = rangeOf(Array.from(heights, (z, k) => this.#down(...place(k), z)))
    const room = height - ABOVE - BELOW
    this.#size = Math.min(width / 2.3, room / (bottom - top))
    this.#left = width / 2
    this.#top = ABOVE + room / 2 - (this.#size * (top + bottom)) / 2
  }

  /** Where a point is on the canvas, and how far behind it. */
  at(x: number, y: number, z: number): readonly [x: number, y: number, depth: number] {
    const across = x * this.#cosine - y * this.#sine
    return [this.#left + this.#size * across, this.#top + this.#size * this.#down(x, y, z), this.#away(x, y)]
  }

  /** 0 at the lowest point, 1 at the highest. */
  share(z: number): number {
    return (z - this.#low) / this.#span
  }

  #down(x: number, y: number, z: number): number {
    return -RISE * this.#away(x, y) - TALL * this.share(z)
  }

  #away(x: number, y: number): number {
    return x * this.#sine + y * this.#cosine
  }
}

function rangeOf(values: ArrayLike<number>): readonly [low: number, high: number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (let k = 0; k < values.length; k++) {
    low = Math.min(low, values[k])
    high = Math.max(high, values[k])
  }
  return [low, high]
}
