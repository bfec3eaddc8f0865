import { type Command, Option } from 'commander'
import { lowerBoundAsync, type SolverProgress, solveAsync } from 'hopfield-native/optimization'
import { bars } from '../bars.js'
import { addDrawing, type DrawingFlags, drawTo, requireDrawings } from '../drawing.js'
import { energyFigure } from '../energy-figure.js'
import { FORMATS, type Format, gapOf, readProblem, told } from '../problems.js'
import { Interrupted } from '../signals.js'
import { positive, real, seedOption } from '../values.js'
import { watched } from '../watched.js'
import { wrapped } from '../width.js'

interface Flags extends DrawingFlags {
  format?: Format
  seconds: number
  seed: bigint
  known?: number
}

export function addAnneal(program: Command): void {
  const anneal = program
    .command('anneal')
    .argument(
      '<file>',
      'a G-set graph, a QUBO, an Ising or a TSPLIB problem, perhaps with .gz behind its name',
    )
    .summary('solve an optimisation problem: Max-Cut, QUBO, Ising')
    .description(
      'Looks for the state of least energy with the solvers that suit the problem, and tells how far from the best it can be.',
    )
    .addOption(new Option('--format <format>', 'of the file, where its name does not tell').choices(FORMATS))
    .option('--seconds <seconds>', 'how long to look', positive, 2)
    .addOption(seedOption('seed of all random choices'))
    .option('--known <value>', 'a value to compare with; the search ends once it is reached', real)
  addDrawing(anneal, 'the least energy against time').action((file: string, flags: Flags) =>
    solve(file, flags),
  )
}

async function solve(file: string, { format, seconds, seed, known, ...drawing }: Flags): Promise<void> {
  requireDrawings(drawing, [file])
  const problem = readProblem(file, format)
  let best: SolverProgress | undefined
  const began = performance.now()
  try {
    const [result, bound, time] = await watched(async ({ signal, progress }) => {
      progress.stage('looking for', Math.ceil(seconds * 10), 'tenths of a second')
      const found = await solveAsync(problem, {
        maxTime: seconds * 1000,
        seed,
        signal,
        ...(known === undefined ? {} : { target: known }),
        onProgress(now) {
          best = now
          progress.update(Math.min(Math.floor(now.time / 100), Math.ceil(seconds * 10)))
        },
      })
      const ended = performance.now() - began
      return [found, await lowerBoundAsync(problem, { signal }), ended] as const
    })
    const { value, energy, history, chosen, proved } = result
    const lines = [
      `${problem.variables} variables: ${problem.sense === 'max' ? 'largest' : 'least'} value ${told(value)}, energy ${told(energy)}, after ${duration(history[history.length - 1][0])} of ${duration(time)}.`,
      ...chosen.map(({ solver, variables, reason }) => `${solver} on ${variables} variables: ${reason}.`),
    ]
    if (problem.repeatedPairs > 0) {
      lines.push(`Pairs that are in the file again, and were added up: ${problem.repeatedPairs}.`)
    }
    if (known !== undefined) lines.push(`Gap to ${told(known)}: ${gapOf(value, known)}.`)
    lines.push(
      proved
        ? 'No state is better: proved.'
        : `No value is better than ${told(bound.value)} (${bound.method}); gap: ${gapOf(value, bound.value)}.`,
    )
    lines.push(`Energy, from first to last: ${bars(history.map(([, e]) => e))}`)
    const caption = `${problem.variables} variables, seed ${seed}, ${duration(time)}.`
    const least = Math.min(bound.energy, energy)
    await drawTo(drawing, () => energyFigure(file.replace(/^.*\//, ''), history, time, least, caption))
    console.log(wrapped(lines.join('\n')))
  } catch (error) {
    if (error instanceof Interrupted && best !== undefined) {
      console.log(wrapped(`Best so far: value ${told(best.value)}, energy ${told(best.energy)}.`))
    }
    throw error
  }
}

function duration(milliseconds: number): string {
  return milliseconds < 1000
    ? `${told(Number(milliseconds.toPrecision(3)))} ms`
    : `${(milliseconds / 1000).toFixed(1)} s`
}
