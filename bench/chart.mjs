// Draws docs/speed.svg from measured rows: npm run bench -- --chart, or by hand from JSON lines of both questions,
// npm run -s bench -- batch-size one-cue-size --json >rows.jsonl && node bench/chart.mjs rows.jsonl
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { curvesPart, figure } from '../apps/cli/dist/figures/index.js'

const OUT = fileURLToPath(new URL('../docs/speed.svg', import.meta.url))
const NUMPY = { factored: 'NumPy, (S @ X.T) @ X − P·S', matrix: 'NumPy, S @ W' }
const NEURONS = 4096

/** Curves of both charts, in one order: one curve has one colour in both. */
function curvesOf(rows) {
  const batches = rows.filter((row) => row.question === 'batch size' && row.neurons === NEURONS)
  const points = (of, x) => of.map((row) => ({ x: row[x], seconds: row.perCue ?? row.median }))
  const synchronous = batches.filter(
    (row) => row.dynamics === 'synchronous' && !row.curve.startsWith('NumPy'),
  )
  const tiers = [...new Set(synchronous.map(({ curve }) => curve))]
  const [first] = tiers
  const styles = [
    ...tiers.map((tier) => ({
      curve: tier,
      label: tier === 'typescript' ? 'TypeScript' : tier,
      kind: 'measured',
    })),
    { curve: `${first}, asynchronous`, label: `${first}, asynchronous`, kind: 'measured' },
    { curve: 'NumPy (S @ X.T) @ X - P*S, without stable rows', label: NUMPY.factored, kind: 'theory' },
    { curve: 'NumPy S @ W, without stable rows', label: NUMPY.matrix, kind: 'theory' },
  ]
  const one = (dynamics, name) =>
    rows.filter((row) => row.question === `one cue, ${dynamics}` && row.name === name)
  const alone = {
    [first]: one('synchronous', 'hopfield-native'),
    [`${first}, asynchronous`]: one('asynchronous', 'hopfield-native'),
    [styles.at(-2).curve]: one('synchronous', 'NumPy X.T @ (X @ x) - P*x, float32'),
    [styles.at(-1).curve]: one('synchronous', 'NumPy W @ x, float32'),
  }
  const curves = styles.map(({ curve, label, kind }, color) => {
    const batch = points(
      batches.filter((row) => row.curve === curve),
      'batch',
    )
    return { label, kind, color, panels: [batch, points(alone[curve] ?? [], 'neurons')] }
  })
  return {
    curves: curves.filter(({ panels }) => panels.some((panel) => panel.length > 0)),
    count: batches[0].count,
  }
}

/** Seconds as people say them. */
function duration(seconds) {
  const [unit, least] = [
    ['ns', 1e-9],
    ['µs', 1e-6],
    ['ms', 1e-3],
    ['s', 1],
  ].findLast(([, least]) => seconds > 0.99 * least)
  return `${Math.round(seconds / least)} ${unit}`
}

/** The figure of rows as `--json` prints them. */
export function figureOf(rows) {
  const { curves, count } = curvesOf(rows)
  const panel = (index, title, ticks) => {
    const shown = curves
      .filter(({ panels }) => panels[index].length > 0)
      .map(({ panels, ...curve }) => ({
        ...curve,
        x: panels[index].map(({ x }) => x),
        y: panels[index].map(({ seconds }) => seconds),
      }))
    return curvesPart({
      x: { title, scale: 'log', ticks, domain: [ticks[0] / 1.15, ticks.at(-1) * 1.15] },
      y: { title: 'time per cue', scale: 'log', label: duration },
      // The first chart names the curves for both.
      curves: index === 0 ? shown : shown.map((curve) => ({ ...curve, label: '' })),
    })
  }
  return figure(
    {
      title: 'Time per cue',
      caption: `Cues with 20 % noise, recalled until they are stable. Above: N = 4,096, P = ${count}; below: one cue, P = N / 20. Medians of one round on one machine.`,
      description:
        'Two log-log charts of the time to recall one cue with 20 % noise: against the size of the batch for every tier and NumPy, and against the number of neurons.',
    },
    panel(0, 'cues in the batch', [1, 4, 16, 64, 256, 1024, 4096]),
    panel(1, 'neurons N', [64, 256, 1024, 4096, 16384, 65536]),
  )
}

export async function draw(rows) {
  writeFileSync(OUT, await figureOf(rows).svg())
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await draw(
    readFileSync(process.argv[2] ?? 0, 'utf8')
      .trim()
      .split('\n')
      .map(JSON.parse),
  )
}
