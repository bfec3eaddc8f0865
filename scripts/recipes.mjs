// Pages of docs/ whose commands are tried word for word, with the package as it is packed: what check-bundlers.mjs and check-browser.mjs share.
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { host, prebuildFor } from '../dist/platform/node/addon.js'

export const root = fileURLToPath(new URL('..', import.meta.url))

/** Headings of the page that have commands: the files that come before them, and the commands. */
export function recipesOf(page) {
  return readFileSync(join(root, 'docs', page), 'utf8')
    .split(/^##+ /m)
    .slice(1)
    .map((section) => {
      const blocks = [...section.matchAll(/^```(\w+)\n([\s\S]*?)^```/gm)]
      const files = blocks
        .filter(([, kind]) => kind !== 'sh')
        .map(([, , text]) => {
          const [first, ...rest] = text.split('\n')
          return { name: first.replace(/^(\/\/|<!--) | -->$/g, ''), text: rest.join('\n') }
        })
      const lines = blocks
        .filter(([, kind]) => kind === 'sh')
        .flatMap(([, , text]) => text.trim().split('\n'))
      return { name: section.slice(0, section.indexOf('\n')), files, lines }
    })
}

/** Installs the packages of a lock file into a folder, unless they are there. */
export function installTools(from, place, { scripts = false } = {}) {
  const lock = readFileSync(join(from, 'package-lock.json'))
  mkdirSync(place, { recursive: true })
  const installed = join(place, 'installed-lock.json')
  if (existsSync(installed) && readFileSync(installed).equals(lock)) return
  for (const name of ['package.json', 'package-lock.json']) cpSync(join(from, name), join(place, name))
  execFileSync(
    'npm',
    ['ci', '--no-audit', '--no-fund', '--prefer-offline', ...(scripts ? [] : ['--ignore-scripts'])],
    { cwd: place, stdio: ['ignore', 'ignore', 'inherit'] },
  )
  cpSync(join(from, 'package-lock.json'), installed)
}

/** Runs what a shell would, and fails as it does. */
export function shell(line, cwd, env = {}) {
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
export function install(app) {
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

export function expectThat(holds, message) {
  if (!holds) throw new Error(message)
}
