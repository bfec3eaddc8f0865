import { describe, expect, test } from 'vitest'
import { randomCodes, SparseAssociativeMemory, type SparseRule } from '../../../src/index.js'
import { BACKENDS } from '../../helpers/backends.js'
import { refusal, untyped } from '../../helpers/refusal.js'

const code = (n: number): { neurons: number; rule: 'willshaw' } => ({ neurons: n, rule: 'willshaw' })

test('random codes have exactly k ones', () => {
  const codes = randomCodes({ neurons: 100, active: 7, count: 50, seed: 1 })
  for (let mu = 0; mu < 50; mu++) {
    expect(codes.subarray(mu * 100, mu * 100 + 100).reduce((sum, bit) => sum + bit, 0)).toBe(7)
  }
})

test('the fill of the matrix is that of Willshaw, and no unit of a stored pattern is missing', () => {
  const codes = randomCodes({ neurons: 1000, active: 10, count: 6931, seed: 2 })
  const memory = new SparseAssociativeMemory(code(1000)).store(codes)
  // 1 − (1 − 90/999000)^6931 = .4644. Of 499500 pairs of units, independent: four standard errors are .0028.
  expect(Math.abs((memory.fill ?? 0) - 0.4644)).toBeLessThan(0.003)
  for (let mu = 0; mu < 6931; mu += 100) {
    const pattern = codes.subarray(mu * 1000, mu * 1000 + 1000)
    const { state } = memory.recall(pattern)
    expect(pattern.every((bit, i) => state[i] >= bit)).toBe(true)
  }
})

test('pairs come back, winners with equal counts are the lowest, and forgetting one is refused', () => {
  const memory = new SparseAssociativeMemory({ ...code(4), outputs: 3 }).store([[1, 1, 0, 0]], [[0, 1, 1]])
  expect([...memory.recall([1, 1, 0, 0]).state]).toEqual([0, 1, 1])
  expect([...memory.recall([1, 0, 0, 0], { winners: 1 }).active]).toEqual([1])
  expect([...memory.recall([1, 1, 1, 0], { threshold: 2 }).active]).toEqual([1, 2])
  expect(() => memory.forget(0)).toThrow(expect.objectContaining({ code: 'ERR_HOPFIELD_OPTION' }))
  expect(() => memory.recall([1, 2, 0, 0])).toThrow('cue[1]: expected 0 or 1, got 2')
  expect(memory.clear().fill).toBe(0)
})

const TF = (activity: number): SparseRule => ({ kind: 'tsodyks-feigelman', activity })

test('sparse codes by their covariance come back from a tenth of their units moved (Tsodyks and Feigelman 1988)', () => {
  const [neurons, active, count] = [1000, 50, 200]
  const codes = randomCodes({ neurons, active, count, seed: 3 })
  const memory = new SparseAssociativeMemory({ neurons, rule: TF(0.05) }).store(codes)
  let [hits, wrong] = [0, 0]
  for (let mu = 0; mu < count; mu++) {
    const pattern = codes.subarray(mu * neurons, (mu + 1) * neurons)
    const cue = pattern.slice()
    // Five of its fifty units leave, and five others come.
    for (let k = 0; k < 5; k++) {
      cue[cue.indexOf(1)] = 0
      cue[cue.lastIndexOf(0)] = 1
    }
    const { state, converged } = memory.recall(cue)
    expect(converged).toBe(true)
    for (let i = 0; i < neurons; i++) {
      if (pattern[i] === 1) hits += state[i]
      else wrong += state[i]
    }
  }
  // An independent program finds more than .99 and less than .001 at this load.
  expect(hits / (count * active)).toBeGreaterThan(0.99)
  expect(wrong / (count * (neurons - active))).toBeLessThan(1e-3)
})

