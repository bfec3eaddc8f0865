import { Option } from 'commander'
import { addNoise } from 'hopfield-native'
import { UsageError } from '../errors.js'
import { type Figure, type Frame, film } from '../figures/index.js'
import { told } from '../figures/words.js'
import { shortName } from '../names.js'
import { type Grid, gridOf } from '../patterns.js'
import { fraction, integerFrom, seedOption } from '../values.js'
import { type LearnedFlags, learned, learnedOptions } from './learned.js'
import { type Measured, plot } from './plot.js'

interface Flags extends LearnedFlags {
  readonly pattern: number
  readonly noise: number
  readonly dynamics: 'asynchronous' | 'synchronous'
  readonly maxSweeps: number
  readonly frames: number
  readonly seed: bigint
}

/** The course of one recall. */
export interface RecallFilm {
  readonly neurons: number
  readonly patterns: number
  readonly learning: string
  readonly noise: number
  readonly dynamics: 'asynchronous' | 'synchronous'
  readonly seed: string
  readonly pattern: string
  readonly converged: boolean
  readonly sweeps: number
  readonly flips: number
  /** After every flip, or every sweep of the synchronous dynamics; the cue comes first. */
  readonly energies: Float64Array
  /** When the states below were: flips, or sweeps. */
  readonly times: readonly number[]
  readonly states: readonly Int8Array[]
  /** For each of those the overlap with every pattern that is shown. */
  readonly overlaps: readonly { readonly pattern: string; readonly values: readonly number[] }[]
}

/** A larger picture has no room in a film. */
const MOST_NEURONS = 4096
/** Overlaps with so many patterns are drawn: with the one that was to be recalled, and the next ones that come nearest. */
const MOST_OVERLAPS = 4

export const recallPlot = plot<Flags>({
  kind: 'recall',
  summary: 'a recall as a film: states, energy, overlaps',
  description: 'Recalls a stored pattern from a noisy cue, and shows states, energy and overlaps on the way.',
  example: 'recall --store unifont-16x16.hex.gz --range 99AC,5716,9E97 --noise 0.3 --svg recall.svg',
  options: (command) =>
    learnedOptions(command)
      .option(
        '--pattern <number>',
        'which of the patterns is the cue, from 0',
        integerFrom(0, 2 ** 31 - 1),
        0,
      )
      .option('--noise <fraction>', 'share of its neurons to flip', fraction, 0.2)
      .addOption(
        new Option('--dynamics <dynamics>', 'update one neuron at a time, or all at once')
          .choices(['asynchronous', 'synchronous'])
          .default('asynchronous'),
      )
      .option('--max-sweeps <count>', 'stop after this many sweeps', integerFrom(1, 10_000), 100)
      .option('--frames <count>', 'states to show', integerFrom(2, 40), 10)
      .addOption(seedOption('seed of noise and visiting order')),
  inputs: ({ store = [] }) => store,
  async measure(flags, watching): Promise<Measured> {
    const { set, network, rule } = await learned(flags, MOST_NEURONS, watching)
    const { neurons, names } = set
    const { pattern, noise, dynamics, maxSweeps, seed } = flags
    if (pattern >= names.length) {
      throw new UsageError(`--pattern ${pattern}: the patterns are 0 to ${names.length - 1}`)
    }
    const original = set.states.subarray(pattern * neurons, (pattern + 1) * neurons)
    const cue = addNoise(original, { noise, seed })
    const result = network.recall(cue, { dynamics, maxSweeps, seed, trace: true })
    const { energies, flips } = result.trace
    const last = energies.length - 1
    const count = Math.min(flags.frames, last + 1)
    const times = Array.from({ length: count }, (_, k) =>
      count === 1 ? 0 : Math.round((k * last) / (count - 1)),
    )
    const states =
      dynamics === 'asynchronous'
        ? times.map((time) => flipped(cue, flips.subarray(0, time)))
        : times.map((time) =>
            time === 0 ? cue : network.recall(cue, { dynamics, maxSweeps: time, seed }).state,
          )
    const all = states.map((state) => network.overlaps(state))
    const nearest = Array.from(all[count - 1].keys())
      .filter((mu) => mu !== pattern)
      .sort((a, b) => Math.abs(all[count - 1][b]) - Math.abs(all[count - 1][a]))
    const shown =
      network.patternCount === names.length ? [pattern, ...nearest.slice(0, MOST_OVERLAPS - 1)] : []
    const film: RecallFilm = {
      neurons,
      patterns: network.patternCount,
      learning: rule,
      noise,
      dynamics,
      seed: String(seed),
      pattern: names[pattern],
      converged: result.converged,
      sweeps: result.sweeps,
      flips: result.flips,
      energies,
      times,
      states,
      overlaps: shown.map((mu) => ({ pattern: names[mu], values: all.map((overlaps) => overlaps[mu]) })),
    }
    return {
      data: film,
      words: inWords(film),
      figure: () => recallFilmFigure(film, original, gridOf(neurons, set.grid)),
    }
  },
})

function flipped(state: Int8Array, neurons: Iterable<number>): Int8Array {
  const out = state.slice()
  for (const i of neurons) out[i] = -out[i]
  return out
}

function inWords({
  neurons,
  patterns,
  learning,
  pattern,
  noise,
  sweeps,
  flips,
  energies,
  overlaps,
}: RecallFilm): string {
  const last = energies[energies.length - 1]
  return [
    `N = ${neurons}, P = ${patterns}, ${learning}: ${pattern} from ${told(noise * 100)} % noise, in ${sweeps} sweeps and ${flips} flips.`,
    `Energy ${energies[0].toFixed(2)} → ${last.toFixed(2)}.`,
    ...overlaps.map(
      ({ pattern: name, values }) =>
        `Overlap with ${name}: ${values[0].toFixed(2)} → ${values[values.length - 1].toFixed(2)}.`,
    ),
  ].join('\n')
}

/** @param original the pattern that was to be recalled: what differs from it is marked */
export function recallFilmFigure(course: RecallFilm, original: Int8Array, grid: Grid): Figure {
  const { dynamics, energies, times, states, overlaps, pattern } = course
  const unit = dynamics === 'asynchronous' ? 'flips' : 'sweeps'
  const frames = states.map((values, k): Frame => {
    const wrong = Array.from(values.keys()).filter((i) => values[i] !== original[i])
    return { at: times[k], label: times[k] === 0 ? 'cue' : String(times[k]), values, wrong }
  })
  return film({
    title: `Recall of ${shortName(pattern) || pattern} from noise`,
    caption:
      `N = ${course.neurons} neurons, P = ${course.patterns} patterns, ${course.learning}; ${told(course.noise * 100)} % noise, ${dynamics}, seed ${course.seed}; ` +
      `${course.sweeps} sweeps, ${course.flips} flips${course.converged ? '' : ', and no fixed point'}. Orange neurons differ from the pattern.`,
    grid,
    frames,
    time: { title: unit, whole: true },
    charts: [
      {
        y: { title: 'energy E' },
        curves: [{ label: 'energy', kind: 'line', x: Array.from(energies.keys()), y: energies }],
      },
      ...(overlaps.length === 0
        ? []
        : [
            {
              y: { title: 'overlap m' },
              curves: overlaps.map(({ pattern: name, values }) => {
                return { label: `overlap with ${shortName(name) || name}`, x: times, y: values }
              }),
            },
          ]),
    ],
  })
}
