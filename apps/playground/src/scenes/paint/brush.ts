import { element } from '../../shell/element.js'

/** What painting does. */
export interface Painting {
  /** The picture that is painted on, as a copy; undefined while there is none. */
  picture(): Int8Array | undefined
  /** Shows a picture while it is being painted. */
  show(pixels: Int8Array): void
  /** A stroke is over. */
  painted(pixels: Int8Array): void
}

/**
 * Painting on a square canvas, by pointer or by keys: arrows move, Space or Enter paints. A stroke that starts on ink takes ink away.
 * `root` holds the canvas and the cursor of the keys.
 */
export class Brush {
  readonly root: HTMLElement
  readonly #canvas: HTMLCanvasElement
  readonly #painting: Painting
  readonly #cursor = element('div', { class: 'cursor', hidden: true })
  #pixels: Int8Array | undefined
  #ink = 1
  #last: readonly [x: number, y: number] | undefined
  #at: readonly [x: number, y: number] = [0, 0]

  constructor(canvas: HTMLCanvasElement, painting: Painting) {
    this.#canvas = canvas
    this.#painting = painting
    canvas.tabIndex = 0
    canvas.setAttribute('role', 'application')
    canvas.setAttribute('data-keys', '')
    canvas.classList.add('paintable')
    this.root = element('div', { class: 'painting' }, canvas, this.#cursor)
    canvas.addEventListener('pointerdown', (event) => this.#start(event))
    canvas.addEventListener('pointermove', (event) => this.#move(event))
    canvas.addEventListener('pointerup', () => this.#end())
    canvas.addEventListener('pointercancel', () => this.#end())
    canvas.addEventListener('keydown', (event) => this.#key(event))
    canvas.addEventListener('focus', () => {
      this.#cursor.hidden = !canvas.matches(':focus-visible')
      this.#placeCursor()
    })
    canvas.addEventListener('blur', () => {
      this.#cursor.hidden = true
    })
  }

  /** Whether a stroke is under way. */
  get busy(): boolean {
    return this.#pixels !== undefined
  }

  get #side(): number {
    return this.#canvas.width
  }

  /** Pixels from the middle of the brush to its edge. */
  get #radius(): number {
    return Math.max(0.5, this.#side / 40)
  }

  #start(event: PointerEvent): void {
    if (event.button !== 0 || !this.#begin(this.#pointOf(event))) return
    // A pointer that the browser does not know cannot be captured; then a stroke ends at the canvas's edge.
    if (event.isTrusted) this.#canvas.setPointerCapture(event.pointerId)
    this.#paintTo(this.#pointOf(event))
  }

  #move(event: PointerEvent): void {
    if (this.#pixels !== undefined) this.#paintTo(this.#pointOf(event))
  }

  #end(): void {
    const pixels = this.#pixels
    this.#pixels = undefined
    this.#last = undefined
    if (pixels !== undefined) this.#painting.painted(pixels)
  }

  #key(event: KeyboardEvent): void {
    const step = Math.max(1, Math.round(this.#radius * 2))
    const by = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }[
      event.key
    ]
    if (by !== undefined) {
      const moved = (at: number, by: number) => Math.min(this.#side - 1, Math.max(0, at + by))
      this.#at = [moved(this.#at[0], by[0]), moved(this.#at[1], by[1])]
      this.#cursor.hidden = false
      this.#placeCursor()
    } else if (event.key === ' ' || event.key === 'Enter') {
      if (this.#begin(this.#at)) {
        this.#paintTo(this.#at)
        this.#end()
      }
    } else return
    event.preventDefault()
  }

  /** Takes the picture; the first pixel says whether ink comes or goes. */
  #begin([x, y]: readonly [number, number]): boolean {
    this.#pixels = this.#painting.picture()
    if (this.#pixels === undefined) return false
    this.#ink = this.#pixels[Math.floor(y) * this.#side + Math.floor(x)] > 0 ? -1 : 1
    return true
  }

  #pointOf({ clientX, clientY }: PointerEvent): readonly [number, number] {
    const { left, top, width, height } = this.#canvas.getBoundingClientRect()
    const within = (at: number) => Math.min(this.#side - 1e-6, Math.max(0, at * this.#side))
    return [within((clientX - left) / width), within((clientY - top) / height)]
  }

  /** Paints from where the brush was to a point. */
  #paintTo(to: readonly [number, number]): void {
    const pixels = this.#pixels
    if (pixels === undefined) return
    const from = this.#last ?? to
    this.#last = to
    const [dx, dy] = [to[0] - from[0], to[1] - from[1]]
    const steps = Math.max(1, Math.ceil(Math.hypot(dx, dy) / Math.max(0.5, this.#radius / 2)))
    for (let k = 0; k <= steps; k++) this.#dab(pixels, from[0] + (dx * k) / steps, from[1] + (dy * k) / steps)
    this.#painting.show(pixels)
  }

  #dab(pixels: Int8Array, x: number, y: number): void {
    const [side, radius] = [this.#side, this.#radius]
    pixels[Math.floor(y) * side + Math.floor(x)] = this.#ink
    for (let v = Math.max(0, Math.floor(y - radius)); v <= Math.min(side - 1, y + radius); v++)
      for (let u = Math.max(0, Math.floor(x - radius)); u <= Math.min(side - 1, x + radius); u++)
        if (Math.hypot(u + 0.5 - x, v + 0.5 - y) <= radius) pixels[v * side + u] = this.#ink
  }

  #placeCursor(): void {
    const at = (k: number) => `${(100 * (k + 0.5)) / this.#side}%`
    this.#cursor.style.left = at(this.#at[0])
    this.#cursor.style.top = at(this.#at[1])
  }
}
