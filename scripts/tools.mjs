// Fetches a tool of scripts/tools/ once, in the version and with the checksums of its lock file.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const FILES = ['package.json', 'package-lock.json']

/** Where tools of all clones are kept. */
function cache() {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'hopfield-native')
}

/** @returns the folder in whose node_modules the tool is. */
export function tool(name) {
  const from = fileURLToPath(new URL(`tools/${name}/`, import.meta.url))
  const lock = createHash('sha256')
    .update(readFileSync(join(from, 'package-lock.json')))
    .digest('hex')
  const to = join(cache(), `${name}-${lock.slice(0, 12)}`)
  if (existsSync(to)) return to
  const beside = `${to}.${process.pid}.tmp`
  mkdirSync(beside, { recursive: true })
  try {
    for (const file of FILES) copyFileSync(join(from, file), join(beside, file))
    console.log(`fetching ${name}, as scripts/tools/${name}/package-lock.json has it`)
    // A Node for another machine is what is wanted here, so its `os` and `cpu` are no reason to refuse it.
    const { status } = spawnSync(
      'npm',
      ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', '--force'],
      { cwd: beside, stdio: 'inherit', shell: process.platform === 'win32' },
    )
    if (status !== 0) throw new Error(`${name} could not be fetched`)
    if (!existsSync(to)) renameSync(beside, to)
  } finally {
    rmSync(beside, { recursive: true, force: true })
  }
  return to
}
