import { Bars } from '../../draw/bars.js'
import { Lines } from '../../draw/lines.js'
import { Neurons } from '../../draw/neurons.js'
import { caption, halves, panel } from '../../draw/panel.js'
import { element } from '../../shell/element.js'
import type { Stage, View } from '../scene.js'
import type { Frame } from './model.js'
import { NEURONS, type P } from './parameters.js'

/** Updates that the course shows. */
const SHOWN = 60

export function view({ root, values }: Stage<P, never>): View<Frame> {
  const screen = new Neurons('What the network shows')
  const bars = new Bars('Overlap with each picture of the film')
  const course = new Lines({
    title: 'Overlap with the picture that is due',
    x: 'update',
    names: ['m'],
    range: [-0.2, 1.05],
    height: 200,
  })
  const strip = element('div', { class: 'strip', role: 'img', 'aria-label': 'The film that is stored' })
  const reading = caption()
  let film = ''
  let stills: { readonly root: HTMLElement; readonly canvas: Neurons }[] = []
  const times: number[] = []
  const overlaps: number[] = []
  root.append(
    halves(
      panel('What the network shows', screen.canvas, reading),
      panel(
        'Overlap with each picture stored',
        bars.root,
        strip,
        element('h3', {}, 'Overlap with the one that is due'),
        course.root,
      ),
    ),
  )

  const nearest = ({ overlaps }: Frame) => overlaps.indexOf(Math.max(...overlaps))
  const describe = (frame: Frame) => {
    const [at, { time, due }] = [nearest(frame), frame]
    const m = frame.overlaps[due].toFixed(2)
    if (time === 0) return `The first picture with noise, m = ${m}.`
    if (frame.overlaps[due] === 1) return `Update ${time}: picture ${due + 1}, as it was stored.`
    return `Update ${time}: picture ${due + 1} is due, m = ${m}; nearest is picture ${at + 1}, m = ${frame.overlaps[at].toFixed(2)}.`
  }
  return {
    draw(frame) {
      if (frame.time === 0 || frame.time < (times.at(-1) ?? 0))
        for (const series of [times, overlaps]) series.length = 0
      if (frame.time !== times.at(-1)) {
        times.push(frame.time)
        overlaps.push(frame.overlaps[frame.due])
        if (times.length > SHOWN) for (const series of [times, overlaps]) series.shift()
      }
      screen.states(frame.state)
      bars.set(
        Array.from(frame.overlaps, (m) => Math.abs(m)),
        frame.due,
      )
      course.set(times, overlaps)
      reading.textContent = describe(frame)
      const now = `${values().film} ${values().seed}`
      if (film !== now) {
        film = now
        stills = Array.from({ length: frame.stored.length / NEURONS }, (_, k) => {
          const canvas = new Neurons(`Picture ${k + 1}`)
          canvas.states(frame.stored.slice(k * NEURONS, (k + 1) * NEURONS))
          return { canvas, root: element('span', {}, canvas.canvas) }
        })
        strip.replaceChildren(...stills.map(({ root }) => root))
      }
      for (const [k, { root }] of stills.entries()) root.classList.toggle('marked', k === frame.due)
    },
    describe,
    recolor() {
      for (const drawn of [screen, course, ...stills.map(({ canvas }) => canvas)]) drawn.recolor()
    },
    close: () => course.close(),
  }
}
