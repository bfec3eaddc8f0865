// How long do Storkey's rule and the pseudo-inverse take, which read what is stored already? Compared with NumPy and with memory.
import { PackedPatterns } from 'hopfield-native'
import { apart, tierEnvironment, usableTiers } from './apart.mjs'
import { inFolder, makeInputs } from './inputs.mjs'
import { best, limitsInTurn } from './limits.mjs'
import { duration, factor, measure, percent, table, takeTurns } from './measure.mjs'
import { numpy, peersNote } from './peers.mjs'

const dist = (path) => import(new URL(`../dist/${path}`, import.meta.url).href)

/** [rule, neurons, patterns, patterns for TypeScript, least bytes to read and write]. */
const QUESTIONS = [
  // One triangle, once per pattern.
  ['storkey', 1000, 400, 20, (n, p) => p * n * n * 4],
  ['pseudo-inverse', 4096, 1000, 300, (_, p) => (p ** 3 / 3) * 4],
]

/** Rows of one tier, in its own process: { name, tier, median, sum }, for `count` patterns. */
export async function work({ rule, neurons, count }) {
  const { kernelsFor } = await dist('kernels/select.js')
  const { paddedStride } = await dist('kernels/contract/layout.js')
  const { patterns } = makeInputs([neurons, count], 0)
  const { words } = PackedPatterns.from(patterns, { neurons })
  const kernels = kernelsFor('auto')
  const rows = rule === 'storkey' ? neurons : count
  const stride = paddedStride(rows)
  const { alignedReals } = await dist('storage/aligned.js')
  const values = alignedReals(kernels, 'values', rows * stride)
  const coefficients = new Float64Array(count)
  const call = () => {
    values.fill(0)
    if (rule === 'storkey') kernels.storkey(words, count, neurons, values)
    else kernels.border(words, 0, count, neurons, 1e-6, values, stride, coefficients)
  }
  const took = await measure(call)
  return [
    {
      name: kernels.tier,
      tier: kernels.tier,
      count,
      ...took,
      sum: values.reduce((a, x) => a + Math.abs(x), 0),
    },
  ]
}

export async function run(report) {
  for (const [rule, neurons, count, fewer, bytes] of QUESTIONS) {
    const { patterns } = makeInputs([neurons, count], 0)
    const machine = limitsInTurn('update')
    const ours = (tier, patternCount) => () =>
      apart(import.meta.url, 'work', { rule, neurons, count: patternCount }, tierEnvironment(tier))
    const tiers = usableTiers()
    const rows = await inFolder(neurons, { patterns }, (folder) =>
      takeTurns([
        machine.group,
        ...tiers.map((tier) => ours(tier, count)),
        ...(tiers.length > 0 ? [ours(tiers[0], fewer)] : []).map(
          (group) => async () =>
            (await group()).map((row) => ({ ...row, name: `${row.name}, ${fewer} patterns` })),
        ),
        async () =>
          (await ours('typescript', fewer)()).map((row) => ({
            ...row,
            name: `typescript, ${fewer} patterns`,
          })),
        () => numpy('learning.py', folder, [rule]).rows,
      ]),
    )
    // The same mathematics in another order: the sums of all numbers agree up to rounding.
    const same = (row) =>
      row.sum === undefined || (row.count ?? count) !== count || Math.abs(row.sum / rows[0].sum - 1) < 1e-6
    for (const row of rows)
      report.json({
        question: 'learning',
        rule,
        neurons,
        patterns: row.count ?? count,
        ...row,
        ok: same(row),
      })
    const rate = best(machine.list(), 'update', 'one', '4 MiB')
    report.text(
      `## ${rule === 'storkey' ? 'Storkey’s rule' : 'The pseudo-inverse'}, N = ${neurons}, P = ${count}\n`,
    )
    report.text(
      table(
        ['', 'time', 'ratio', 'time per pattern', 'of the machine’s rate'],
        rows.map((row) => [
          `${row.name}${same(row) ? '' : ' — other numbers!'}`,
          duration(row.median),
          `${factor(row.median / rows[0].median)}×`,
          duration(row.median / (row.count ?? count)),
          row.tier !== undefined && row.tier !== 'typescript' && rate !== undefined
            ? percent(bytes(neurons, row.count) / rate / row.median)
            : '',
        ]),
      ),
    )
    report.text('')
  }
  report.text(
    `${peersNote('numpy')} The machine’s rate: changing 4 MiB of numbers in place, each number once per pattern.\n`,
  )
}
