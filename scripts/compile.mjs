// Compiles TypeScript: the package and its apps, or with --check the tests and the published types. What every script needs is
// here because two releases of TypeScript are installed, and both want to be called tsc.
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundle } from './bundle.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))

function compile(project, release = 'typescript') {
  const tsc = join(root, 'node_modules', release, 'bin', 'tsc')
  const { status } = spawnSync(process.execPath, [tsc, '-p', project], { cwd: root, stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}

/** Inferred types spell out a default argument, `Float64Array<ArrayBufferLike>`, which TypeScript before 5.7 does not know. */
function omitDefaults(folder) {
  for (const name of readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.d.ts'))) {
    const path = join(folder, name)
    const text = readFileSync(path, 'utf8')
    const plain = text.replace(/\b(\w+Array|DataView)<ArrayBufferLike>/g, '$1')
    if (plain !== text) writeFileSync(path, plain)
  }
}

export async function build() {
  compile('tsconfig.json')
  omitDefaults(join(root, 'dist', 'types'))
  await bundle(root)
  for (const app of ['server', 'client', 'cli', 'cluster']) compile(`apps/${app}/tsconfig.json`)
}

/** The published types must serve users of the oldest release named here, and of the newest. */
function check() {
  compile('tsconfig.test.json')
  // Pages have other globals than Node.
  compile('apps/playground')
  compile('examples')
  compile('tsconfig.published.json')
  compile('tsconfig.published.json', 'typescript-5.4')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.argv.includes('--check') ? check() : await build()
}
