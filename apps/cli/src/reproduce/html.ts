import { escaped } from '../figures/svg.js'
import type { Outcome, Report } from './run.js'
import { STYLE } from './style.js'
import { publishedWords, told, tookWords } from './text.js'

export async function formatReport(report: Report): Promise<string> {
  const { rows, seed, quick, complete, backend } = report
  const held = rows.filter(({ holds }) => holds).length
  const titles = [...new Set(rows.map(({ family }) => family))]
  const sections: string[] = []
  for (const title of titles) {
    const articles = await Promise.all(rows.filter(({ family }) => family === title).map(article))
    sections.push(`<section><h2>${escaped(title)}</h2>${articles.join('')}</section>`)
  }
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Published results, recomputed</title>
<style>${STYLE}</style>
<h1>${held} of ${rows.length} published results hold</h1>
<p>Each is measured again on random networks. A row holds if the published number lies in the interval of ours: four standard errors over independent
networks, or exact bounds. Where the number is a limit or a bound, the rule says how it is compared.</p>
<p class="faint">hopfield reproduce --seed ${seed}${quick ? ' --quick' : ''}; ${tookWords(report)}; backend ${backend.name}, ${backend.tier}${complete ? '' : '; <strong>interrupted: rows are missing</strong>'}</p>
${failures(rows)}
${overview(rows)}
${sections.join('\n')}
</html>
`
}

async function article({
  id,
  claim,
  source,
  published,
  ours,
  rule,
  holds,
  reason,
  size,
  seed,
  seconds,
  figure,
}: Outcome): Promise<string> {
  const facts: [string, string][] = [
    ['published', publishedWords(published)],
    ['ours', ours === undefined ? 'no number' : told(ours.value)],
    ...(ours === undefined
      ? []
      : ([['interval', `${told(ours.low)} to ${told(ours.high)}`]] as [string, string][])),
    ...(reason === undefined ? [] : ([['why not', reason]] as [string, string][])),
    ['source', source],
    ['rule', rule],
    ['size', size],
    ['seed', `${seed}, ${seconds.toFixed(1)} s`],
  ]
  const picture = figure === undefined ? '' : `<figure>${await figure.svg()}</figure>`
  return `<article class="${holds ? 'holds' : 'fails'}${picture === '' ? '' : ' pictured'}" id="${escaped(id)}">
<div>
<h3>${mark(holds)} ${escaped(claim)}</h3>
<code class="faint">${escaped(id)}</code>
<dl>${facts.map(([name, text]) => `<dt>${name}</dt><dd>${escaped(text)}</dd>`).join('')}</dl>
</div>
${picture}
</article>
`
}

function mark(holds: boolean): string {
  return `<span class="mark">${holds ? '✓' : '✗'}</span>`
}

function link(id: string): string {
  return `<a href="#${escaped(id)}"><code>${escaped(id)}</code></a>`
}

function failures(rows: readonly Outcome[]): string {
  const failed = rows.filter(({ holds }) => !holds)
  if (failed.length === 0) return ''
  const items = failed.map(
    ({ id, claim, reason = '' }) =>
      `<p class="fails">${mark(false)} ${link(id)}: ${escaped(claim)}. <span class="faint">${escaped(reason)}.</span></p>`,
  )
  return `<h2>What does not hold</h2>\n${items.join('\n')}`
}

/** All rows at a glance. */
function overview(rows: readonly Outcome[]): string {
  const lines = rows.map(({ id, published, ours, holds }) => {
    const [value, interval] =
      ours === undefined ? ['', ''] : [told(ours.value), `${told(ours.low)} … ${told(ours.high)}`]
    const cells = [publishedWords(published), value].map((text) => `<td class="number">${text}</td>`)
    return `<tr class="${holds ? 'holds' : 'fails'}"><td>${mark(holds)}</td><td>${link(id)}</td>${cells.join('')}<td class="wide">${interval}</td></tr>`
  })
  const head =
    '<tr class="faint"><td></td><td>row</td><td class="number">published</td><td class="number">ours</td><td class="wide">interval</td></tr>'
  return `<details><summary>All rows in one table</summary><table>${head}${lines.join('\n')}</table></details>`
}
