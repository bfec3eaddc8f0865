import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { formatNpy, randomPatterns } from 'hopfield-native'
import { describe, expect, test } from 'vitest'
import { LETTERS, main, plainEnvironment, scratch, startHopfield } from './helpers.js'

const { file } = scratch()
const letters = file('letters.txt', LETTERS)
const patterns = file('patterns.npy', formatNpy(randomPatterns({ count: 100, neurons: 512 }), [100, 512]))
const COUNT = 1000
const cues = file('cues.npy', formatNpy(randomPatterns({ count: COUNT, neurons: 512 }), [COUNT, 512]))
/** Seconds for the TypeScript backend. */
const SLOW = ['recall', '--store', patterns, '--cue', cues, '--noise', '0.1', '--rows', '0']
const slowly = { HOPFIELD_BACKEND: 'typescript', HOPFIELD_TIER: undefined }
const ESC = '\u001b'

/** util-linux's: the one of other systems takes its arguments otherwise. */
const hasTerminals = spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout?.includes('util-linux')
if (!hasTerminals && process.env['CI']) throw new Error('script of util-linux is missing')

/** Runs the program with a terminal for all but what the command line sends elsewhere. */
function inTerminal(args: readonly string[], redirect = '') {
  const line = [process.execPath, main, ...args].map((part) => `'${part}'`).join(' ')
  const child = spawn('script', ['--quiet', '--return', '--command', `${line} ${redirect}`, '/dev/null'], {
    env: { ...plainEnvironment, ...slowly, TERM: 'xterm' },
    stdio: 'pipe',
  })
  return { child, screen: text(child.stdout), exit: once(child, 'exit') }
}

describe.skipIf(!hasTerminals)('on a terminal', () => {
  test('a bar moves while long work is done, and is gone at the end', async () => {
    const { screen, exit } = inTerminal(SLOW, '> /dev/null')
    expect((await exit)[0]).toBe(0)
    const bar = await screen
    const recalled = [...bar.matchAll(/recalling .*? (\d+) of 1000 cues/g)].map((match) => Number(match[1]))
    expect(new Set(recalled).size).toBeGreaterThan(2)
    expect(recalled).toEqual([...recalled].sort((a, b) => a - b))
    // To the first column, and nothing on the line.
    expect(bar.endsWith(`${ESC}[1G${ESC}[2K`)).toBe(true)
  })

  test('short work shows none', async () => {
    const { screen, exit } = inTerminal(['recall', '--store', letters], '> /dev/null')
    expect((await exit)[0]).toBe(0)
    expect(await screen).toBe('')
  })

  test('Ctrl-C takes the bar away, says one line and ends with code 130', async () => {
    const out = file('out.npy')
    const { child, screen, exit } = inTerminal([...SLOW, '--max-sweeps', '1000000', '--out', out])
    // Once: the second would be the system's.
    let seen = ''
    child.stdout.on('data', function press(chunk: Buffer) {
      seen += chunk
      if (!seen.includes('recalling')) return
      child.stdin.write('\u0003')
      child.stdout.off('data', press)
    })
    expect((await exit)[0]).toBe(130)
    expect((await screen).endsWith(`${ESC}[1G${ESC}[2Khopfield: interrupted\r\n`)).toBe(true)
    expect(existsSync(out)).toBe(false)
  })
})

test('stderr that is no terminal gets no bar', () => {
  const { code, stderr } = startHopfield(SLOW, slowly)
  // Where the machine is busy, it takes long enough to be announced.
  expect([code, stderr.replace(/^hopfield: recalling 1000 cues: about .* to go\n$/, '')]).toEqual([0, ''])
})
