import { existsSync, readFileSync } from 'node:fs'
import { addNoise, HopfieldNetwork } from 'hopfield-native'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { runExperiment } from '../src/experiment.js'
import { PLOTS } from '../src/plots/index.js'
import { hopfield, LETTERS, scratch } from './helpers.js'

const { file } = scratch()
const letters = file('letters.txt', LETTERS)

describe('hopfield plot recall', () => {
  test('prints and draws the recall that the package makes', async () => {
    const { code, stdout } = await hopfield(['plot', 'recall', '--noise', '0.2', '--seed', '3', '--json'])
    const { patterns } = runExperiment()
    const network = new HopfieldNetwork({ neurons: 25 }).store(patterns)
    const cue = addNoise(patterns[0], { noise: 0.2, seed: 3n })
    const { trace, state, flips } = network.recall(cue, { seed: 3n, trace: true })
    const found = JSON.parse(stdout)
    expect([code, found.flips, found.energies]).toEqual([0, flips, Array.from(trace.energies)])
    expect(found.states[0]).toEqual(Array.from(cue))
    expect(found.states.at(-1)).toEqual(Array.from(state))
    expect(found.overlaps[0].values.at(-1)).toBe(network.overlaps(state)[0])
  })

  test.each([
    'asynchronous',
    'synchronous',
  ])('%s: draws as many frames as asked for, at most', async (dynamics) => {
    const [svg, png] = [file(`${dynamics}.svg`), file(`${dynamics}.png`)]
    const args = ['--store', letters, '--dynamics', dynamics, '--frames', '3', '--svg', svg, '--png', png]
    const { code, stdout } = await hopfield(['plot', 'recall', ...args])
    expect([code, stdout.split('\n')[0]]).toEqual([0, expect.stringContaining('N = 25, P = 3, hebbian')])
    const drawn = readFileSync(svg, 'utf8')
    // 25 rounded squares each.
    expect((drawn.match(/<rect [^>]*rx=/g) ?? []).length / 25).toBeLessThanOrEqual(3)
    expect(drawn).toContain('>energy E<')
    expect(drawn).toContain('>cue<')
    expect((await sharp(png).metadata()).width).toBe(1280)
    await hopfield(['plot', 'recall', ...args.slice(0, -4), '--svg', png])
    expect(readFileSync(png, 'utf8')).toBe(drawn)
  })
})

test('hopfield plot weights gives the weights of the network', async () => {
  const { stdout } = await hopfield(['plot', 'weights', '--store', letters, '--json'])
  const { patterns } = runExperiment()
  const weights = new HopfieldNetwork({ neurons: 25 }).store(patterns).weights({ normalize: true })
  expect(JSON.parse(stdout).weights).toEqual(Array.from(weights))
})

describe('hopfield plot', () => {
  test('lists its kinds, each with an example', async () => {
    const { stdout } = await hopfield(['plot', '--help'])
    for (const { kind, example } of PLOTS) {
      expect(stdout).toContain(`  ${kind} [options]`)
      expect(stdout).toContain(`$ hopfield plot ${example}`)
    }
  })

  test.each([
    ['a kind that is none', ['sausages'], 2, 'unknown command'],
    ['a pattern that is not there', ['recall', '--pattern', '3'], 2, 'the patterns are 0 to 2'],
    ['noise beyond all', ['recall', '--noise', '1.5'], 2, 'from 0 to 1'],
    ['no frames', ['recall', '--frames', '1'], 2, 'from 2 to 40'],
    ['a rule that is none', ['weights', '--learning', 'osmosis'], 2, 'osmosis'],
    ['a range without glyphs', ['weights', '--store', letters, '--range', '41'], 2, 'names none'],
    ['a figure over its input', ['recall', '--store', letters, '--png', letters], 2, 'it is also an input'],
    [
      'two figures of one name',
      ['recall', '--svg', file('a'), '--png', file('a')],
      2,
      'also what --svg writes',
    ],
    ['a figure nowhere', ['recall', '--svg', file('none/a.svg')], 1, 'cannot write'],
  ])('refuses %s', async (_, args, code, why) => {
    const ended = await hopfield(['plot', ...args])
    expect([ended.code, ended.stdout]).toEqual([code, ''])
    expect(ended.stderr).toContain(why)
    expect(existsSync(file('a'))).toBe(false)
  })

  test('refuses patterns that are too large for a picture', async () => {
    const large = file('large.txt', `${'#'.repeat(1100)}\n`)
    const { code, stderr } = await hopfield(['plot', 'weights', '--store', large])
    expect([code, stderr]).toEqual([2, expect.stringContaining('at most 1024')])
  })
})

test('hopfield recall draws its first cues, with what noise did to them', async () => {
  const svg = file('recalled.svg')
  const args = ['recall', '--store', letters, '--noise', '0.08', '--seed', '1', '--svg', svg]
  expect((await hopfield(args)).code).toBe(0)
  const drawn = readFileSync(svg, 'utf8')
  // Three cues, recalled states and patterns.
  expect(drawn.match(/<rect [^>]*rx=/g)).toHaveLength(3 * 3 * 25)
  // Two of 25 neurons in each cue are wrong, and all came back.
  const wrong = drawn.match(/(fill="#c44f00"|stroke="#c44f00" stroke-width="[\d.]+")\/>/g)
  expect(wrong).toHaveLength(3 * 2)
})

test('hopfield rules draws the shares of each rule, with intervals about them', async () => {
  const svg = file('rules.svg')
  const rules = ['--learning', 'hebbian', '--learning', 'pseudoinverse']
  const { code } = await hopfield(['rules', '--store', letters, ...rules, '--svg', svg])
  const drawn = readFileSync(svg, 'utf8')
  expect([code, drawn.match(/>(hebbian|pseudoinverse)</g)]).toEqual([
    0,
    expect.arrayContaining(['>hebbian<', '>pseudoinverse<']),
  ])
  expect(drawn).toContain('cues with 10 % noise')
})
