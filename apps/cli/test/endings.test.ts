import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { formatNpy, randomPatterns } from 'hopfield-native'
import { expect, test } from 'vitest'
import { LETTERS, main, plainEnvironment, scratch } from './helpers.js'

const { file, folder } = scratch()
const letters = file('letters.txt', LETTERS)

/** Half a minute of short recalls for the TypeScript backend. */
const patterns = file('patterns.npy', formatNpy(randomPatterns({ count: 400, neurons: 1024 }), [400, 1024]))
const cues = file('cues.npy', formatNpy(randomPatterns({ count: 8192, neurons: 1024 }), [8192, 1024]))
const SOON = 3000

test.skipIf(process.platform === 'win32').each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)(
  '%s in the middle of long work ends with code %i, soon, and leaves no file',
  async (signal, expected) => {
    const out = file('out.npy')
    const before = readdirSync(folder)
    const child = spawn(
      process.execPath,
      [main, 'recall', '--store', patterns, '--cue', cues, '--out', out],
      {
        env: { ...plainEnvironment, HOPFIELD_BACKEND: 'typescript', HOPFIELD_TIER: undefined },
        stdio: 'ignore',
      },
    )
    const exit = once(child, 'exit')
    await setTimeout(1500)
    const killed = performance.now()
    child.kill(signal)
    const [code] = await exit
    expect(code).toBe(expected)
    expect(performance.now() - killed).toBeLessThan(SOON)
    expect(readdirSync(folder)).toEqual(before)
  },
)

test('a reader that closes the pipe early ends the program quietly', async () => {
  const child = spawn(process.execPath, [main, 'recall', '--store', letters, '--json'], {
    env: plainEnvironment,
  })
  child.stdout.destroy()
  let complaints = ''
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    complaints += chunk
  })
  const [code] = await once(child, 'close')
  expect([code, complaints]).toEqual([0, ''])
})

test('standard output that is no terminal gets no colours, even where CI is set', async () => {
  const child = spawn(process.execPath, [main, 'recall', '--store', letters], {
    env: { ...process.env, CI: '1', FORCE_COLOR: undefined, NO_COLOR: undefined },
  })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    output += chunk
  })
  await once(child, 'close')
  expect(output).toContain('exact')
  expect(output).not.toContain('\u001b')
})
