import { type Command, Option } from 'commander'
import { backend } from 'hopfield-native'
import { addDrawing, type DrawingFlags, drawTo, requireDrawings } from '../drawing.js'
import { AlreadyTold, UsageError } from '../errors.js'
import { requireFolderFor, writeWhole } from '../files.js'
import { formatReport } from '../reproduce/html.js'
import { formatPage } from '../reproduce/markdown.js'
import { hasDistance, overview } from '../reproduce/overview.js'
import { listed, type Outcome, type Report, run } from '../reproduce/run.js'
import { formatList, formatOutcomes } from '../reproduce/text.js'
import { Interrupted } from '../signals.js'
import { seedOption } from '../values.js'
import { watched } from '../watched.js'

interface Flags extends DrawingFlags {
  only?: string
  list?: true
  seed: bigint
  quick?: true
  json?: true
  html?: string
  markdown?: string
}

const EXAMPLES = `
A row holds if the published number lies in the interval of ours: four standard errors over independent networks, or exact
bounds. Where a published number is a limit or a bound, the row says how it is compared.

Exit codes: 0 if all rows hold, 3 if some row does not, otherwise as for all commands.

Examples:
  $ hopfield reproduce --html report.html
  $ hopfield reproduce --only retrieval
  $ hopfield reproduce --list`

export function addReproduce(program: Command): void {
  const command = program
    .command('reproduce')
    .summary('recompute published results of the field')
    .description('Measures published results again, with error bars, and says which of them hold.')
    .option('--only <word>', 'rows with this word in their name, subject, claim or source')
    .option('--list', 'print the rows, and measure nothing')
    .addOption(seedOption('seed of all random choices'))
    .option('--quick', 'smaller networks and fewer of them: seconds, and wider intervals')
    .option('--json', 'print one JSON document')
    .addOption(new Option('--html <file>', 'write a report with figures, one file that needs nothing else'))
    .addOption(new Option('--markdown <file>', 'write the table as a page of documentation'))
  addDrawing(command, 'how far each number is from the published one')
    .addHelpText('after', EXAMPLES)
    .action(reproduce)
}

/** Some row does not hold. */
const FAILED = 3

async function reproduce({
  only,
  list,
  seed,
  quick,
  json,
  html,
  markdown,
  ...drawing
}: Flags): Promise<void> {
  const rows = listed(only)
  if (rows.length === 0)
    throw new UsageError(`--only ${only}: no row has that word; hopfield reproduce --list has all rows`)
  if (list) {
    console.log(json ? JSON.stringify(rows, null, 2) : formatList(rows))
    return
  }
  for (const path of [html, markdown]) if (path !== undefined) requireFolderFor(path)
  requireDrawings(drawing, [], { '--html': html, '--markdown': markdown })
  const figure = drawing.svg ?? drawing.png
  if (figure !== undefined && !rows.some(hasDistance))
    throw new UsageError(`${figure}: the figure shows numbers, and these rows are about bounds alone`)
  const how = { seed, quick: quick === true }
  const began = performance.now()
  const outcomes = new Map<string, Outcome>()
  const print = async (complete: boolean): Promise<void> => {
    // In the order of the list, whichever ended first.
    const done = rows.flatMap(({ id }) => outcomes.get(id) ?? [])
    const { user, system } = process.cpuUsage()
    const took = { seconds: (performance.now() - began) / 1e3, processorSeconds: (user + system) / 1e6 }
    const report = { seed: String(seed), quick: how.quick, complete, backend: backend(), ...took, rows: done }
    if (markdown !== undefined) writeWhole(markdown, formatPage(report))
    if (html !== undefined) writeWhole(html, await formatReport(report))
    await drawTo(drawing, () => overview(report))
    console.log(json ? inJson(report) : formatOutcomes(done))
  }
  try {
    await watched(async ({ signal, progress }) => {
      progress.stage('reproducing', rows.length, 'rows')
      await run(rows, {
        ...how,
        signal,
        tell(outcome, done) {
          outcomes.set(outcome.id, outcome)
          progress.update(done, outcome.id)
        },
      })
    })
  } catch (error) {
    if (error instanceof Interrupted && outcomes.size > 0) await print(false)
    throw error
  }
  await print(true)
  if ([...outcomes.values()].some(({ holds }) => !holds))
    throw new AlreadyTold('some row does not hold', FAILED)
}

/** Figures are for the report; what they show is not of the same form from row to row. */
function inJson(report: Report): string {
  return JSON.stringify(report, (key, value) => (key === 'figure' ? undefined : value), 2)
}
