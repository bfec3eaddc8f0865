import { readFileSync } from 'node:fs'
import { addNoise, bipolar, formatNpy, HopfieldNetwork, parseNpy, randomPatterns } from 'hopfield-native'
import { describe, expect, test } from 'vitest'
import type { Report } from '../src/report.js'
import { findUnifont, hopfield, LETTERS, scratch } from './helpers.js'

const { file } = scratch()
const letters = file('letters.txt', LETTERS)
const patterns = LETTERS.trim()
  .split('\n\n')
  .map((letter) => bipolar(letter))

async function report(...args: string[]): Promise<Report> {
  const { code, stdout, stderr } = await hopfield(['recall', ...args, '--json'])
  expect([code, stderr]).toEqual([0, ''])
  return JSON.parse(stdout)
}

describe('hopfield recall', () => {
  test('stored patterns are their own cues where none is given', async () => {
    const { results, summary } = await report('--store', letters)
    expect(results.map(({ cue, nearest, verdict }) => [cue, nearest, verdict])).toEqual([
      ['letters[0]', 'letters[0]', 'exact'],
      ['letters[1]', 'letters[1]', 'exact'],
      ['letters[2]', 'letters[2]', 'exact'],
    ])
    expect(summary).toMatchObject({ cues: 3, exact: 3, withOrigin: 3, recovered: 3 })
  })

  test('the table has a row a cue and a summary', async () => {
    const { stdout } = await hopfield(['recall', '--store', letters])
    expect(stdout).toMatch(/^cue +nearest +overlap +verdict +sweeps +energy\n/)
    expect(stdout).toContain('letters[1]  letters[1]    1.000  exact         1  -11.040\n')
    expect(stdout).toContain('3 exact, 0 inverse, 0 spurious.\n3 of 3 came back to their own original.\n')
  })

  test('--rows shortens the table', async () => {
    const { stdout } = await hopfield(['recall', '--store', letters, '--rows', '1'])
    expect(stdout).toContain('… and 2 more')
    expect(stdout).not.toContain('letters[1]')
  })

  test('the seed experiment runs from files, order and all', async () => {
    const cue = file('cue.txt', '##.#.\n.#.#.\n..#.#\n.#...\n.#...\n')
    const order = '1,20,7,21,17,15,23,16,24,11,2,22,12,10,3,4,5,8,0,9,14,18,13,6,19'
    const { results } = await report('--store', letters, '--cue', cue, '--order', order)
    expect(results[0]).toMatchObject({
      nearest: 'letters[0]',
      overlap: 1,
      flips: 8,
      sweeps: 2,
      energy: -16.8,
    })
  })

  test('the inverse of a pattern is called so, and a mixture spurious', async () => {
    const inverse = file(
      'inverse.txt',
      LETTERS.split('\n\n')[0].replace(/[#.]/g, (mark) => (mark === '#' ? '0' : '1')),
    )
    expect((await report('--store', letters, '--cue', inverse)).results[0]).toMatchObject({
      nearest: 'letters[0]',
      overlap: -1,
      verdict: 'inverse',
      origin: null,
    })
    const three = randomPatterns({ count: 3, neurons: 200, seed: 1 })
    const majority = Int8Array.from({ length: 200 }, (_, i) =>
      Math.sign(three[i] + three[200 + i] + three[400 + i]),
    )
    const mixed = await report(
      '--store',
      file('three.npy', formatNpy(three, [3, 200])),
      '--cue',
      file('majority.npy', formatNpy(majority)),
    )
    expect(mixed.summary).toMatchObject({ cues: 1, spurious: 1, withOrigin: 0 })
  })

  test('cue b has noise and visiting order of stream b', async () => {
    const out = file('out.npy')
    await report('--store', letters, '--noise', '0.2', '--seed', '18446744073709551615', '--out', out)
    const seed = 2n ** 64n - 1n
    const network = new HopfieldNetwork({ neurons: 25 }).store(patterns)
    const expected = patterns.map((pattern, stream) => {
      const cue = addNoise(pattern, { noise: 0.2, seed, stream })
      return network.recall(cue, { seed, stream }).state
    })
    const { data, shape, descr } = parseNpy(new Uint8Array(readFileSync(out)))
    expect([descr, shape]).toEqual(['|i1', [3, 25]])
    expect(Array.from(data as Int8Array)).toEqual(expected.flatMap((state) => Array.from(state)))
  })

  test('threads do not change a byte of the output', async () => {
    const states = file(
      'many.npy',
      formatNpy(randomPatterns({ count: 500, neurons: 96, seed: 3 }), [500, 96]),
    )
    const run = async (...threads: string[]): Promise<[string, Buffer]> => {
      const out = file('threads.npy')
      const args = ['recall', '--store', few, '--cue', states, '--noise', '0.1', '--out', out, '--json']
      const { code, stdout, stderr } = await hopfield([...args, ...threads])
      expect([code, stderr]).toEqual([0, ''])
      return [stdout, readFileSync(out)]
    }
    const few = file('few.npy', formatNpy(randomPatterns({ count: 9, neurons: 96, seed: 4 }), [9, 96]))
    const chosen = await run()
    expect(await run('--threads', '1')).toEqual(chosen)
    expect(await run('--threads', '3')).toEqual(chosen)
  })

  test('both forms of the weights give the same report', async () => {
    const dense = await report('--store', letters, '--noise', '0.2', '--weights', 'dense')
    const implicit = await report('--store', letters, '--noise', '0.2', '--weights', 'implicit')
    expect(dense.results).toEqual(implicit.results)
    expect(dense.settings.weights).toBe('dense')
  })

  test('several files and repeated options add up', async () => {
    const twice = await report('--store', letters, letters, '--store', letters)
    expect([twice.patterns, twice.summary.cues]).toEqual([9, 9])
  })

  test('a synchronous two-cycle is reported as no convergence', async () => {
    const pair = file('pair.txt', '11\n')
    const cue = file('apart.txt', '10\n')
    const settings = ['--dynamics', 'synchronous', '--tie', 'keep']
    const { results } = await report('--store', pair, '--cue', cue, ...settings)
    expect(results[0]).toMatchObject({ cycle: 2, converged: false })
    expect((await hopfield(['recall', '--store', pair, '--cue', cue, ...settings])).stdout).toContain(
      'two-cycle',
    )
  })
})

const unifont = findUnifont()

describe.skipIf(unifont === undefined)('on Unifont', () => {
  test('three dissimilar glyphs come back from 20 % noise', async () => {
    for (const seed of ['0', '1', '2']) {
      const glyphs = ['--range', '99AC,5716,9E97', '--noise', '0.2', '--seed', seed]
      expect((await report('--store', String(unifont), ...glyphs)).summary).toMatchObject({
        cues: 3,
        exact: 3,
        recovered: 3,
      })
    }
  })

  test('--cue-range takes other glyphs for cues than for patterns', async () => {
    const { results, patterns } = await report(
      '--store',
      String(unifont),
      '--range',
      '4E00-4E03',
      '--cue-range',
      '4E8C',
    )
    expect([patterns, results.map(({ cue }) => cue)]).toEqual([4, ['U+4E8C']])
  })
})
