import { PNG } from 'pngjs'
import type { Grid, PatternSet } from '../patterns.js'
import type { WriteOptions } from './options.js'

/** Red, green and blue, 0 to 255. */
type Rgb = readonly [red: number, green: number, blue: number]

const WHITE: Rgb = [255, 255, 255]
const BLACK: Rgb = [0, 0, 0]
const GAP_GREY: Rgb = [204, 204, 204]
/** On a sheet each pixel is a square of this many pixels, or fewer if the sheet would exceed a screen. */
const MAGNIFICATION = 6
const SCREEN = 2048

/** The colour type of PNG that is grey. */
const GREY = 0
/** Up to this many pictures share one row. */
const ROW = 6

class Canvas {
  readonly #png: PNG

  constructor(width: number, height: number, color: Rgb) {
    this.#png = new PNG({ width, height })
    this.#png.data.fill(Buffer.from([...color, 255]))
  }

  square(left: number, top: number, side: number, color: Rgb): void {
    const pixel = Buffer.from([...color, 255])
    for (let y = top; y < top + side; y++) {
      const row = (y * this.#png.width + left) * 4
      this.#png.data.fill(pixel, row, row + side * 4)
    }
  }

  encode(): Uint8Array {
    return PNG.sync.write(this.#png, { colorType: GREY })
  }
}

function shadeOf(spin: number, invert: boolean): Rgb {
  return (spin === 1) === invert ? WHITE : BLACK
}

/** One state with one pixel per neuron, as readers/images.ts reads it. */
export function formatPicture(
  state: Int8Array,
  { width, height }: Grid,
  { invert }: WriteOptions,
): Uint8Array {
  const canvas = new Canvas(width, height, WHITE)
  for (let i = 0; i < state.length; i++) {
    canvas.square(i % width, Math.floor(i / width), 1, shadeOf(state[i], invert))
  }
  return canvas.encode()
}

/** All states, magnified, on a sheet that is about square. */
export function formatSheet(
  { states, neurons }: PatternSet,
  grid: Grid,
  { invert }: WriteOptions,
): Uint8Array {
  const { width, height } = grid
  const count = states.length / neurons
  const columns = count <= ROW ? count : Math.ceil(Math.sqrt((count * height) / width))
  const rows = Math.ceil(count / columns)
  const fits = SCREEN / Math.max(columns * (width + 1) + 1, rows * (height + 1) + 1)
  const side = Math.max(1, Math.min(MAGNIFICATION, Math.floor(fits)))
  const canvas = new Canvas((columns * (width + 1) + 1) * side, (rows * (height + 1) + 1) * side, GAP_GREY)
  for (let k = 0; k < count; k++) {
    const [left, top] = [1 + (k % columns) * (width + 1), 1 + Math.floor(k / columns) * (height + 1)]
    for (let i = 0; i < neurons; i++) {
      const shade = shadeOf(states[k * neurons + i], invert)
      canvas.square((left + (i % width)) * side, (top + Math.floor(i / width)) * side, side, shade)
    }
  }
  return canvas.encode()
}
