import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url))
const DOCS = join(ROOT, 'docs')
const pictures = readdirSync(DOCS).filter((name) => name.endsWith('.svg'))
const pages = [
  ...readdirSync(DOCS, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(DOCS, name)),
  join(ROOT, 'README.md'),
  join(ROOT, 'apps/cli/README.md'),
].map((path) => readFileSync(path, 'utf8'))

describe.each(pictures)('docs/%s', (name) => {
  const svg = readFileSync(join(DOCS, name), 'utf8')

  test('is in the house style: 640 wide, for light and dark pages, with words for screen readers', () => {
    expect(svg).toMatch(/^<svg [^>]*class="figure" viewBox="0 0 640 \d+" width="640"/)
    expect(svg).toContain('@media (prefers-color-scheme:dark)')
    for (const words of ['title', 'desc'])
      expect(svg).toMatch(new RegExp(`<${words} id="[^"]+">[^<]{10,}</${words}>`))
  })

  test('is well-formed, and draws something', async () => {
    const { channels } = await sharp(Buffer.from(svg)).stats()
    expect(Math.max(...channels.map(({ stdev }) => stdev))).toBeGreaterThan(5)
  })

  test('is on a page, with words in its place', () => {
    const image = new RegExp(`!\\[[^\\]]{20,}\\]\\([^)]*\\b${name.replace('.', '\\.')}\\)`)
    expect(pages.some((page) => image.test(page))).toBe(true)
  })
})

test('pages show no picture that is not there', () => {
  const shown = pages.flatMap((page) =>
    Array.from(page.matchAll(/!\[[^\]]*\]\((?:\.\.\/)*(?:docs\/)?([\w-]+\.svg)\)/g), ([, name]) => name),
  )
  expect(shown.length).toBeGreaterThan(8)
  expect(shown.filter((name) => !pictures.includes(name))).toEqual([])
})
