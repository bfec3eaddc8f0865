import type { Command } from 'commander'
import { hopfieldTankAsync, lowerBoundAsync, tourSearchAsync } from 'hopfield-native/optimization'
import { addDrawing, type DrawingFlags, drawTo, requireDrawings } from '../drawing.js'
import { tours } from '../figures/index.js'
import { placesOf } from '../places.js'
import { gapOf, readTours, told } from '../problems.js'
import { Interrupted } from '../signals.js'
import { formatRows } from '../table.js'
import { integerFrom, seedOption } from '../values.js'
import { watched } from '../watched.js'

/** Cities of which a network is made here: more of them take minutes. */
const MOST_IN_NETWORK = 30

export function addTsp(program: Command): void {
  const tsp = program
    .command('tsp')
    .argument('<file>', 'a symmetric problem of TSPLIB, perhaps with .gz behind its name')
    .summary('find a round trip, and see what a Hopfield network makes of it')
    .description(
      `Finds a short round trip by local search, and shows beside it what 2-opt alone and, of up to ${MOST_IN_NETWORK} cities, a Hopfield network find.`,
    )
    .option('--sweeps <count>', 'double bridges per city', integerFrom(0, 2 ** 24), 100)
    .addOption(seedOption('seed of all random choices'))
  addDrawing(tsp, 'the tours side by side').action(
    async (file: string, flags: DrawingFlags & { sweeps: number; seed: bigint }) => {
      requireDrawings(flags, [file])
      const problem = readTours(file)
      const cities = Math.round(Math.sqrt(problem.variables)) + 1
      const { seed } = flags
      const found: { name: string; tour: ArrayLike<number>; length: number }[] = []
      const shown = (): string =>
        formatRows(
          ['method', 'length'],
          found.map(({ name, length }) => [name, told(length)]),
        )
      try {
        const bound = await watched(async ({ signal, progress }) => {
          progress.stage('round trips by', 3, 'methods')
          const add = (
            name: string,
            { solution }: { solution: { tour: ArrayLike<number>; length: number } },
          ): void => {
            found.push({ name, tour: solution.tour, length: solution.length })
            progress.update(found.length)
          }
          add('2-opt and Or-opt', await tourSearchAsync(problem, { numSweeps: 0, seed, signal }))
          add('tourSearch', await tourSearchAsync(problem, { numSweeps: flags.sweeps, seed, signal }))
          if (cities <= MOST_IN_NETWORK)
            add('Hopfield network', await hopfieldTankAsync(problem, { seed, signal }))
          return await lowerBoundAsync(problem, { signal })
        })
        found.sort((a, b) => b.length - a.length)
        const best = found[found.length - 1]
        console.log(shown())
        console.log(
          `\nNo tour is shorter than ${told(bound.value)}; gap of the best: ${gapOf(best.length, bound.value)}.`,
        )
        console.log(`Tour: ${Array.from(best.tour, (c) => c + 1).join(' ')}`)
        const drawn = found.map(({ name, tour, length }) => ({ name, tour, note: `length ${told(length)}` }))
        await drawTo(flags, () =>
          tours({
            title: `Round trips of ${file.replace(/^.*\//, '')}`,
            caption: `${cities} cities, ${flags.sweeps} double bridges each, seed ${seed}. No tour is shorter than ${told(bound.value)}.`,
            cities: placesOf(file, cities),
            tours: drawn,
          }),
        )
      } catch (error) {
        if (error instanceof Interrupted && found.length > 0) console.log(shown())
        throw error
      }
    },
  )
}
