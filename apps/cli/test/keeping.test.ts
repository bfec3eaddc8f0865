import { existsSync, readFileSync } from 'node:fs'
import { type AssociativeMemory, HopfieldNetwork, load, ModernHopfield } from 'hopfield-native'
import { describe, expect, test } from 'vitest'
import type { Report } from '../src/report.js'
import { findDigits, hopfield, LETTERS, scratch } from './helpers.js'

const { file, folder } = scratch()
const letters = file('letters.txt', LETTERS)
const [X, T] = LETTERS.trimEnd().split('\n\n')
const first = file('first.txt', `${X}\n`)
const second = file('second.txt', `${T}\n`)
const noisy = file('noisy.txt', `${X.replace('#...#', '#.#.#')}\n`)
const digits = findDigits()

async function report(...args: string[]): Promise<Report> {
  const { code, stdout, stderr } = await hopfield(['recall', ...args, '--json'])
  expect([code, stderr]).toEqual([0, ''])
  return JSON.parse(stdout)
}

async function refused(...args: string[]): Promise<string> {
  const { code, stderr } = await hopfield(args)
  expect(code).toBeGreaterThan(0)
  return stderr
}

describe('hopfield recall --save and --load', () => {
  test.each([
    ['classical', ['--learning', 'pseudoinverse']],
    ['dense', ['--model', 'dense', '--degree', '3']],
    ['modern', ['--model', 'modern', '--beta', '2']],
  ])('recall what was learned: %s', async (model, how) => {
    const path = file(`${model}.safetensors`)
    const before = await report('--store', letters, ...how, '--save', path, '--noise', '0.1')
    const after = await report('--load', path, '--noise', '0.1')
    expect(after.results).toEqual(before.results)
    expect(after.settings).toMatchObject({ model, loaded: path })
    expect(after.summary).toEqual(before.summary)
  })

  test('learn more patterns beside those that a file has', async () => {
    const path = file('growing.safetensors')
    await report('--store', first, '--learning', 'storkey', '--save', path)
    const { patterns, results } = await report(
      '--load',
      path,
      '--store',
      second,
      '--cue',
      noisy,
      '--save',
      path,
    )
    expect([patterns, results.length, results[0].nearest]).toEqual([
      2,
      1,
      (await HopfieldNetwork.load(path)).idOf(0),
    ])
    expect((await HopfieldNetwork.load(path)).patternCount).toBe(2)
    expect((await report('--load', path)).settings).toMatchObject({ learning: 'storkey', loaded: path })
  })

  test('give patterns of one name ids of their own', async () => {
    const path = file('twice.safetensors')
    await report('--store', letters, letters, '--save', path)
    const { ids = [] } = (await load(path)) as AssociativeMemory
    expect(new Set(ids).size).toBe(6)
  })

  test('say what is wrong', async () => {
    const path = file('real.safetensors')
    await new ModernHopfield({ dimension: 25 }).store(new Float32Array(25).fill(0.5)).save(path)
    expect(await refused('recall', '--load', path)).toContain('it holds a ModernHopfield of real vectors')
    const empty = file('empty.safetensors')
    await new HopfieldNetwork({ neurons: 25 }).save(empty)
    expect(await refused('recall', '--load', empty)).toContain('the memory has no patterns')
    const other = file('other.safetensors')
    await new HopfieldNetwork({ neurons: 9 }).save(other)
    expect(await refused('recall', '--load', other, '--store', letters)).toContain(
      'patterns have 25 neurons, but the memory in',
    )
    expect(await refused('recall', '--load', letters)).toContain('is it a safetensors file?')
    expect(await refused('recall', '--load', file('none'))).toContain('ENOENT')
    expect(await refused('recall', '--load', path, '--beta', '2')).toContain(
      '--beta cannot be combined with --load',
    )
    expect(await refused('recall')).toContain('--store patterns, or --load a memory')
    expect(await refused('recall', '--store', letters, '--save', `${folder}/none/a`)).toContain(
      'no such file or folder',
    )
    expect(existsSync(`${folder}/none`)).toBe(false)
  })
})

describe('hopfield rules --save and --load', () => {
  test('save the network of one rule, and learn the patterns of a file', async () => {
    const path = file('rules.safetensors')
    const { code } = await hopfield([
      'rules',
      '--store',
      letters,
      '--learning',
      'minimal-overlap',
      '--save',
      path,
      '--trials',
      '1',
    ])
    expect([code, (await HopfieldNetwork.load(path)).learning]).toEqual([0, 'minimal-overlap'])
    const { stdout } = await hopfield([
      'rules',
      '--load',
      path,
      '--learning',
      'storkey',
      '--trials',
      '1',
      '--json',
    ])
    expect(JSON.parse(stdout)).toMatchObject({
      neurons: 25,
      patterns: 3,
      rules: [{ learning: 'storkey', stored: 3 }],
    })
    expect(await refused('rules', '--store', letters, '--save', path)).toContain(
      'choose its rule with one --learning',
    )
    expect(await refused('rules', '--store', letters, '--load', path)).toContain(
      '--store patterns, or --load',
    )
  })
})

describe('hopfield demo and digits --save and --load', () => {
  test('show the same with a memory that was saved', async () => {
    const [path, a, b] = [file('demo.safetensors'), file('a.svg'), file('b.svg')]
    expect((await hopfield(['demo', '--save', path, '--svg', a])).code).toBe(0)
    expect((await hopfield(['demo', '--load', path, '--svg', b])).code).toBe(0)
    expect(readFileSync(a, 'utf8')).toBe(readFileSync(b, 'utf8'))
  })

  test.runIf(digits)('complete the same pictures', async () => {
    const path = file('digits.safetensors')
    const said = (await hopfield(['digits', digits as string, '--save', path])).stdout
    expect((await hopfield(['digits', digits as string, '--load', path])).stdout).toBe(said)
    const demo = file('demo.safetensors')
    await hopfield(['demo', '--save', demo])
    expect(await refused('digits', digits as string, '--load', demo)).toContain(
      'expected a ModernHopfield, got a HopfieldNetwork',
    )
    expect(await refused('demo', '--load', path)).toContain(
      'expected a HopfieldNetwork, got a ModernHopfield',
    )
  })
})
