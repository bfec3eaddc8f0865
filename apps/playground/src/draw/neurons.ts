import { element } from '../shell/element.js'
import { channels } from './colors.js'

/** How many steps of colour there are from the ground on: an eye sees no more. */
const SHADES = 255

/** A square of neurons on a canvas, a pixel each, which the style sheet makes larger. */
export class Neurons {
  readonly canvas: HTMLCanvasElement
  readonly #context: CanvasRenderingContext2D
  #image: ImageData
  #words: Uint32Array
  #ink = 0
  #ground = 0
  /** From ground to ink, and from `falls` over the ground to `rises`. */
  #shades = new Uint32Array(SHADES + 1)
  #signed = new Uint32Array(2 * SHADES + 1)
  #paint: () => void = () => {}

  /** @param label what the picture is, for screen readers. */
  constructor(label: string) {
    this.canvas = element('canvas', {
      class: 'neurons',
      role: 'img',
      'aria-label': label,
      width: 1,
      height: 1,
    })
    const context = this.canvas.getContext('2d')
    if (context === null) throw new Error('This browser gives no canvas to draw on.')
    this.#context = context
    this.#image = context.createImageData(1, 1)
    this.#words = new Uint32Array(this.#image.data.buffer)
    this.recolor()
  }

  /** Draws ±1 states: ink where +1. The side is the square root of their number, rounded up. */
  states(states: Int8Array): void {
    this.#paint = () => {
      const words = this.#sized(states.length)
      for (let i = 0; i < states.length; i++) words[i] = states[i] > 0 ? this.#ink : this.#ground
      this.#put()
    }
    this.#paint()
  }

  /** Draws numbers from −most to most as colours, from `falls` over the ground to `rises`. */
  values(values: ArrayLike<number>, most = 1): void {
    this.#paint = () => {
      const words = this.#sized(values.length)
      const shades = this.#signed
      for (let i = 0; i < values.length; i++)
        words[i] = shades[Math.round(SHADES * (1 + Math.min(1, Math.max(-1, values[i] / most))))]
      this.#put()
    }
    this.#paint()
  }

  /** Draws numbers from 0 to 1 as shades, from ground to ink. */
  shades(shades: ArrayLike<number>): void {
    this.#paint = () => {
      const words = this.#sized(shades.length)
      for (let i = 0; i < shades.length; i++)
        words[i] = this.#shades[Math.round(SHADES * Math.min(1, Math.max(0, shades[i])))]
      this.#put()
    }
    this.#paint()
  }

  /** Draws numbers from 0, black, to 1, white: a photograph has the same greys in every theme. */
  greys(greys: ArrayLike<number>): void {
    this.#paint = () => {
      const words = this.#sized(greys.length)
      for (let i = 0; i < greys.length; i++)
        words[i] = mixed(BLACK, WHITE, Math.min(1, Math.max(0, greys[i])))
      this.#put()
    }
    this.#paint()
  }

  /** Draws the same in the colours that the page has now. */
  recolor(): void {
    const [ground, ink] = [channels('ground'), channels('ink')]
    const [low, high] = [channels('falls'), channels('rises')]
    this.#ink = word(ink)
    this.#ground = word(ground)
    this.#shades = Uint32Array.from({ length: SHADES + 1 }, (_, k) => mixed(ground, ink, k / SHADES))
    this.#signed = Uint32Array.from({ length: 2 * SHADES + 1 }, (_, k) =>
      mixed(ground, k < SHADES ? low : high, Math.abs(k - SHADES) / SHADES),
    )
    this.#paint()
  }

  /** Neurons in a row. */
  get side(): number {
    return this.canvas.width
  }

  #sized(count: number): Uint32Array {
    const side = Math.max(1, Math.ceil(Math.sqrt(count)))
    if (side !== this.canvas.width) {
      this.canvas.width = side
      this.canvas.height = side
      this.#image = this.#context.createImageData(side, side)
      this.#words = new Uint32Array(this.#image.data.buffer)
    }
    this.#words.fill(0, count)
    return this.#words
  }

  #put(): void {
    this.#context.putImageData(this.#image, 0, 0)
  }
}

type Channels = readonly [number, number, number]

const BLACK: Channels = [0, 0, 0]
const WHITE: Channels = [255, 255, 255]

/** A pixel as it lies in memory, opaque. Every machine that runs a browser has the lowest byte first. */
function word([r, g, b]: Channels): number {
  return ((255 << 24) | (Math.round(b) << 16) | (Math.round(g) << 8) | Math.round(r)) >>> 0
}

function mixed(a: Channels, b: Channels, share: number): number {
  return word([a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1]), a[2] + share * (b[2] - a[2])])
}
