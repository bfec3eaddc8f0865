import { type Command, Option } from 'commander'
import { HALVES, type Half, isHidden } from '../completion.js'
import { addDrawing, type DrawingFlags, drawTo, requireDrawings } from '../drawing.js'
import { type RowsOfPictures, rowsOfPictures } from '../figures/index.js'
import { requireOther } from '../files.js'
import { requireLoad } from '../keeping.js'
import {
  greysOf,
  openMachine,
  type PictureFlags,
  readPictures,
  requireWidth,
  spinsOf,
  unitsOf,
} from '../machines.js'
import { shortName } from '../names.js'
import { type Grid, gridOf } from '../patterns.js'
import { INPUT_FILES } from '../readers/index.js'
import { arrayOption, invertOption, rangeOption, sizeOption } from '../readers/options.js'
import { integerFrom, seedOption } from '../values.js'
import { watched } from '../watched.js'
import { wrapped } from '../width.js'
import { writerFor } from '../writers/index.js'

interface Flags extends PictureFlags, DrawingFlags {
  readonly load?: string
  readonly hide: Half
  readonly draw?: number
  readonly seed: bigint
  readonly show: number
  readonly out?: string
  readonly json?: true
}

const EXAMPLES = `
Examples:
  $ hopfield rbm complete digits-8x8.csv.gz --load digits.safetensors --svg completed.svg
  $ hopfield rbm complete scribbles/ --load digits.safetensors --hide top --draw 200 --out drawn/`

export function addComplete(rbm: Command): void {
  const complete = rbm
    .command('complete')
    .argument('<files...>', 'pictures, half of each to be hidden')
    .summary('complete pictures of which half is hidden')
    .description(
      'Hides half of each picture, has a machine complete it, and counts how many pixels come out right.',
    )
    .addOption(
      new Option('--load <file>', 'the machine, from a file of hopfield rbm fit --save or of the package'),
    )
    .addOption(new Option('--hide <half>', 'which half is hidden').choices(HALVES).default('right'))
    .option(
      '--draw <steps>',
      'draw completions by so many Gibbs steps (default: the likeliest pixels by mean field)',
      integerFrom(1, 2 ** 29),
    )
    .option('--show <count>', 'pictures of the figure', integerFrom(1, 100), 10)
  addDrawing(complete, 'cue, completed and whole picture')
    .option('--out <file>', 'write the completed pictures to this file: .npy, .png, .txt or a folder/')
    .addOption(rangeOption())
    .addOption(invertOption('ink'))
    .addOption(sizeOption())
    .addOption(arrayOption())
    .addOption(seedOption('seed of drawing'))
    .option('--json', 'print one JSON document')
    .addHelpText('after', INPUT_FILES)
    .addHelpText('after', EXAMPLES)
    .action((files: string[], flags: Flags) => completeAll(files, flags))
}

