import { type Command, Option } from 'commander'
import { backend, learningRules } from 'hopfield-native'
import { type Compared, compare, type Refused } from '../comparison.js'
import { addDrawing, type DrawingFlags, drawTo, requireDrawings } from '../drawing.js'
import { UsageError } from '../errors.js'
import { type KeepingFlags, loadOption, openModel, patternsOf, requireFile, saveOption } from '../keeping.js'
import { collectRules, learningRule, type NamedRule } from '../learning.js'
import type { Grid, PatternSet } from '../patterns.js'
import { isUnifont, readPatterns } from '../readers/index.js'
import { arrayOption, invertOption, rangeOption, sizeOption } from '../readers/options.js'
import type { CodePoints } from '../readers/ranges.js'
import { rulesFigure } from '../rules-figure.js'
import { formatRows } from '../table.js'
import { collect, fractions, integerFrom, seedOption } from '../values.js'
import { watched } from '../watched.js'
import { wrapped } from '../width.js'

interface Flags extends KeepingFlags, DrawingFlags {
  store?: string[]
  range?: CodePoints
  invert?: true
  size?: Grid
  array?: string
  learning?: NamedRule[]
  noise: number[]
  trials: number
  dynamics: 'asynchronous' | 'synchronous'
  tie: 'positive' | 'negative' | 'keep'
  seed: bigint
  threads?: number
  json?: true
}

/** Rules left out of the default comparison: they recite, forget old patterns, or learn for seconds. */
const OTHERS: readonly string[] = ['sequence', 'palimpsest', 'unlearning', 'daydreaming']

/** Options in the default comparison: the pseudo-inverse skips dependent patterns, the perceptron learns with a margin. */
const OPTIONS: Readonly<Record<string, string>> = {
  pseudoinverse: ':dependent=skip',
  perceptron: ':margin=0.5',
}

const USUAL = learningRules
  .filter(({ kind }) => !OTHERS.includes(kind))
  .map(({ kind }) => `${kind}${OPTIONS[kind] ?? ''}`)

function ruleList(): string {
  return learningRules
    .map(({ kind, title, options }) => {
      const settings = Object.entries(options).map(([name, usual]) => `${name}=${usual}`)
      return `  ${kind.padEnd(16)}${title}${settings.length === 0 ? '' : `\n${' '.repeat(18)}${settings.join(', ')}`}`
    })
    .join('\n')
}

const EXAMPLES = `
Rules, and their options with the defaults:
${ruleList()}

A rule is a name, or a name with options: storkey, palimpsest:limit=6, sequence:cyclic=true,
perceptron:margin=0.5,maxEpochs=200, daydreaming:dreams=60000. Files are as for hopfield recall.

Examples:
  $ hopfield rules --store unifont-16x16.hex.gz --range 4E00-4E1F --trials 40
  $ hopfield rules --store mine.npy --learning minimal-overlap --save learned.safetensors
  $ hopfield rules --store mine.npy --noise 0.05,0.3 --learning pseudoinverse --learning daydreaming:dreams=20000`

export function addRules(program: Command): void {
  const rules = program
    .command('rules')
    .summary('compare learning rules on your patterns')
    .description(
      'Stores the same patterns with several learning rules, and prints the share of cues that each rule recalls exactly.',
    )
    .addOption(new Option('--store <files...>', 'patterns to store').argParser(collect))
    .addOption(loadOption('and learn its patterns, in place of --store'))
    .addOption(saveOption())
    .addOption(rangeOption())
    .addOption(invertOption('+1'))
    .addOption(sizeOption())
    .addOption(arrayOption())
    .addOption(
      new Option(
        '--learning <rule>',
        `a rule; repeat the option for more (default: ${USUAL.join(', ')})`,
      ).argParser(collectRules),
    )
    .addOption(
      new Option('--noise <fractions>', 'shares of the neurons of each cue to flip, separated by commas')
        .argParser(fractions)
        .default([0.1, 0.2], '0.1,0.2'),
    )
    .option('--trials <count>', 'cues per pattern and noise', integerFrom(1, 2 ** 20), 10)
    .addOption(
      new Option('--dynamics <dynamics>', 'update one neuron at a time, or all at once')
        .choices(['asynchronous', 'synchronous'])
        .default('asynchronous'),
    )
    .addOption(
      new Option(
        '--tie <rule>',
        'what a neuron does at a field of exactly zero: become +1, become -1, or stay',
      )
        .choices(['positive', 'negative', 'keep'])
        .default('positive'),
    )
    .addOption(seedOption('seed of noise and visiting order'))
    .option(
      '--threads <count>',
      'recall on at most this many threads (default: one per processor)',
      integerFrom(1, 1024),
    )
  addDrawing(rules, 'for each rule the shares recalled, with their intervals')
    .option('--json', 'print one JSON document')
    .addHelpText('after', EXAMPLES)
    .action(compareRules)
}

