// Makes the tarball to publish: what npm packs, with a manifest without scripts and without development
// dependencies. Package managers block install scripts; a package without scripts
// installs the same way everywhere. Writes artifacts/hopfield-native-VERSION.tgz.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const artifacts = join(root, 'artifacts')
const WORKSHOP = ['private', 'scripts', 'devDependencies', 'workspaces']

function run(command, args, cwd) {
  return execFileSync(command, args, { cwd, encoding: 'utf8', shell: process.platform === 'win32' })
}

for (const needed of ['dist/index.js', 'prebuilds']) {
  if (!existsSync(join(root, needed))) {
    console.error(`package: ${needed} is missing; run npm ci and npm run prebuild:native first`)
    process.exit(1)
  }
}

mkdirSync(artifacts, { recursive: true })
const work = mkdtempSync(join(tmpdir(), 'hopfield-package-'))
try {
  const [{ filename }] = JSON.parse(
    run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', work], root),
  )
  run('tar', ['-xzf', filename], work)
  const folder = join(work, 'package')
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  for (const key of WORKSHOP) delete manifest[key]
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`)
  run('npm', ['pack', '--ignore-scripts', '--pack-destination', artifacts], folder)
  console.log(join('artifacts', filename))
  console.log(
    `prebuilds: ${readdirSync(join(folder, 'prebuilds'), { recursive: true })
      .filter((name) => name.endsWith('.node'))
      .join(', ')}`,
  )
} finally {
  rmSync(work, { recursive: true })
}
