import { Lines } from '../../draw/lines.js'
import { Neurons } from '../../draw/neurons.js'
import { element } from '../../shell/element.js'
import type { Stage, View } from '../scene.js'
import type { Frame } from './model.js'
import type { P } from './parameters.js'

export function view({ root }: Stage<P, never>): View<Frame> {
  const state = new Neurons('The neurons’ states')
  const change = new Neurons('Which neurons the last sweep flipped')
  const energy = new Lines({
    title: 'Energy after each sweep',
    x: 'sweep',
    names: ['E of the state', 'E of two states in a row'],
  })
  const flips = new Lines({
    title: 'Share of neurons that each sweep flipped',
    x: 'sweep',
    names: ['flipped'],
    range: [0, 1],
    height: 120,
  })
  const reading = element('p', { class: 'figure reading' })
  root.append(
    element(
      'div',
      { class: 'panels' },
      element('section', { class: 'panel' }, element('h3', {}, 'States'), state.canvas, reading),
      element(
        'section',
        { class: 'panel' },
        element('h3', {}, 'Flipped by the last sweep'),
        change.canvas,
        element('p', { class: 'figure' }, 'Orange rose, blue fell.'),
      ),
      element(
        'section',
        { class: 'panel' },
        element('h3', {}, 'Energy'),
        energy.root,
        element(
          'p',
          { class: 'figure' },
          'All at once, E may rise. E of two states in a row, −½ Σ s(t)·h(t − 1), never does.',
        ),
        element('h3', {}, 'Share that flipped'),
        flips.root,
      ),
    ),
  )

  const describe = ({ cycle, flips, energies }: Frame) => {
    const share = `${(100 * flips[flips.length - 1]).toFixed(1)} % of the neurons flipped in the last sweep`
    const end =
      cycle === 1
        ? 'At rest: a fixed point.'
        : cycle === 2
          ? `A two-cycle: ${share}, and will flip back.`
          : `On the way: ${share}.`
    return energies.length === 1 ? 'The start: a random state.' : end
  }
  return {
    draw(frame) {
      state.states(frame.state)
      change.values(frame.state.map((spin, i) => (spin - frame.before[i]) / 2))
      const sweeps = frame.energies.map((_, k) => k)
      energy.set(sweeps, frame.energies, frame.pairs)
      flips.set(sweeps, frame.flips)
      reading.textContent = describe(frame)
    },
    describe,
    recolor() {
      for (const drawn of [state, change, energy, flips]) drawn.recolor()
    },
    close() {
      energy.close()
      flips.close()
    },
  }
}
