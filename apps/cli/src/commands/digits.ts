import { type Command, Option } from 'commander'
import { complete, HALVES, type Half } from '../completion.js'
import { formatCompletion } from '../completion-figure.js'
import { readBytes, requireFolderFor, writeWhole } from '../files.js'
import { readRows } from '../readers/csv-rows.js'

export function addDigits(program: Command): void {
  program
    .command('digits')
    .argument('<file>', 'a .csv or .csv.gz with one square grey picture per row, its label at the end')
    .summary('complete pictures of which half is hidden')
    .description(
      'Stores nine of ten pictures in a modern Hopfield network, hides half of each picture, recalls them all, and counts how many are right.',
    )
    .addOption(new Option('--hide <half>', 'which half is hidden').choices(HALVES).default('right'))
    .option('--svg <file>', 'write a figure: cue, recalled and stored picture, one of each class')
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
