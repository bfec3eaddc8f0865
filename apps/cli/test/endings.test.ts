import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { setTimeout } from 'node:timers/promises'
import { formatNpy, RestrictedBoltzmannMachine, randomPatterns } from 'hopfield-native'
import { expect, test } from 'vitest'
import { LETTERS, main, plainEnvironment, scratch } from './helpers.js'

const { file, folder } = scratch()
const letters = file('letters.txt', LETTERS)

/** More patterns than can be recalled make for many sweeps: seconds of short recalls on any backend's one thread. */
const patterns = file('patterns.npy', formatNpy(randomPatterns({ count: 400, neurons: 1024 }), [400, 1024]))
const cues = file('cues.npy', formatNpy(randomPatterns({ count: 16384, neurons: 1024 }), [16384, 1024]))
const LONG = ['recall', '--store', patterns, '--cue', cues, '--max-sweeps', '1000000', '--threads', '1']
const SOON = 3000

/** Until a program has computed for a second, which is when it has long begun its work; a busy machine takes longer to that. */
async function midst(pid: number | undefined): Promise<void> {
  if (!existsSync('/proc/self/stat')) return setTimeout(1500)
  for (let ticks = 0; ticks < 100; await setTimeout(20)) {
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1].split(' ')
    ticks = Number(fields[11]) + Number(fields[12])
  }
}

test.skipIf(process.platform === 'win32').each([
  ['SIGINT', 'typescript', 130, 'interrupted'],
  ['SIGINT', 'auto', 130, 'interrupted'],
  ['SIGTERM', 'auto', 143, 'terminated'],
] as const)(
  '%s in the middle of long work (%s) ends with code %i, soon, says one line and leaves no file',
  async (signal, backend, expected, word) => {
    const out = file('out.npy')
    const kept = file('kept.npy', 'what was there before')
    const before = readdirSync(folder)
    const end = async (path: string): Promise<void> => {
      const child = spawn(process.execPath, [main, ...LONG, '--out', path], {
        env: { ...plainEnvironment, HOPFIELD_BACKEND: backend, HOPFIELD_TIER: undefined },
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      const output = [text(child.stdout), text(child.stderr)]
      const exit = once(child, 'exit')
      await midst(child.pid)
      const killed = performance.now()
      child.kill(signal)
      const [code] = await exit
      const [printed, said] = await Promise.all(output)
      // Long work is announced before.
      const ending = said.replace(/^hopfield: recalling \d+ cues: about .* to go\n/, '')
      expect([code, printed, ending]).toEqual([expected, '', `hopfield: ${word}\n`])
      expect(performance.now() - killed).toBeLessThan(SOON)
    }
    await Promise.all([out, kept].map(end))
    expect(readdirSync(folder)).toEqual(before)
    expect(readFileSync(kept, 'utf8')).toBe('what was there before')
  },
)

test.skipIf(process.platform === 'win32')(
  'Ctrl-C keeps what whole epochs taught where it was to be kept',
  async () => {
    const save = file('taught.safetensors')
    const fit = ['rbm', 'fit', patterns, '--hidden', '32', '--epochs', '1000000', '--batch', '100']
    const child = spawn(process.execPath, [main, ...fit, '--save', save], {
      env: plainEnvironment,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const [printed, said] = [text(child.stdout), text(child.stderr)]
    const exit = once(child, 'exit')
    await midst(child.pid)
    child.kill('SIGINT')
    expect(await exit).toEqual([130, null])
    expect(await printed).toMatch(/taught\.safetensors has what \d+ epochs taught\.\n$/)
    expect((await said).replace(/^hopfield: learning .* to go\n/, '')).toBe('hopfield: interrupted\n')
    expect((await RestrictedBoltzmannMachine.load(save)).visible).toBe(1024)
  },
)

test.skipIf(process.platform === 'win32')(
  'Ctrl-C in the middle of a search tells the best so far, and draws nothing',
  async () => {
    // The best state of a glass of 400 spins is soon there, and never proved.
    const pairs = Array.from({ length: 400 }, (_, i) =>
      [7, 31, 153].map((step) => `${i + 1} ${((i + step) % 400) + 1} ${(i * step) % 3 === 0 ? 1 : -1}`),
    )
    const glass = file('glass.rud', `400 1200\n${pairs.flat().join('\n')}\n`)
    const svg = file('search.svg')
    const child = spawn(process.execPath, [main, 'anneal', glass, '--seconds', '600', '--svg', svg], {
      env: plainEnvironment,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const [printed, said] = [text(child.stdout), text(child.stderr)]
    const exit = once(child, 'exit')
    await midst(child.pid)
    const killed = performance.now()
    child.kill('SIGINT')
    expect(await exit).toEqual([130, null])
    expect(performance.now() - killed).toBeLessThan(SOON)
    expect(await printed).toMatch(/^Best so far: value \d+, energy -\d+\.\n$/)
    expect((await said).replace(/^hopfield: looking for .* to go\n/, '')).toBe('hopfield: interrupted\n')
    expect(existsSync(svg)).toBe(false)
  },
)

test.skipIf(process.platform === 'win32')('Ctrl-C in the middle of an experiment draws nothing', async () => {
  const png = file('basins.png')
  const args = ['plot', 'basins', '--neurons', '4000', '--networks', '1000', '--png', png]
  const child = spawn(process.execPath, [main, ...args], {
    env: plainEnvironment,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [printed, said] = [text(child.stdout), text(child.stderr)]
  const exit = once(child, 'exit')
  await midst(child.pid)
  const killed = performance.now()
  child.kill('SIGINT')
  expect(await exit).toEqual([130, null])
  expect(performance.now() - killed).toBeLessThan(SOON)
  expect([await printed, existsSync(png)]).toEqual(['', false])
  expect((await said).replace(/^hopfield: measuring .* to go\n/, '')).toBe('hopfield: interrupted\n')
})

test.skipIf(process.platform === 'win32')('a signal while output waits for its reader ends it', async () => {
  const child = spawn(process.execPath, [main, ...LONG, '--max-sweeps', '1', '--json'], {
    env: plainEnvironment,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const complaints = text(child.stderr)
  const exit = once(child, 'exit')
  // The first bytes are there, and nobody reads the megabytes after them.
  await once(child.stdout, 'readable')
  child.kill('SIGINT')
  expect([await exit, await complaints]).toEqual([[130, null], 'hopfield: interrupted\n'])
})

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
