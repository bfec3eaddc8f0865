import { type Command, Option } from 'commander'
import { addDrawing, type DrawingFlags, drawTo, requireDrawings } from '../drawing.js'
import { gallery } from '../figures/index.js'
import { requireOther } from '../files.js'
import { requireLoad } from '../keeping.js'
import { greysOf, openMachine, pictureOf, spinsOf } from '../machines.js'
import type { Grid } from '../patterns.js'
import { sideBySide } from '../terminal.js'
import { integerFrom, positive, seedOption, size } from '../values.js'
import { watched } from '../watched.js'
import { writerFor } from '../writers/index.js'

interface Flags extends DrawingFlags {
  readonly load?: string
  readonly count: number
  readonly steps: number
  readonly temperature: number
  readonly size?: Grid
  readonly seed: bigint
  readonly out?: string
}

/** As many are printed, if they are not too wide. */
const PRINTED = 6
/** As many are drawn: more of them nobody looks at. */
const MOST_DRAWN = 400
const WIDEST = 32

const EXAMPLES = `
Examples:
  $ hopfield rbm sample --load digits.safetensors --count 40 --svg samples.svg
  $ hopfield rbm sample --load unifont.safetensors --temperature 0.8 --seed 7 --out made-up.txt`

export function addSample(rbm: Command): void {
  const sample = rbm
    .command('sample')
    .summary('make up pictures like those that were learned')
    .description('Draws pictures from a machine by Gibbs steps: pictures that it finds likely.')
    .addOption(
      new Option('--load <file>', 'the machine, from a file of hopfield rbm fit --save or of the package'),
    )
    .option('--count <pictures>', 'how many', integerFrom(1, 2 ** 20), 40)
    .option('--steps <count>', 'Gibbs steps of each, from random pixels', integerFrom(1, 2 ** 29), 1000)
    .option(
      '--temperature <number>',
      'below 1 for likelier pictures, above 1 for more kinds of them',
      positive,
      1,
    )
    .option('--size <width>x<height>', 'of a picture (default: a square)', size)
  addDrawing(sample, 'the means that pixels were last drawn with')
    .option('--out <file>', 'write the pictures in two values to this file: .npy, .png, .txt or a folder/')
    .addOption(seedOption('seed of all random choices'))
    .addHelpText('after', EXAMPLES)
    .action((flags: Flags) => draw(flags))
}

async function draw(flags: Flags): Promise<void> {
  const { count, steps, temperature, seed, out } = flags
  const load = requireLoad(flags.load)
  const write = out === undefined ? undefined : writerFor(out)
  requireDrawings(flags, [load], { '--out': out })
  if (out !== undefined) requireOther('--out', out, [load])
  const { states, means, grid } = await watched(async ({ progress, signal }) => {
    const machine = await openMachine(load)
    const grid = pictureOf(machine, flags.size)
    progress.stage('drawing', steps, 'steps')
    const options = { count, steps, temperature, seed, signal }
    const drawn = await machine.sampleAsync({ ...options, onProgress: ({ done }) => progress.update(done) })
    const kind = machine.visibleUnits
    return { states: spinsOf(drawn.states, kind), means: greysOf(drawn.means, kind), grid }
  })
  const neurons = grid.width * grid.height
  const pictures = Array.from({ length: count }, (_, b) => ({
    grid,
    kind: 'grey' as const,
    values: means.subarray(b * neurons, (b + 1) * neurons),
  }))
  const names = pictures.map((_, b) => `sample[${b}]`)
  await write?.({ neurons, names, states, grid }, { invert: false })
  const note = `${count} pictures after ${steps} Gibbs steps${temperature === 1 ? '' : ` at T = ${temperature}`}`
  const name = load.replace(/^.*\//, '')
  await drawTo(flags, () =>
    gallery({
      title: `What ${name} makes up`,
      caption: `${note}, seed ${seed}.`,
      pictures: pictures.slice(0, MOST_DRAWN),
    }),
  )
  console.log(`${note}.`)
  if (grid.width > WIDEST || grid.height > WIDEST) return
  const printed = names.slice(0, PRINTED).map((title, b) => {
    return { title, state: states.subarray(b * neurons, (b + 1) * neurons), width: grid.width }
  })
  console.log(`\n${sideBySide(printed)}`)
}
