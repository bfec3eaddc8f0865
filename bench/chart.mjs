// Draws docs/speed.svg from measured rows: npm run bench -- --chart, or by hand from JSON lines of both questions,
// npm run -s bench -- batch-size one-cue-size --json >rows.jsonl && node bench/chart.mjs rows.jsonl
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parse, View } from 'vega'

const OUT = fileURLToPath(new URL('../docs/speed.svg', import.meta.url))
const FONT = "ui-sans-serif, system-ui, -apple-system, 'Segoe UI', 'Noto Sans', Helvetica, Arial, sans-serif"
const INK = '#22303c'
const GRID = '#e4e0d6'
/** Tiers, best first; other curves have colours of their own. */
const TIERS = ['#6a2c91', '#1c5fb0', '#12897f', '#5f8d1c', '#7d7469']
const NUMPY = {
  factored: { label: 'NumPy, (S @ X.T) @ X − P·S', colour: '#d98200' },
  matrix: { label: 'NumPy, S @ W', colour: '#bb3e03' },
}
const WIDTH = 960
const HEIGHT = 524
const PANEL = { y: 58, width: 376, height: 318 }
const NEURONS = 4096
/** Seconds with a grid line, and how far the axis extends beyond the curves. */
const DECADES = [1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1, 10]
const ROOM = 1.4

/** Curves with a label, a colour, a dash and points { x, seconds }. */
function curvesOf(rows) {
  const batches = rows.filter((row) => row.question === 'batch size' && row.neurons === NEURONS)
  const points = (of, x) => of.map((row) => ({ x: row[x], seconds: row.perCue ?? row.median }))
  const synchronous = batches.filter(
    (row) => row.dynamics === 'synchronous' && !row.curve.startsWith('NumPy'),
  )
  const tiers = [...new Set(synchronous.map(({ curve }) => curve))]
  const native = tiers.filter((tier) => tier !== 'typescript')
  const [first] = tiers
  const styles = [
    ...native.map((tier, i) => ({ curve: tier, label: tier, colour: TIERS[i % TIERS.length], dash: [] })),
    { curve: 'typescript', label: 'TypeScript', colour: '#39424a', dash: [] },
    { curve: `${first}, asynchronous`, label: `${first}, asynchronous`, colour: TIERS[0], dash: [2, 3] },
    { curve: 'NumPy (S @ X.T) @ X - P*S, without stable rows', ...NUMPY.factored, dash: [7, 3] },
    { curve: 'NumPy S @ W, without stable rows', ...NUMPY.matrix, dash: [7, 3] },
  ]
  const one = (dynamics, name) =>
    rows.filter((row) => row.question === `one cue, ${dynamics}` && row.name === name)
  const alone = {
    [first]: one('synchronous', 'hopfield-native'),
    [`${first}, asynchronous`]: one('asynchronous', 'hopfield-native'),
    [styles.at(-2).curve]: one('synchronous', 'NumPy X.T @ (X @ x) - P*x, float32'),
    [styles.at(-1).curve]: one('synchronous', 'NumPy W @ x, float32'),
  }
  const values = styles.flatMap(({ curve, label }) => [
    ...points(
      batches.filter((row) => row.curve === curve),
      'batch',
    ).map((p) => ({ ...p, label, panel: 0 })),
    ...points(alone[curve] ?? [], 'neurons').map((p) => ({ ...p, label, panel: 1 })),
  ])
  const seen = new Set(values.map(({ label }) => label))
  return { values, styles: styles.filter(({ label }) => seen.has(label)), count: batches[0].count }
}

