import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { deadLinks } from '../../scripts/site/dead-links.mjs'
import { examplePage } from '../../scripts/site/example-page.mjs'
import { siteLinks } from '../../scripts/site/site-links.mjs'
import { placeOf, sectionsOf } from '../../site/pages.mjs'
import { PAGES, programsOf, ROOT } from './programs.js'

const FILES = sectionsOf(ROOT).flatMap(({ entries }) => entries.map(({ file }) => file))

describe('the pages of the site', () => {
  test('are all of docs/, each once, and all are there', () => {
    expect(FILES.filter((file) => file.startsWith('docs/')).toSorted()).toEqual(
      PAGES.filter((file) => file.startsWith('docs/')).toSorted(),
    )
    expect(new Set(FILES).size).toBe(FILES.length)
    expect(FILES.filter((file) => !existsSync(join(ROOT, file)))).toEqual([])
  })

  test('have a place each', () => {
    expect(new Set(FILES.map(placeOf)).size).toBe(FILES.length)
    expect(placeOf('docs/solvers/anneal.md')).toBe('solvers/anneal')
    expect(placeOf('apps/cli/README.md')).toBe('cli/index')
  })
})

test('the program of the landing page prints what it says', () => {
  const [{ code }] = programsOf('site/index.md')
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', code], {
    cwd: ROOT,
    encoding: 'utf8',
  })
  expect(output).toBe('7\n')
  expect(code).toMatch(/\/\/ 7\n$/)
})

describe('a link of a page', () => {
  const { relinked, figures } = siteLinks(ROOT)

  test.each([
    ['docs/speed.md', '[a](../README.md)', '[a](./start.md)'],
    ['docs/speed.md', '[a](trust.md#x)', '[a](./trust.md#x)'],
    ['docs/solvers/tabu.md', '[a](../solvers.md)', '[a](../solvers.md)'],
    ['README.md', '[a](docs/solvers/tabu.md "t")', '[a](./solvers/tabu.md "t")'],
    ['examples/README.md', '[`a`](lecture.mjs)', '[`a`](./lecture.md)'],
    ['docs/speed.md', '[a](#below) [b](https://x.org/a)', '[a](#below) [b](https://x.org/a)'],
    [
      'examples/README.md',
      '[a](browser/)',
      '[a](https://github.com/hopfield-native/hopfield-native/tree/main/examples/browser)',
    ],
    [
      'README.md',
      '[a](LICENSE)',
      '[a](https://github.com/hopfield-native/hopfield-native/blob/main/LICENSE)',
    ],
    ['apps/cli/README.md', '![a](../../docs/digits.svg)', '![a](../figures/digits.svg)'],
    ['README.md', '<img src="docs/digits.svg">', '<img src="./figures/digits.svg">'],
    ['README.md', '`[a](x)` [b](docs/speed.md)', '`[a](x)` [b](./speed.md)'],
    ['README.md', '```js\n[a](x)\n```\n[b](docs/speed.md)', '```js\n[a](x)\n```\n[b](./speed.md)'],
    ['README.md', '````\n```\n[a](x)\n```\n````\n', '````\n```\n[a](x)\n```\n````\n'],
  ])('in %s: %s', (from, text, wanted) => {
    expect(relinked(text, from)).toBe(wanted)
  })

  test('to a file that is not there is refused', () => {
    expect(() => relinked('[a](no-such.md)', 'docs/speed.md')).toThrow('docs/speed.md links to no-such.md')
  })

  test('to a figure has it copied', () => {
    relinked('![a](docs/recall.svg)', 'README.md')
    expect(figures.get('docs/recall.svg')).toBe('figures/recall.svg')
  })
})

test('the page of an example has its header in words, its program and its output', () => {
  const page = examplePage(ROOT, 'spell-corrector.mjs')
  expect(page).toMatch(
    /^# Spell corrector\n\nA spell-corrector: .*\n\n```sh\nnode spell-corrector\.mjs \[WORD\.\.\.\]\n```\n\nThe dict/,
  )
  expect(page).toContain("```js\nimport { readFileSync } from 'node:fs'")
  expect(page).toContain(readFileSync(join(ROOT, 'examples/output/spell-corrector.txt'), 'utf8').trimEnd())
})

test('links to nowhere are found: files, places, ways out of the site', () => {
  const folder = mkdtempSync(join(tmpdir(), 'site-'))
  const links = ['/base/a.html#here', 'b.html', 'mailto:x@y.z'].map((link) => `<a href="${link}"></a>`)
  writeFileSync(join(folder, 'index.html'), `${links.join('')}<img src="/other.png">`)
  const others = ['#there', 'https://x.org/none', './'].map((link) => `<a href="${link}"></a>`)
  writeFileSync(join(folder, 'a.html'), `<p id="here">${others.join('')}`)
  expect(deadLinks(folder, '/base/').toSorted()).toEqual([
    'a.html: #there, a page without that place',
    'index.html: /other.png leaves the site',
    'index.html: b.html',
  ])
})

test.each(['hopfield', '/a', 'https://x.org/', '/a b/'])('--base %s is refused in words', (base) => {
  const { status, stderr } = spawnSync(process.execPath, ['scripts/site.mjs', '--base', base], {
    cwd: ROOT,
    encoding: 'utf8',
  })
  expect(status).toBe(2)
  expect(stderr).toContain('--base: expected a folder of a server')
})
