import { type Command, Option } from 'commander'
import { backend, type Order, type RecallOptions } from 'hopfield-native'
import { UsageError } from '../errors.js'
import { learningRule } from '../learning.js'
import { checkModel, MODELS, type ModelFlags, modernMemory, settingsOf, sweepingMemory } from '../models.js'
import { type PatternSet, requireSameSize } from '../patterns.js'
import { progress } from '../progress.js'
import { isUnifont, readPatterns } from '../readers/index.js'
import { type CodePoints, codePoints } from '../readers/ranges.js'
import { type Recalled, type RecallingOptions, recallAll } from '../recalling.js'
import { type Report, reportOf, type Settings } from '../report.js'
import { retrieveAll } from '../retrieving.js'
import { interruptible } from '../signals.js'
import { formatSummary, formatTable } from '../table.js'
import { collect, fraction, integerFrom, order, positive, seed } from '../values.js'
import { writerFor } from '../writers/index.js'

interface Flags extends ModelFlags {
  store: string[]
  cue?: string[]
  range?: CodePoints
  cueRange?: CodePoints
  invert?: true
  noise: number
  dynamics: 'asynchronous' | 'synchronous'
  order: Order | ArrayLike<number>
  tie: NonNullable<RecallOptions['tie']>
  maxSweeps: number
  seed: bigint
  threads?: number
  out?: string
  rows: number
  json?: true
}

const FILES = `
Input files, by the ending of the name (each may end in .gz as well):
  .npy          ±1, or 0 and 1; one axis is one pattern, two are P×N, three are P×height×width
  .csv          one picture per row: a square number of grey values, then a label or nothing
  .txt          drawings in # 1 X (+1) and . 0 (-1), separated by blank lines
  .hex          GNU Unifont; --range chooses glyphs
  .png .pbm     one picture per file, or a folder of files; dark pixels are +1 (Otsu's threshold), with --invert light ones

--out, by the ending of the name:
  .npy          int8 values ±1, one row per cue
  .png          one sheet with all states, to look at
  .txt          drawings
  folder/       one PNG per cue with one pixel per neuron; can be read back`

const EXAMPLES = `
Examples:
  $ hopfield recall --store unifont-16x16.hex.gz --range 99AC,5716,9E97 --noise 0.2
  $ hopfield recall --store unifont-16x16.hex.gz --noise 0.2 --model dense --beta 24 --tie keep --rows 5
  $ hopfield recall --store unifont-16x16.hex.gz --range 4E00-4E1F --noise 0.1 --learning pseudoinverse
  $ hopfield recall --store digits-8x8.csv.gz --noise 0.1 --model modern --rows 5
  $ hopfield recall --store letters.txt --cue scribbles.txt --out recalled.txt
  $ hopfield recall --store patterns.npy --noise 0.1 --seed 7 --json | jq .summary
  $ hopfield recall --store faces/ --cue damaged.png --dynamics synchronous --out recalled/`

export function addRecall(program: Command): void {
  program
    .command('recall')
    .summary('store patterns and recall cues')
    .description('Stores patterns, recalls every cue, and says which stored pattern each recall reached.')
    .addOption(new Option('--store <files...>', 'patterns to store').makeOptionMandatory().argParser(collect))
    .addOption(
      new Option('--cue <files...>', 'cues to recall (default: the stored patterns)').argParser(collect),
    )
    .option('--range <code points>', 'glyphs of a .hex file to store, such as 0041,4E00-4E1F', codePoints)
    .option(
      '--cue-range <code points>',
      'glyphs of a .hex file to use as cues (default: those of --range)',
      codePoints,
    )
    .option('--invert', 'images: light pixels are +1')
    .option(
      '--noise <fraction>',
      'share of the neurons of each cue to flip before recall, 0 to 1',
      fraction,
      0,
    )
    .addOption(
      new Option('--model <model>', 'the memory: HopfieldNetwork, DenseAssociativeMemory or ModernHopfield')
        .choices(MODELS)
        .default('classical'),
    )
    .addOption(
      new Option(
        '--learning <rule>',
        'classical: the learning rule, written as for hopfield rules (default: hebbian)',
      ).argParser((text) => learningRule(text)),
    )
    .option(
      '--beta <number>',
      'dense (exponential), modern: weight of near patterns over far ones (default: 1)',
      positive,
    )
    .option('--degree <integer>', 'dense: the interaction is this power of the overlap', integerFrom(1, 979))
    .option('--rectified', 'dense, with --degree: negative overlaps count as zero')
    .addOption(
      new Option('--dynamics <dynamics>', 'update one neuron at a time, or all at once')
        .choices(['asynchronous', 'synchronous'])
        .default('asynchronous'),
    )
    .option(
      '--order <order>',
      'asynchronous: visiting order: random, cyclic, random-site, or neurons such as 4,0,2',
      order,
      'random',
    )
    .addOption(
      new Option(
        '--tie <rule>',
        'what a neuron does at a field of exactly zero: become +1, become -1, or stay',
      )
        .choices(['positive', 'negative', 'keep'])
        .default('positive'),
    )
    .option(
      '--max-sweeps <count>',
      'stop after this many sweeps (modern: steps)',
      integerFrom(1, 2 ** 31 - 1),
      100,
    )
    .addOption(
      new Option(
        '--weights <form>',
        "how the weights are kept (default: dense for Hebb's rule where P > N)",
      ).choices(['implicit', 'dense']),
    )
    .addOption(
      new Option('--seed <integer>', 'seed of noise and visiting order').argParser(seed).default(0n, '0'),
    )
    .option(
      '--threads <count>',
      'recall on at most this many threads (default: one per processor)',
      integerFrom(1, 1024),
    )
    .option('--out <file>', 'write the recalled states to this file')
    .option('--rows <count>', 'print at most this many rows of the table', integerFrom(0, 2 ** 31 - 1), 100)
    .option('--json', 'print one JSON document')
    .addHelpText('after', FILES)
    .addHelpText('after', EXAMPLES)
    .action((flags: Flags, command: Command) => recall(flags, command))
}

