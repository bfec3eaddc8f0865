import type { Command } from 'commander'
import { backend, HopfieldNetwork } from 'hopfield-native'
import { demoFigure } from '../demo-figure.js'
import { addDrawing, type DrawingFlags, drawTo, requireDrawings } from '../drawing.js'
import { type Experiment, runExperiment } from '../experiment.js'
import { type KeepingFlags, loadOption, openAs, requireFile, saveOption } from '../keeping.js'
import { measureSpeed } from '../speed.js'
import { energyBars, sideBySide } from '../terminal.js'
import { wrapped } from '../width.js'

export function addDemo(program: Command): void {
  const demo = program
    .command('demo')
    .summary('store three letters and recall one of them from noise')
    .description(
      'Stores X, T and O in 25 neurons and recalls the X from a cue in which eight neurons are wrong.',
    )
  addDrawing(demo, 'stored, noisy and recalled letters, every flip, energy and overlaps')
    .addOption(saveOption())
    .addOption(loadOption('in place of learning the letters'))
    .action(async ({ save, load, ...drawing }: DrawingFlags & KeepingFlags) => {
      requireDrawings(drawing, load === undefined ? [] : [load], { '--save': save })
      requireFile({ ...(save === undefined ? {} : { save }) })
      const experiment = runExperiment(load === undefined ? undefined : await openLetters(load))
      if (save !== undefined) await experiment.network.save(save)
      await drawTo(drawing, () => demoFigure(experiment))
      console.log(inWords(experiment))
    })
}

function openLetters(path: string): Promise<HopfieldNetwork> {
  const fits = ({ neurons, patternCount }: HopfieldNetwork): boolean => neurons === 25 && patternCount === 3
  return openAs(path, HopfieldNetwork, fits, 'of three letters in 25 neurons')
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
    ]
      .map((line) => wrapped(line))
      .join('\n'),
  ].join('\n\n')
}

function speedInWords({ network, cue, order }: Experiment): string {
  const { single, batched } = measureSpeed(network, cue, { order })
  return `${rounded(single)} recalls per second one by one, ${rounded(batched)} in batches, on one thread`
}

function rounded(rate: number): string {
  return Number(rate.toPrecision(2)).toLocaleString('en-US')
}
