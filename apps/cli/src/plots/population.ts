import { type Command, InvalidArgumentError, Option } from 'commander'
import type { LearningRule } from 'hopfield-native'
import type { Curve as Measured } from 'hopfield-native/experiments'
import { UsageError } from '../errors.js'
import type { Curve } from '../figures/index.js'
import { told } from '../figures/words.js'
import { collectRules, type NamedRule } from '../learning.js'
import { formatRows } from '../table.js'
import { integerFrom, seedOption } from '../values.js'
import type { Watching } from '../watched.js'

// What the experiments of `hopfield plot` have in common: networks, loads, rules, and how their points are drawn and printed.

export interface PopulationFlags {
  readonly networks: number
  readonly seed: bigint
  readonly threads?: number
}

export interface RecallFlags extends PopulationFlags {
  readonly learning?: NamedRule[]
  readonly cues: number
  readonly dynamics: 'asynchronous' | 'synchronous'
}

/** @param networks at each point, by default */
export function populationOptions(command: Command, networks: number): Command {
  return command
    .option('--networks <count>', 'independent networks at each point', integerFrom(1, 2 ** 20), networks)
    .addOption(seedOption('seed of all networks'))
    .option(
      '--threads <count>',
      'compute on at most this many threads (default: one per processor)',
      integerFrom(1, 1024),
    )
}

/** @param usual the rules that are compared if none is named; undefined where one is shown */
export function recallOptions(command: Command, networks: number, usual?: string): Command {
  const more =
    usual === undefined ? ' (default: hebbian)' : `; repeat the option for more (default: ${usual})`
  return populationOptions(command, networks)
    .addOption(
      new Option('--learning <rule>', `a learning rule, written as for hopfield rules${more}`).argParser(
        collectRules,
      ),
    )
    .option('--cues <count>', 'most patterns that are recalled in each network', integerFrom(1, 2 ** 30), 100)
    .addOption(
      new Option('--dynamics <dynamics>', 'update one neuron at a time, or all at once')
        .choices(['asynchronous', 'synchronous'])
        .default('asynchronous'),
    )
}

/** `--neurons` of experiments with networks of one size. */
export function neuronsOption(preset: number, most = 65_536): Option {
  return new Option('--neurons <count>', 'neurons of each network')
    .argParser(integerFrom(2, most))
    .default(preset)
}

/** `--neurons` of experiments that compare networks of several sizes. */
export function sizesOption(preset: number[]): Option {
  return new Option('--neurons <counts>', 'sizes of networks, such as 250,500')
    .argParser(series(2, 65_536, true))
    .default(preset)
}

/** @param what is told of the numbers P/N */
export function loadsOption(preset: number[], what = 'loads P/N, as a,b,c or from:to:step'): Option {
  return new Option('--loads <numbers>', what).argParser(series(1e-6, 100)).default(preset)
}

/** The rule of experiments that draw one: its name, and what networks are told of it. */
export function oneRule({ learning = [] }: RecallFlags): {
  name: string
  options: { learning?: LearningRule }
} {
  if (learning.length > 1) {
    const names = learning.map(({ name }) => name).join(', ')
    throw new UsageError(`--learning: this figure shows one rule, got ${names}; draw one figure for each`)
  }
  const [rule] = learning
  return rule === undefined
    ? { name: 'hebbian', options: {} }
    : { name: rule.name, options: { learning: rule.learning } }
}

/** What every experiment is told. */
export function surveyOf({ networks, seed, threads }: PopulationFlags): {
  networks: number
  seed: bigint
  threads?: number
} {
  return { networks, seed, ...(threads === undefined ? {} : { threads }) }
}

export function recallOf(flags: RecallFlags) {
  return { ...surveyOf(flags), cues: flags.cues, dynamics: flags.dynamics }
}

const MOST_POINTS = 1000

