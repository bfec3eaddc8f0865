// Does what docs/bundling.md says, word for word, with the package as it is packed:
//   node scripts/check-bundlers.mjs [--runtimes] [RECIPE...]
// The tools are in scripts/bundlers, with a lock file of their own; --runtimes adds Bun and Deno, of 100 MB each.
import { execFileSync, spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { host, prebuildFor } from '../dist/platform/node/addon.js'

const RUNTIMES = ['Bun', 'Deno']
const root = fileURLToPath(new URL('..', import.meta.url))
const page = readFileSync(join(root, 'docs', 'bundling.md'), 'utf8')

const asked = process.argv.slice(2).filter((word) => word !== '--runtimes')
const withRuntimes = process.argv.includes('--runtimes')

/** Headings of the page that have commands: the files that come before them, and the commands. */
function recipes() {
  return page
    .split(/^##+ /m)
    .slice(1)
    .map((section) => {
      const blocks = [...section.matchAll(/^```(\w+)\n([\s\S]*?)^```/gm)]
      const files = blocks
        .filter(([, kind]) => kind !== 'sh')
        .map(([, , text]) => {
          const [first, ...rest] = text.split('\n')
          return { name: first.replace(/^\/\/ /, ''), text: rest.join('\n') }
        })
      const lines = blocks
        .filter(([, kind]) => kind === 'sh')
        .flatMap(([, , text]) => text.trim().split('\n'))
      return { name: section.slice(0, section.indexOf('\n')), files, lines }
    })
}

const sections = recipes()
const program = sections.find(({ name }) => name === 'The recipes').files[0]
const known = sections.filter(({ lines }) => lines.length > 0)
for (const name of asked) {
  if (!known.some((recipe) => recipe.name === name)) {
    console.error(`no recipe ${name}; the page has ${known.map((recipe) => recipe.name).join(', ')}`)
    process.exit(2)
  }
}

/** Runs what a shell would, and fails as it does. */
function shell(line, cwd, env = {}) {
  const path = [join(cwd, 'node_modules', '.bin'), process.env.PATH].join(delimiter)
  const { status, stdout, stderr } = spawnSync('bash', ['-c', line], {
    cwd,
    encoding: 'utf8',
    env: {
      ...process.env,
      HOPFIELD_BACKEND: '',
      HOPFIELD_TIER: '',
      HOPFIELD_NATIVE_PREBUILD: '',
      NODE_OPTIONS: '',
      PATH: path,
      ...env,
    },
  })
  if (status !== 0) throw new Error(`${line}\n${stdout}${stderr}`)
  return { stdout, stderr }
}

/** The package as npm packs it, with the addon that was built here, in node_modules of a program. */
function install(app) {
  const staged = mkdtempSync(join(tmpdir(), 'hopfield-staged-'))
  for (const name of ['package.json', 'README.md', 'LICENSE', 'CHANGELOG.md', 'dist', 'src']) {
    cpSync(join(root, name), join(staged, name), { recursive: true })
  }
  const binary = join(staged, prebuildFor(host()))
  mkdirSync(dirname(binary), { recursive: true })
  cpSync(join(root, 'build', 'Release', 'hopfield.node'), binary)
  const [{ filename }] = JSON.parse(
    execFileSync('npm', ['pack', '--json', '--ignore-scripts'], { cwd: staged, encoding: 'utf8' }),
  )
  const folder = join(app, 'node_modules', 'hopfield-native')
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  execFileSync('tar', ['-xzf', join(staged, filename), '-C', folder, '--strip-components=1'])
  rmSync(staged, { recursive: true })
}

function expectThat(holds, message) {
  if (!holds) throw new Error(message)
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
      without.stdout.trim() === `typescript ${digest}`,
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
for (const folder of [tools, ...(withRuntimes ? [join(tools, 'runtimes')] : [])]) {
  const place = folder === tools ? app : join(app, 'runtimes')
  const lock = readFileSync(join(folder, 'package-lock.json'))
  mkdirSync(place, { recursive: true })
  const installed = join(place, 'installed-lock.json')
  if (existsSync(installed) && readFileSync(installed).equals(lock)) continue
  for (const name of ['package.json', 'package-lock.json']) cpSync(join(folder, name), join(place, name))
  const scripts = folder === tools ? ['--ignore-scripts'] : []
  execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--prefer-offline', ...scripts], {
    cwd: place,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  cpSync(join(folder, 'package-lock.json'), installed)
}
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
