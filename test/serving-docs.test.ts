import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const PAGE = readFileSync(`${ROOT}/docs/serving.md`, 'utf8')
const BLOCKS = [...PAGE.matchAll(/```js\n([\s\S]*?)```/g)].map((match) => match[1])

/** A line of what each program prints. */
const OUTPUT = ['2000 of 2000', '1000 answered', 'true', 'Float64Array(25)']

test('docs/serving.md has as many programs as are tried here', () => {
  expect(BLOCKS).toHaveLength(OUTPUT.length)
})

for (const [k, code] of BLOCKS.entries()) {
  test(`program ${k + 1} of docs/serving.md runs`, () => {
    const output = execFileSync(process.execPath, ['--input-type=module', '-e', code], {
      cwd: ROOT,
      encoding: 'utf8',
    })
    expect(output).toContain(OUTPUT[k])
  })
}
