// What is a Hopfield network worth for round trips? Valid reads and lengths over many starts, beside 2-opt: docs/travelling-salesman.md.
import { readFileSync } from 'node:fs'
import { hopfieldTank, lowerBound, tourSearch, tsp } from 'hopfield-native/optimization'
import { QUICK, table } from './measure.mjs'

/** The ten cities of Hopfield and Tank (1985), and TSPLIB's ulysses22 (GEO). */
const TEN = JSON.parse(readFileSync(new URL('ten-cities.json', import.meta.url), 'utf8'))
const ULYSSES =
  '38.24 20.42 39.57 26.15 40.56 25.32 36.26 23.12 33.48 10.54 37.56 12.19 38.42 13.11 37.52 20.44 41.23 9.10 41.17 13.05 36.08 -5.21 38.47 15.13 38.15 15.35 37.51 15.17 35.49 14.32 39.36 19.56 38.09 24.36 36.09 23.00 40.44 13.57 40.33 14.15 40.37 14.23 37.57 22.56'
    .split(' ')
    .map(Number)

const percent = (part, all) => `${Math.round((100 * part) / all)} %`
const mean = (values) => values.reduce((sum, x) => sum + x, 0) / values.length

export async function run(report) {
  const places = Array.from({ length: 22 }, (_, c) => ULYSSES.slice(2 * c, 2 * c + 2))
  const instances = [
    ['ten cities of 1985', tsp(TEN), QUICK ? 24 : 480],
    ['ulysses22', tsp(places, { metric: 'GEO' }), QUICK ? 12 : 48],
  ]
  for (const [name, problem, reads] of instances) {
    const { value: shortest } = tourSearch(problem, { numReads: 10 })
    const rows = []
    const tell = (method, lengths, valid, settled, time) => {
      const [average, least] = [mean(lengths) / shortest, Math.min(...lengths) / shortest]
      report.json({ question: 'tank', instance: name, method, reads, valid, settled, average, least, time })
      rows.push([
        method,
        valid === undefined ? '–' : percent(valid, reads),
        settled === undefined ? '–' : percent(settled, reads),
        average.toFixed(3),
        least.toFixed(3),
        `${(time / reads).toFixed(2)} ms`,
      ])
    }
    for (const parameters of ['hopfield-tank', 'talavan-yanez', 'subspace']) {
      const before = process.cpuUsage()
      const { networks } = hopfieldTank(problem, { parameters, numReads: reads, seed: 1 })
      const { user, system } = process.cpuUsage(before)
      const valid = networks.filter((network) => network.valid)
      const settled = networks.filter((network) => network.settled).length
      const lengths = networks.map(({ length }) => length)
      tell(parameters, lengths, valid.length, settled, (user + system) / 1000)
    }
    for (const [method, numSweeps] of [
      ['2-opt and Or-opt', 0],
      ['tourSearch', 100],
    ]) {
      const before = process.cpuUsage()
      const { energies } = tourSearch(problem, { numReads: reads, numSweeps, seed: 1 })
      const { user, system } = process.cpuUsage(before)
      tell(method, [...energies], undefined, undefined, (user + system) / 1000)
    }
    const proved = lowerBound(problem).value
    report.text(
      `## ${name}: ${reads} starts each; the shortest tour known here is ${Number(shortest.toFixed(6))}, and none is below ${Number(proved.toFixed(6))}\n`,
    )
    report.text(table(['method', 'valid', 'settled', 'mean length', 'best', 'per start'], rows))
    report.text('\n')
  }
}
