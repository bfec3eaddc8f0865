// Runs at `npm ci` in a clone: builds the addon, if there is a compiler, and the TypeScript of package and apps.
// npm runs it twice, for the root and for the link through which apps find the package, so it first checks whether
// anything is left to do. Nothing here is published: scripts/package.mjs removes all scripts from the manifest.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from './compile.mjs'
import { buildWasm, missingForWasm, WASM } from './wasm.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const require = createRequire(import.meta.url)
const ADDON = join(root, 'build', 'Release', 'hopfield.node')
const STAMP = join(root, 'build', 'prepared')
const OUTPUTS = ['dist/index.cjs', 'dist/index.mjs', 'apps/cli/dist/main.js']
const INPUTS = [
  'src',
  'native',
  'apps/cli/src',
  'binding.gyp',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
]

/** Runs a program of node_modules under this Node. */
function run(script, args, options = {}) {
  return spawnSync(process.execPath, [script, ...args], { cwd: root, encoding: 'utf8', ...options })
}

function hasCompiler() {
  if (process.platform === 'win32') return true // node-gyp looks for Visual Studio itself
  const compilers = process.env.CXX ? [process.env.CXX] : ['c++', 'g++', 'clang++']
  const answers = (command) =>
    spawnSync(command, ['--version'], { shell: true, stdio: 'ignore' }).status === 0
  return compilers.some(answers) && answers('make')
}

/** Time of the last change of the file, or of the newest file in the folder. */
function changed(path) {
  const stat = statSync(path)
  if (!stat.isDirectory()) return stat.mtimeMs
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => changed(join(path, name))))
}

function isDone(compiler, missing) {
  const made = [
    STAMP,
    ...OUTPUTS.map((output) => join(root, output)),
    ...(compiler ? [ADDON] : []),
    ...(missing === undefined ? [WASM] : []),
  ]
  if (!made.every((path) => existsSync(path))) return false
  return Math.max(...INPUTS.map((input) => changed(join(root, input)))) < changed(STAMP)
}

function buildAddon(compiler) {
  if (!compiler) {
    console.log(
      'hopfield-native: no C++ compiler found; the TypeScript backend is used instead, with the same results.',
    )
    return
  }
  const result = run(require.resolve('node-gyp/bin/node-gyp.js'), ['rebuild', '--jobs', 'max'])
  mkdirSync(join(root, 'build'), { recursive: true })
  writeFileSync(join(root, 'build', 'addon.log'), `${result.stdout}\n${result.stderr}`)
  if (result.status === 0) return
  console.error(
    'hopfield-native: the addon did not build (see build/addon.log); the TypeScript backend is used instead.',
  )
  // In CI a broken build must not look like a missing compiler.
  if (process.env.CI) {
    console.error(result.stderr)
    process.exit(1)
  }
}

/** The WebAssembly module serves pages, and machines without an addon: who has no compiler for it builds without. */
async function buildModule(missing) {
  if (missing === undefined) return await buildWasm()
  console.log(
    `hopfield-native: there is no ${missing}, so the WebAssembly module was not built; see CONTRIBUTING.md.`,
  )
}

async function prepare() {
  if (!['typescript', 'node-gyp', 'rolldown'].every((name) => existsSync(join(root, 'node_modules', name)))) {
    console.log('hopfield-native: development dependencies are not installed, so nothing was built.')
    return
  }
  const compiler = hasCompiler()
  const missing = missingForWasm()
  if (isDone(compiler, missing)) return
  buildAddon(compiler)
  await buildModule(missing)
  await build()
  mkdirSync(join(root, 'build'), { recursive: true })
  writeFileSync(STAMP, '')
}

await prepare()
