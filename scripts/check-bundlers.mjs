// Does what docs/bundling.md says, word for word, with the package as it is packed:
//   node scripts/check-bundlers.mjs [--runtimes] [RECIPE...]
// The tools are in scripts/bundlers, with a lock file of their own; --runtimes adds Bun and Deno, of 100 MB each.
import { execFileSync } from 'node:child_process'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expectThat, install, installTools, recipesOf, root, shell } from './recipes.mjs'

const RUNTIMES = ['Bun', 'Deno']

const asked = process.argv.slice(2).filter((word) => word !== '--runtimes')
const withRuntimes = process.argv.includes('--runtimes')

const sections = recipesOf('bundling.md')
const program = sections.find(({ name }) => name === 'The recipes').files[0]
const known = sections.filter(({ lines }) => lines.length > 0)
for (const name of asked) {
  if (!known.some((recipe) => recipe.name === name)) {
    console.error(`no recipe ${name}; the page has ${known.map((recipe) => recipe.name).join(', ')}`)
    process.exit(2)
  }
}

function filesOf(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
}

/** Builds by a recipe, and runs what it made where there is nothing else. */
function tryRecipe({ files, lines }, app, digest) {
  const made = lines.at(-1).includes('out/')
  rmSync(join(app, 'out'), { recursive: true, force: true })
  mkdirSync(join(app, 'out'))
  mkdirSync(join(app, 'made'), { recursive: true })
  for (const { name, text } of [program, ...files]) writeFileSync(join(app, name), text)
  for (const line of lines.slice(0, -1)) shell(line, app)
  const run = lines.at(-1)
  if (!made) {
    const { stdout } = shell(run, app)
    if (run.includes('program.mjs'))
      expectThat(stdout.trim() === `native ${digest}`, `${run} printed ${stdout}`)
    for (const { name } of files) rmSync(join(app, name))
    return 'native'
  }
  const elsewhere = realpathSync(mkdtempSync(join(tmpdir(), 'hopfield-deployed-')))
  try {
    cpSync(join(app, 'out'), join(elsewhere, 'out'), { recursive: true })
    const there = shell(run, elsewhere)
    expectThat(there.stdout.trim() === `native ${digest}`, `${run} printed ${there.stdout}${there.stderr}`)
    expectThat(there.stderr === '', `${run} warned: ${there.stderr}`)
    const all = filesOf(join(elsewhere, 'out'))
    for (const file of all.filter((file) => /\.[cm]?js$/.test(file))) {
      expectThat(
        !readFileSync(file, 'utf8').includes(app),
        `${file} has the path of the machine that bundled`,
      )
    }
    for (const file of all.filter((file) => file.endsWith('.node'))) rmSync(file)
    const without = shell(run, elsewhere)
    expectThat(
      // WebAssembly comes with the package where that is installed, and not into bundles.
      [`typescript ${digest}`, `wasm ${digest}`].includes(without.stdout.trim()),
      `without addon ${run} printed ${without.stdout}`,
    )
    expectThat(
      without.stderr.split('[HOPFIELD_NATIVE_MISSING]').length === 2,
      `without addon ${run} said ${without.stderr}`,
    )
    const quiet = shell(run, elsewhere, { HOPFIELD_BACKEND: 'typescript' })
    expectThat(quiet.stderr === '', `${run} warned where TypeScript was asked for: ${quiet.stderr}`)
    return 'native; without its addon it warns'
  } finally {
    rmSync(elsewhere, { recursive: true })
    for (const { name } of files) rmSync(join(app, name), { force: true })
  }
}

const app = join(root, 'build-bundlers')
const tools = join(root, 'scripts', 'bundlers')
installTools(tools, app)
if (withRuntimes) installTools(join(tools, 'runtimes'), join(app, 'runtimes'), { scripts: true })
if (withRuntimes) {
  // Where scripts of packages are not run: these two only put a binary in its place.
  for (const script of ['bun/install.js', 'deno/install.cjs']) {
    execFileSync(process.execPath, [join(app, 'runtimes', 'node_modules', script)], { stdio: 'ignore' })
  }
  for (const name of ['bun', 'deno']) {
    rmSync(join(app, 'node_modules', '.bin', name), { force: true })
    writeFileSync(
      join(app, 'node_modules', '.bin', name),
      `#!/bin/sh\nexec '${join(app, 'runtimes', 'node_modules', '.bin', name)}' "$@"\n`,
      { mode: 0o755 },
    )
  }
}
install(app)
writeFileSync(join(app, program.name), program.text)
const [backend, digest] = shell('node program.mjs', app).stdout.trim().split(' ')
expectThat(backend === 'native', `the package itself computes on ${backend}`)

let failed = 0
for (const recipe of known) {
  if (asked.length > 0 ? !asked.includes(recipe.name) : RUNTIMES.includes(recipe.name) && !withRuntimes)
    continue
  const since = performance.now()
  try {
    const result = tryRecipe(recipe, app, digest)
    console.log(`${recipe.name}: ${result} (${((performance.now() - since) / 1000).toFixed(1)} s)`)
  } catch (error) {
    failed++
    console.error(`${recipe.name}: FAILED: ${error.message}`)
  }
}
process.exitCode = failed === 0 ? 0 : 1
