import { type Command, Option } from 'commander'
import { complete, HALVES, type Half } from '../completion.js'
import { formatCompletion } from '../completion-figure.js'
import { readBytes, requireFolderFor, writeWhole } from '../files.js'
import { readRows } from '../readers/csv-rows.js'

export function addDigits(program: Command): void {
  program
    .command('digits')
    .argument('<file>', 'a .csv (or .csv.gz) of square grey pictures, a label behind each')
    .summary('complete half-hidden pictures')
    .description(
      'Stores nine of ten pictures in a modern Hopfield network, hides half of every one, and says how many come back.',
    )
    .addOption(new Option('--hide <half>', 'which half is hidden').choices(HALVES).default('right'))
    .option('--svg <file>', 'write the figure: cue, retrieved, stored, one of each class')
    .action((file: string, { hide, svg }: { hide: Half; svg?: string }) => {
      if (svg !== undefined) requireFolderFor(svg)
      const completion = complete(file, readRows(file, readBytes(file)), hide)
      if (svg !== undefined) writeWhole(svg, formatCompletion(completion))
      const { stored, recovered, strangers, classified } = completion
      console.log(
        `${stored} pictures stored, the ${hide} half of each hidden: ${recovered} came back as themselves.\n` +
          `${strangers} pictures never seen: ${classified} came back as one of their own class.`,
      )
    })
}
