import { FAMILIES } from './families.js'
import type { Outcome, Report } from './run.js'
import { publishedWords, told, tookWords } from './text.js'

/** The page docs/reproduce.md: how to read the table, and the table as it came out. */
export function formatPage(report: Report): string {
  const { rows, seed, quick, complete } = report
  const failed = rows.filter(({ holds }) => !holds)
  const command = `npm run reproduce${quick ? ' -- --quick' : ''}${seed === '0' ? '' : ` -- --seed ${seed}`}`
  return `# Published results, recomputed

\`npm run reproduce\`, or \`hopfield reproduce\`, measures published results of the field again, with error bars, and says which hold.
\`--html report.html\` writes a report with figures, \`--json\` prints everything, \`--only word\` takes some rows, \`--list\` names all,
\`--quick\` takes seconds, with smaller networks and wider intervals. The exit code is 3 if some row does not hold.

## How to read a row

- *published* is the number of the paper, or of its formula where the source says *computed*. ≥ and ≤ are bounds.
- *ours* is a mean over independent random networks, and the interval reaches four standard errors to both sides; for shares it is Wilson's
  (1927), so that it ends at 0 and 1. A right row fails by chance once in 16,000. What the published number itself is not known to, its own
  standard error or its last digit, widens the interval.
- A row holds (✓) if the published number lies in the interval; for a bound, if the whole interval is on the right side of it.
- Where the number is a limit N → ∞, three sizes are extrapolated, or the trend with N is the number: the rule of each row says how;
  some rules, and numbers of networks, were corrected after a first run. \`--list --json\` and the report print all rules.
- Network k of a row has the seed in the table and k more, those of one size after those of the size before, so \`randomPatterns({ seed, … })\` makes its patterns.
- A row that does not hold stays in the table, with the reason as far as it is known.

## The table

${command}: ${rows.length - failed.length} of ${rows.length} hold${complete ? '' : '; the run was interrupted'}. It took ${tookWords(report)}.
This page was written by \`--markdown\`.

${FAMILIES.map(({ title }) => section(title, rows)).join('')}${failed.length === 0 ? '' : `## What does not hold, and why\n\n${failed.map(({ id, claim, reason }) => `- \`${id}\`: ${claim}. ${reason}.`).join('\n')}\n`}`
}

function section(title: string, all: readonly Outcome[]): string {
  const rows = all.filter(({ family }) => family === title)
  if (rows.length === 0) return ''
  return `### ${title}

| | claim | source | published | ours | interval | size | seed | s |
| --- | --- | --- | ---: | ---: | --- | --- | ---: | ---: |
${rows.map(line).join('\n')}

`
}

function line({ id, claim, source, published, ours, holds, size, seed, seconds }: Outcome): string {
  const [value, interval] =
    ours === undefined ? ['', ''] : [told(ours.value), `${told(ours.low)} … ${told(ours.high)}`]
  const cells = [
    holds ? '✓' : '✗',
    `\`${id}\` ${claim}`,
    source,
    publishedWords(published),
    value,
    interval,
    size,
    seed,
    seconds.toFixed(1),
  ]
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
}