async function completeAll(files: readonly string[], flags: Flags): Promise<void> {
  const { hide, draw, seed, out } = flags
  const load = requireLoad(flags.load)
  const inputs = [...files, load]
  const write = out === undefined ? undefined : writerFor(out)
  requireDrawings(flags, inputs, { '--out': out })
  if (out !== undefined) requireOther('--out', out, inputs)
  const { set, grid, hidden, means, states } = await watched(async ({ progress, signal }) => {
    const set = await readPictures(files, flags)
    const machine = await openMachine(load)
    requireWidth(machine, load, set, files[0])
    const kind = machine.visibleUnits
    const grid = gridOf(set.neurons, set.grid)
    const hidden = Uint8Array.from({ length: set.neurons }, (_, i) =>
      Number(isHidden(i % grid.width, Math.floor(i / grid.width), grid, hide)),
    )
    const middle = kind === 'binary' ? 0.5 : 0
    const cues = unitsOf(set.states, kind).map((x, k) => (hidden[k % set.neurons] === 1 ? middle : x))
    const clamp = hidden.map((flag) => 1 - flag)
    progress.stage('completing', 100, 'percent')
    const watching = {
      signal,
      onProgress: ({ done, total }: { done: number; total: number }) =>
        progress.update(Math.floor((100 * done) / total)),
    }
    const { means, states } =
      draw === undefined
        ? await machine.recallAsync(cues, { clamp, ...watching })
        : await machine.sampleAsync({ starts: cues, clamp, steps: draw, seed, ...watching })
    return { set, grid, hidden, means: greysOf(means, kind), states: spinsOf(states, kind) }
  })
  const pictures = set.names.length
  const shown = Array.from(
    { length: Math.min(flags.show, pictures) },
    (_, k, count = Math.min(flags.show, pictures)) => Math.floor((k * pictures) / count),
  )
  await write?.({ ...set, states, grid }, { invert: flags.invert ?? false })
  await drawTo(flags, () =>
    rowsOfPictures(
      rowsOf(shown, { grid, hidden, means, whole: set.states, names: set.names, drawn: draw !== undefined }),
    ),
  )
  const { right, guessed, whole } = scores(set.states, states, hidden)
  if (flags.json) {
    console.log(JSON.stringify({ pictures, hide, right, guessed, whole }, null, 2))
    return
  }
  console.log(
    wrapped(
      `${pictures} pictures, the ${hide} half of each hidden: ${percent(right)} of the hidden pixels came out right, and ${whole} pictures are whole.\n` +
        `Had each pixel been guessed to be as it is in most of these pictures: ${percent(guessed)}.`,
    ),
  )
}

interface Completions {
  readonly grid: Grid
  readonly hidden: Uint8Array
  readonly means: Float32Array
  readonly whole: Int8Array
  readonly names: readonly string[]
  readonly drawn: boolean
}

function rowsOf(
  shown: readonly number[],
  { grid, hidden, means, whole, names, drawn }: Completions,
): RowsOfPictures {
  const neurons = hidden.length
  const row = (label: string, of: (at: number, i: number) => number, tinted = false) => ({
    label,
    pictures: shown.map((b) => {
      const values = Float32Array.from({ length: neurons }, (_, i) => of(b * neurons, i))
      return { grid, kind: 'grey' as const, values, ...(tinted ? { hidden } : {}) }
    }),
  })
  return {
    title: 'Pictures of which half is hidden',
    caption: `Pixels that were hidden are tinted; a restricted Boltzmann machine ${drawn ? 'drew' : 'completed'} them.`,
    heads: shown.map((b) => shortName(names[b])),
    rows: [
      row('cue', (at, i) => (hidden[i] === 1 || whole[at + i] === -1 ? 0 : 1), true),
      row(drawn ? 'drawn' : 'completed', (at, i) => means[at + i]),
      row('whole', (at, i) => (whole[at + i] === 1 ? 1 : 0)),
    ],
  }
}

/** Shares of hidden pixels, and pictures that are as they were. */
function scores(
  wanted: Int8Array,
  got: Int8Array,
  hidden: Uint8Array,
): { right: number; guessed: number; whole: number } {
  const neurons = hidden.length
  const pictures = wanted.length / neurons
  const [inked, wrong] = [new Uint32Array(neurons), new Uint32Array(pictures)]
  let [right, places] = [0, 0]
  for (let k = 0; k < wanted.length; k++) {
    const i = k % neurons
    if (hidden[i] === 0) continue
    places++
    if (wanted[k] === 1) inked[i]++
    if (wanted[k] === got[k]) right++
    else wrong[Math.floor(k / neurons)]++
  }
  const guessed = inked.reduce(
    (sum, count, i) => sum + (hidden[i] === 1 ? Math.max(count, pictures - count) : 0),
    0,
  )
  return {
    right: right / places,
    guessed: guessed / places,
    whole: wrong.filter((count) => count === 0).length,
  }
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`
}
