import { PNG } from 'pngjs'
import { columnsFor, type Picture } from '../drawn-picture.js'
import type { Grid, PatternSet } from '../patterns.js'
import type { Rgb } from '../shades.js'
import type { WriteOptions } from './options.js'

const WHITE: Rgb = [255, 255, 255]
const BLACK: Rgb = [0, 0, 0]
const GAP_GREY: Rgb = [204, 204, 204]
/** On a sheet each pixel is a square of this many pixels, or fewer if the sheet would exceed a screen. */
const MAGNIFICATION = 6
const SCREEN = 2048

/** Colour types of PNG. */
const GREY = 0
const COLOR = 2

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

  encode(colorType: typeof GREY | typeof COLOR): Uint8Array {
    return PNG.sync.write(this.#png, { colorType })
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
  return canvas.encode(GREY)
}

/** All states, magnified, on a sheet that is about square. */
export function formatSheet(
  { states, neurons }: PatternSet,
  grid: Grid,
  { invert }: WriteOptions,
): Uint8Array {
  const pictures = Array.from({ length: states.length / neurons }, (_, mu) => ({
    grid,
    colorOf: (i: number) => shadeOf(states[mu * neurons + i], invert),
  }))
  return sheet(pictures, columnsFor(pictures)).encode(GREY)
}

/** Pictures of one size and any colours, magnified; `columns` in a row, or about as many as rows. */
export function formatPictures(pictures: readonly Picture[], columns = columnsFor(pictures)): Uint8Array {
  return sheet(pictures, columns).encode(COLOR)
}

function sheet(pictures: readonly Picture[], columns: number): Canvas {
  const { width, height } = pictures[0].grid
  const rows = Math.ceil(pictures.length / columns)
  const fits = SCREEN / Math.max(columns * (width + 1) + 1, rows * (height + 1) + 1)
  const side = Math.max(1, Math.min(MAGNIFICATION, Math.floor(fits)))
  const canvas = new Canvas((columns * (width + 1) + 1) * side, (rows * (height + 1) + 1) * side, GAP_GREY)
  for (const [k, { colorOf }] of pictures.entries()) {
    const [left, top] = [1 + (k % columns) * (width + 1), 1 + Math.floor(k / columns) * (height + 1)]
    for (let i = 0; i < width * height; i++) {
      canvas.square((left + (i % width)) * side, (top + Math.floor(i / width)) * side, side, colorOf(i))
    }
  }
  return canvas
}
