import type { Mark, Spec } from 'vega'
import { LABEL, type Laid, TITLE } from './axis.js'
import { type Colors, FONT } from './theme.js'
import { widthOf } from './words.js'

/** What draws curves and axes. It is loaded when the first chart is drawn: that takes longer than all of a small command. */
export type Vega = typeof import('vega')

/** What Vega's types leave out: how it measures text. */
interface TextMetrics {
  width(item: { fontSize?: number }, text: unknown): number
}

let loaded: Promise<Vega> | undefined

export function vega(): Promise<Vega> {
  loaded ??= import('vega').then((module) => {
    // Vega would ask a canvas where there is one; figures are to be the same bytes everywhere.
    const { textMetrics } = module as unknown as { textMetrics: TextMetrics }
    textMetrics.width = (item, text) => widthOf(String(text), item.fontSize ?? 11)
    return module
  })
  return loaded
}

/** Where a chart is in its figure, in pixels. */
export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface Chart {
  readonly box: Box
  readonly x: Laid
  readonly y: Laid
  /** Grid lines. Default: of the vertical axis. */
  readonly grid?: 'y' | 'both' | 'none'
  /** No axes at all: a map. */
  readonly axes?: false
  /** Sits at the right side in place of the left. */
  readonly right?: boolean
  readonly data?: Spec['data']
  readonly marks: Mark[]
}

/** A chart with its axes as a group of SVG. */
export async function drawChart(chart: Chart, colors: Colors): Promise<string> {
  const { View, parse } = await vega()
  const { box, x, y, grid = 'y' } = chart
  const axis = (laid: Laid, orient: 'bottom' | 'left' | 'right', lines: boolean) => ({
    orient,
    scale: orient === 'bottom' ? 'x' : 'y',
    title: [...laid.title],
    values: [...laid.ticks],
    grid: lines,
    encode: {
      labels: {
        update: {
          text: {
            signal: `${JSON.stringify(laid.labels)}[indexof(${JSON.stringify(laid.ticks)}, datum.value)]`,
          },
        },
      },
    },
  })
  const scale = (name: string, { scale, domain }: Laid, range: [number, number]) => ({
    name,
    type: scale,
    domain: [...domain],
    range,
    zero: false,
    nice: false,
  })
  const spec: Spec = {
    width: box.width,
    height: box.height,
    padding: 0,
    autosize: 'none',
    config: {
      text: { font: FONT },
      axis: {
        labelFont: FONT,
        titleFont: FONT,
        labelFontSize: LABEL,
        titleFontSize: TITLE,
        titleFontWeight: 'normal',
        titlePadding: 8,
        labelPadding: 5,
        labelFlush: false,
        labelBound: false,
        labelOverlap: true,
        labelLimit: 0,
        tickSize: 5,
        labelColor: colors.faint,
        titleColor: colors.ink,
        gridColor: colors.rule,
        domainColor: colors.frame,
        tickColor: colors.frame,
      },
    },
    ...(chart.data === undefined ? {} : { data: chart.data }),
    scales: [scale('x', x, [0, box.width]), scale('y', y, [box.height, 0])] as NonNullable<Spec['scales']>,
    axes: (chart.axes === false
      ? []
      : [
          axis(x, 'bottom', grid === 'both'),
          axis(y, chart.right ? 'right' : 'left', grid !== 'none'),
        ]) as NonNullable<Spec['axes']>,
    marks: chart.marks,
  }
  const svg = await new View(parse(spec), { renderer: 'none' }).toSVG()
  return `<g transform="translate(${box.x},${box.y})">${bare(svg)}</g>`
}

/** What Vega drew without its own frame, roles (a screen reader would read every line) and digits that nobody sees. */
function bare(svg: string): string {
  return svg
    .replace(/^<svg[^>]*>|<\/svg>$/g, '')
    .replace(
      /<path class="(background|foreground)"[^>]*d="([^"]*)"([^>]*)\/>/g,
      (whole, _, __, rest: string) => (rest.includes('stroke=') ? whole : ''),
    )
    .replace(/ (role|class|aria-[a-z]+)="[^"]*"/g, '')
    .replace(/ (d|transform|x|y|x1|x2|y1|y2|width|height)="([^"]*)"/g, (_, name, value: string) => {
      const short = value.replace(/-?\d*\.\d+(e-?\d+)?/g, (number) =>
        String(Number(Number(number).toFixed(2)) + 0),
      )
      return ` ${name}="${short}"`
    })
    .replaceAll(` font-family="${FONT}"`, '')
    .replace(/ opacity="1"| text-anchor="start"| transform="translate\(0,0\)"| pointer-events="none"/g, '')
    .replace(/<g><\/g>/g, '')
}
