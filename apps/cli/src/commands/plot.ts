import type { Command } from 'commander'
import { addDrawing, type DrawingFlags, drawTo, requireDrawings } from '../drawing.js'
import { PLOTS } from '../plots/index.js'
import type { AnyPlot } from '../plots/plot.js'
import { watched } from '../watched.js'
import { wrapped } from '../width.js'

interface Flags extends DrawingFlags {
  readonly json?: true
}

export function addPlot(program: Command): void {
  const plot = program
    .command('plot')
    .summary('measure something, and draw it')
    .description('Measures what a figure of the field shows, prints it, and draws it with --svg or --png.')
    .addHelpText(
      'after',
      `\nExamples:\n${PLOTS.map(({ example }) => `  $ hopfield plot ${example}`).join('\n')}`,
    )
  for (const kind of PLOTS) addKind(plot, kind)
}

function addKind(plot: Command, kind: AnyPlot): void {
  const command = plot.command(kind.kind).summary(kind.summary).description(kind.description)
  addDrawing(kind.options(command), kind.summary)
    .option('--json', 'print the data as one JSON document')
    .addHelpText('after', `\nExample:\n  $ hopfield plot ${kind.example}`)
    .action(async (flags: Flags) => {
      requireDrawings(flags, kind.inputs?.(flags) ?? [])
      const { data, words, figure } = await watched((watching) => kind.measure(flags, watching))
      await drawTo(flags, figure)
      console.log(flags.json ? JSON.stringify(data, plainArrays, 2) : wrapped(words))
    })
}

/** JSON would write a typed array as an object. */
function plainArrays(_: string, value: unknown): unknown {
  return ArrayBuffer.isView(value) ? Array.from(value as unknown as ArrayLike<number>) : value
}
