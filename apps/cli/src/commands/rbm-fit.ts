import { type Command, Option } from 'commander'
import { type FitReport, RestrictedBoltzmannMachine } from 'hopfield-native'
import { bars } from '../bars.js'
import { addDrawing, type DrawingFlags, drawTo } from '../drawing.js'
import { UsageError } from '../errors.js'
import { requireOutputs } from '../files.js'
import { filtersFigure, filtersOf } from '../filters-figure.js'
import { type KeepingFlags, keep, loadOption, refuseBesideLoad, saveOption } from '../keeping.js'
import { openMachine, type PictureFlags, readPictures, requireWidth } from '../machines.js'
import { gridOf, sizeOf } from '../patterns.js'
import { INPUT_FILES } from '../readers/index.js'
import { arrayOption, invertOption, rangeOption, sizeOption } from '../readers/options.js'
import { type Lessons, likelihoodOf, measureOf, split, teach } from '../teaching.js'
import { fraction, integerFrom, positive, seedOption } from '../values.js'
import { watched } from '../watched.js'
import { wrapped } from '../width.js'

interface Flags extends PictureFlags, DrawingFlags, KeepingFlags, Lessons {
  readonly hidden: number
  readonly likelihood: boolean
  readonly json?: true
}

const MEASURES = { exact: 'ln p', pseudo: 'pseudo-likelihood' }

const MORE = `
Ctrl-C ends the learning. With --save the file then has what all whole epochs taught (with
--patience the best of them); without it nothing is kept.

Examples:
  $ hopfield rbm fit digits-8x8.csv.gz --hidden 100 --epochs 40 --save digits.safetensors --svg filters.svg
  $ hopfield rbm fit digits-8x8.csv.gz --load digits.safetensors --epochs 40 --patience 5 --save digits.safetensors
  $ hopfield rbm fit unifont-16x16.hex.gz --range 4E00-4FFF --hidden 400 --save unifont.safetensors`

export function addFit(rbm: Command): void {
  const fit = rbm
    .command('fit')
    .argument('<files...>', 'pictures to learn: files as for hopfield recall')
    .summary('learn pictures')
    .description(
      'Teaches a machine pictures of two values, and tells how likely it finds those it has not seen.',
    )
    .option('--hidden <units>', 'hidden units', integerFrom(1, 65_536), 64)
    .addOption(
      new Option(
        '--method <method>',
        'what pictures are compared with: chains that go on, that start at them, or at several temperatures',
      )
        .choices(['persistent', 'contrastive', 'tempering'])
        .default('persistent'),
    )
    .option('--epochs <count>', 'passes over all pictures', integerFrom(1, 2 ** 20), 30)
    .option('--batch <pictures>', 'pictures between two changes of the weights', integerFrom(1, 2 ** 20), 20)
    .option('--steps <count>', 'Gibbs steps for each change', integerFrom(1, 1000), 1)
    .option('--rate <number>', 'the learning rate', positive, 0.05)
    .option('--momentum <fraction>', 'the share of the last step in a step, below 1', fraction, 0)
    .option('--decay <fraction>', 'weight decay', fraction, 0)
    .option('--no-centring', 'do without running means of the units')
    .option('--held-out <fraction>', 'the share of pictures to measure and not to learn from', fraction, 0.1)
    .option(
      '--patience <epochs>',
      'end after so many epochs that make held-out pictures no likelier, and take the best one',
      integerFrom(1, 2 ** 20),
    )
    .option('--no-likelihood', 'do not measure ln p at the end, which takes long for large machines')
    .addOption(saveOption())
    .addOption(loadOption('and go on from it'))
  addDrawing(fit, 'the filters of the hidden units, the likelihood after each epoch')
    .addOption(rangeOption())
    .addOption(invertOption('ink'))
    .addOption(sizeOption())
    .addOption(arrayOption())
    .addOption(seedOption('seed of all random choices'))
    .option('--json', 'print one JSON document')
    .addHelpText('after', INPUT_FILES)
    .addHelpText('after', MORE)
    .action((files: string[], flags: Flags, command: Command) => learn(files, flags, command))
}

