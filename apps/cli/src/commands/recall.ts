import { type Command, Option } from 'commander'
import { backend, HopfieldNetwork, ModernHopfield, type Order, type RecallOptions } from 'hopfield-native'
import { addDrawing, type DrawingFlags, drawTo, requireDrawings } from '../drawing.js'
import { DataError, UsageError } from '../errors.js'
import { requireOther } from '../files.js'
import {
  type AnyModel,
  idsOf,
  type KeepingFlags,
  keep,
  loadOption,
  modelOf,
  openModel,
  patternsOf,
  refuseBesideLoad,
  requireFile,
  saveOption,
} from '../keeping.js'
import { learningRule } from '../learning.js'
import { checkModel, emptyMemory, MODELS, type ModelFlags, settingsOf } from '../models.js'
import { concatenate, type Grid, type PatternSet, requireSameSize } from '../patterns.js'
import { INPUT_FILES, isUnifont, readPatterns } from '../readers/index.js'
import { arrayOption, invertOption, rangeOption, sizeOption } from '../readers/options.js'
import { type CodePoints, codePoints } from '../readers/ranges.js'
import { recallFigure } from '../recall-figure.js'
import { recallAll } from '../recalling.js'
import { type Report, reportOf, type Settings } from '../report.js'
import { retrieveAll } from '../retrieving.js'
import { storeAll } from '../storing.js'
import { formatSummary, formatTable } from '../table.js'
import { collect, fraction, integerFrom, order, positive, seedOption } from '../values.js'
import { type Watching, watched } from '../watched.js'
import { writerFor } from '../writers/index.js'

