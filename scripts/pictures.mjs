// Makes the pictures of the documentation that programs draw: node scripts/pictures.mjs FOLDER [NAME]. FOLDER has digits-8x8.csv.gz, gset/ and
// tsp/; NAME is one of the pictures, all of them by default. docs/speed.svg is made by `npm run bench`. All but energy.svg, in which time is an
// axis, are the same in each run; tests compare some of them.
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
}

try {
  for (const [name, command] of Object.entries(PICTURES)) {
    // Two pictures are of what the first of three has learned.
    const needed =
      only === undefined || only === name || (name === 'filters' && ['completed', 'samples'].includes(only))
    if (!needed) continue
    const path =
      only === undefined || only === name ? join(root, 'docs', `${name}.svg`) : join(made, `${name}.svg`)
    console.log(`${name}.svg`)
    const main = join(root, 'apps/cli/dist/main.js')
    execFileSync(process.execPath, [main, ...command, '--svg', path], {
      stdio: ['ignore', 'inherit', 'inherit'],
    })
  }
} finally {
  rmSync(made, { recursive: true })
}
