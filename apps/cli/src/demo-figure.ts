import type { Experiment } from './experiment.js'
import { type Figure, figure, filmParts, galleryPart } from './figures/index.js'

/** The experiment as a picture: letters above, then the state after every flip, with energy and overlaps below. */
export function demoFigure(experiment: Experiment): Figure {
  const { names, patterns, network, original, cue, damage, recalled, states, trace } = experiment
  const side = Math.sqrt(network.neurons)
  const grid = { width: side, height: side }
  const flips = states.map((_, k) => k)
  const differing = (state: Int8Array): number[] =>
    Array.from(state.keys()).filter((i) => state[i] !== original[i])
  const overlaps = states.map((state) => network.overlaps(state))
  const words = {
    title: 'Recall from a noisy cue',
    caption: captionOf(experiment),
    description:
      `A Hopfield network of ${network.neurons} neurons stores ${names.join(', ')} and recalls ${names[0]} from a cue ` +
      `with ${damage.length} wrong neurons in ${experiment.sweeps} sweeps and ${experiment.flips} flips; the energy falls at every flip.`,
  }
  const letters = galleryPart({
    pictures: [
      ...patterns.map((values, mu) => ({ grid, values, label: `stored: ${names[mu]}` })),
      { grid, values: cue, wrong: damage, label: `cue: ${damage.length} wrong` },
      { grid, values: recalled, label: `recalled: ${names[0]}` },
    ],
    columns: patterns.length + 2,
  })
  const film = filmParts({
    grid,
    frames: states.map((values, at) => ({
      at,
      label: at === 0 ? 'cue' : String(at),
      values,
      wrong: differing(values),
    })),
    time: { title: 'flips', ticks: flips },
    charts: [
      {
        y: { title: 'energy E', domain: [Math.min(...trace.energies) - 1, 0] },
        curves: [{ label: 'energy', x: flips, y: trace.energies }],
      },
      {
        y: { title: 'overlap', domain: [-1, 1.05] },
        curves: names.map((name, mu) => ({
          label: `overlap with ${name}`,
          x: flips,
          y: overlaps.map((all) => all[mu]),
        })),
      },
    ],
  })
  return figure(words, letters, ...film)
}

function captionOf({ network, sweeps, flips, overlaps, names, trace }: Experiment): string {
  const energies = [trace.energies[0], trace.energies[flips]].map((energy) =>
    energy.toFixed(2).replace('-', '−'),
  )
  return [
    `N = ${network.neurons} neurons, P = ${network.patternCount} patterns`,
    `${sweeps} sweeps, ${flips} flips; orange neurons are wrong`,
    `energy ${energies.join(' → ')}`,
    `overlap with ${names[0]} ${overlaps.cue.toFixed(2)} → ${overlaps.recalled.toFixed(2)}.`,
  ].join('; ')
}
