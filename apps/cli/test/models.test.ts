import { readFileSync } from 'node:fs'
import { DenseAssociativeMemory, HopfieldNetwork, randomPatterns } from 'hopfield-native'
import { describe, expect, test } from 'vitest'
import { readPatterns } from '../src/readers/index.js'
import type { Report } from '../src/report.js'
import { findDigits, findUnifont, hopfield, scratch } from './helpers.js'

const { file } = scratch()
const glyphs = findUnifont()
const digits = findDigits()

async function report(...args: string[]): Promise<Report> {
  const { code, stdout, stderr } = await hopfield(['recall', ...args, '--json'])
  expect([code, stderr]).toEqual([0, ''])
  return JSON.parse(stdout)
}

/** Forty patterns of 64 neurons, which Hebb's rule cannot hold. */
const drawn = randomPatterns({ count: 40, neurons: 64, seed: 5 })
const crowd = file(
  'crowd.txt',
  Array.from({ length: 40 }, (_, mu) =>
    Array.from({ length: 8 }, (_, y) =>
      Array.from({ length: 8 }, (_, x) => (drawn[mu * 64 + y * 8 + x] > 0 ? '#' : '.')).join(''),
    ).join('\n'),
  ).join('\n\n'),
)

describe('hopfield recall --model', () => {
  test('dense holds what the classical network cannot, and says how', async () => {
    const args = ['--store', crowd, '--noise', '0.1', '--seed', '1']
    expect((await report(...args)).summary.recovered).toBeLessThan(10)
    const { summary, settings } = await report(...args, '--model', 'dense')
    expect(summary.recovered).toBeGreaterThan(35)
    expect(settings).toMatchObject({ model: 'dense', beta: 1, dynamics: 'asynchronous', tie: 'positive' })
  })

  test('dense with --degree is a power, rectified if asked, and gives what the package gives', async () => {
    const { results, settings } = await report(
      '--store',
      crowd,
      '--model',
      'dense',
      '--degree',
      '5',
      '--rectified',
    )
    expect(settings).toMatchObject({ degree: 5, interaction: 'rectified' })
    const net = new DenseAssociativeMemory({ neurons: 64, interaction: { kind: 'rectified', degree: 5 } })
    const { energies, sweeps } = net.store(drawn).recallBatch(drawn)
    expect(results.map(({ energy }) => energy)).toEqual([...energies])
    expect(results.map((result) => result.sweeps)).toEqual([...sweeps])
  })

  test('dense of degree 2 ends where the classical network ends', async () => {
    const args = ['--store', crowd, '--noise', '0.05']
    const of = async (...more: string[]) =>
      (await report(...args, ...more)).results.map(({ nearest, overlap, flips }) => ({
        nearest,
        overlap,
        flips,
      }))
    expect(await of('--model', 'dense', '--degree', '2')).toEqual(await of('--weights', 'implicit'))
    expect(new HopfieldNetwork({ neurons: 64 }).store(drawn).patternCount).toBe(40)
  })

  test('modern retrieves by steps, and its neurons do not flip one by one', async () => {
    const { summary, settings, results } = await report(
      '--store',
      crowd,
      '--noise',
      '0.1',
      '--model',
      'modern',
    )
    expect(summary).toMatchObject({ recovered: 40, notConverged: 0 })
    expect(settings).toMatchObject({ model: 'modern', beta: 1, maxSweeps: 100 })
    expect(settings.dynamics).toBeUndefined()
    expect(results[0].sweeps).toBeGreaterThan(1)
  })

  test('modern with one step and β near 0 gives nearly everything the same mixture', async () => {
    const { results } = await report(
      '--store',
      crowd,
      '--model',
      'modern',
      '--beta',
      '0.001',
      '--max-sweeps',
      '1',
    )
    expect(new Set(results.map(({ nearest }) => nearest)).size).toBeLessThan(8)
    expect(results[0]).toMatchObject({ verdict: 'spurious', converged: false })
  })

  test.runIf(glyphs !== undefined)('dense completes hundreds of Chinese characters at once', async () => {
    const range = ['--range', '4E00-4FFF', '--cue-range', '4E00-4E1F', '--noise', '0.2']
    const { summary } = await report(
      '--store',
      glyphs ?? '',
      ...range,
      '--model',
      'dense',
      '--beta',
      '24',
      '--tie',
      'keep',
    )
    expect(summary.recovered).toBeGreaterThanOrEqual(30)
  })

  test.each<[what: string, args: string[], says: string]>([
    ['β of the classical network', ['--beta', '2'], '--beta is an option of --model dense and modern only'],
    ['a degree of the classical network', ['--degree', '3'], '--degree is an option of --model dense only'],
    ['β and a degree', ['--model', 'dense', '--beta', '1', '--degree', '3'], 'exclude each other'],
    ['half a power', ['--model', 'dense', '--rectified'], '--rectified needs --degree'],
    ['a matrix of a dense memory', ['--model', 'dense', '--weights', 'dense'], 'dense has no matrix'],
    [
      'an order of a modern memory',
      ['--model', 'modern', '--order', 'cyclic'],
      '--order is an option of --model classical and dense only',
    ],
    ['a tie of a modern memory', ['--model', 'modern', '--tie', 'keep'], '--tie is an option of'],
    ['a degree of a modern memory', ['--model', 'modern', '--degree', '2'], 'modern has --beta'],
    ['β of 0', ['--model', 'modern', '--beta', '0'], 'Expected a number above 0'],
    ['another model', ['--model', 'boltzmann'], 'classical, dense, modern'],
  ])('refuses %s', async (_, args, says) => {
    const { code, stdout, stderr } = await hopfield(['recall', '--store', crowd, ...args])
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toContain(says)
  })
})

