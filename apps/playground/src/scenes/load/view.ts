import type uPlot from 'uplot'
import { Bars } from '../../draw/bars.js'
import { color } from '../../draw/colors.js'
import { Lines } from '../../draw/lines.js'
import { Neurons } from '../../draw/neurons.js'
import { caption, halves, panel } from '../../draw/panel.js'
import { element } from '../../shell/element.js'
import type { Stage, View } from '../scene.js'
import type { Frame } from './model.js'
import type { P } from './parameters.js'

interface Point {
  readonly load: number
  readonly overlap: number
  readonly error: number
}

export function view({ root, values }: Stage<P, never>): View<Frame> {
  let now: Point | undefined
  /** What this visit has measured at other loads, of as many neurons. */
  const before = new Map<number, Point>()
  let neurons = values().neurons

  const over = (plot: uPlot) => {
    for (const point of before.values()) mark(plot, point, 'soft', 3)
    if (now !== undefined) mark(plot, now, 'line-2', 6)
  }
  const curve = new Lines({
    title: 'Overlap with the stored pattern over load: theory, and what is measured',
    x: 'load α = P/N',
    names: ['theory for N → ∞', 'measured, ± one standard error'],
    range: [0, 1.05],
    height: 300,
    over,
  })
  const histogram = new Bars('How many recalls ended at which overlap')
  const wrong = new Neurons('Neurons that are wrong where the last recall came to rest')
  const [reading, errors] = [caption(), caption()]
  root.append(
    halves(
      panel('Overlap over load', curve.root, reading),
      panel(
        'Where recalls end',
        histogram.root,
        element('div', { class: 'scale', 'aria-hidden': 'true' }, ...['overlap 0', '½', '1'].map(words)),
        element('h3', {}, 'Wrong neurons of the last recall'),
        element('div', { class: 'modest' }, wrong.canvas, errors),
      ),
    ),
  )

  const describe = (frame: Frame) => {
    const { patterns, overlap, error, networks, theory } = frame
    const bar = networks < 2 ? '' : ` ± ${error.toFixed(4)}`
    const says = theory > 0 ? `theory says ${theory.toFixed(4)}` : 'theory has no retrieval state here'
    if (networks === 0) return `${patterns} patterns: nothing measured yet.`
    return `${patterns} patterns: m = ${overlap.toFixed(4)}${bar} on ${networks} networks; ${says}.`
  }
  return {
    draw(frame) {
      if (values().neurons !== neurons) {
        neurons = values().neurons
        before.clear()
        now = undefined
      }
      if (now !== undefined && now.load !== frame.load) before.set(now.load, now)
      now = frame.networks > 0 ? frame : undefined
      before.delete(frame.load)
      const { loads, overlaps } = frame.curve
      // What is measured is drawn over the plot, with its bar.
      curve.set(
        loads,
        overlaps,
        Array.from(loads, () => null),
      )
      const most = Math.max(1, ...frame.histogram)
      histogram.set(Array.from(frame.histogram, (count) => count / most))
      wrong.shades(frame.wrong)
      reading.textContent = describe(frame)
      const count = frame.wrong.reduce((sum, one) => sum + one, 0)
      errors.textContent = `${count} of ${frame.wrong.length} neurons`
    },
    describe,
    recolor() {
      curve.recolor()
      wrong.recolor()
    },
    close: () => curve.close(),
  }
}

function words(text: string): HTMLElement {
  return element('span', {}, text)
}

/** A point with its bar of one standard error each way. */
function mark(plot: uPlot, { load, overlap, error }: Point, name: 'soft' | 'line-2', radius: number): void {
  const { ctx } = plot
  const scale = devicePixelRatio
  const x = plot.valToPos(load, 'x', true)
  const y = (m: number) => plot.valToPos(m, 'y', true)
  ctx.save()
  ctx.fillStyle = color(name)
  ctx.strokeStyle = color(name)
  ctx.lineWidth = 2 * scale
  ctx.beginPath()
  if (Number.isFinite(error)) {
    const [low, high, cap] = [y(overlap - error), y(overlap + error), 4 * scale]
    ctx.moveTo(x, low)
    ctx.lineTo(x, high)
    for (const end of [low, high]) {
      ctx.moveTo(x - cap, end)
      ctx.lineTo(x + cap, end)
    }
    ctx.stroke()
  }
  ctx.beginPath()
  ctx.arc(x, y(overlap), radius * scale, 0, 2 * Math.PI)
  ctx.fill()
  ctx.restore()
}
