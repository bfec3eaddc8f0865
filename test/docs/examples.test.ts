import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ROOT } from './programs.js'

/** What each program of examples/ ends with. */
const ENDS: Record<string, RegExp> = {
  'keep.mjs': /is the letter T:\n\n(.*\n)+\n.*letters\.safetensors has X, T, L\n$/,
}

test('every program of examples/ is tried here', () => {
  // Folders are for browsers: scripts/check-browser.mjs opens them.
  const entries = readdirSync(join(ROOT, 'examples'), { withFileTypes: true })
  expect(entries.filter((entry) => entry.isFile()).map(({ name }) => name)).toEqual(Object.keys(ENDS))
})

test.each(Object.entries(ENDS))('examples/%s runs and says what it should', (name, end) => {
  const output = execFileSync(process.execPath, [join('examples', name)], { cwd: ROOT, encoding: 'utf8' })
  expect(output).toMatch(end)
})
