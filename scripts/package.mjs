// Makes the two tarballs to publish, the package and its command line: what npm packs, with manifests without scripts and without
// development dependencies. Package managers block install scripts; a package without scripts installs the same way everywhere.
// Writes artifacts/hopfield-native-VERSION.tgz and artifacts/hopfield-native-cli-VERSION.tgz.
import { execFileSync } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const artifacts = join(root, 'artifacts')
const WORKSHOP = ['private', 'scripts', 'devDependencies', 'workspaces', 'overrides']

function run(command, args, cwd) {
  return execFileSync(command, args, { cwd, encoding: 'utf8', shell: process.platform === 'win32' })
}
const read = (path) => JSON.parse(readFileSync(path, 'utf8'))

/** Packs a folder of this clone. @returns the name of the tarball and what of it `look` finds. */
function pack(from, look) {
  const work = mkdtempSync(join(tmpdir(), 'hopfield-package-'))
  try {
    const [{ filename }] = JSON.parse(
      run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', work], from),
    )
    run('tar', ['-xzf', filename], work)
    const folder = join(work, 'package')
    const manifest = read(join(folder, 'package.json'))
    for (const key of WORKSHOP) delete manifest[key]
    writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`)
    if (!existsSync(join(folder, 'LICENSE'))) copyFileSync(join(root, 'LICENSE'), join(folder, 'LICENSE'))
    run('npm', ['pack', '--ignore-scripts', '--pack-destination', artifacts], folder)
    console.log(join('artifacts', filename))
    return look?.(folder)
  } finally {
    rmSync(work, { recursive: true })
  }
}

/** Files and folders, and how many bytes a file has at least: without the WebAssembly module its file is nearly empty. */
const NEEDED = {
  'dist/index.js': 1,
  'dist/web/platform/wasm-bytes.js': 10_000,
  'apps/cli/dist/main.js': 1,
  prebuilds: 0,
}

for (const [needed, bytes] of Object.entries(NEEDED)) {
  if (!existsSync(join(root, needed)) || statSync(join(root, needed)).size < bytes) {
    console.error(`package: ${needed} is missing; run npm ci and npm run prebuild:all first`)
    process.exit(1)
  }
}
const { version } = read(join(root, 'package.json'))
const command = read(join(root, 'apps/cli/package.json'))
if (command.version !== version || command.dependencies['hopfield-native'] !== `^${version}`) {
  console.error(
    `package: apps/cli/package.json must be of version ${version}, and ask for ^${version} of hopfield-native`,
  )
  process.exit(1)
}

mkdirSync(artifacts, { recursive: true })
const binaries = pack(root, (folder) =>
  readdirSync(join(folder, 'prebuilds'), { recursive: true }).filter((name) => name.endsWith('.node')),
)
console.log(`prebuilds: ${binaries.sort().join(', ')}`)
pack(join(root, 'apps/cli'))
