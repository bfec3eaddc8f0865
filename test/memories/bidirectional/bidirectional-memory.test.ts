import { describe, expect, it } from 'vitest'
import { addNoise, BidirectionalMemory, bipolar, randomPatterns } from '../../../src/index.js'
import { BACKENDS } from '../../helpers/backends.js'
import { refusal, untyped } from '../../helpers/refusal.js'
import { row, sameStates } from '../../helpers/statistics.js'

const bits = (text: string): number[] => Array.from(text, Number)

describe.each(BACKENDS)('BidirectionalMemory, %s', (backend) => {
  const [inputs, outputs, count] = [150, 90, 5]
  const xs = randomPatterns({ count, neurons: inputs, seed: 1 })
  const ys = randomPatterns({ count, neurons: outputs, seed: 2 })
  const memory = (): BidirectionalMemory =>
    new BidirectionalMemory({ inputs, outputs, backend }).store(xs, ys)

  it('has the energies of Kosko’s example, taken with his 0/1 vectors', () => {
    const pairs = [
      ['101010', '1100'],
      ['111000', '1010'],
    ]
    const net = new BidirectionalMemory({ inputs: 6, outputs: 4, backend })
    for (const [a, b] of pairs) net.store(bipolar(a), bipolar(b))
    const matrix = net.weights()
    for (const [a, b] of pairs) {
      let energy = 0
      for (const [i, x] of bits(a).entries())
        for (const [j, y] of bits(b).entries()) energy -= x * matrix[i * 4 + j] * y
      expect(energy).toBe(-6)
      const { x, y, converged } = net.recall({ x: bipolar(a) })
      expect([converged, x, y]).toEqual([true, bipolar(a), bipolar(b)])
    }
  })

  it('has the weights and energies it says', () => {
    const net = memory()
    const matrix = net.weights()
    for (const [i, j] of [
      [0, 0],
      [17, 80],
      [149, 89],
    ]) {
      let sum = 0
      for (let mu = 0; mu < count; mu++) sum += xs[mu * inputs + i] * ys[mu * outputs + j]
      expect(matrix[i * outputs + j]).toBe(sum)
    }
    const [x, y] = [row(xs, inputs, 1), row(ys, outputs, 2)]
    let energy = 0
    for (let i = 0; i < inputs; i++)
      for (let j = 0; j < outputs; j++) energy -= x[i] * matrix[i * outputs + j] * y[j]
    expect(net.energy(x, y)).toBe(energy)
  })

  it('calls up either side from a noisy other one', () => {
    const net = memory()
    for (let mu = 0; mu < count; mu++) {
      const [x, y] = [row(xs, inputs, mu), row(ys, outputs, mu)]
      const forth = net.recall({ x: addNoise(x, { noise: 0.1, seed: mu }) })
      const back = net.recall({ y: addNoise(y, { noise: 0.1, seed: mu }) })
      for (const found of [forth, back]) {
        expect(sameStates(found.x, x) && sameStates(found.y, y)).toBe(true)
        expect([found.converged, found.energy]).toEqual([true, net.energy(x, y)])
      }
    }
  })

  it('settles from anywhere with an energy that never rises', () => {
    const net = memory()
    const starts = randomPatterns({ count: 20, neurons: inputs, seed: 9 })
    const others = randomPatterns({ count: 20, neurons: outputs, seed: 10 })
    for (let b = 0; b < 20; b++) {
      const cue = { x: row(starts, inputs, b), y: row(others, outputs, b) }
      let last = net.energy(cue.x, cue.y)
      for (let steps = 1; steps < 9; steps++) {
        const { energy } = net.recall(cue, { maxSteps: steps })
        expect(energy).toBeLessThanOrEqual(last)
        last = energy
      }
      expect(net.recall(cue).converged).toBe(true)
    }
  })

  it('keeps a unit’s value where nothing is said to it', () => {
    const net = new BidirectionalMemory({ inputs: 2, outputs: 2, backend }).store([1, 1], [1, -1])
    expect(net.recall({ x: [1, -1], y: [-1, -1] })).toMatchObject({ steps: 2, y: Int8Array.of(-1, -1) })
    expect(net.recall({ x: [1, 1], y: [-1, -1] })).toMatchObject({ y: Int8Array.of(1, -1) })
    net.clear()
    expect(net.recall({ x: [1, -1], y: [-1, 1] })).toEqual({
      x: Int8Array.of(1, -1),
      y: Int8Array.of(-1, 1),
      converged: true,
      steps: 2,
      energy: 0,
    })
  })

  it('forgets a pair as if it had never come', () => {
    const net = memory().forget(2)
    const rest = [0, 1, 3, 4]
    const without = new BidirectionalMemory({ inputs, outputs, backend }).store(
      rest.map((mu) => row(xs, inputs, mu)),
      rest.map((mu) => row(ys, outputs, mu)),
    )
    expect(net.weights()).toEqual(without.weights())
    expect(net.patternCount).toBe(4)
  })

  it('recalls many as it recalls one', () => {
    const net = memory()
    const cues = [{ x: row(xs, inputs, 0) }, { y: row(ys, outputs, 3) }]
    expect(Array.from(net.recallBatch(cues))).toEqual(cues.map((cue) => net.recall(cue)))
  })

  const bad: [string, (net: BidirectionalMemory) => unknown, string, string][] = [
    [
      'sides of different counts',
      (net) => net.store(xs, ys.subarray(outputs)),
      'SHAPE',
      'ys: expected 5 states, got 4',
    ],
    [
      'a value that is none',
      (net) =>
        net.store(
          xs.map((s, i) => (i === 3 ? 0 : s)),
          ys,
        ),
      'VALUE',
      'xs[3]',
    ],
    ['no side', (net) => net.recall({}), 'TYPE', 'cue: expected x, y or both'],
    ['a misspelt side', (net) => net.recall(untyped({ z: [1] })), 'OPTION', '"z"'],
    ['no steps', (net) => net.recall({ x: row(xs, inputs, 0) }, { maxSteps: 0 }), 'RANGE', 'maxSteps'],
    ['a pair there is not', (net) => net.forget(5), 'RANGE', 'index'],
    [
      'a side without units',
      () => new BidirectionalMemory({ inputs: 0, outputs: 3, backend }),
      'RANGE',
      'inputs',
    ],
  ]
  it.each(bad)('refuses %s, and is as it was', (_, run, code, message) => {
    const net = memory()
    const before = net.weights()
    const error = refusal(() => run(net))
    expect(error.code).toBe(`ERR_HOPFIELD_${code}`)
    expect(error.message).toContain(message)
    expect(net.weights()).toEqual(before)
  })
})