async function learn(files: readonly string[], flags: Flags, command: Command): Promise<void> {
  const { load, save, svg, png, heldOut, patience, momentum } = flags
  if (momentum >= 1) throw new UsageError('--momentum: expected a number below 1')
  if (heldOut >= 1)
    throw new UsageError('--held-out: expected a share below 1; some pictures are to be learned')
  if (patience !== undefined && heldOut === 0) {
    throw new UsageError('--patience wants pictures to measure: say a --held-out share above 0')
  }
  if (load !== undefined) {
    refuseBesideLoad(['hidden'], (name) => command.getOptionValueSource(name) === 'cli')
  }
  requireOutputs({ '--save': save, '--svg': svg, '--png': png }, files)
  if (load !== undefined) requireOutputs({ '--svg': svg, '--png': png }, [load])
  const told = await watched(async (watching) => {
    const set = await readPictures(files, flags)
    const machine = await machineFor(flags, set, files)
    const { learned, held } = split(set, machine, heldOut)
    if (held.length === 0 && patience !== undefined) {
      throw new UsageError(
        `--held-out ${heldOut} of ${set.names.length} pictures is none, and --patience wants some`,
      )
    }
    let report: FitReport
    try {
      report = await teach(machine, { learned, held }, flags, watching)
    } catch (error) {
      await keepWhole(machine, flags)
      throw error
    }
    await keep(machine, flags, watching.signal)
    const rows = held.length === 0 ? learned : held
    const likelihood = flags.likelihood ? await likelihoodOf(machine, rows, flags.seed, watching) : undefined
    const [taught, kept] = [learned.length / machine.visible, held.length / machine.visible]
    return { machine, report, likelihood, taught, kept, grid: gridOf(set.neurons, set.grid) }
  })
  const { machine, report, likelihood, taught, kept, grid } = told
  const name = files.map((file) => file.replace(/^.*\//, '')).join(', ')
  const measure = MEASURES[measureOf(machine)]
  await drawTo({ svg, png } as DrawingFlags, () => {
    const { measures, best } = report
    const filters = filtersOf(machine, grid)
    return filtersFigure({ title: name, hidden: machine.hidden, filters, measures, measure, best })
  })
  if (flags.json) {
    const { visible, hidden } = machine
    const likely =
      likelihood === undefined
        ? {}
        : { logLikelihood: likelihood.mean, logPartition: likelihood.logPartition }
    console.log(
      JSON.stringify({ visible, hidden, learned: taught, heldOut: kept, ...report, ...likely }, null, 2),
    )
    return
  }
  const lines = [
    `${name}: ${taught} pictures of ${sizeOf(grid)} learned, ${kept} held out; ${machine.visible} visible and ${machine.hidden} hidden units.`,
    endOf(report),
  ]
  const { measures, best } = report
  if (measures.length > 0) {
    lines.push(
      `Held-out pictures: ${measures[best - 1].toFixed(2)} nats each (${measure}). From epoch to epoch: ${bars(measures)}`,
    )
  }
  if (likelihood !== undefined) {
    const { mean, logPartition } = likelihood
    const { lower, upper, method } = logPartition
    const exact = method === 'exact'
    lines.push(
      `ln p of ${kept > 0 ? 'held-out' : 'learned'} pictures: ${mean.toFixed(2)} nats each${exact ? '' : `, if ln Z, which lies between ${lower.toFixed(2)} and ${upper.toFixed(2)}, is ${logPartition.value.toFixed(2)}`}.`,
    )
  }
  console.log(wrapped(lines.join('\n')))
}

async function machineFor(
  { load, hidden, seed }: Flags,
  set: Awaited<ReturnType<typeof readPictures>>,
  files: readonly string[],
): Promise<RestrictedBoltzmannMachine> {
  if (load === undefined) return new RestrictedBoltzmannMachine({ visible: set.neurons, hidden, seed })
  const machine = await openMachine(load)
  requireWidth(machine, load, set, files[0])
  return machine
}

/** After Ctrl-C: what the whole epochs taught is kept where it was to be kept. */
async function keepWhole(machine: RestrictedBoltzmannMachine, { save }: Flags): Promise<void> {
  const report = machine.learningReport
  if (save === undefined || report?.stopped !== 'abort') return
  await machine.save(save)
  const { epochs, best } = report
  console.log(
    wrapped(
      `${save} has what ${epochs} epochs taught${best < epochs ? `, the best of which was ${best}` : ''}.`,
    ),
  )
}

function endOf({ epochs, best, stopped }: FitReport): string {
  const many = `${epochs} ${epochs === 1 ? 'epoch' : 'epochs'}`
  if (stopped === 'patience')
    return `Ended after ${many}, since number ${best} was the best; it is the one that is kept.`
  return best < epochs ? `${many}; number ${best} was the best, and is the one that is kept.` : `${many}.`
}
