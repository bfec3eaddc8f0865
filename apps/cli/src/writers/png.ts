import { PNG } from 'pngjs'
import type { Grid, PatternSet } from '../patterns.js'
import type { WriteOptions } from './options.js'

const GAP_GREY = 204
/** On a sheet each neuron is a square of this many pixels, or fewer if the sheet would exceed a screen. */
const MAGNIFICATION = 6
const SCREEN = 2048
/** Up to this many states share one row. */
const ROW = 6

class Canvas {
  readonly #png: PNG

  constructor(width: number, height: number, grey: number) {
    this.#png = new PNG({ width, height })
    this.#png.data.fill(grey)
  }

  square(left: number, top: number, side: number, grey: number): void {
    for (let y = top; y < top + side; y++) {
      const row = (y * this.#png.width + left) * 4
      this.#png.data.fill(grey, row, row + side * 4)
    }
  }

  encode(): Uint8Array {
    for (let i = 3; i < this.#png.data.length; i += 4) this.#png.data[i] = 255
    return PNG.sync.write(this.#png, { colorType: 0 })
  }
}

function greyOf(spin: number, invert: boolean): number {
  return (spin === 1) === invert ? 255 : 0
}

/** One state with one pixel per neuron, as readers/images.ts reads it. */
export function formatPicture(
  state: Int8Array,
  { width, height }: Grid,
  { invert }: WriteOptions,
): Uint8Array {
  const canvas = new Canvas(width, height, 255)
  for (let i = 0; i < state.length; i++) {
    canvas.square(i % width, Math.floor(i / width), 1, greyOf(state[i], invert))
  }
  return canvas.encode()
}

/** All states, magnified, on a sheet that is about square. */
export function formatSheet(
  { states, neurons }: PatternSet,
  { width, height }: Grid,
  { invert }: WriteOptions,
): Uint8Array {
  const count = states.length / neurons
  const columns = count <= ROW ? count : Math.ceil(Math.sqrt((count * height) / width))
  const rows = Math.ceil(count / columns)
  const fits = SCREEN / Math.max(columns * (width + 1) + 1, rows * (height + 1) + 1)
  const side = Math.max(1, Math.min(MAGNIFICATION, Math.floor(fits)))
  const canvas = new Canvas((columns * (width + 1) + 1) * side, (rows * (height + 1) + 1) * side, GAP_GREY)
  for (let i = 0; i < states.length; i++) {
    const [glyph, cell] = [Math.floor(i / neurons), i % neurons]
    const x = 1 + (glyph % columns) * (width + 1) + (cell % width)
    const y = 1 + Math.floor(glyph / columns) * (height + 1) + Math.floor(cell / width)
    canvas.square(x * side, y * side, side, greyOf(states[i], invert))
  }
  return canvas.encode()
}
