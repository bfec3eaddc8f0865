// Makes the pictures of the documentation that programs draw: node scripts/pictures.mjs FOLDER [NAME]. FOLDER has digits-8x8.csv.gz,
// unifont-16x16.hex.gz, gset/ and tsp/; NAME is one of the pictures, all of them by default, which takes some minutes. docs/speed.svg is made by
// `npm run bench`. All but energy.svg, in which time is an axis, are the same in each run; tests compare some of them.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const [folder, only] = process.argv.slice(2)
if (folder === undefined)
  throw new Error('expected a folder of data: node scripts/pictures.mjs FOLDER [NAME]')
const root = fileURLToPath(new URL('../', import.meta.url))
const made = mkdtempSync(join(tmpdir(), 'hopfield-pictures-'))
const digits = join(folder, 'digits-8x8.csv.gz')
const machine = join(made, 'digits.safetensors')

/** What draws each picture. */
const PICTURES = {
  recall: ['demo'],
  digits: ['digits', digits],
  filters: ['rbm', 'fit', digits, '--hidden', '64', '--epochs', '60', '--save', machine],
  completed: ['rbm', 'complete', digits, '--load', machine],
  samples: ['rbm', 'sample', '--load', machine],
  tour: ['tsp', join(folder, 'tsp/ulysses22.tsp')],
  energy: ['anneal', join(folder, 'gset/G22.txt.gz'), '--seconds', '3'],
  rules: plot('capacity', {
    measure: 'exact',
    neurons: 200,
    noise: 0.1,
    networks: 10,
    cues: 40,
    loads: '0.05:0.8:0.05',
    learning: [
      'hebbian',
      'storkey',
      'pseudoinverse:dependent=skip',
      'perceptron:margin=0.5',
      'minimal-overlap',
    ],
  }),
  capacity: plot('capacity', { neurons: '500,2000', loads: '0.06:0.18:0.01', cues: 50, networks: 10 }),
  'phase-diagram': plot('phase-diagram', { neurons: 1000, networks: 3, cues: 10 }),
  basins: plot('basins', { cues: 50 }),
  'spurious-states': plot('spurious', {}),
  'errors-1982': plot('histogram', { units: 'binary' }),
  palimpsest: plot('palimpsest', { networks: 50 }),
  'sequence-length': plot('sequence', {}),
  separation: plot('separation', {}),
}

/** A figure of `hopfield plot`, with these options. */
function plot(kind, options) {
  const flags = Object.entries(options).flatMap(([name, value]) =>
    [value].flat().flatMap((one) => [`--${name}`, String(one)]),
  )
  return ['plot', kind, ...flags]
}

try {
  for (const [name, command] of Object.entries(PICTURES)) {
    // Two pictures are of what the first of three has learned.
    const needed =
      only === undefined || only === name || (name === 'filters' && ['completed', 'samples'].includes(only))
    if (!needed) continue
    const path =
      only === undefined || only === name ? join(root, 'docs', `${name}.svg`) : join(made, `${name}.svg`)
    console.log(`${name}.svg: hopfield ${command.join(' ')}`)
    const main = join(root, 'apps/cli/dist/main.js')
    execFileSync(process.execPath, [main, ...command, '--svg', path], {
      stdio: ['ignore', 'ignore', 'inherit'],
    })
  }
} finally {
  rmSync(made, { recursive: true })
}