interface Flags extends ModelFlags, KeepingFlags, DrawingFlags {
  store?: string[]
  cue?: string[]
  range?: CodePoints
  cueRange?: CodePoints
  invert?: true
  size?: Grid
  array?: string
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

const FILES = `${INPUT_FILES}

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
  $ hopfield recall --store letters.txt --learning pseudoinverse --save letters.safetensors
  $ hopfield recall --load letters.safetensors --store more.txt --cue scribbles.txt --save letters.safetensors
  $ hopfield recall --store patterns.npy --noise 0.1 --seed 7 --json | jq .summary
  $ hopfield recall --store faces/ --cue damaged.png --dynamics synchronous --out recalled/`

export function addRecall(program: Command): void {
  const recall = program
    .command('recall')
    .summary('store patterns and recall cues')
    .description('Stores patterns, recalls every cue, and says which stored pattern each recall reached.')
    .addOption(
      new Option('--store <files...>', 'patterns to store; with --load beside those it has').argParser(
        collect,
      ),
    )
    .addOption(loadOption('and recall from it; --model and its options are those of the file'))
    .addOption(saveOption())
    .addOption(
      new Option('--cue <files...>', 'cues to recall (default: the stored patterns)').argParser(collect),
    )
    .addOption(rangeOption())
    .option(
      '--cue-range <code points>',
      'glyphs of a .hex file to use as cues (default: those of --range)',
      codePoints,
    )
    .addOption(invertOption('+1'))
    .addOption(sizeOption())
    .addOption(arrayOption())
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
    .addOption(seedOption('seed of noise and visiting order'))
    .option(
      '--threads <count>',
      'recall on at most this many threads (default: one per processor)',
      integerFrom(1, 1024),
    )
    .option('--out <file>', 'write the recalled states to this file')
  addDrawing(recall, 'the first cues, the recalled states and the nearest stored patterns')
    .option('--rows <count>', 'print at most this many rows of the table', integerFrom(0, 2 ** 31 - 1), 100)
    .option('--json', 'print one JSON document')
    .addHelpText('after', FILES)
    .addHelpText('after', EXAMPLES)
    .action((flags: Flags, command: Command) => recallFiles(flags, command))
}

async function recallFiles(flags: Flags, command: Command): Promise<void> {
  const given = (name: string): boolean => command.getOptionValueSource(name) === 'cli'
  if (flags.load === undefined && flags.store === undefined) {
    throw new UsageError('say what to recall from: --store patterns, or --load a memory')
  }
  if (flags.load === undefined) checkModel(flags, given)
  else refuseBesideLoad(['model', 'learning', 'beta', 'degree', 'rectified', 'weights'], given)
  const write = flags.out === undefined ? undefined : writerFor(flags.out)
  const inputs = [...(flags.store ?? []), ...(flags.cue ?? [])]
  const { load, save, out } = flags
  requireDrawings(flags, load === undefined ? inputs : [...inputs, load], { '--save': save, '--out': out })
  requireFile(flags, inputs)
  if (flags.out !== undefined) {
    requireOther('--out', flags.out, flags.load === undefined ? inputs : [...inputs, flags.load])
  }
  const { noise, dynamics, tie, maxSweeps, threads } = flags
  const recall = { dynamics, order: flags.order, tie, maxSweeps, seed: flags.seed }
  const { stored, cues, recalled, memory } = await watched(async (watching) => {
    const { stored, memory } = await prepared(flags, watching)
    if (flags.load !== undefined) checkModel({ ...flags, model: modelOf(memory) }, given)
    const cues = await readCues(flags, stored)
    requireSameSize(stored, sourceOf(flags), cues, (flags.cue ?? [sourceOf(flags)])[0])
    requireNeurons(flags.order, stored.neurons)
    await keep(memory, flags, watching.signal)
    const options = { recall, noise, threads, ...watching }
    const recalled =
      memory instanceof ModernHopfield
        ? await retrieveAll(memory, stored, cues, options)
        : await recallAll(memory, cues, options)
    return { stored, cues, recalled, memory }
  })

  const grid = stored.grid ?? cues.grid
  await write?.({ ...cues, states: recalled.states.unpack(), grid }, { invert: flags.invert ?? false })
  const rules = {
    dynamics,
    order: typeof flags.order === 'string' ? flags.order : Array.from(flags.order),
    tie,
  }
  const model = modelOf(memory)
  const settings: Settings = {
    model,
    ...(model === 'modern' ? {} : rules),
    maxSweeps,
    ...(flags.load === undefined ? settingsOf(flags, stored) : loadedSettings(flags.load, memory)),
    noise,
    seed: String(flags.seed),
  }
  const report = reportOf(stored, cues, recalled, settings, backend())
  await drawTo(flags, () => recallFigure({ stored, cues, recalled: recalled.states.unpack() }, report))
  console.log(flags.json ? JSON.stringify(report, null, 2) : inWords(report, flags.rows))
}

/** The memory with all patterns stored, and these. */
async function prepared(flags: Flags, watching: Watching): Promise<{ memory: AnyModel; stored: PatternSet }> {
  const { load, save } = flags
  const fresh = flags.store === undefined ? undefined : await readStored({ ...flags, store: flags.store })
  if (load === undefined && fresh !== undefined) {
    const memory = emptyMemory(flags, fresh)
    // Files keep names; results have them from the patterns.
    await storeAll(memory, fresh, save === undefined ? undefined : idsOf(fresh.names), watching)
    return { memory, stored: fresh }
  }
  const path = load as string
  const memory = await openModel(path, watching.signal)
  if (fresh === undefined) return { memory, stored: patternsOf(path, memory) }
  const neurons = memory instanceof ModernHopfield ? memory.dimension : memory.neurons
  if (neurons !== fresh.neurons) {
    throw new DataError(
      `${(flags.store as string[])[0]}: patterns have ${fresh.neurons} neurons, but the memory in ${path} has ${neurons}`,
    )
  }
  const before = memory.patternCount === 0 ? [] : [patternsOf(path, memory)]
  await storeAll(memory, fresh, idsOf(fresh.names, memory.ids ?? []), watching)
  // Rules may leave patterns out: what is stored says the memory.
  const stored = before.length === 0 ? fresh : concatenate([...before, fresh], [path, ...(flags.store ?? [])])
  const whole = stored.names.length === memory.patternCount
  return { memory, stored: whole ? stored : { ...patternsOf(path, memory), grid: fresh.grid } }
}

/** What error messages call the stored patterns. */
function sourceOf({ store, load }: Flags): string {
  return store?.[0] ?? (load as string)
}

function loadedSettings(path: string, memory: AnyModel): { loaded: string; learning?: string } {
  const learning = memory instanceof HopfieldNetwork ? memory.learning : undefined
  return { loaded: path, ...(learning === undefined ? {} : { learning }) }
}

function readStored({ store, range, invert, size, array }: Flags & { store: string[] }): Promise<PatternSet> {
  if (range !== undefined && !store.some(isUnifont)) {
    throw new UsageError('--range chooses glyphs of a .hex file, but --store names none')
  }
  return readPatterns(store, { range, invert: invert ?? false, size, array })
}

async function readCues(
  { store = [], cue, range, cueRange, invert, size, array }: Flags,
  stored: PatternSet,
): Promise<PatternSet> {
  const from = cue ?? store
  if (cueRange !== undefined && !from.some(isUnifont)) {
    throw new UsageError(
      `--cue-range chooses glyphs of a .hex file, but ${cue === undefined ? '--store' : '--cue'} names none`,
    )
  }
  if (cue === undefined && cueRange === undefined) return stored
  return readPatterns(from, { range: cueRange ?? range, invert: invert ?? false, size, array })
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
