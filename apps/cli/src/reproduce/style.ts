/** Of the report: one column on a phone; on wide pages two rows side by side, and figures beside their row. */
export const STYLE = `
:root { color-scheme: light dark; --paper: #fbfaf7; --ink: #22303c; --faint: #5d6871; --rule: #e4e1d8; --good: #00694a; --bad: #b34700; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #14191f; --ink: #e3e8ec; --faint: #9aa7b2; --rule: #2b333c; --good: #5fc9a3; --bad: #ff9a57; }
}
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 76rem; padding: 1.5rem 1rem 4rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.5 ui-sans-serif, system-ui, -apple-system, 'Segoe UI', 'Noto Sans', Helvetica, Arial, sans-serif }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .5rem }
h2 { font-size: 1.2rem; margin: 2.5rem 0 0; border-bottom: 1px solid var(--rule); grid-column: 1 / -1 }
h3 { font-size: 1rem; font-weight: 600; margin: 0 }
p { margin: .4rem 0; max-width: 46rem }
a { color: inherit }
.faint, dt { color: var(--faint) }
article { padding: .8rem 0; border-bottom: 1px solid var(--rule); min-width: 0 }
.mark { font-weight: 700 } .holds .mark { color: var(--good) } .fails .mark { color: var(--bad) }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0 1rem; margin: .4rem 0 }
dd { margin: 0; font-variant-numeric: tabular-nums; overflow-wrap: anywhere }
code { font-size: .85em; overflow-wrap: anywhere }
figure { margin: .5rem 0; min-width: 0 }
figure svg { width: 100%; height: auto; display: block }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums }
td { padding: .1rem .8rem .1rem 0; border-bottom: 1px solid var(--rule); vertical-align: top; overflow-wrap: anywhere }
td.number { text-align: right }
summary { cursor: pointer; margin: 1rem 0 .5rem }
@media (max-width: 40rem) {
  .wide { display: none }
  /* Text of a figure is too small at the width of a phone: it is wider, and what is to the right fades until it is pushed into sight. */
  figure { overflow-x: auto; mask-image: linear-gradient(to right, #000 calc(100% - 1.5rem), transparent) }
  figure svg { width: 34rem; margin-right: 1.5rem }
}
@media (min-width: 60rem) {
  section { display: grid; grid-template-columns: 1fr 1fr; gap: 0 2.5rem; grid-auto-flow: dense }
  article.pictured { grid-column: 1 / -1; display: grid; grid-template-columns: 1fr 1fr; gap: 0 2.5rem }
}
`
