import { channels, color } from '../../draw/colors.js'
import { element } from '../../shell/element.js'
import { Projection, type Relief } from './projection.js'

/** A surface, and a way on it. */
export interface Shown extends Relief {
  /** How many points a side has. */
  readonly grid: number
  /** Triples x, y, height. */
  readonly way: Float32Array
  /** Words at places of the plane. */
  readonly labels: readonly (readonly [text: string, x: number, y: number])[]
}

/** Draws it, the far parts first. */
export class Surface {
  readonly canvas: HTMLCanvasElement
  readonly #context: CanvasRenderingContext2D
  readonly #resize: ResizeObserver
  #shown: Shown | undefined
  /** The surface without the way on it, which alone moves in most frames; and what it was drawn of. */
  readonly #still = document.createElement('canvas')
  #projection: Projection | undefined
  #drawn: { readonly heights?: Float32Array; readonly still: string } = { still: '' }
  /** Of the last drawing: where points are on the canvas. */
  #places: (readonly [x: number, y: number])[] = []

  constructor(label: string) {
    this.canvas = element('canvas', { class: 'surface', role: 'img', 'aria-label': label })
    const context = this.canvas.getContext('2d')
    if (context === null) throw new Error('This browser gives no canvas to draw on.')
    this.#context = context
    this.#resize = new ResizeObserver(() => requestAnimationFrame(() => this.redraw()))
    this.#resize.observe(this.canvas)
  }

  show(shown: Shown): void {
    this.#shown = shown
    this.redraw()
  }

  close(): void {
    this.#resize.disconnect()
  }

  /** The point of the grid that is nearest to a place of the page. */
  nearest(clientX: number, clientY: number): number | undefined {
    const { left, top } = this.canvas.getBoundingClientRect()
    let [best, found]: [number, number | undefined] = [30 ** 2, undefined]
    for (const [k, [x, y]] of this.#places.entries()) {
      const away = (x - clientX + left) ** 2 + (y - clientY + top) ** 2
      if (away < best) [best, found] = [away, k]
    }
    return found
  }

  redraw(): void {
    const shown = this.#shown
    const { clientWidth: width, clientHeight: height } = this.canvas
    if (shown === undefined || width === 0) return
    const ratio = Math.min(2, devicePixelRatio || 1)
    if (this.canvas.width !== Math.round(width * ratio)) this.canvas.width = Math.round(width * ratio)
    if (this.canvas.height !== Math.round(height * ratio)) this.canvas.height = Math.round(height * ratio)
    const still = [width, height, ratio, shown.turn, color('ground')].join(' ')
    if (this.#drawn.heights !== shown.heights || this.#drawn.still !== still) {
      this.#drawn = { heights: shown.heights, still }
      this.#still.width = this.canvas.width
      this.#still.height = this.canvas.height
      this.#projection = new Projection(shown, width, height)
      this.#drawQuads(shown, this.#projection, ratio)
    }
    const context = this.#context
    context.setTransform(1, 0, 0, 1, 0, 0)
    context.clearRect(0, 0, this.canvas.width, this.canvas.height)
    context.drawImage(this.#still, 0, 0)
    context.setTransform(ratio, 0, 0, ratio, 0, 0)
    if (this.#projection !== undefined) this.#drawWay(shown, this.#projection, width)
  }

  #drawQuads(shown: Shown, projection: Projection, ratio: number): void {
    const { grid, heights, place } = shown
    const points = Array.from(heights, (z, k) => projection.at(...place(k), z))
    this.#places = points.map(([x, y]) => [x, y])
    const quads: { depth: number; corners: number[] }[] = []
    for (let row = 0; row + 1 < grid; row++) {
      for (let column = 0; column + 1 < grid; column++) {
        const k = row * grid + column
        const corners = [k, k + 1, k + grid + 1, k + grid]
        quads.push({ depth: corners.reduce((sum, k) => sum + points[k][2], 0), corners })
      }
    }
    quads.sort((a, b) => b.depth - a.depth)
    const [low, high] = [channels('falls'), channels('ground')]
    const context = this.#still.getContext('2d')
    if (context === null) return
    context.setTransform(ratio, 0, 0, ratio, 0, 0)
    context.lineWidth = 0.6
    context.strokeStyle = color('line')
    for (const { corners } of quads) {
      const up = corners.reduce((sum, k) => sum + projection.share(heights[k]), 0) / 4
      const mixed = low.map((value, c) => Math.round(value + up * (high[c] - value)))
      context.fillStyle = `rgb(${mixed.join(' ')})`
      context.beginPath()
      for (const k of corners) context.lineTo(points[k][0], points[k][1])
      context.closePath()
      context.fill()
      context.stroke()
    }
  }

  #drawWay(shown: Shown, projection: Projection, width: number): void {
    const { way, labels, heights, place } = shown
    const context = this.#context
    context.strokeStyle = color('rises')
    context.lineWidth = 2
    context.lineJoin = 'round'
    context.beginPath()
    for (let k = 0; k < way.length; k += 3) {
      const [x, y] = projection.at(way[k], way[k + 1], way[k + 2])
      context.lineTo(x, y)
    }
    context.stroke()
    const [m1, m2, energy] = way.subarray(way.length - 3)
    const [x, y] = projection.at(m1, m2, energy)
    context.fillStyle = color('rises')
    context.strokeStyle = color('paper')
    context.beginPath()
    context.arc(x, y, 7, 0, 2 * Math.PI)
    context.fill()
    context.stroke()
    context.font = '13px system-ui, sans-serif'
    context.textAlign = 'center'
    context.textBaseline = 'middle'
    for (const [text, x, y] of labels) {
      // Beside the corner, at the height that the surface has there.
      const corner = nearestTo(x, y, heights.length, place)
      const [left, top] = projection.at(1.06 * x, 1.06 * y, heights[corner])
      const wide = context.measureText(text).width / 2
      const inside = Math.min(width - wide - 4, Math.max(wide + 4, left))
      context.lineWidth = 4
      context.strokeStyle = color('paper')
      context.strokeText(text, inside, top + 14)
      context.fillStyle = color('text')
      context.fillText(text, inside, top + 14)
    }
  }
}

function nearestTo(x: number, y: number, count: number, place: Shown['place']): number {
  let [best, found] = [Number.POSITIVE_INFINITY, 0]
  for (let k = 0; k < count; k++) {
    const [u, v] = place(k)
    const away = (u - x) ** 2 + (v - y) ** 2
    if (away < best) [best, found] = [away, k]
  }
  return found
}