async function recall(flags: Flags, command: Command): Promise<void> {
  checkModel(flags, (name) => command.getOptionValueSource(name) === 'cli')
  const write = flags.out === undefined ? undefined : writerFor(flags.out)
  const stored = readStored(flags)
  const cues = readCues(flags, stored)
  requireSameSize(stored, flags.store[0], cues, (flags.cue ?? flags.store)[0])
  requireNeurons(flags.order, stored.neurons)

  const { noise, dynamics, tie, maxSweeps, threads } = flags
  const recall = { dynamics, order: flags.order, tie, maxSweeps, seed: flags.seed }
  const recalled = await watched((watching) => {
    const options = { recall, noise, threads, ...watching }
    return flags.model === 'modern'
      ? retrieveAll(modernMemory(flags, stored), stored, cues, options)
      : recallAll(sweepingMemory(flags, stored), cues, options)
  })

  const grid = stored.grid ?? cues.grid
  await write?.({ ...cues, states: recalled.states.unpack(), grid }, { invert: flags.invert ?? false })
  const rules = {
    dynamics,
    order: typeof flags.order === 'string' ? flags.order : Array.from(flags.order),
    tie,
  }
  const settings: Settings = {
    model: flags.model,
    ...(flags.model === 'modern' ? {} : rules),
    maxSweeps,
    ...settingsOf(flags, stored),
    noise,
    seed: String(flags.seed),
  }
  const report = reportOf(stored, cues, recalled, settings, backend())
  console.log(flags.json ? JSON.stringify(report, null, 2) : inWords(report, flags.rows))
}

/** Runs the work with a progress bar; Ctrl-C aborts it. */
function watched(
  run: (watching: Pick<RecallingOptions, 'signal' | 'progress'>) => Promise<Recalled>,
): Promise<Recalled> {
  return interruptible(async (signal) => {
    const bar = progress('cues')
    signal.addEventListener('abort', bar.stop)
    try {
      return await run({ signal, progress: bar })
    } finally {
      bar.stop()
    }
  })
}

function readStored({ store, range, invert }: Flags): PatternSet {
  if (range !== undefined && !store.some(isUnifont)) {
    throw new UsageError('--range chooses glyphs of a .hex file, but --store names none')
  }
  return readPatterns(store, { range, invert: invert ?? false })
}

function readCues({ store, cue, range, cueRange, invert }: Flags, stored: PatternSet): PatternSet {
  const from = cue ?? store
  if (cueRange !== undefined && !from.some(isUnifont)) {
    throw new UsageError(
      `--cue-range chooses glyphs of a .hex file, but ${cue === undefined ? '--store' : '--cue'} names none`,
    )
  }
  if (cue === undefined && cueRange === undefined) return stored
  return readPatterns(from, { range: cueRange ?? range, invert: invert ?? false })
}

function requireNeurons(visits: Flags['order'], neurons: number): void {
  if (typeof visits === 'string') return
  const stray = Array.from(visits).find((neuron) => neuron >= neurons)
  if (stray === undefined) return
  throw new UsageError(`--order: there is no neuron ${stray}; the patterns have neurons 0 to ${neurons - 1}`)
}

function inWords(report: Report, rows: number): string {
  const hidden = report.results.length - rows
  const parts = rows > 0 ? [formatTable(report.results, rows)] : []
  if (rows > 0 && hidden > 0) parts.push(`… and ${hidden} more (--rows ${report.results.length} prints all)`)
  return [...parts, formatSummary(report)].join('\n\n')
}