function panel(index, values, { title, axis, x, ticks }) {
  const seconds = values.filter((value) => value.panel === index).map((value) => value.seconds)
  const [least, most] = [Math.min(...seconds) / ROOM, Math.max(...seconds) * ROOM]
  const label =
    "datum.value < 9.99e-7 ? format(datum.value * 1e9, 'd') + ' ns' : datum.value < 9.99e-4 ? format(datum.value * 1e6, 'd') + ' µs' : datum.value < 0.999 ? format(datum.value * 1e3, 'd') + ' ms' : format(datum.value, 'd') + ' s'"
  const at = { x: { scale: 'x', field: 'x' }, y: { scale: 'y', field: 'seconds' } }
  const stroke = { scale: 'colour', field: 'label' }
  return {
    type: 'group',
    encode: {
      enter: {
        x: { value: x },
        y: { value: PANEL.y },
        width: { value: PANEL.width },
        height: { value: PANEL.height },
      },
    },
    scales: [
      { name: 'x', type: 'log', base: 2, domain: [ticks[0], ticks.at(-1)], range: [0, PANEL.width] },
      {
        name: 'y',
        type: 'log',
        domain: [least, most],
        range: [PANEL.height, 0],
      },
    ],
    axes: [
      { orient: 'bottom', scale: 'x', values: ticks, title: axis, grid: true, gridScale: 'y', format: ',d' },
      {
        orient: 'left',
        scale: 'y',
        title: 'time per cue (ns, µs, ms)',
        titleX: -58,
        grid: true,
        gridScale: 'x',
        values: DECADES.filter((decade) => decade >= least && decade <= most),
        encode: { labels: { update: { text: { signal: label } } } },
      },
    ],
    marks: [
      {
        type: 'text',
        encode: {
          enter: {
            text: { value: title },
            y: { value: -18 },
            fill: { value: INK },
            font: { value: FONT },
            fontSize: { value: 15 },
            fontWeight: { value: 600 },
          },
        },
      },
      {
        type: 'group',
        from: { facet: { name: 'curve', data: `panel${index}`, groupby: 'label' } },
        marks: [
          {
            type: 'line',
            from: { data: 'curve' },
            encode: {
              enter: {
                ...at,
                stroke,
                strokeDash: { scale: 'dash', field: 'label' },
                strokeWidth: { value: 2 },
              },
            },
          },
          {
            type: 'symbol',
            from: { data: 'curve' },
            encode: { enter: { ...at, fill: stroke, size: { value: 18 } } },
          },
        ],
      },
    ],
  }
}

/** Rows as `--json` prints them. */
export async function draw(rows) {
  const { values, styles, count } = curvesOf(rows)
  const labels = styles.map(({ label }) => label)
  const spec = {
    width: WIDTH,
    height: HEIGHT,
    padding: 0,
    autosize: 'none',
    encode: {
      enter: { fill: { value: '#fbfaf7' }, stroke: { value: '#dedbd2' }, cornerRadius: { value: 14 } },
    },
    config: {
      axis: {
        labelColor: INK,
        titleColor: INK,
        labelFontSize: 12,
        titleFontSize: 13,
        titleFontWeight: 'normal',
        titlePadding: 8,
        gridColor: GRID,
        domainColor: '#8b8f92',
        tickColor: '#8b8f92',
        labelFont: FONT,
        titleFont: FONT,
      },
      legend: {
        labelColor: INK,
        labelFont: FONT,
        labelFontSize: 13,
        labelLimit: 0,
        symbolStrokeWidth: 2.5,
        symbolSize: 500,
      },
    },
    data: [0, 1].map((k) => ({ name: `panel${k}`, values: values.filter((value) => value.panel === k) })),
    scales: [
      { name: 'colour', type: 'ordinal', domain: labels, range: styles.map(({ colour }) => colour) },
      { name: 'dash', type: 'ordinal', domain: labels, range: styles.map(({ dash }) => dash) },
    ],
    legends: [
      {
        stroke: 'colour',
        strokeDash: 'dash',
        symbolType: 'stroke',
        orient: 'none',
        legendX: 78,
        legendY: 434,
        columns: Math.ceil(labels.length / 3),
        columnPadding: 48,
        rowPadding: 8,
      },
    ],
    marks: [
      panel(0, values, {
        title: `A batch, N = 4,096, P = ${count}`,
        axis: 'cues in the batch',
        x: 78,
        ticks: [1, 4, 16, 64, 256, 1024, 4096],
      }),
      panel(1, values, {
        title: 'One cue, P = N / 20',
        axis: 'neurons N',
        x: 556,
        ticks: [64, 256, 1024, 4096, 16384, 65536],
      }),
    ],
  }
  const marks = await new View(parse(spec), { renderer: 'none' }).toSVG()
  // One picture with one description: with a role per line, a screen reader would read every line.
  const svg = marks.replace(/ (role|class|aria-[a-z]+)="[^"]*"/g, '')
  const description =
    'Two log-log charts of the time to recall one cue with 20 % noise: against the size of the batch for every tier and NumPy, and against the number of neurons.'
  writeFileSync(
    OUT,
    `${svg.replace(/<svg([^>]*)>/, `<svg$1 role="img" aria-labelledby="title description">\n<title id="title">Time per cue</title>\n<desc id="description">${description}</desc>`)}\n`,
  )
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await draw(
    readFileSync(process.argv[2] ?? 0, 'utf8')
      .trim()
      .split('\n')
      .map(JSON.parse),
  )
}
