import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const README = readFileSync(`${ROOT}/README.md`, 'utf8')

test('the ten lines of the README run, and recall the X', () => {
  const code = /```js\n([\s\S]*?)```/.exec(README)?.[1] ?? ''
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', code], {
    cwd: ROOT,
    encoding: 'utf8',
  })
  expect(output).toContain('#...#\n.#.#.\n..#..\n.#.#.\n#...# true')
})

test('the server lines of the README run, and recall everything', () => {
  const code = [...README.matchAll(/```js\n([\s\S]*?)```/g)][1]?.[1] ?? ''
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', code], {
    cwd: ROOT,
    encoding: 'utf8',
  })
  expect(output.trim().split('\n').slice(-2)).toEqual(['200', '200 true'])
})

test('the lines of two learning rules run, and tell them apart', () => {
  const code = [...README.matchAll(/```js\n([\s\S]*?)```/g)][2]?.[1] ?? ''
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', code], {
    cwd: ROOT,
    encoding: 'utf8',
  })
  expect(output).toBe('hebbian 0\npseudoinverse 60\n')
})

test('the lines of the other memories run, and find what they look for', () => {
  const code = [...README.matchAll(/```js\n([\s\S]*?)```/g)][3]?.[1] ?? ''
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', code], {
    cwd: ROOT,
    encoding: 'utf8',
  })
  expect(output.split('\n')[0]).toBe('7')
  expect(output).toContain('Uint32Array(1) [ 0 ]')
})

test('the lines that keep a memory run, and find it again', () => {
  const code = [...README.matchAll(/```js\n([\s\S]*?)```/g)][4]?.[1] ?? ''
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', code], {
    cwd: ROOT,
    encoding: 'utf8',
  })
  expect(output).toBe('2 25\n')
})

test('every file the README points to exists', () => {
  const targets = [...README.matchAll(/\]\(([^)#:]+)\)/g)].map((match) => match[1])
  expect(targets.length).toBeGreaterThan(8)
  for (const target of targets) expect(existsSync(`${ROOT}/${target}`), target).toBe(true)
})

test('the picture of the README is the one the demo makes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hopfield-readme-'))
  try {
    const made = join(folder, 'made.svg')
    execFileSync(process.execPath, ['apps/cli/dist/main.js', 'demo', '--svg', made], { cwd: ROOT })
    expect(readFileSync(made, 'utf8')).toBe(readFileSync(`${ROOT}/docs/recall.svg`, 'utf8'))
  } finally {
    rmSync(folder, { recursive: true })
  }
})
