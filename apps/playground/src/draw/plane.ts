import { element } from '../shell/element.js'
import { color } from './colors.js'

type Points = readonly (readonly [x: number, y: number])[]

/** Pixels of a side: enough for two a point where a scene is half a page wide. */
const SIDE = 600
const MARGIN = 20

/** Points of the unit square, and ways between them. */
export class Plane {
  readonly canvas: HTMLCanvasElement
  readonly #context: CanvasRenderingContext2D
  #paint: () => void = () => {}

  /** @param label what the picture is, for screen readers. */
  constructor(label: string) {
    const size = { width: SIDE, height: SIDE }
    this.canvas = element('canvas', { class: 'plane', role: 'img', 'aria-label': label, ...size })
    const context = this.canvas.getContext('2d')
    if (context === null) throw new Error('This browser gives no canvas to draw on.')
    this.#context = context
  }

  /** A graph of two sides: edges between them are bold, the others thin. */
  graph(points: Points, edges: readonly (readonly [number, number])[], sides: Int8Array): void {
    this.#show(() => {
      const cut = (between: boolean) => edges.filter(([a, b]) => (sides[a] !== sides[b]) === between)
      this.#lines(points, cut(false), color('line'), 3)
      this.#lines(points, cut(true), color('soft'), 3)
      const radius = Math.min(16, 110 / Math.sqrt(points.length))
      const [disc, ring, paper] = [color('falls'), color('rises'), color('paper')]
      for (const [k, point] of points.entries()) {
        if (sides[k] > 0) this.#node(point, radius, paper, ring)
        else this.#node(point, radius, disc, disc)
      }
    })
  }

  /** A round trip; city 0 is larger. */
  tour(points: Points, tour: ArrayLike<number>, good: boolean): void {
    this.#show(() => {
      const ways = Array.from(tour, (city, k) => [city, tour[(k + 1) % tour.length]] as const)
      this.#lines(points, ways, color(good ? 'accent' : 'soft'), 5, good ? [] : [14, 10])
      const disc = color('falls')
      for (const [k, point] of points.entries()) this.#node(point, k === 0 ? 15 : 10, disc, disc)
    })
  }

  /** Draws the same in the colours that the page has now. */
  recolor(): void {
    this.#show(this.#paint)
  }

  #show(paint: () => void): void {
    this.#paint = paint
    this.#context.clearRect(0, 0, SIDE, SIDE)
    paint()
  }

  #lines(
    points: Points,
    ways: readonly (readonly [number, number])[],
    stroke: string,
    width: number,
    dash: number[] = [],
  ): void {
    const context = this.#context
    context.beginPath()
    for (const [a, b] of ways) {
      context.moveTo(...place(points[a]))
      context.lineTo(...place(points[b]))
    }
    context.strokeStyle = stroke
    context.lineWidth = width
    context.setLineDash(dash)
    context.stroke()
  }

  /** Sides differ in shape too, for eyes that do not tell the colours apart: discs and rings. */
  #node(point: Points[number], radius: number, fill: string, stroke: string): void {
    const context = this.#context
    context.beginPath()
    context.arc(...place(point), radius, 0, 2 * Math.PI)
    context.fillStyle = fill
    context.strokeStyle = stroke
    context.lineWidth = 0.45 * radius
    context.setLineDash([])
    context.fill()
    context.stroke()
  }
}

function place([x, y]: Points[number]): [number, number] {
  const room = SIDE - 2 * MARGIN
  return [MARGIN + room * x, MARGIN + room * y]
}
