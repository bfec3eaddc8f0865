import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** A line of what each program of each page prints. */
const OUTPUT: Record<string, readonly (string | RegExp)[]> = {
  'serving.md': ['2000 of 2000', '1000 answered', 'true', 'Float64Array(25)'],
  'sequences.md': [/^7 Float64Array\(7\) \[\s+-?0\.\d+,\s+1,/],
  'temperature.md': [/^true 0\.9/],
  'analysis.md': [/^0\.00\d+ 0\.00\d+\n0\.[234]\d*\n20 patterns in 200 neurons .* above 0\.047/],
  'bidirectional-memory.md': ['true true'],
  'sparse-associative-memory.md': [/^Uint32Array\(4\) \[\s*3,\s*17,\s*402,\s*9000\s*\]/],
  'connections.md': [/^false (1|0\.99\d+)\n4$/],
}

describe.each(Object.entries(OUTPUT))('docs/%s', (page, outputs) => {
  const text = readFileSync(`${ROOT}/docs/${page}`, 'utf8')
  const programs = [...text.matchAll(/```js\n([\s\S]*?)```/g)].map((match) => match[1])

  test('has as many programs as are tried here', () => {
    expect(programs).toHaveLength(outputs.length)
  })

  test.each([...programs.entries()])('has a program %d that runs', (k, code) => {
    const output = execFileSync(process.execPath, ['--input-type=module', '-e', code], {
      cwd: ROOT,
      encoding: 'utf8',
    })
    if (typeof outputs[k] === 'string') expect(output).toContain(outputs[k])
    else expect(output.trim()).toMatch(outputs[k])
  })
})
