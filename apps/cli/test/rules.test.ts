import { addNoise, HopfieldNetwork, type LearningRule } from 'hopfield-native'
import { describe, expect, test } from 'vitest'
import type { Compared, Refused } from '../src/comparison.js'
import { learningRule } from '../src/learning.js'
import { readPatterns } from '../src/readers/index.js'
import { findUnifont, hopfield, LETTERS, scratch } from './helpers.js'

const { file } = scratch()
const letters = file('letters.txt', LETTERS)
const glyphs = findUnifont()

async function rules(...args: string[]): Promise<(Compared | Refused)[]> {
  const { code, stdout, stderr } = await hopfield(['rules', ...args, '--json'])
  expect([code, stderr]).toEqual([0, ''])
  return JSON.parse(stdout).rules
}

describe('hopfield rules', () => {
  test('says what the package says, cue by cue', async () => {
    const args = ['--noise', '0.2', '--trials', '5', '--seed', '3', '--learning', 'storkey']
    const [row] = (await rules('--store', letters, ...args)) as Compared[]
    const { states } = await readPatterns([letters], { invert: false })
    const net = new HopfieldNetwork({ neurons: 25, learning: 'storkey' }).store(states)
    let exact = 0
    for (let trial = 0; trial < 5; trial++) {
      const cues = [0, 1, 2].map((mu) =>
        addNoise(net.pattern(mu), { noise: 0.2, seed: 3, stream: trial * 3 + mu }),
      )
      const ends = net.recallBatch(cues, { seed: 3 }).states
      for (let b = 0; b < 3; b++) {
        exact += net.pattern(b).every((s, i) => s === ends[b * 25 + i]) ? 1 : 0
      }
    }
    expect(row).toMatchObject({ learning: 'storkey', stored: 3, fixed: 1, recalled: [exact / 15] })
  })

  test.runIf(glyphs)(
    'shows on real glyphs that the pseudo-inverse holds what Hebb’s rule does not',
    async () => {
      const rows = (await rules(
        '--store',
        String(glyphs),
        '--range',
        '4E00-4E1F',
        '--trials',
        '40',
      )) as Compared[]
      const of = (name: string): Compared | undefined =>
        rows.find(({ learning }) => learning.startsWith(name))
      expect(of('hebbian')?.recalled).toEqual([0, 0])
      expect(of('hebbian')?.fixed).toBe(0)
      // An independent program recalls .88 and .80, and says ± .03.
      const [some, more] = of('pseudoinverse')?.recalled ?? [0, 0]
      expect(Math.abs(some - 0.88)).toBeLessThan(0.03)
      expect(Math.abs(more - 0.8)).toBeLessThan(0.03)
    },
  )

  test('decides ties as it is told', async () => {
    // J_01 = 0: nobody hears anything.
    const silent = file('silent.txt', '##\n\n#.')
    const fixed = async (tie: string): Promise<number[]> =>
      ((await rules('--store', silent, '--learning', 'hebbian', '--tie', tie)) as Compared[]).map(
        (row) => row.fixed,
      )
    expect([await fixed('keep'), await fixed('positive'), await fixed('negative')]).toEqual([[1], [0.5], [0]])
  })

  test('prints a table, a rule a line, and what a rule could not take', async () => {
    const twice = file('twice.txt', `${LETTERS}\n${LETTERS}`)
    const learning = ['hebbian', 'pseudoinverse', 'pseudoinverse:dependent=skip']
    const { code, stdout, stderr } = await hopfield([
      ...['rules', '--store', twice, '--noise', '0', '--trials', '1'],
      ...learning.flatMap((rule) => ['--learning', rule]),
    ])
    expect([code, stderr]).toEqual([0, ''])
    const lines = stdout.trimEnd().split('\n')
    expect(lines[0]).toMatch(/^learning +fixed +0 % +learned in$/)
    expect(lines[1]).toMatch(/^hebbian +1\.000 +1\.000 +[\d.]+ ms$/)
    expect(lines[2]).toMatch(/^pseudoinverse:dependent=skip +1\.000 +1\.000 /)
    expect(lines.slice(4)).toEqual([
      'N = 25, P = 6, α = 0.240; 1 cue per pattern and noise; shares of cues recalled exactly.',
      'pseudoinverse:dependent=skip stored 3 of 6 patterns: the others are linear combinations of these.',
      expect.stringContaining(
        'pseudoinverse cannot store these patterns: patterns[3]: expected a pattern that is linearly',
      ),
    ])
  })

  test.each([
    ['hebb', "expected one of 'hebbian'"],
    ['perceptron:margin', 'got "margin" for an option'],
    ['perceptron:margin=-1', 'learning.margin: expected a number from 0'],
    ['storkey:margin=1', '"margin"'],
    ['palimpsest:decay=2', 'learning.decay'],
  ])('refuses the rule %s, with the exit code of a wrong command line', async (rule, message) => {
    const { code, stdout, stderr } = await hopfield(['rules', '--store', letters, '--learning', rule])
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toContain('--learning')
    expect(stderr).toContain(message)
  })
})

test.each<[string, LearningRule]>([
  ['clipped', { kind: 'clipped' }],
  ['sequence:cyclic=true,lag=2', { kind: 'sequence', cyclic: true, lag: 2 }],
  ['palimpsest:decay=0.9', { kind: 'palimpsest', decay: 0.9 }],
  ['pseudoinverse:dependent=skip', { kind: 'pseudoinverse', dependent: 'skip' }],
])('the rule %s is read with its options', (text, learning) => {
  expect(learningRule(text)).toEqual({ name: text, learning })
})

describe('hopfield recall --learning', () => {
  test('recalls by that rule, and says so', async () => {
    const args = ['recall', '--store', letters, '--noise', '0.1', '--json']
    const { code, stdout } = await hopfield([...args, '--learning', 'perceptron:margin=0.3'])
    expect(code).toBe(0)
    const { settings, summary } = JSON.parse(stdout)
    expect(settings).toMatchObject({ model: 'classical', learning: 'perceptron:margin=0.3' })
    expect(settings.weights).toBeUndefined()
    expect(summary.cues).toBe(3)
  })

  test.each([
    [['--model', 'dense'], 2, '--learning is an option of --model classical only'],
    [['--weights', 'dense'], 1, "rule 'sequence' has no dense form"],
  ])('does not go with %s', async (more, exit, message) => {
    const args = ['recall', '--store', letters, '--learning', 'sequence', ...more]
    const { code, stderr } = await hopfield(args)
    expect(code).toBe(exit)
    expect(stderr).toContain(message)
  })
})