/** Reads `0.05,0.1`, or `0:0.2:0.05` for 0, 0.05, 0.1, 0.15, 0.2, or both; ascending, and each from `least` to `most`. */
export function series(least: number, most: number, whole = false): (text: string) => number[] {
  const kind = whole ? 'integers' : 'numbers'
  return (text) => {
    const wrong = new InvalidArgumentError(
      `Expected ascending ${kind} from ${least} to ${most}, as a,b,c or from:to:step, at most ${MOST_POINTS}.`,
    )
    const numbers = text.split(',').flatMap((part) => {
      const ends = part.split(':').map((piece) => (piece.trim() === '' ? Number.NaN : Number(piece)))
      if (ends.length === 1) return ends
      const [from, to, step] = ends
      if (ends.length !== 3 || !(step > 0) || !(to >= from) || (to - from) / step > MOST_POINTS) throw wrong
      const count = Math.floor((to - from) / step + 1e-9) + 1
      return Array.from({ length: count }, (_, k) => Number((from + k * step).toPrecision(12)))
    })
    const right = numbers.every(
      (x, k) => x >= least && x <= most && (k === 0 || x > numbers[k - 1]) && (!whole || Number.isInteger(x)),
    )
    if (!right || numbers.length > MOST_POINTS) throw wrong
    return numbers
  }
}

/** Runs experiments one after the other, and says how far all of them are. */
export async function inTurn<Wanted, Found>(
  runs: readonly Wanted[],
  { progress, signal }: Watching,
  run: (
    wanted: Wanted,
    limits: { signal: AbortSignal; onProgress(now: { done: number; total: number }): void },
  ) => Promise<Found>,
): Promise<Found[]> {
  progress.stage('measuring', runs.length, runs.length === 1 ? 'experiment' : 'experiments')
  const found: Found[] = []
  let counted = false
  for (const wanted of runs) {
    const onProgress = ({ done, total }: { done: number; total: number }): void => {
      // How many networks there are is known as soon as the first one has been measured.
      if (!counted) progress.stage('measuring', runs.length * total, 'networks')
      counted = true
      progress.update(found.length * total + done)
    }
    found.push(await run(wanted, { signal, onProgress }))
  }
  return found
}

/** How far bars extend, in standard errors. */
export const BARS = 2

/** Measured points as a curve with error bars; of shares and overlaps, which have limits. */
export function drawn(
  { x, mean, standardError }: Measured,
  label: string,
  [least, most]: readonly [number, number],
  more: Partial<Curve> = {},
): Curve {
  const bar = (side: number): Float64Array =>
    mean.map((m, k) => Math.min(most, Math.max(least, m + side * BARS * standardError[k])))
  return { label, x, y: mean, low: bar(-1), high: bar(1), ...more }
}

/** What a caption says of the networks. */
export function captionOf({ networks, seed }: PopulationFlags): string {
  const many = `${networks} ${networks === 1 ? 'network' : 'networks'} at each point, seed ${seed}`
  return networks === 1 ? `${many}.` : `${many}; bars: ${BARS} standard errors of the mean over networks.`
}

/** A row for each point, and for each curve its mean and standard error. Loads of small networks are rounded; the last curve's are told. */
export function tableOf(
  x: string,
  curves: readonly { readonly label: string; readonly curve: Measured }[],
): string {
  const { x: places } = curves[curves.length - 1].curve
  return formatRows(
    [x, ...curves.map(({ label }) => label)],
    Array.from(places, (place, k) => [
      told(Number(place.toPrecision(4))),
      ...curves.map(({ curve: { mean, standardError } }) => {
        const error = Number.isFinite(standardError[k]) ? ` ± ${standardError[k].toFixed(3)}` : ''
        return `${mean[k].toFixed(3)}${error}`
      }),
    ]),
  )
}

/** `count` + 1 numbers from one end to the other. */
export function between(from: number, to: number, count: number): number[] {
  return Array.from({ length: count + 1 }, (_, k) => from + ((to - from) * k) / count)
}
