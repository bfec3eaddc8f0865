// How long does Willshaw's memory take to call up one code? Every tier, and NumPy with a boolean matrix.
import { backend, randomCodes, SparseAssociativeMemory } from 'hopfield-native'
import { apart, tierEnvironment, usableTiers } from './apart.mjs'
import { digest, inFolder } from './inputs.mjs'
import { duration, factor, measure, QUICK, table, takeTurns } from './measure.mjs'
import { numpy, numpyNote } from './peers.mjs'

const dist = (path) => import(new URL(`../dist/${path}`, import.meta.url).href)
const [UNITS, ACTIVE, STORED] = QUICK ? [2000, 14, 2000] : [10_000, 20, 20_000]
/** Codes stored at a time. */
const PART = 2000

/** Part k of the codes that are stored; the first code of the first is the cue. */
const codes = (k) => randomCodes({ neurons: UNITS, active: ACTIVE, count: PART, seed: k })

/** Rows of one tier, in a process of its own: whole calls, and the kernel alone. */
export async function work() {
  const { kernelsFor } = await dist('kernels/select.js')
  const net = new SparseAssociativeMemory({ neurons: UNITS, rule: 'willshaw' })
  const kernels = kernelsFor('auto')
  const words = ((UNITS + 511) >> 9) << 4
  const weights = kernels.allocate(UNITS * words)
  const row = new Uint32Array(words)
  for (let k = 0; k < STORED / PART; k++) {
    const part = codes(k)
    net.store(part)
    for (let mu = 0; mu < PART; mu++) {
      const active = activeOf(part.subarray(mu * UNITS, (mu + 1) * UNITS))
      row.fill(0)
      for (const i of active) row[i >>> 5] |= 1 << (i & 31)
      kernels.willshawStore(weights, UNITS, UNITS, active, row)
    }
  }
  const cue = codes(0).slice(0, UNITS)
  const active = activeOf(cue)
  const { state } = net.recall(cue)
  const { tier } = backend()
  const rows = [
    { name: `${tier}, recall`, tier, states: digest(state), ...(await measure(() => net.recall(cue))) },
  ]
  for (const [what, threshold] of [
    ['all units', ACTIVE],
    ['a threshold', ACTIVE - 5],
  ]) {
    const took = await measure(() => kernels.willshawRecall(weights, UNITS, UNITS, active, threshold, row))
    rows.push({ name: `${tier}, kernel, ${what}`, tier, ...took })
  }
  return rows
}

const activeOf = (code) => Uint32Array.from([...code.keys()].filter((i) => code[i] === 1))

export async function run(report) {
  const inputs = { active: new Float64Array(STORED * ACTIVE) }
  for (let k = 0; k < STORED / PART; k++) {
    const part = codes(k)
    for (let mu = 0; mu < PART; mu++) {
      inputs.active.set(activeOf(part.subarray(mu * UNITS, (mu + 1) * UNITS)), (k * PART + mu) * ACTIVE)
    }
  }
  const group = (tier) => () => apart(import.meta.url, 'work', {}, tierEnvironment(tier))
  const rows = await inFolder(UNITS, inputs, (folder) =>
    takeTurns([
      ...usableTiers().map(group),
      group('typescript'),
      () => numpy('sparse.py', folder, [String(UNITS), String(ACTIVE)]).rows,
    ]),
  )
  const same = (row) => row.states === undefined || row.states === rows[0].states
  for (const row of rows)
    report.json({ question: 'sparse', units: UNITS, active: ACTIVE, stored: STORED, ...row, ok: same(row) })
  report.text(`## One code of ${ACTIVE} of ${UNITS} units, ${STORED} stored, whole cue\n`)
  report.text(
    table(
      ['', 'time', 'ratio'],
      rows.map((row) => [
        `${row.name}${same(row) ? '' : ' — another state!'}`,
        duration(row.median),
        `${factor(row.median / rows[0].median)}×`,
      ]),
    ),
  )
  report.text(
    `\nA recall reads a cue of ${UNITS} bytes and makes a state of as many; a kernel takes and gives units and bits. ${numpyNote()}\n`,
  )
}
