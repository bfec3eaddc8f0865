import { Command } from 'commander'
import { addAnneal } from './commands/anneal.js'
import { addBench } from './commands/bench.js'
import { addDemo } from './commands/demo.js'
import { addDigits } from './commands/digits.js'
import { addInfo } from './commands/info.js'
import { addPlot } from './commands/plot.js'
import { addRbm } from './commands/rbm.js'
import { addRecall } from './commands/recall.js'
import { addReproduce } from './commands/reproduce.js'
import { addRules } from './commands/rules.js'
import { addServe } from './commands/serve.js'
import { addTsp } from './commands/tsp.js'
import { complain } from './complain.js'
import { cliVersion } from './versions.js'

function commandLine(): Command {
  const program = new Command('hopfield')
    .description('Associative memory: store patterns, recall them from noise, and see what happened.')
    .version(cliVersion, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .exitOverride()
    // Commander throws the error too; complain.ts prints all errors in one form.
    .configureOutput({ outputError() {} })
    .addHelpText(
      'after',
      `
Examples:
  $ hopfield demo --svg figure.svg
  $ hopfield recall --store unifont-16x16.hex.gz --range 99AC,5716,9E97 --noise 0.2
  $ hopfield rules --store unifont-16x16.hex.gz --range 4E00-4E1F
  $ hopfield plot recall --svg recall.svg
  $ hopfield digits digits-8x8.csv.gz --svg digits.svg
  $ hopfield rbm fit digits-8x8.csv.gz --save digits.safetensors --svg filters.svg
  $ hopfield rbm sample --load digits.safetensors --svg samples.svg
  $ hopfield anneal G1.txt.gz --known 11624 --svg energy.svg
  $ hopfield tsp berlin52.tsp --svg tour.svg
  $ hopfield reproduce --html report.html
  $ hopfield serve memory.safetensors
  $ hopfield bench --serve memory.safetensors
  $ hopfield info

HOPFIELD_BACKEND=native|typescript and HOPFIELD_TIER=scalar|avx2|avx512|amx|neon
choose what computes; the results are the same bits.
Exit codes: 0 success, 1 error in a file or the backend,
2 error in the command line, 3 a published result that reproduce does not find.`,
    )

  addDemo(program)
  addRecall(program)
  addRules(program)
  addPlot(program)
  addDigits(program)
  addRbm(program)
  addAnneal(program)
  addTsp(program)
  addReproduce(program)
  addServe(program)
  addBench(program)
  addInfo(program)
  return program
}

/** Does what the arguments say, prints it, and returns the exit code. */
export async function run(args: readonly string[]): Promise<number> {
  try {
    await commandLine().parseAsync(args, { from: 'user' })
    return 0
  } catch (error) {
    return complain(error)
  }
}
