import { calmly } from '../../draw/calmly.js'
import { Lines } from '../../draw/lines.js'
import { Neurons } from '../../draw/neurons.js'
import { picturesOf } from '../../pictures/drawings.js'
import { element } from '../../shell/element.js'
import type { Picture } from '../../state/picture.js'
import type { Stage, View } from '../scene.js'
import { Brush } from './brush.js'
import { Intake } from './intake.js'
import type { Frame } from './model.js'
import { MOST_PICTURES, type P } from './parameters.js'
import { Shelf } from './shelf.js'

export function view(stage: Stage<P, never>): View<Frame> {
  let frame: Frame | undefined
  const side = () => Number(stage.values().side)
  const stored = () => picturesOf(stage.values().pictures, side())

  const state = new Neurons('The neurons’ states. Arrow keys move, Space paints.')
  const demon = new Neurons('Each neuron’s field')
  const brush = new Brush(state.canvas, {
    picture: () => frame?.state.slice(),
    show: (pixels) => state.states(pixels),
    painted: (pixels) => stage.set({ cue: [{ side: side(), pixels }] }),
  })
  /** Where the demon is, when it goes from neuron to neuron slowly enough to be followed. */
  const visited = element('div', { class: 'cursor', hidden: true })
  const shelf = new Shelf({
    choose(index) {
      stage.set({ target: index + 1, cue: [] })
      stage.play(true)
    },
    forget(index) {
      const left = stored().filter((_, k) => k !== index)
      if (left.length === 0) stage.warn('One picture must stay: a memory of none has no field.')
      else stage.set({ pictures: left, target: Math.min(stage.values().target, left.length), cue: [] })
    },
  })
  const store = (picture: Picture) => {
    const pictures = [...stored(), picture]
    if (pictures.length > MOST_PICTURES)
      stage.warn(
        `There are ${MOST_PICTURES} pictures already. Forget one of them, with its ×, to store another.`,
      )
    else {
      stage.set({ pictures, target: pictures.length, cue: [] })
      stage.play(true)
    }
  }
  const intake = new Intake(stage, { side, store })

  const energy = new Lines({ title: 'Energy', x: 'sweeps', names: ['E'], height: 160 })
  const overlapsPlace = element('div')
  let overlaps: Lines | undefined
  const words = calmly()
  const reading = element('p', { class: 'figure reading' })
  const wanting = element('p', { class: 'figure reading' })
  const button = (text: string, click: () => void) => element('button', { type: 'button', click }, text)

  stage.root.append(
    element(
      'div',
      { class: 'panels' },
      element(
        'section',
        { class: 'panel' },
        element('h3', {}, 'The state: paint on it'),
        brush.root,
        reading,
        element(
          'div',
          { class: 'row' },
          button('Blank', () => {
            stage.play(false)
            stage.set({ cue: [{ side: side(), pixels: new Int8Array(side() ** 2).fill(-1) }] })
            stage.say('Blank and stopped: paint a picture, then store it.')
          }),
          button('Store it', () => frame && store({ side: side(), pixels: frame.state.slice() })),
          button('Damage again', () => {
            stage.set({ cue: [] })
            stage.play(true)
          }),
          ...intake.buttons,
        ),
        intake.preview,
      ),
      element(
        'section',
        { class: 'panel' },
        element('h3', {}, 'The demon’s view'),
        element('div', { class: 'painting' }, demon.canvas, visited),
        wanting,
      ),
      element(
        'section',
        { class: 'panel' },
        element('h3', {}, 'Energy'),
        energy.root,
        element('h3', {}, 'Overlap with each picture'),
        overlapsPlace,
      ),
    ),
    element('h3', { class: 'above' }, 'Stored pictures: choose one to damage, or drop a file here'),
    shelf.root,
  )

  const plotOf = (patterns: number) => {
    overlaps?.close()
    overlaps = new Lines({
      title: 'Overlap of the state with each stored picture',
      x: 'sweeps',
      names: Array.from({ length: patterns }, (_, k) => `picture ${k + 1}`),
      range: [-1, 1],
      height: 160,
      legend: false,
    })
    overlapsPlace.replaceChildren(overlaps.root)
  }

  const describe = ({ overlaps, energy, unstable, resting, course }: Frame) => {
    let best = 0
    for (const [k, overlap] of overlaps.entries()) if (Math.abs(overlap) > Math.abs(overlaps[best])) best = k
    const near = `picture ${best + 1}, overlap ${overlaps[best].toFixed(2)}`
    const sweeps = course.sweeps[course.sweeps.length - 1]
    if (resting) return `At rest after ${sweeps} sweeps, at ${near}; energy ${energy.toFixed(1)}.`
    return `${unstable} of ${side() ** 2} neurons want to flip; nearest is ${near}; energy ${energy.toFixed(1)}.`
  }

  return {
    draw(next) {
      frame = next
      if (next.stored !== undefined) {
        shelf.store(next.stored)
        plotOf(next.stored.length)
      }
      for (const { index, on } of next.skipped ?? []) {
        const others = on.map((other) => other + 1).join(' and ')
        stage.warn(
          `Picture ${index + 1} repeats ${others}: the pseudo-inverse learns nothing from a picture that others make up.`,
        )
      }
      if (!brush.busy) state.states(next.state)
      demon.values(next.fields, 100)
      visited.hidden = next.visited < 0 || stage.values().pace !== 'single'
      visited.style.left = `${(100 * ((next.visited % side()) + 0.5)) / side()}%`
      visited.style.top = `${(100 * (Math.floor(next.visited / side()) + 0.5)) / side()}%`
      const { sweeps, energies, overlaps: rows } = next.course
      energy.set(sweeps, energies)
      overlaps?.set(sweeps, ...rows)
      words.run(() => {
        const sweep = sweeps[sweeps.length - 1].toFixed(2)
        shelf.show(next.overlaps, Math.min(stage.values().target, shelf.count) - 1)
        reading.textContent = `Energy ${next.energy.toFixed(1).replace('-', '−')} after ${sweep} sweeps${next.resting ? ': at rest' : ''}`
        wanting.textContent = `${next.unstable} neurons would flip (strong colours). Fields pull to ink where orange, to paper where blue.`
      })
    },
    describe,
    recolor() {
      for (const drawn of [state, demon, energy, overlaps, shelf]) drawn?.recolor()
    },
    close() {
      words.stop()
      intake.close()
      energy.close()
      overlaps?.close()
    },
  }
}
