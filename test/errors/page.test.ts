import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const text = (path: string): string => readFileSync(`${ROOT}${path}`, 'utf8')
const codesIn = (source: string): string[] => [...new Set(source.match(/ERR_HOPFIELD_[A-Z]+/g) ?? [])].sort()

const sources = readdirSync(`${ROOT}src`, { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.ts'),
)
const declared = codesIn(text('src/errors.ts'))
const page = text('docs/errors.md')
/** The first column of the table. */
const rows = codesIn((page.match(/^\| `ERR_HOPFIELD_[A-Z]+` \|/gm) ?? []).join())

describe('the page on errors', () => {
  it('has a row for every code, and none for any other', () => {
    expect(rows).toEqual(declared)
  })

  it('says of each when it is thrown and what to do', () => {
    for (const line of page.match(/^\| `ERR_.*$/gm) ?? []) {
      const cells = line.split('|').map((cell) => cell.trim())
      expect(cells).toHaveLength(5)
      for (const cell of cells.slice(1, 4)) expect(cell).not.toBe('')
    }
  })

  it('names no code elsewhere that does not exist', () => {
    expect(codesIn(page)).toEqual(declared)
  })

  it('has only codes that are thrown', () => {
    const thrown = new Set<string>()
    for (const name of sources.filter((name) => name !== 'errors.ts')) {
      for (const [, code] of text(`src/${name}`).matchAll(/'(ERR_HOPFIELD_[A-Z]+)'/g)) thrown.add(code)
    }
    expect([...thrown].sort()).toEqual(declared)
  })

  it('is on the list of pages', () => {
    expect(text('README.md')).toContain('(docs/errors.md)')
  })
})
