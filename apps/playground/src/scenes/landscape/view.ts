import { calmly } from '../../draw/calmly.js'
import { Lines } from '../../draw/lines.js'
import { element } from '../../shell/element.js'
import { nearestValue } from '../../state/parameters.js'
import type { Stage, View } from '../scene.js'
import { GRID, overlapsAt } from './grid.js'
import type { Frame } from './model.js'
import { type P, parameters } from './parameters.js'
import { Surface } from './surface.js'

const LABELS = [
  ['pattern 1', 1, 0],
  ['pattern 2', 0, 1],
  ['inverse of 1', -1, 0],
  ['inverse of 2', 0, -1],
] as const

export function view(stage: Stage<P, never>): View<Frame> {
  let heights: Float32Array | undefined
  let last: Frame | undefined
  const surface = new Surface('Energy over the plane of two overlaps, and the point where the network is')
  const energy = new Lines({
    title: 'Energy over the energy at a pattern',
    x: 'sweeps',
    names: ['E'],
    height: 160,
  })
  const overlaps = new Lines({
    title: 'Overlaps with the two patterns of the plane',
    x: 'sweeps',
    names: ['pattern 1', 'pattern 2'],
    range: [-1, 1],
    height: 160,
  })
  const reading = element('p', { class: 'figure reading' })
  const words = calmly()
  stage.root.append(
    element(
      'div',
      { class: 'panels wide' },
      element('section', { class: 'panel' }, surface.canvas, reading),
      element(
        'section',
        { class: 'panel' },
        element('h3', {}, 'Energy, in units of a pattern’s'),
        energy.root,
        element('h3', {}, 'Overlaps'),
        overlaps.root,
      ),
    ),
  )

  const show = () => {
    if (heights === undefined || last === undefined) return
    const { turn } = stage.values()
    surface.show({ grid: GRID, heights, place: overlapsAt, way: last.trail, labels: LABELS, turn })
  }

  turnByPointer(surface, stage)

  const describe = ({ trail, course, resting }: Frame) => {
    const sweeps = course.sweeps[course.sweeps.length - 1].toFixed(resting ? 0 : 1)
    const [m1, m2, e] = trail.subarray(trail.length - 3)
    const where = `overlaps ${m1.toFixed(2)} and ${m2.toFixed(2)}, energy ${e.toFixed(3)}`.replaceAll(
      '-',
      '−',
    )
    const below = resting && Math.max(Math.abs(m1), Math.abs(m2)) < 0.9
    const end = below ? ' It rests at neither pattern: overlaps with the others hold it there.' : ''
    return `${resting ? 'At rest after' : 'After'} ${sweeps} sweeps: ${where}.${end}`
  }
  return {
    draw(frame) {
      heights = frame.surface ?? heights
      last = frame
      show()
      const { course } = frame
      energy.set(course.sweeps, course.energies)
      overlaps.set(course.sweeps, ...course.overlaps)
      words.run(() => {
        reading.textContent = describe(frame)
      })
    },
    describe,
    recolor() {
      show()
      energy.recolor()
      overlaps.recolor()
    },
    close() {
      words.stop()
      surface.close()
      energy.close()
      overlaps.close()
    },
  }
}

/** Drawing the pointer across turns the surface; a press where it stays starts the point there. */
function turnByPointer(surface: Surface, stage: Stage<P, never>): void {
  const { canvas } = surface
  let from: { x: number; turn: number; moved: boolean } | undefined
  canvas.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return
    from = { x: event.clientX, turn: stage.values().turn, moved: false }
    if (event.isTrusted) canvas.setPointerCapture(event.pointerId)
  })
  canvas.addEventListener('pointermove', ({ clientX }) => {
    if (from === undefined) return
    const by = clientX - from.x
    from.moved ||= Math.abs(by) > 4
    if (from.moved)
      stage.set({ turn: nearestValue(parameters.turn, (((from.turn + by / 2) % 360) + 360) % 360) })
  })
  canvas.addEventListener('pointerup', ({ clientX, clientY }) => {
    const pressed = from !== undefined && !from.moved
    from = undefined
    const k = pressed ? surface.nearest(clientX, clientY) : undefined
    if (k === undefined) return
    const [m1, m2] = overlapsAt(k)
    stage.set({ first: nearestValue(parameters.first, m1), second: nearestValue(parameters.second, m2) })
  })
  canvas.addEventListener('pointercancel', () => {
    from = undefined
  })
}
