import { type Command, Option } from 'commander'
import { ModernHopfield } from 'hopfield-native'
import { complete, HALVES, type Half, storedOf } from '../completion.js'
import { completionFigure } from '../completion-figure.js'
import { addDrawing, type DrawingFlags, drawTo, requireDrawings } from '../drawing.js'
import { readBytes } from '../files.js'
import { type KeepingFlags, loadOption, openAs, requireFile, saveOption } from '../keeping.js'
import { type GreyRows, readRows } from '../readers/csv-rows.js'
import { watched } from '../watched.js'
import { wrapped } from '../width.js'

export function addDigits(program: Command): void {
  const digits = program
    .command('digits')
    .argument('<file>', 'a .csv or .csv.gz with one square grey picture per row, its label at the end')
    .summary('complete pictures of which half is hidden')
    .description(
      'Stores nine of ten pictures in a modern Hopfield network, hides half of each picture, recalls them all, and counts how many are right.',
    )
    .addOption(new Option('--hide <half>', 'which half is hidden').choices(HALVES).default('right'))
  addDrawing(digits, 'cue, recalled and stored picture, one of each class')
    .addOption(saveOption())
    .addOption(loadOption('in place of storing pictures'))
    .action(
      async (
        file: string,
        { hide, save, load, ...drawing }: { hide: Half } & DrawingFlags & KeepingFlags,
      ) => {
        requireDrawings(drawing, load === undefined ? [file] : [file, load], { '--save': save })
        requireFile({ ...(save === undefined ? {} : { save }) }, [file])
        const rows = readRows(file, readBytes(file))
        const loaded = load === undefined ? undefined : await openPictures(load, rows)
        const completion = await watched(async (watching) => {
          const completion = await complete(file, rows, hide, watching, loaded)
          if (save !== undefined) await completion.memory.save(save, { signal: watching.signal })
          return completion
        })
        await drawTo(drawing, () => completionFigure(completion))
        const { stored, recovered, strangers, classified } = completion
        console.log(
          wrapped(
            `${stored} pictures stored, the ${hide} half of each hidden: ${recovered} came back as themselves.\n` +
              `${strangers} pictures never seen: ${classified} came back as one of their own class.`,
          ),
        )
      },
    )
}

function openPictures(path: string, { pixels, rows }: GreyRows): Promise<ModernHopfield> {
  const count = storedOf(rows).length
  const fits = ({ dimension, patternCount }: ModernHopfield): boolean =>
    dimension === pixels && patternCount === count
  return openAs(path, ModernHopfield, fits, `of ${count} pictures of ${pixels} pixels`)
}