async function compareRules(flags: Flags): Promise<void> {
  const { noise: noises, trials, dynamics, tie, threads, save } = flags
  if ((flags.store === undefined) === (flags.load === undefined)) {
    throw new UsageError('say what to learn: --store patterns, or --load a memory that has some')
  }
  const chosen = flags.learning ?? USUAL.map(learningRule)
  if (save !== undefined && chosen.length > 1) {
    throw new UsageError('--save writes one memory: choose its rule with one --learning')
  }
  const inputs = [...(flags.store ?? []), ...(flags.load === undefined ? [] : [flags.load])]
  requireDrawings(flags, inputs, { '--save': save })
  requireFile(flags, flags.store)
  const { found, set } = await watched(async (watching) => {
    const set = await patternSet(flags, watching.signal)
    const options = { noises, trials, dynamics, tie, seed: flags.seed, threads, save, ...watching }
    return { found: await compare(set, chosen, options), set }
  })
  const { neurons, names } = set
  const settings = { noise: noises, trials, dynamics, tie, seed: String(flags.seed) }
  const report = { neurons, patterns: names.length, backend: backend(), settings, rules: found }
  const done = found.filter((row): row is Compared => 'recalled' in row)
  if (done.length > 0) {
    const compared = { neurons, patterns: names.length, noises, trials, seed: flags.seed, rules: done }
    await drawTo(flags, () => rulesFigure(compared))
  }
  console.log(flags.json ? JSON.stringify(report, null, 2) : inWords(report))
}

async function patternSet(
  { store, load, range, invert, size, array }: Flags,
  signal: AbortSignal,
): Promise<PatternSet> {
  if (range !== undefined && !store?.some(isUnifont)) {
    throw new UsageError('--range chooses glyphs of a .hex file, but --store names none')
  }
  if (load !== undefined) return patternsOf(load, await openModel(load, signal))
  return readPatterns(store as string[], { range, invert: invert ?? false, size, array })
}

function inWords({
  neurons,
  patterns,
  settings,
  rules: found,
}: {
  neurons: number
  patterns: number
  settings: { noise: number[]; trials: number }
  rules: (Compared | Refused)[]
}): string {
  const { noise, trials } = settings
  const percent = noise.map((share) => `${Number((share * 100).toPrecision(6))} %`)
  const done = found.filter((row): row is Compared => 'recalled' in row)
  const table = formatRows(
    ['learning', 'fixed', ...percent, 'learned in'],
    done.map(({ learning, fixed, recalled, seconds }) => [
      learning,
      ...[fixed, ...recalled].map((share) => share.toFixed(3)),
      seconds < 1 ? `${(seconds * 1e3).toPrecision(3)} ms` : `${seconds.toPrecision(3)} s`,
    ]),
  )
  const refused = found.filter((row): row is Refused => 'reason' in row)
  const cues = `${trials} ${trials === 1 ? 'cue' : 'cues'} per pattern`
  const sentences = [
    `N = ${neurons}, P = ${patterns}, α = ${(patterns / neurons).toFixed(3)}; ${cues} and noise; shares of cues recalled exactly.`,
    ...done
      .filter(({ stored }) => stored < patterns)
      .map(
        ({ learning, stored }) =>
          `${learning} stored ${stored} of ${patterns} patterns: the others are linear combinations of these.`,
      ),
    ...refused.map(({ learning, reason }) => `${learning} cannot store these patterns: ${reason}`),
  ]
  return [table, '', ...sentences.map((line) => wrapped(line))].join('\n')
}