describe.each(BACKENDS)('SparseAssociativeMemory, %s', (backend) => {
  const [neurons, outputs, count] = [70, 45, 8]
  const inputs = randomCodes({ neurons, active: 6, count, seed: 4 })
  const targets = randomCodes({ neurons: outputs, active: 5, count, seed: 5 })
  const cues = randomCodes({ neurons, active: 6, count: 5, seed: 6 })
  const at = (codes: Uint8Array, width: number, mu: number): Uint8Array =>
    codes.subarray(mu * width, (mu + 1) * width)

  /** Fields of all outputs by the textbook's matrix. */
  function fields(rule: 'willshaw' | number, auto: boolean, cue: Uint8Array): number[] {
    const width = auto ? neurons : outputs
    return Array.from({ length: width }, (_, i) => {
      let field = 0
      for (let j = 0; j < neurons; j++) {
        if (cue[j] === 0) continue
        let weight = 0
        for (let mu = 0; mu < count; mu++) {
          const [to, from] = [at(auto ? inputs : targets, width, mu)[i], at(inputs, neurons, mu)[j]]
          if (rule === 'willshaw') weight = Math.max(weight, to * from)
          else weight += ((to - rule) * (from - rule)) / (rule * (1 - rule) * neurons)
        }
        if (auto && i === j) weight = rule === 'willshaw' ? 1 : 0
        field += weight
      }
      return field
    })
  }

  test.each([true, false])('recalls as the matrix of the textbook does, from itself: %s', (auto) => {
    const make = (rule: SparseRule): SparseAssociativeMemory => {
      const net = new SparseAssociativeMemory({ neurons, ...(auto ? {} : { outputs }), rule, backend })
      return auto ? net.store(inputs) : net.store(inputs, targets)
    }
    const [clipped, covariance] = [make('willshaw'), make(TF(0.1))]
    for (let b = 0; b < 5; b++) {
      const cue = at(cues, neurons, b)
      for (const threshold of [1, 2, 4, 6]) {
        const expected = fields('willshaw', auto, cue).map((h) => (h >= threshold ? 1 : 0))
        expect([...clipped.recall(cue, { threshold }).state]).toEqual(expected)
      }
      const h = fields(0.1, auto, cue)
      for (const threshold of [0.05, 0.2, 0.5]) {
        const { state } = covariance.recall(cue, { threshold, maxSteps: 1 })
        for (const [i, x] of h.entries())
          if (Math.abs(x - threshold) > 1e-9) expect(state[i]).toBe(x > threshold ? 1 : 0)
      }
      const { active } = covariance.recall(cue, { winners: 4, maxSteps: 1 })
      const least = Math.min(...Array.from(active, (i) => h[i]))
      expect(active.length).toBe(4)
      expect(h.filter((x, i) => x > least + 1e-9 && !active.includes(i))).toEqual([])
    }
    expect(Array.from(clipped.recallBatch(cues))).toEqual(
      Array.from({ length: 5 }, (_, b) => clipped.recall(at(cues, neurons, b))),
    )
  })

  test('forgets a code by its covariance as if it had never come', () => {
    const net = new SparseAssociativeMemory({ neurons, rule: TF(0.1), backend }).store(inputs).forget(3)
    const rest = Array.from({ length: count }, (_, mu) => at(inputs, neurons, mu)).filter((_, mu) => mu !== 3)
    const without = new SparseAssociativeMemory({ neurons, rule: TF(0.1), backend }).store(rest)
    expect(net.recallBatch(cues)).toEqual(without.recallBatch(cues))
    expect([net.patternCount, net.fill]).toEqual([7, undefined])
  })

  test('calls up nothing from nothing', () => {
    const net = new SparseAssociativeMemory({ neurons, rule: 'willshaw', backend }).store(inputs)
    expect(net.recall(new Uint8Array(neurons)).active).toEqual(new Uint32Array(0))
  })

  const bad: [string, object, string, string][] = [
    ['a rule there is not', { rule: 'hebb' }, 'OPTION', "'willshaw'"],
    ['no rule', {}, 'TYPE', 'rule'],
    ['an activity that is missing', { rule: { kind: 'tsodyks-feigelman' } }, 'TYPE', 'rule.activity'],
    ['a rule of before', { rule: { rule: 'willshaw' } }, 'OPTION', 'rule.rule: it is now called kind'],
    ['an activity of 1', { rule: TF(1) }, 'RANGE', 'rule.activity'],
    [
      'an activity of clipped synapses',
      { rule: { kind: 'willshaw', activity: 0.1 } },
      'OPTION',
      'rule.activity',
    ],
    ['no outputs', { rule: 'willshaw', outputs: 0 }, 'RANGE', 'outputs'],
  ]
  test.each(bad)('refuses %s', (_, options, code, message) => {
    const error = refusal(() => new SparseAssociativeMemory(untyped({ neurons: 5, backend, ...options })))
    expect(error.code).toBe(`ERR_HOPFIELD_${code}`)
    expect(error.message).toContain(message)
  })

  test('refuses what a recall does not know, and several steps from one kind of code to another', () => {
    const net = new SparseAssociativeMemory({ neurons, outputs, rule: TF(0.1), backend }).store(
      inputs,
      targets,
    )
    expect(refusal(() => net.recall(at(cues, neurons, 0), { maxSteps: 2 })).code).toBe('ERR_HOPFIELD_RANGE')
    expect(refusal(() => net.recall(at(cues, neurons, 0), untyped({ top: 2 }))).code).toBe(
      'ERR_HOPFIELD_OPTION',
    )
    expect(refusal(() => net.store(inputs)).message).toContain('outputs: expected one code per input')
    expect(refusal(() => net.forget(8)).code).toBe('ERR_HOPFIELD_RANGE')
    expect(refusal(() => net.store(inputs, targets.subarray(outputs))).code).toBe('ERR_HOPFIELD_SHAPE')
  })
})
