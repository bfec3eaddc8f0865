import type { Command } from 'commander'
import { backend } from 'hopfield-native'
import { type Experiment, runExperiment } from '../experiment.js'
import { formatFigure } from '../figure.js'
import { requireFolderFor, writeWhole } from '../files.js'
import { measureSpeed } from '../speed.js'
import { energyBars, sideBySide } from '../terminal.js'

export function addDemo(program: Command): void {
  program
    .command('demo')
    .summary('store three letters and recall one of them from noise')
    .description(
      'Stores X, T and O in 25 neurons and recalls the X from a cue in which eight neurons are wrong.',
    )
    .option('--svg <file>', 'write the figure: stored, noisy, recalled, original, energy')
    .action(({ svg }: { svg?: string }) => {
      if (svg !== undefined) requireFolderFor(svg)
      const experiment = runExperiment()
      if (svg !== undefined) writeWhole(svg, formatFigure(experiment))
      console.log(inWords(experiment))
    })
}

function inWords(experiment: Experiment): string {
  const { names, patterns, cue, damage, recalled, trace, network, overlaps, sweeps, flips } = experiment
  const { name, tier } = backend()
  return [
    sideBySide([
      ...patterns.map((state, mu) => ({ title: `stored ${names[mu]}`, state })),
      { title: 'cue', state: cue, marked: damage },
      { title: 'recalled', state: recalled },
    ]),
    energyBars(trace.energies, trace.flips),
    [
      `N = ${network.neurons}, P = ${network.patternCount}; ${damage.length} neurons of the cue are wrong (▒▒ ░░).`,
      `${sweeps} sweeps, ${flips} flips; overlap with ${names[0]} ${overlaps.cue.toFixed(2)} → ${overlaps.recalled.toFixed(2)}.`,
      `${name} backend, ${tier} tier: ${speedInWords(experiment)}.`,
    ].join('\n'),
  ].join('\n\n')
}

function speedInWords({ network, cue, order }: Experiment): string {
  const { single, batched } = measureSpeed(network, cue, { order })
  return `${rounded(single)} recalls per second one by one, ${rounded(batched)} in batches, on one thread`
}

function rounded(rate: number): string {
  return Number(rate.toPrecision(2)).toLocaleString('en-US')
}