describe('.csv', () => {
  test('rows of a square number of grey values are pictures whose ink is +1, with or without label and headings', async () => {
    const plain = await readPatterns([file('grey.csv', '16,0,0,16\n0,15,14,1\n')], {})
    expect(plain).toMatchObject({ neurons: 4, grid: { width: 2, height: 2 }, names: ['grey[0]', 'grey[1]'] })
    expect(plain.states).toEqual(Int8Array.of(1, -1, -1, 1, -1, 1, 1, -1))
    const labelled = await readPatterns([file('label.csv', 'a,b,c,d,class\r\n16,0,0,16,7\r\n')], {
      invert: true,
    })
    expect(labelled.names).toEqual(['label[0]=7'])
    expect(labelled.states).toEqual(Int8Array.of(-1, 1, 1, -1))
  })

  test.each([
    ['a word within', '1,2,3,x\n', 'line 1, column 4: expected a number of at least 0, got "x"'],
    ['a row too short', '1,2,3,4\n1,2,3\n', 'line 2: 3 numbers, but line 1 has 4'],
    ['a negative value', '1,2,3,-4\n', 'line 1, column 4: expected a number of at least 0, got "-4"'],
    ['an empty cell', '1,,3,4\n', 'line 1, column 2: expected a number of at least 0, got ""'],
    ['nothing', '\n\n', 'the file has no row of numbers'],
  ])('refuses %s, saying where', async (_, text, says) => {
    await expect(readPatterns([file('wrong.csv', text)], {})).rejects.toThrow(says)
  })

  test.runIf(digits !== undefined)('handwritten digits come back from noise by a modern memory', async () => {
    const { summary, patterns, neurons } = await report(
      '--store',
      digits ?? '',
      '--noise',
      '0.1',
      '--model',
      'modern',
    )
    expect([patterns, neurons]).toEqual([1797, 64])
    // Black and white, many are a pixel or two apart, and some the same.
    expect(summary.exact).toBeGreaterThan(1790)
    expect(summary.recovered).toBeGreaterThan(1300)
  })
})

describe.runIf(digits !== undefined)('hopfield digits', () => {
  test('completes half-hidden pictures and draws the figure of the README', async () => {
    const svg = file('digits.svg')
    const { code, stdout } = await hopfield(['digits', digits ?? '', '--svg', svg])
    expect(code).toBe(0)
    const [recovered, stored] = [/: (\d+) came back as themselves/, /^(\d+) pictures stored/].map((part) =>
      Number(part.exec(stdout)?.[1]),
    )
    expect(recovered / stored).toBeGreaterThan(0.55)
    const classified = Number(/never seen: (\d+) came back as one of their own class/.exec(stdout)?.[1])
    expect(classified).toBeGreaterThan(140)
    expect(readFileSync(svg, 'utf8')).toBe(
      readFileSync(new URL('../../../docs/digits.svg', import.meta.url), 'utf8'),
    )
  })

  test('rbm draws the filters of the documentation', async () => {
    const svg = file('filters.svg')
    const args = ['--hidden', '64', '--epochs', '60', '--no-likelihood', '--svg', svg]
    expect((await hopfield(['rbm', 'fit', digits ?? '', ...args])).code).toBe(0)
    expect(readFileSync(svg, 'utf8')).toBe(
      readFileSync(new URL('../../../docs/filters.svg', import.meta.url), 'utf8'),
    )
  })

  test('refuses pictures that are not square, or have no label', async () => {
    for (const [text, says] of [
      ['1,2,3\n', 'expected a square number of grey values'],
      ['1,2,3,4\n', 'expected a label'],
    ]) {
      const { code, stderr } = await hopfield(['digits', file('bad.csv', text)])
      expect(code).toBe(1)
      expect(stderr).toContain(says)
    }
  })
})
