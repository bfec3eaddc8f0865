// How long does a memory of sparse codes take to recall one? Every tier, and NumPy with a matrix of booleans or floats.
import { backend, randomCodes, SparseAssociativeMemory } from 'hopfield-native'
import { apart, tierEnvironment, usableTiers } from './apart.mjs'
import { digest, inFolder } from './inputs.mjs'
import { duration, factor, measure, QUICK, table, takeTurns } from './measure.mjs'
import { numpy, peersNote } from './peers.mjs'

const dist = (path) => import(new URL(`../dist/${path}`, import.meta.url).href)
const [UNITS, ACTIVE, STORED] = QUICK ? [2000, 14, 2000] : [10_000, 20, 20_000]
/** Cues per batch. */
const TOGETHER = 256
/** Codes per call of store. */
const PART = 2000

/** Portion k of the stored codes; the first code of the first portion is the cue. */
const codes = (k) => randomCodes({ neurons: UNITS, active: ACTIVE, count: PART, seed: k })

/** Rows of one tier, in its own process: whole calls, single and batched, and the kernel alone. */
export async function work() {
  const { kernelsFor } = await dist('kernels/select.js')
  const activity = ACTIVE / UNITS
  const willshaw = new SparseAssociativeMemory({ neurons: UNITS, rule: 'willshaw' })
  const covariance = new SparseAssociativeMemory({
    neurons: UNITS,
    rule: { kind: 'tsodyks-feigelman', activity },
  })
  const kernels = kernelsFor('auto')
  const words = ((UNITS + 511) >> 9) << 4
  const weights = kernels.allocate(UNITS * words)
  const row = new Uint32Array(words)
  for (let k = 0; k < STORED / PART; k++) {
    const part = codes(k)
    willshaw.store(part)
    covariance.store(part)
    for (let mu = 0; mu < PART; mu++) {
      const active = activeOf(part.subarray(mu * UNITS, (mu + 1) * UNITS))
      row.fill(0)
      for (const i of active) row[i >>> 5] |= 1 << (i & 31)
      kernels.willshawStore(weights, UNITS, UNITS, active, row)
    }
  }
  const first = codes(0)
  const cue = first.slice(0, UNITS)
  const active = activeOf(cue)
  const many = Array.from({ length: TOGETHER }, (_, b) => ({
    active: activeOf(first.subarray(b * UNITS, (b + 1) * UNITS)),
  }))
  const { tier } = backend()
  const rows = []
  const add = (name, took, more = {}) => rows.push({ name: `${tier}, ${name}`, tier, ...took, ...more })
  const memory = { form: 'synapses', inputs: UNITS, outputs: UNITS, auto: true, weights }
  const [starts, outcomes] = [Uint32Array.of(0, ACTIVE), new Uint32Array(2)]
  for (const [what, threshold] of [
    ['all units', undefined],
    ['a threshold', ACTIVE - 5],
  ]) {
    const plan = { threshold, winners: undefined, steps: 1 }
    const call = () => kernels.recallCodes(memory, starts, active, 1, plan, row, outcomes)
    add(`kernel, ${what}`, await measure(call))
  }
  const list = many.map((one) => one.active)
  const all = {
    starts: Uint32Array.from({ length: TOGETHER + 1 }, (_, b) => b * ACTIVE),
    units: Uint32Array.from(list.flatMap((units) => [...units])),
    rows: kernels.allocate(TOGETHER * words),
    outcomes: new Uint32Array(2 * TOGETHER),
  }
  const each = ({ median, least, ...rest }) => ({
    median: median / TOGETHER,
    least: least / TOGETHER,
    ...rest,
  })
  const plan = { threshold: undefined, winners: undefined, steps: 1 }
  const together = () =>
    kernels.recallCodes(memory, all.starts, all.units, TOGETHER, plan, all.rows, all.outcomes)
  add(`kernel, all units, ${TOGETHER} together, each`, each(await measure(together)))
  for (const [rule, net] of [
    ['Willshaw', willshaw],
    ['covariance', covariance],
  ]) {
    const states = { states: digest(net.recall(cue, { maxSteps: 1 }).state) }
    add(`${rule}, bytes to bytes`, await measure(() => net.recall(cue, { maxSteps: 1 })), states)
    add(`${rule}, by indices`, await measure(() => net.recall({ active }, { maxSteps: 1 })), states)
    add(
      `${rule}, ${TOGETHER} together, each`,
      each(await measure(() => net.recallBatch(many, { maxSteps: 1 }))),
    )
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
  const told = rows.find(({ states }) => states !== undefined).states
  const same = (row) => row.states === undefined || row.states === told
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
    `\nA recall returns a state of ${UNITS} bytes, from a cue of as many bytes or from the indices of its units; a kernel returns bits. ${peersNote('numpy')}\n`,
  )
}
