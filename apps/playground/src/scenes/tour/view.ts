import { Lines } from '../../draw/lines.js'
import { Neurons } from '../../draw/neurons.js'
import { caption, halves, panel } from '../../draw/panel.js'
import { Plane } from '../../draw/plane.js'
import { element } from '../../shell/element.js'
import type { Stage, View } from '../scene.js'
import type { Frame } from './model.js'
import type { P } from './parameters.js'

export function view({ root }: Stage<P, never>): View<Frame> {
  const tank = new Plane('The round trip of the network')
  const outputs = new Neurons('Outputs of the network: cities down, places across')
  const moves = new Plane('The round trip of 2-opt')
  const lengths = new Lines({
    title: 'Lengths of both round trips',
    x: 'picture',
    names: ['Hopfield–Tank', '2-opt', 'tourSearch'],
    height: 220,
  })
  const [tankWords, moveWords, range] = [caption(), caption(), caption()]
  const series: number[][] = [[], [], [], []]
  let shown = -1
  root.append(
    halves(
      panel('Hopfield and Tank', tank.canvas, tankWords),
      panel('2-opt', moves.canvas, moveWords),
      panel(
        'Neurons: a row per city, a column per place',
        element('div', { class: 'modest' }, outputs.canvas, range),
      ),
      panel('Length', lengths.root),
    ),
  )

  const tankSays = ({ steps, tankLength, valid }: Frame) => {
    const length = tankLength.toFixed(3)
    return valid
      ? `After ${steps} steps a tour: ${length}`
      : `After ${steps} steps no tour yet; the nearest is ${length}`
  }
  const movesSay = ({ exchanges, length, reference }: Frame) =>
    `After ${exchanges} exchanges: ${length.toFixed(3)}; tourSearch finds ${reference.toFixed(3)}`
  return {
    draw(frame) {
      const { points, tankTour, valid, tour, picture } = frame
      if (picture === 0 || picture < shown) for (const values of series) values.length = 0
      if (picture !== shown || series[0].length === 0) {
        shown = picture
        for (const [k, value] of [picture, frame.tankLength, frame.length, frame.reference].entries())
          series[k].push(value)
      }
      tank.tour(points, tankTour, valid)
      moves.tour(points, tour, true)
      // Long before any neuron is bright, they differ a little.
      const [low, high] = [Math.min(...frame.outputs), Math.max(...frame.outputs)]
      outputs.shades(frame.outputs.map((v) => (high > low ? (v - low) / (high - low) : v)))
      range.textContent = `Shades from ${low.toFixed(3)} to ${high.toFixed(3)}`
      const [x, ...lines] = series
      lengths.set(x, ...lines)
      tankWords.textContent = tankSays(frame)
      moveWords.textContent = movesSay(frame)
    },
    describe: (frame) => `The network: ${tankSays(frame)}. 2-opt: ${movesSay(frame)}.`,
    recolor() {
      for (const drawn of [tank, moves, outputs, lengths]) drawn.recolor()
    },
    close: () => lengths.close(),
  }
}
