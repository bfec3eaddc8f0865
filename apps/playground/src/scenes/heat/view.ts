import type uPlot from 'uplot'
import { color, lineColor } from '../../draw/colors.js'
import { Lines } from '../../draw/lines.js'
import { Neurons } from '../../draw/neurons.js'
import { caption, halves, panel } from '../../draw/panel.js'
import { element } from '../../shell/element.js'
import { nearestValue } from '../../state/parameters.js'
import type { Stage, View } from '../scene.js'
import type { Frame, PhaseLine } from './model.js'
import { type P, parameters } from './parameters.js'

/** Sweeps that the course shows. */
const SHOWN = 300

export function view({ root, set }: Stage<P, never>): View<Frame> {
  let frame: Frame | undefined
  /** Where the diagram is drawn; a plot in other colours is another one. */
  let surface: HTMLElement | undefined
  /** A click, or a mouse that is dragged, puts the network there; the sliders do the same by keys. */
  const steered = (plot: uPlot) => {
    if (surface === plot.over) return
    surface = plot.over
    surface.style.cursor = 'crosshair'
    const put = ({ offsetX, offsetY }: MouseEvent) =>
      set({
        load: nearestValue(parameters.load, plot.posToVal(offsetX, 'x')),
        temperature: nearestValue(parameters.temperature, plot.posToVal(offsetY, 'y')),
      })
    surface.addEventListener('click', put)
    surface.addEventListener('pointermove', (event) => {
      if (event.pointerType === 'mouse' && event.buttons === 1) put(event)
    })
  }
  const over = (plot: uPlot) => {
    if (frame === undefined) return
    const { phases, load, temperature } = frame
    trace(plot, phases.retrieval, 1)
    trace(plot, phases.ground, 2)
    names(plot)
    here(plot, load, temperature)
    steered(plot)
  }
  const state = new Neurons('The neurons’ states: at low temperature the letter H')
  const diagram = new Lines({
    title: 'Phase diagram: temperature over load, with the point where this network is',
    x: 'load α = P/N',
    names: ['T_g', 'T_M', 'T_c'],
    range: [0, 2],
    height: 300,
    over,
  })
  const course = new Lines({
    title: 'Overlap with the picture, sweep by sweep',
    x: 'sweep',
    names: ['m measured', 'm of theory'],
    range: [-0.2, 1.05],
    height: 200,
  })
  const reading = caption()
  const measured: number[] = []
  const sweeps: number[] = []
  const expected: number[] = []
  root.append(
    halves(
      panel('The state', state.canvas, reading),
      panel(
        'Where it is',
        diagram.root,
        caption(
          'Above T_g nothing is frozen; below T_M there are memories; below T_c they are the deepest states. A click puts the network elsewhere.',
        ),
        element('h3', {}, 'Overlap m with the picture'),
        course.root,
      ),
    ),
  )

  const describe = ({ overlap, theory, others, flipped, energy, temperature, load, sweeps }: Frame) => {
    const where =
      temperature > 1 + Math.sqrt(load)
        ? 'Paramagnet: it boils, and remembers nothing.'
        : theory === 0
          ? 'Spin glass: frozen in places, and in no memory.'
          : Math.abs(overlap) > theory / 2
            ? 'Retrieval: the picture stands, with pixels that come and go.'
            : 'There are memories here, but this state is in none: it froze into something else.'
    const numbers = `m = ${overlap.toFixed(3)}, theory ${theory.toFixed(3)}; largest other |m| ${others.toFixed(3)}; E/N = ${energy.toFixed(3)}; ${(100 * flipped).toFixed(1)} % flipped in sweep ${sweeps}`
    return `${where} ${numbers}.`
  }
  return {
    draw(next) {
      // A model that was made again begins again.
      if (next.sweeps === 0 || next.sweeps < (sweeps.at(-1) ?? 0))
        for (const series of [sweeps, measured, expected]) series.length = 0
      if (next.sweeps !== sweeps.at(-1)) {
        sweeps.push(next.sweeps)
        measured.push(next.overlap)
        expected.push(next.theory)
        if (sweeps.length > SHOWN) for (const series of [sweeps, measured, expected]) series.shift()
      }
      const moved = frame?.load !== next.load || frame.temperature !== next.temperature
      frame = next
      state.states(next.state)
      const { x, y } = next.phases.spinGlass
      const none = Array.from(x, () => null)
      if (moved) diagram.set(x, y, none, none)
      course.set(sweeps, measured, expected)
      reading.textContent = describe(next)
    },
    describe,
    recolor() {
      for (const drawn of [state, diagram, course]) drawn.recolor()
    },
    close() {
      diagram.close()
      course.close()
    },
  }
}

/** A line whose loads need not ascend, which the plot itself does not take. */
function trace(plot: uPlot, { x, y }: PhaseLine, k: number): void {
  const { ctx } = plot
  ctx.save()
  ctx.beginPath()
  for (let at = 0; at < x.length; at++)
    ctx.lineTo(plot.valToPos(x[at], 'x', true), plot.valToPos(y[at], 'y', true))
  ctx.strokeStyle = lineColor(k)
  ctx.lineWidth = 2 * devicePixelRatio
  ctx.stroke()
  ctx.restore()
}

function names(plot: uPlot): void {
  const { ctx } = plot
  ctx.save()
  ctx.fillStyle = color('soft')
  ctx.font = `${12 * devicePixelRatio}px system-ui, sans-serif`
  ctx.textAlign = 'left'
  for (const [words, load, temperature] of [
    ['paramagnet', 0.11, 1.65],
    ['spin glass', 0.11, 0.85],
    ['retrieval', 0.006, 0.1],
  ] as const)
    ctx.fillText(words, plot.valToPos(load, 'x', true), plot.valToPos(temperature, 'y', true))
  ctx.restore()
}

function here(plot: uPlot, load: number, temperature: number): void {
  const { ctx } = plot
  const [x, y] = [plot.valToPos(load, 'x', true), plot.valToPos(temperature, 'y', true)]
  ctx.save()
  ctx.beginPath()
  ctx.arc(x, y, 6 * devicePixelRatio, 0, 2 * Math.PI)
  ctx.fillStyle = color('accent')
  ctx.strokeStyle = color('paper')
  ctx.lineWidth = 2 * devicePixelRatio
  ctx.fill()
  ctx.stroke()
  ctx.restore()
}
