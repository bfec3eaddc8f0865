import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { expect, test } from 'vitest'
import { PAGES, programsOf, ROOT } from './programs.js'

const OPTIONS = {
  strict: true,
  noEmit: true,
  skipLibCheck: false,
  target: 'es2022',
  module: 'nodenext',
  types: ['node'],
}

// Every program of the documentation is at once JavaScript and strict TypeScript.
test('all programs of the documentation compile under strict', { timeout: 60_000 }, () => {
  mkdirSync(join(ROOT, 'build'), { recursive: true })
  // Inside the repository, so that they find the package as apps do.
  const folder = mkdtempSync(join(ROOT, 'build', 'docs-'))
  try {
    for (const page of PAGES) {
      for (const [k, { code }] of programsOf(page).entries()) {
        // The export makes it a module whatever it imports.
        const name = `${page === 'apps/cli/README.md' ? 'cli' : basename(page, '.md')}-${k}.mts`
        writeFileSync(join(folder, name), `${code}\nexport {}\n`)
      }
    }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: OPTIONS }))
    const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc')
    const { stdout } = spawnSync(process.execPath, [tsc, '-p', folder, '--pretty', 'false'], {
      encoding: 'utf8',
    })
    expect(stdout.trim().split('\n')).toEqual([''])
  } finally {
    rmSync(folder, { recursive: true })
  }
})
