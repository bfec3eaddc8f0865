import { curves, type Figure } from './figures/index.js'
import { told } from './figures/words.js'

/** The least energy against time, in milliseconds on a logarithmic axis, and the bound that none is below. */
export function energyFigure(
  title: string,
  history: readonly (readonly [time: number, energy: number])[],
  end: number,
  bound: number,
  caption: string,
): Figure {
  const first = Math.max(history[0][0], 0.01)
  const last = Math.max(end, first * 10)
  const energies = history.map(([, energy]) => energy)
  const [least, most] = [Math.min(...energies), Math.max(...energies)]
  // A bound that is far below would leave no room for what happened.
  const near = bound >= least - Math.max(most - least, Math.abs(least) / 100)
  const span = most - (near ? bound : least) || Math.abs(least) || 1
  return curves({
    title: `Least energy of ${title}`,
    caption: `${caption} No energy is below ${told(bound)}. The least that was found: ${told(least)}.`,
    x: { title: 'time', unit: 'ms', scale: 'log', domain: [first, last] },
    y: { title: 'energy', domain: [(near ? bound : least) - span * 0.06, most + span * 0.04] },
    curves: [
      {
        label: '',
        kind: 'steps',
        x: [...history.map(([time]) => Math.max(time, first)), Math.max(end, first)],
        y: [...energies, energies[energies.length - 1]],
      },
    ],
    guides: near ? [{ y: bound, label: `no energy is below ${told(bound)}` }] : [],
  })
}
