import 'uplot/dist/uPlot.min.css'
import uPlot from 'uplot'
import { element } from '../shell/element.js'
import { calmly } from './calmly.js'
import { color, lineColor } from './colors.js'

export interface LinesOptions {
  /** What the lines show, for screen readers and above the plot. */
  readonly title: string
  /** Under the x axis. */
  readonly x: string
  /** One name per line. */
  readonly names: readonly string[]
  /** The range of y; without it, what the data have. */
  readonly range?: readonly [low: number, high: number]
  readonly height?: number
  /** Names beside their colours, under the plot; without it, where there are several lines. */
  readonly legend?: boolean
  /** Points alone, without lines between them. */
  readonly points?: boolean
  /** Draws onto the plot when its lines are drawn. */
  readonly over?: (plot: uPlot) => void
}

/** Lines over one axis that grow while one looks at them. */
export class Lines {
  readonly root: HTMLElement
  readonly #options: LinesOptions
  #plot: uPlot | undefined
  #data: uPlot.AlignedData
  readonly #resize: ResizeObserver
  readonly #calmly = calmly()

  constructor(options: LinesOptions) {
    this.#options = options
    this.#data = [[], ...options.names.map(() => [])]
    this.root = element('div', { class: 'lines', role: 'img', 'aria-label': options.title })
    // A plot has a width in pixels, which is known when the element is on the page.
    // It is drawn later, because drawing changes the sizes that are being observed.
    this.#resize = new ResizeObserver(() => requestAnimationFrame(() => this.#fit()))
    this.#resize.observe(this.root)
  }

  /** The x values, and a row of y values per line; null where a line has none. */
  set(x: ArrayLike<number>, ...rows: readonly ArrayLike<number | null>[]): void {
    this.#calmly.run(() => {
      this.#data = [Array.from(x), ...rows.map((row) => Array.from(row))]
      this.#plot?.setData(this.#data)
    })
  }

  recolor(): void {
    this.#plot?.destroy()
    this.#plot = undefined
    this.#fit()
  }

  close(): void {
    this.#resize.disconnect()
    this.#calmly.stop()
    this.#plot?.destroy()
    this.#plot = undefined
  }

  #fit(): void {
    const width = Math.floor(this.root.clientWidth)
    if (width === 0 || !this.root.isConnected) return
    const { height = 180 } = this.#options
    if (this.#plot === undefined) this.#plot = this.#made(width, height)
    else if (this.#plot.width !== width) this.#plot.setSize({ width, height })
  }

  #made(width: number, height: number): uPlot {
    const { x, names, range, points = false, over, legend = names.length > 1 } = this.#options
    const axis = {
      stroke: color('soft'),
      grid: { stroke: color('line'), width: 1 },
      ticks: { stroke: color('line'), width: 1, size: 4 },
      font: '12px system-ui, sans-serif',
      labelFont: '12px system-ui, sans-serif',
    }
    return new uPlot(
      {
        width,
        height,
        legend: { show: legend, live: false },
        cursor: { show: false },
        scales: { x: { time: false }, y: range ? { range: [...range] as [number, number] } : {} },
        axes: [
          { ...axis, label: x, labelSize: 18, size: 28 },
          { ...axis, size: 58, space: 24 },
        ],
        series: [
          {},
          ...names.map((label, k) => ({
            label,
            stroke: lineColor(k),
            width: 2,
            spanGaps: false,
            points: { show: points, size: 5 },
            ...(points && { paths: () => null }),
          })),
        ],
        ...(over && { hooks: { draw: [over] } }),
      },
      this.#data,
      this.root,
    )
  }
}
