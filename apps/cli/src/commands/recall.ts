import { type Command, Option } from 'commander'
import { backend, HopfieldNetwork, type RecallOptions } from 'hopfield-native'
import { UsageError } from '../errors.js'
import { type PatternSet, requireSameSize } from '../patterns.js'
import { progress } from '../progress.js'
import { isUnifont, readPatterns } from '../readers/index.js'
import { type CodePoints, codePoints } from '../readers/ranges.js'
import { type Recalled, type RecallingOptions, recallAll } from '../recalling.js'
import { type Report, reportOf } from '../report.js'
import { interruptible } from '../signals.js'
import { formatSummary, formatTable } from '../table.js'
import { collect, fraction, integerFrom, order, seed } from '../values.js'
import { writerFor } from '../writers/index.js'

interface Flags {
  store: string[]
  cue?: string[]
  range?: CodePoints
  cueRange?: CodePoints
  invert?: true
  noise: number
  dynamics: 'asynchronous' | 'synchronous'
  order: NonNullable<RecallOptions['order']>
  tie: NonNullable<RecallOptions['tie']>
  maxSweeps: number
  weights?: 'implicit' | 'dense'
  seed: bigint
  threads?: number
  out?: string
  rows: number
  json?: true
}

const FILES = `
Files, by the end of their names (each may be followed by .gz):
  .npy          ±1 or 0 and 1; one axis is one pattern, two are P×N, three are P×height×width
  .txt          drawings in # 1 X (+1) and . 0 (-1), a blank line between them
  .hex          GNU Unifont; --range chooses glyphs
  .png .pbm     one picture a file, or a folder of them; dark is +1 (Otsu's threshold), light with --invert

--out, by the end of its name:
  .npy          int8 of ±1, one row a cue
  .png          one sheet for the eye
  .txt          drawings
  folder/       one PNG a cue, a pixel a neuron; can be read back`

const EXAMPLES = `
Examples:
  $ hopfield recall --store unifont-16x16.hex.gz --range 99AC,5716,9E97 --noise 0.2
  $ hopfield recall --store letters.txt --cue scribbles.txt --out recalled.txt
  $ hopfield recall --store patterns.npy --noise 0.1 --seed 7 --json | jq .summary
  $ hopfield recall --store faces/ --cue damaged.png --dynamics synchronous --out recalled/`

export function addRecall(program: Command): void {
  program
    .command('recall')
    .summary('store patterns and recall cues')
    .description(
      "Stores patterns by Hebb's rule, lets every cue fall to an attractor, and says which one it was.",
    )
    .addOption(new Option('--store <files...>', 'patterns to store').makeOptionMandatory().argParser(collect))
    .addOption(
      new Option('--cue <files...>', 'cues to recall from (default: the stored patterns)').argParser(collect),
    )
    .option('--range <code points>', 'glyphs to store of a .hex file, such as 0041,4E00-4E1F', codePoints)
    .option('--cue-range <code points>', 'glyphs that are cues (default: those of --range)', codePoints)
    .option('--invert', 'images: light pixels are +1')
    .option('--noise <fraction>', 'share of the neurons of each cue to flip first', fraction, 0)
    .addOption(
      new Option('--dynamics <dynamics>', 'one neuron at a time, or all at once')
        .choices(['asynchronous', 'synchronous'])
        .default('asynchronous'),
    )
    .option(
      '--order <order>',
      'asynchronous: random, cyclic, random-site, or neurons as 4,0,2,…',
      order,
      'random',
    )
    .addOption(
      new Option('--tie <rule>', 'what a neuron does at zero field')
        .choices(['positive', 'negative', 'keep'])
        .default('positive'),
    )
    .option('--max-sweeps <count>', 'sweeps after which to give up', integerFrom(1, 2 ** 31 - 1), 100)
    .addOption(
      new Option('--weights <form>', 'how the weights are held (default: dense where P > N)').choices([
        'implicit',
        'dense',
      ]),
    )
    .addOption(
      new Option('--seed <integer>', 'seed of noise and visiting order').argParser(seed).default(0n, '0'),
    )
    .option(
      '--threads <count>',
      'recall on so many threads at most (default: one a processor)',
      integerFrom(1, 1024),
    )
    .option('--out <file>', 'write the recalled states')
    .option('--rows <count>', 'rows of the table to print', integerFrom(0, 2 ** 31 - 1), 100)
    .option('--json', 'print one JSON document')
    .addHelpText('after', FILES)
    .addHelpText('after', EXAMPLES)
    .action(recall)
}

async function recall(flags: Flags): Promise<void> {
  const write = flags.out === undefined ? undefined : writerFor(flags.out)
  const stored = readStored(flags)
  const cues = readCues(flags, stored)
  requireSameSize(stored, flags.store[0], cues, (flags.cue ?? flags.store)[0])
  requireNeurons(flags.order, stored.neurons)

  const weights = flags.weights ?? formFor(stored)
  const network = new HopfieldNetwork({ neurons: stored.neurons, weights }).store(stored.states)
  const { noise, dynamics, tie, maxSweeps } = flags
  const recall = { dynamics, order: flags.order, tie, maxSweeps, seed: flags.seed }
  const recalled = await watched(network, cues, { recall, noise, threads: flags.threads })

  const grid = stored.grid ?? cues.grid
  await write?.({ ...cues, states: recalled.states.unpack(), grid }, { invert: flags.invert ?? false })
  const settings = {
    dynamics,
    order: typeof flags.order === 'string' ? flags.order : Array.from(flags.order),
    tie,
    maxSweeps,
    weights,
    noise,
    seed: String(flags.seed),
  }
  const report = reportOf(stored, cues, recalled, settings, backend())
  console.log(flags.json ? JSON.stringify(report, null, 2) : inWords(report, flags.rows))
}

/** With a bar while it lasts, and an end on Ctrl-C. */
function watched(network: HopfieldNetwork, cues: PatternSet, options: RecallingOptions): Promise<Recalled> {
  return interruptible(async (signal) => {
    const bar = progress('cues')
    signal.addEventListener('abort', bar.stop)
    try {
      return await recallAll(network, cues, { ...options, signal, progress: bar })
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

/** Beyond P = N the matrix is the smaller and the faster form, as long as it fits in memory with ease. */
function formFor({ neurons, names }: PatternSet): 'implicit' | 'dense' {
  return names.length > neurons && neurons <= 8192 ? 'dense' : 'implicit'
}

function inWords(report: Report, rows: number): string {
  const hidden = report.results.length - rows
  const parts = rows > 0 ? [formatTable(report.results, rows)] : []
  if (rows > 0 && hidden > 0) parts.push(`… and ${hidden} more (--rows ${report.results.length} prints all)`)
  return [...parts, formatSummary(report)].join('\n\n')
}
