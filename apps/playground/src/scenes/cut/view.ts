import { Lines } from '../../draw/lines.js'
import { caption, halves, panel } from '../../draw/panel.js'
import { Plane } from '../../draw/plane.js'
import { element } from '../../shell/element.js'
import type { Stage, View } from '../scene.js'
import type { Frame } from './model.js'
import { HOT, type P } from './parameters.js'

export function view({ root }: Stage<P, never>): View<Frame> {
  const graph = new Plane(
    'The graph: discs on one side, rings on the other, and dark lines between the sides',
  )
  const cuts = new Lines({
    title: 'Edges between the sides, sweep by sweep',
    x: 'sweep',
    names: ['cut', 'best of 256 anneals'],
    height: 220,
  })
  const cooling = new Lines({
    title: 'Temperature, sweep by sweep',
    x: 'sweep',
    names: ['T'],
    range: [0, HOT],
    height: 140,
  })
  const reading = caption()
  const sweeps: number[] = []
  const cut: number[] = []
  const reference: number[] = []
  const temperatures: number[] = []
  const all = [sweeps, cut, reference, temperatures]
  root.append(
    halves(
      panel('Two sides of a graph', graph.canvas, reading),
      panel('Edges cut', cuts.root, element('h3', {}, 'Temperature'), cooling.root),
    ),
  )

  const describe = (frame: Frame) => {
    const { cut, best, reference, graph, sweep, temperature } = frame
    const of = `${cut} of ${graph.edges.length} edges are cut`
    const others = `256 anneals found ${reference}`
    return temperature === 0 && sweep > 0
      ? `Cold: ${of}; ${others}.`
      : `Sweep ${sweep}, T = ${temperature.toFixed(2)}: ${of}, ${best} at best; ${others}.`
  }
  return {
    draw(frame) {
      if (frame.sweep === 0 || frame.sweep < (sweeps.at(-1) ?? 0)) for (const series of all) series.length = 0
      if (frame.sweep !== sweeps.at(-1)) {
        sweeps.push(frame.sweep)
        cut.push(frame.cut)
        reference.push(frame.reference)
        temperatures.push(frame.temperature)
      }
      graph.graph(frame.graph.points, frame.graph.edges, frame.sides)
      cuts.set(sweeps, cut, reference)
      cooling.set(sweeps, temperatures)
      reading.textContent = describe(frame)
    },
    describe,
    recolor() {
      for (const drawn of [graph, cuts, cooling]) drawn.recolor()
    },
    close() {
      cuts.close()
      cooling.close()
    },
  }
}
