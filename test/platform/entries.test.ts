import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const { exports } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
const ENTRIES = Object.keys(exports).filter((path) => path !== './package.json')

/** What a program prints that Node runs in this folder. */
function printed(code: string, ...options: string[]): unknown {
  const text = execFileSync(process.execPath, [...options, '-e', code], { cwd: ROOT, encoding: 'utf8' })
  return JSON.parse(text)
}

describe.each(ENTRIES)('the entry %s', (path) => {
  const name = path.replace(/^\./, 'hopfield-native')
  const modules: string = exports[path].import.module

  it('has the same values for import and require, and the same names for bundlers', async () => {
    // Node's own way of requiring ES modules is off, as it is in jest.
    const seen = printed(
      `(async () => {
        const here = await import('${name}'), there = require('${name}'), bundled = await import('${modules}')
        console.log(JSON.stringify([
          Object.keys(there).filter((name) => here[name] !== there[name]),
          Object.keys(here).sort(), Object.keys(there).sort(), Object.keys(bundled).sort(),
        ]))
      })()`,
      '--no-experimental-require-module',
    )
    const names = Object.keys(
      await import(join(ROOT, modules.replace('./dist', 'src').replace('.js', '.ts'))),
    ).sort()
    expect(seen).toEqual([[], names, names, names])
  })

  it('is typed for both', () => {
    expect(exports[path].import).toMatchObject({ types: modules.replace('.js', '.d.mts'), module: modules })
    expect(exports[path].require).toMatchObject({
      types: modules.replace('./dist', './dist/types').replace('.js', '.d.ts'),
      module: modules,
    })
  })
})

it('leads from the stack of an error to the sources', () => {
  const stack = printed(
    "try { new (require('hopfield-native').HopfieldNetwork)({ neurons: -1 }) } catch (error) { console.log(JSON.stringify(error.stack)) }",
    '--enable-source-maps',
  )
  expect(stack).toContain('src/memories/hopfield/hopfield-network.ts')
})
