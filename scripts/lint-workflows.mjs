// Checks .github/workflows with actionlint.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { tool } from './tools.mjs'

/** Machines of GitHub's own that are newer than the linter, which reads no settings. */
const NEWER = /label "(macos-15-intel|windows-11-arm)" is unknown/

const root = fileURLToPath(new URL('..', import.meta.url))
const program = join(
  tool('actionlint'),
  'node_modules',
  '@tktco',
  'node-actionlint',
  'bin',
  'node-actionlint.js',
)
const { stdout, stderr, status } = spawnSync(process.execPath, [program, '.github/workflows/*.yml'], {
  cwd: root,
  encoding: 'utf8',
})
const said = `${stdout}${stderr}`
const [intro, ...findings] = said.split(/^(?=\.github\/)/m)
const left = findings.filter((finding) => !NEWER.test(finding))
// An end without findings is a failure of the linter itself.
if (left.length > 0 || (status !== 0 && findings.length === 0)) {
  console.error(left.length > 0 ? left.join('') : said)
  process.exit(1)
}
console.log(`workflows: ${intro.match(/\d+ workflow/)?.[0] ?? 'no workflow'}(s), no faults`)
