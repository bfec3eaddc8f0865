// How long does one cue of a large batch take? 1024 cues, 20 % noise, to stability, one thread: every tier and NumPy.
import { backend, HopfieldNetwork, PackedPatterns } from 'hopfield-native'
import { apart, tierEnvironment, usableTiers } from './apart.mjs'
import { digest, inFolder, makeInputs, readInput, SIZES } from './inputs.mjs'
import { best, limitsInTurn, tierLimit } from './limits.mjs'
import { duration, factor, measure, metric, percent, table, takeTurns } from './measure.mjs'
import { numpy, peersNote } from './peers.mjs'

const BATCH = 1024
/** The TypeScript backend takes milliseconds per cue, whatever the size of the batch. */
const TYPESCRIPT_BATCH = 16
const FORMS = ['matrix', 'matrix-leave', 'factored', 'factored-leave', 'factored-leave-256']

/** Rows of one tier, in its own process. Seconds of the whole batch. */
export async function work({ folder, neurons, batch, kinds }) {
  const net = new HopfieldNetwork({ neurons }).store(readInput(folder, 'patterns'))
  const cues = readInput(folder, 'cues').subarray(0, batch * neurons)
  const packed = PackedPatterns.from(cues, { neurons })
  const { tier } = backend()
  const rows = []
  const row = async (name, call, statesOf) => {
    const result = call()
    const sweeps = [...(result.sweeps ?? [])].reduce((sum, x) => sum + x, 0)
    const states = statesOf(result)
    const found = { digest: digest(states), head: digest(states.subarray(0, TYPESCRIPT_BATCH * neurons)) }
    rows.push({ name, tier, batch, ...found, sweeps, ...(await measure(call)) })
  }
  const synchronous = { dynamics: 'synchronous' }
  const oneByOne = (options) => () => {
    const states = new Int8Array(cues.length)
    for (let b = 0; b < batch; b++) {
      const cue = cues.subarray(b * neurons, (b + 1) * neurons)
      states.set(net.recall(cue, { ...options, stream: b }).state, b * neurons)
    }
    return { states }
  }
  const bytes = ({ states }) => states
  if (kinds.includes('packed')) {
    const call = () => net.recallBatch(packed, { ...synchronous, packed: true })
    await row(`${tier}, recallBatch, packed`, call, ({ states }) => states.unpack())
  }
  if (kinds.includes('bytes')) {
    await row(`${tier}, recallBatch, bytes`, () => net.recallBatch(cues, synchronous), bytes)
  }
  if (kinds.includes('one by one')) {
    await row(`${tier}, recall in a loop`, oneByOne(synchronous), bytes)
  }
  if (kinds.includes('asynchronous')) {
    const call = () => net.recallBatch(packed, { packed: true })
    await row(`${tier}, recallBatch, packed`, call, ({ states }) => states.unpack())
    const inTurn = () => net.recallBatch(packed, { packed: true, order: 'cyclic' })
    await row(`${tier}, the same, cyclic order`, inTurn, ({ states }) => states.unpack())
    await row(`${tier}, recallBatch, bytes`, () => net.recallBatch(cues), bytes)
    await row(`${tier}, recall in a loop`, oneByOne({}), bytes)
  }
  return rows
}

export async function run(report) {
  const [first, ...others] = usableTiers()
  for (const [neurons, count] of SIZES) {
    const { patterns, cues } = makeInputs([neurons, count], BATCH)
    await inFolder(neurons, { patterns, cues, cue: cues.subarray(0, neurons) }, async (folder) => {
      const group = (tier, kinds, batch = BATCH) =>
        apart(import.meta.url, 'work', { folder, neurons, batch, kinds }, tierEnvironment(tier))
      const machine = limitsInTurn('popcount', 'int8', 'float32')
      const groups = [
        machine.group,
        ...(first === undefined ? [] : [() => group(first, ['packed', 'bytes', 'one by one'])]),
        ...others.map((tier) => () => group(tier, ['packed', 'bytes'])),
        () => group('typescript', ['bytes'], TYPESCRIPT_BATCH),
        () => numpy('batch.py', folder, [BATCH, ...FORMS]).rows,
      ]
      synchronous(report, [neurons, count], await takeTurns(groups), machine.list())
      const turns = [
        () => group(first ?? 'typescript', ['asynchronous'], first === undefined ? TYPESCRIPT_BATCH : BATCH),
        () => numpy('one_cue.py', folder, ['kept']).rows.map((row) => ({ ...row, batch: 1 })),
      ]
      asynchronous(report, [neurons, count], await takeTurns(turns))
    })
  }
  report.text(`${peersNote('numpy')}\n`)
}

function synchronous(report, [neurons, count], rows, machine) {
  const told = rows.map((row) => ({ ...row, ...effort(row, [neurons, count], machine) }))
  const base = told[0].median / told[0].batch
  for (const row of told) {
    row.ok = sameStates(row, told[0])
    report.json({ question: 'batch', neurons, count, ...row, perCue: row.median / row.batch })
  }
  report.text(`## ${BATCH} cues, synchronous, 20 % noise, to stability, N = ${neurons}, P = ${count}\n`)
  report.text(
    table(
      ['', 'time per cue', 'ratio', 'operations per second', 'of the measured limit', 'which limit'],
      told.map((row) => [
        `${row.name}${row.ok ? '' : ' — other states!'}`,
        duration(row.median / row.batch),
        `${factor(row.median / row.batch / base)}×`,
        row.rate === undefined ? '' : metric(row.rate),
        row.limit === undefined ? '' : percent(row.rate / row.limit.rate),
        row.limit?.of ?? '',
      ]),
    ),
  )
  report.text(
    '\nOperations are what each form needs: here 2·P·N bits per sweep and cue (overlaps, then fields), in NumPy 2·P·N or ' +
      'N² float32 multiply-adds. A limit is the best rate of `limits`, in the unit in which the row computes: xor and popcount of ' +
      "a tier's own instructions, int8 tile products where it has them, float32 multiply-adds. A tier that computes overlaps by " +
      'other instructions than popcount may exceed its limit, or have another one.\n',
  )
}

/** Whether a row ended in the right states; the TypeScript backend recalls the first cues only. */
const sameStates = (row, first) =>
  row.batch === first.batch ? row.digest === first.digest : row.head === first.head

/** Operations per second of a row, and the limit of the machine. */
function effort({ name, tier, form, sweeps, median }, [neurons, count], machine) {
  if (!sweeps) return {}
  if (form === undefined) {
    return { rate: (2 * count * neurons * sweeps) / median, limit: tierLimit(machine, tier) }
  }
  const each = form.startsWith('matrix') ? neurons * neurons : 2 * count * neurons
  const rate = best(machine, 'float32', 'avx512') ?? best(machine, 'float32')
  return {
    name,
    rate: (each * sweeps) / median,
    limit: rate === undefined ? undefined : { rate, of: 'float32 multiply-adds' },
  }
}

function asynchronous(report, [neurons, count], rows) {
  const base = rows[0].median / rows[0].batch
  report.text(`### The same, asynchronous, random order\n`)
  for (const row of rows) {
    row.ok ??= sameStates(row, rows[0])
    report.json({ question: 'batch, asynchronous', neurons, count, ...row, perCue: row.median / row.batch })
  }
  report.text(
    table(
      ['', 'time per cue', 'ratio'],
      rows.map((row) => [
        `${row.name}${row.ok ? '' : ' — other states!'}`,
        duration(row.median / row.batch),
        `${factor(row.median / row.batch / base)}×`,
      ]),
    ),
  )
  report.text('')
}
