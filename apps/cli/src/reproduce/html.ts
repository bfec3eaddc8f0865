import { escaped } from '../figures/svg.js'
import type { Outcome, Report } from './run.js'
import { publishedWords, told, tookWords } from './text.js'

const STYLE = `
:root { color-scheme: light dark; --paper: #fbfaf7; --ink: #22303c; --faint: #5d6871; --rule: #e4e1d8; --good: #00694a; --bad: #b34700; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #14191e; --ink: #e6e3db; --faint: #9aa5ae; --rule: #303a43; --good: #5fc9a3; --bad: #ff9a57; }
}
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 70rem; padding: 1.5rem 1rem 4rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.5 ui-sans-serif, system-ui, -apple-system, 'Segoe UI', 'Noto Sans', Helvetica, Arial, sans-serif }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .5rem }
h2 { font-size: 1.2rem; margin: 2.5rem 0 .25rem; border-bottom: 1px solid var(--rule) }
p, dl { margin: .4rem 0 }
.faint, dt { color: var(--faint) }
article { padding: .8rem 0; border-bottom: 1px solid var(--rule); display: grid; gap: .2rem 2rem }
h3 { font-size: 1rem; font-weight: 600; margin: 0 }
.mark { font-weight: 700 } .holds .mark { color: var(--good) } .fails .mark { color: var(--bad) }
figure { margin: .5rem 0; overflow-x: auto } figure svg { width: 100%; min-width: 30rem; height: auto; display: block }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0 1rem }
dd { margin: 0; font-variant-numeric: tabular-nums; overflow-wrap: anywhere }
code { font-size: .85em; overflow-wrap: anywhere }
@media (min-width: 60rem) { article { grid-template-columns: 3fr 2fr } article > * { grid-column: 1 } article > figure { grid-column: 2; grid-row: 1 / span 9 } }
`

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
networks, or exact bounds. Where the number is a limit or a bound, the rule says how it is compared; it was written before the measurement.</p>
<p class="faint">hopfield reproduce --seed ${seed}${quick ? ' --quick' : ''}; ${tookWords(report)}; backend ${backend.name}, ${backend.tier}${complete ? '' : '; <strong>interrupted: rows are missing</strong>'}</p>
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
  return `<article class="${holds ? 'holds' : 'fails'}" id="${escaped(id)}">
<h3><span class="mark">${holds ? '✓' : '✗'}</span> ${escaped(claim)}</h3>
<code class="faint">${escaped(id)}</code>
<dl>${facts.map(([name, text]) => `<dt>${name}</dt><dd>${escaped(text)}</dd>`).join('')}</dl>${figure === undefined ? '' : `<figure>${await figure.svg()}</figure>`}
</article>
`
}
