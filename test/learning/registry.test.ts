import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it, test } from 'vitest'
import {
  capacity,
  HopfieldNetwork,
  type LearningRule,
  type LearningRuleName,
  learningRules,
  loadReport,
  randomPatterns,
} from '../../src/index.js'
import { kernelsFor } from '../../src/kernels/select.js'
import * as registry from '../../src/learning/registry.js'
import type { Rule } from '../../src/learning/rule.js'
import { readRule } from '../../src/learning/rules.js'
import { BACKENDS } from '../helpers/backends.js'
import { expectSame } from '../helpers/bytes.js'
import { row } from '../helpers/statistics.js'

const RULES: readonly Rule[] = Object.values(registry)
const KINDS = RULES.map(({ kind }) => kind as LearningRuleName)

/** The cells of a table's rows, head and rule left out. */
function rowsOf(page: string, head: string): string[][] {
  const text = readFileSync(new URL(`../../${page}`, import.meta.url), 'utf8')
  const table = text.slice(text.indexOf(head)).split('\n\n')[0]
  return table
    .split('\n')
    .slice(2)
    .filter((line) => line.startsWith('|'))
    .map((line) => line.split(/ ?\| ?/).slice(1, -1))
}

describe('the registry', () => {
  it('has each rule once, and tells them in the public list, the default first', () => {
    expect(new Set(KINDS).size).toBe(KINDS.length)
    expect(learningRules.map(({ kind }) => kind).sort()).toEqual([...KINDS].sort())
    expect(learningRules[0].kind).toBe('hebbian')
    for (const { options } of learningRules) {
      for (const usual of Object.values(options)) expect(usual).toMatch(/./)
    }
  })

  it.each(KINDS)('feeds capacity and load report: %s', (kind) => {
    const known = capacity(kind, 100)
    expect(loadReport({ neurons: 100, patternCount: 1, learning: kind }).capacity).toEqual(known)
    const most = known.retrieval ?? known.errorFree ?? Number.POSITIVE_INFINITY
    const report = loadReport({ neurons: 100, patternCount: 300, learning: kind })
    if (most < 3) expect(report.warning).toContain(`'${kind}' can hold`)
    else expect(report.warning).toBeUndefined()
  })

  it.each(RULES)('has a row in the table of docs/learning-rules.md, and a page: $kind', (rule) => {
    const rows = rowsOf('docs/learning-rules.md', '| `learning` |').filter(([name]) =>
      name.includes(`'${rule.kind}'`),
    )
    expect(rows.map(([name]) => name.endsWith(`](${rule.page})`))).not.toContain(false)
    expect(rows.map(([, weights]) => weights)).toContain(rule.weights)
    expect(rows.map(([, , holds]) => holds)).toContain(rule.holds)
    const learners = readRule(rule.kind).learners({ kernels: kernelsFor('auto'), neurons: 5 })
    const kept = learners.coupling ? 'patterns' : learners.matrix ? 'matrix' : 'one bit per weight'
    expect(rows.map(([, , , form]) => form).join()).toContain(kept)
    expect(existsSync(new URL(`../../docs/${rule.page}`, import.meta.url))).toBe(true)
  })

  test('README’s table has rules there are, with what they hold', () => {
    for (const [, name, holds] of rowsOf('README.md', '| data | `learning` |')) {
      const kind = /'([\w-]+)'/.exec(name)?.[1]
      expect(RULES.find((rule) => rule.kind === kind)?.holds).toBe(holds)
    }
  })
})

describe.each(BACKENDS)('a bare name, %s', (backend) => {
  const [neurons, count] = [40, 3]
  const patterns = randomPatterns({ count, neurons, seed: 5 })

  it.each(KINDS)('is the rule with its options at their defaults: %s', (learning) => {
    const net = new HopfieldNetwork({ neurons, learning, backend }).store(patterns)
    expect(net.learning).toBe(learning)
    const spelt = { kind: learning } as LearningRule
    const same = new HopfieldNetwork({ neurons, learning: spelt, backend }).store(patterns)
    expectSame(same.weights(), net.weights())
    const order = learning === 'sequence' ? [1, 2] : [0, 1, 2]
    // A sequence calls up the next pattern, and ends at the last; all others hold three patterns of 40 neurons.
    for (const mu of order) {
      const cue = row(patterns, neurons, learning === 'sequence' ? mu - 1 : mu)
      const { state } = net.recall(cue, { dynamics: 'synchronous', maxSweeps: 1 })
      if (learning !== 'covariance') expect(state).toEqual(row(patterns, neurons, mu))
    }
  })

  it('has the defaults that the pages tell', () => {
    const same = (learning: LearningRuleName, spelt: LearningRule): void => {
      const make = (by: LearningRuleName | LearningRule): HopfieldNetwork =>
        new HopfieldNetwork({ neurons, learning: by, backend }).store(patterns)
      expectSame(make(learning).weights(), make(spelt).weights())
    }
    same('palimpsest', { kind: 'palimpsest', limit: 2 })
    same('unlearning', { kind: 'unlearning', dreams: 180, rate: 0.01, seed: 0 })
    same('daydreaming', { kind: 'daydreaming', dreams: 768, tau: 64, seed: 0 })
    same('sequence', { kind: 'sequence', lag: 1, cyclic: false })
    same('perceptron', { kind: 'perceptron', margin: 0, maxEpochs: 1000 })
    same('pseudoinverse', { kind: 'pseudoinverse', dependent: 'error' })
  })
})
