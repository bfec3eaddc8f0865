// How long do the energies of 1024 states take? All at once, one at a time, and NumPy with the matrix and without.
import { backend, HopfieldNetwork, PackedPatterns } from 'hopfield-native'
import { inFolder, makeInputs, SIZES } from './inputs.mjs'
import { limitsInTurn, tierLimit } from './limits.mjs'
import { duration, factor, measure, metric, percent, table, takeTurns } from './measure.mjs'
import { numpy, peersNote } from './peers.mjs'

const STATES = 1024

export async function run(report) {
  for (const [neurons, count] of SIZES) {
    const { patterns, cues: states } = makeInputs([neurons, count], STATES)
    const net = new HopfieldNetwork({ neurons }).store(patterns)
    const packed = PackedPatterns.from(states, { neurons })
    const oneByOne = () => {
      const energies = new Float64Array(STATES)
      for (let b = 0; b < STATES; b++) {
        energies[b] = net.energy(states.subarray(b * neurons, (b + 1) * neurons))
      }
      return energies
    }
    const energies = oneByOne()
    const group = (name, call) => async () => {
      const ok = call().every((energy, b) => energy === energies[b])
      return [{ name, ours: true, ok, ...(await measure(call)) }]
    }
    const machine = limitsInTurn('popcount', 'int8')
    const rows = await inFolder(neurons, { patterns, states, energies }, (folder) =>
      takeTurns([
        machine.group,
        ...(net.energyBatch === undefined
          ? []
          : [
              group('energyBatch, packed', () => net.energyBatch(packed)),
              group('energyBatch, bytes', () => net.energyBatch(states)),
            ]),
        group('energy in a loop', oneByOne),
        () => numpy('energy.py', folder, []).rows,
      ]),
    )
    const limit = tierLimit(machine.list(), backend().tier)
    report.text(`## Energies of ${STATES} states, N = ${neurons}, P = ${count}\n`)
    if (net.energyBatch === undefined) report.text('This build has no energyBatch.\n')
    for (const row of rows) report.json({ question: 'energy', neurons, count, states: STATES, ...row })
    report.text(
      table(
        [
          '',
          'all',
          'time per state',
          'ratio',
          'bit operations per second',
          `of the limit${limit ? ` (${limit.of})` : ''}`,
        ],
        rows.map(({ name, ours, median, ok }) => {
          const rate = (count * neurons * STATES) / median
          return [
            `${name}${ok ? '' : ' — other energies!'}`,
            duration(median),
            duration(median / STATES),
            `${factor(median / rows[0].median)}×`,
            ours ? metric(rate) : '',
            ours && limit ? percent(rate / limit.rate) : '',
          ]
        }),
      ),
    )
    report.text('')
  }
  report.text(`P·N bit operations per state: its overlaps. ${peersNote('numpy')}\n`)
}
