import { describe, expect, test } from 'vitest'
import { allHere } from '../../src/async/steps.js'
import { PackedPatterns, randomPatterns } from '../../src/index.js'
import { NEVER_LEARNED } from '../../src/kernels/contract/kernels.js'
import { columnWords, paddedStride, rowWords, spin } from '../../src/kernels/contract/layout.js'
import { LEARNING_KERNELS, PAIRWISE_KERNELS } from '../../src/kernels/families.js'
import { kernelsFor } from '../../src/kernels/select.js'
import { type Bordering, GrowingInverse } from '../../src/learning/growing-inverse.js'
import { paddedIntegers, paddedReals, paddedRows, withoutPadding } from '../../src/storage/matrix-arrays.js'
import { expectSame } from '../helpers/bytes.js'
import { refusal } from '../helpers/refusal.js'
import { HAS_GLYPHS, readGlyphs } from '../helpers/unifont.js'

const kernels = kernelsFor('auto', LEARNING_KERNELS, PAIRWISE_KERNELS)

interface Given {
  neurons: number
  count: number
  /** P × N, ±1. */
  spins: Int8Array
  rows: Uint32Array
}

function given(spins: Int8Array, neurons: number): Given {
  return {
    neurons,
    count: spins.length / neurons,
    spins,
    rows: PackedPatterns.from(spins, { neurons }).words,
  }
}

function random(neurons: number, count: number, seed: number): Given {
  return given(randomPatterns({ count, neurons, seed }), neurons)
}

function row({ neurons, rows }: Given, mu: number): Uint32Array {
  return rows.subarray(mu * rowWords(neurons), (mu + 1) * rowWords(neurons))
}

function storkeyWeights({ rows, neurons }: Given, count: number): Float64Array {
  const weights = paddedReals(kernels, neurons)
  kernels.storkey(rows, count, neurons, weights)
  return weights
}

/** N × N integers, from which `start`, N × N of them too, is where the rule sets out. */
function perceptronWeights(
  { rows, count, neurons }: Given,
  [kappa, maxEpochs]: [number, number],
  start = new Int32Array(neurons ** 2),
): { weights: Int32Array; epochs: Uint32Array } {
  const epochs = new Uint32Array(neurons)
  const weights = paddedRows(start, neurons, paddedIntegers(neurons))
  kernels.perceptron(rows, count, neurons, kappa, maxEpochs, weights, epochs)
  return { weights: withoutPadding(weights, neurons), epochs }
}

function palimpsestWeights({ rows, count, neurons }: Given, limit: number): Int32Array {
  const weights = paddedIntegers(neurons)
  kernels.bounded(rows, count, neurons, limit, weights)
  return withoutPadding(weights, neurons)
}

/** A growing inverse, and the patterns that it is of. */
class Patterns {
  readonly neurons: number
  readonly #inverse: GrowingInverse
  rows = new Uint32Array(0)

  constructor(neurons: number) {
    this.neurons = neurons
    this.#inverse = new GrowingInverse(kernels, neurons)
  }

  get count(): number {
    return this.#inverse.count
  }

  get stride(): number {
    return this.#inverse.stride
  }

  get matrix(): Float64Array {
    return this.#inverse.matrix
  }

  addMany(rows: Uint32Array, count: number, dependent: 'error' | 'skip' = 'error'): Bordering {
    const words = rowWords(this.neurons)
    const all = Uint32Array.of(...this.rows, ...rows.subarray(0, count * words))
    const said = allHere(this.#inverse.addMany(all, count, dependent))
    this.rows = all.slice(0, this.count * words)
    return said
  }

  remove(index: number): void {
    this.#inverse.remove(index, this.rows)
    const words = rowWords(this.neurons)
    this.rows.copyWithin(index * words, (index + 1) * words)
    this.rows = this.rows.slice(0, this.count * words)
  }
}

/** J = ΞᵀC⁻¹Ξ, multiplied out. */
function projector(memory: Patterns): Float64Array {
  const { neurons: n, count, matrix, stride, rows } = memory
  const x = (mu: number, i: number): number => spin(rows, i, mu * rowWords(n))
  const weights = new Float64Array(n * n)
  for (let mu = 0; mu < count; mu++) {
    const b = new Float64Array(n)
    for (let nu = 0; nu < count; nu++) {
      for (let j = 0; j < n; j++) b[j] += matrix[mu * stride + nu] * x(nu, j)
    }
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) weights[i * n + j] += x(mu, i) * b[j]
  }
  return weights
}

/** The largest |Jξ − ξ| over the memory's patterns, and |trace J − P|. */
function errors(memory: Patterns): [patterns: number, trace: number] {
  const { neurons: n, count, rows } = memory
  const weights = projector(memory)
  let worst = 0
  for (let mu = 0; mu < count; mu++) {
    for (let i = 0; i < n; i++) {
      let field = 0
      for (let j = 0; j < n; j++) field += weights[i * n + j] * spin(rows, j, mu * rowWords(n))
      worst = Math.max(worst, Math.abs(field - spin(rows, i, mu * rowWords(n))))
    }
  }
  let trace = 0
  for (let i = 0; i < n; i++) trace += weights[i * n + i]
  return [worst, Math.abs(trace - count)]
}

function grown({ rows, count, neurons }: Given): Patterns {
  const memory = new Patterns(neurons)
  memory.addMany(rows, count)
  return memory
}

/** How many of `count` patterns no neuron would leave, with weights by (i, j) and no self-weight. */
function fixedPoints({ neurons, count, spins }: Given, weight: (i: number, j: number) => number): number[] {
  return [...new Array(count).keys()].filter((mu) => {
    const x = spins.subarray(mu * neurons, (mu + 1) * neurons)
    return x.every((xi, i) => {
      let field = 0
      for (let j = 0; j < neurons; j++) if (j !== i) field += weight(i, j) * x[j]
      return xi * field > 0
    })
  })
}

describe('Storkey’s rule', () => {
  test('is the formula of the paper, sum by sum', () => {
    const patterns = random(23, 12, 1)
    const { neurons: n, count, spins } = patterns
    let expected = new Float64Array(n * n)
    for (let mu = 0; mu < count; mu++) {
      const x = spins.subarray(mu * n, (mu + 1) * n)
      const h = (i: number, j: number): number => {
        let sum = 0
        for (let k = 0; k < n; k++) if (k !== i && k !== j) sum += expected[i * n + k] * x[k]
        return sum
      }
      expected = expected.map((weight, at) => {
        const [i, j] = [Math.floor(at / n), at % n]
        return i === j ? 0 : weight + (x[i] * x[j]) / n - (x[i] * h(j, i)) / n - (h(i, j) * x[j]) / n
      })
    }
    const weights = storkeyWeights(patterns, count)
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        expect(Math.abs(weights[i * paddedStride(n) + j] - expected[i * n + j])).toBeLessThan(1e-12)
      }
    }
  })

  test('gives the same bits however the patterns are cut', () => {
    const patterns = random(100, 30, 2)
    const { neurons, count, rows } = patterns
    const whole = storkeyWeights(patterns, count)
    const cut = storkeyWeights(patterns, 7)
    for (let mu = 7; mu < count; mu++) kernels.storkey(rows.subarray(mu * rowWords(neurons)), 1, neurons, cut)
    expectSame(cut, whole)
  })

  test('holds patterns at a load where Hebb’s rule loses most of them', () => {
    const patterns = random(200, 40, 3)
    const { neurons, count, spins } = patterns
    const weights = storkeyWeights(patterns, count)
    const hebb = (i: number, j: number): number => {
      let sum = 0
      for (let mu = 0; mu < count; mu++) sum += spins[mu * neurons + i] * spins[mu * neurons + j]
      return sum
    }
    const matrix = Float64Array.from({ length: neurons ** 2 }, (_, at) =>
      hebb(Math.floor(at / neurons), at % neurons),
    )
    expect(fixedPoints(patterns, (i, j) => matrix[i * neurons + j]).length).toBeLessThan(count / 2)
    expect(fixedPoints(patterns, (i, j) => weights[i * paddedStride(neurons) + j]).length).toBe(count)
  })
})

describe('the growing inverse', () => {
  test('makes every random pattern a fixed point, and its projector’s trace the number of patterns', () => {
    for (const [neurons, count] of [
      [64, 32],
      [100, 50],
      [200, 150],
    ]) {
      const [patterns, trace] = errors(grown(random(neurons, count, neurons)))
      expect(patterns).toBeLessThan(1e-9)
      expect(trace).toBeLessThan(1e-9)
    }
  })

  test.runIf(HAS_GLYPHS)('does so for strongly correlated glyphs', () => {
    const glyphs = readGlyphs()
    const spins = new Int8Array(64 * 256)
    for (let k = 0; k < 64; k++) spins.set(glyphs.get(0x4e00 + k) as Int8Array, k * 256)
    const [patterns, trace] = errors(grown(given(spins, 256)))
    expect(patterns).toBeLessThan(1e-9)
    expect(trace).toBeLessThan(1e-9)
  })

  test('is the inverse of the overlaps', () => {
    const patterns = random(90, 20, 5)
    const { neurons: n, count, spins } = patterns
    const { matrix, stride } = grown(patterns)
    for (let mu = 0; mu < count; mu++) {
      for (let nu = 0; nu < count; nu++) {
        let sum = 0
        for (let k = 0; k < count; k++) {
          let overlap = 0
          for (let i = 0; i < n; i++) overlap += spins[k * n + i] * spins[nu * n + i]
          sum += matrix[mu * stride + k] * overlap
        }
        expect(Math.abs(sum - (mu === nu ? 1 : 0))).toBeLessThan(1e-12)
      }
    }
  })

  test('has the same bits however patterns come, and whatever room it has', () => {
    const patterns = random(150, 40, 6)
    const whole = grown(patterns)
    const single = new Patterns(150)
    for (let mu = 0; mu < 40; mu++) single.addMany(row(patterns, mu), 1)
    expectSame(single.rows.slice(), whole.rows.slice())
    for (let mu = 0; mu < 40; mu++) {
      const part = (memory: Patterns): Float64Array =>
        memory.matrix.slice(mu * memory.stride, mu * memory.stride + 40)
      expectSame(part(single), part(whole))
    }
  })

  test('refuses a pattern that others combine to, names them, and stays as it was', () => {
    const { neurons, rows, spins } = random(64, 5, 7)
    const memory = new Patterns(neurons)
    memory.addMany(rows, 5)
    const before = [memory.rows.slice(), memory.matrix.slice()]
    const opposite = given(
      spins.slice(2 * 64, 3 * 64).map((x) => -x),
      64,
    )
    const error = refusal(() => memory.addMany(opposite.rows, 1))
    expect(error.code).toBe('ERR_HOPFIELD_DEPENDENT')
    expect(error.message).toBe(
      "patterns[0]: expected a pattern that is linearly independent of the earlier ones, got a combination of pattern 2; dependent: 'skip' leaves such patterns out",
    )
    // a + b − c of three patterns is one where they agree pairwise so that it is ±1 everywhere.
    const c = spins.slice(0, 64).map((x, i) => (i % 2 === 0 ? x : spins[64 + i]))
    const d = spins.slice(0, 64).map((x, i) => x + spins[64 + i] - c[i])
    const both = given(Int8Array.of(...c, ...d), 64)
    expect(refusal(() => memory.addMany(both.rows, 2)).message).toContain(
      "patterns[1]: expected a pattern that is linearly independent of the earlier ones, got a combination of pattern 0, 1, 5; dependent: 'skip' leaves such patterns out",
    )
    expect(memory.count).toBe(5)
    expectSame(memory.rows.slice(), before[0])
    expectSame(memory.matrix.slice(), before[1])
  })

  test('skips dependent patterns where it may, and goes on as if they had not come', () => {
    const { neurons, rows, spins } = random(80, 6, 8)
    const mixed = given(
      Int8Array.of(
        ...spins.subarray(0, 160),
        ...spins.subarray(80, 160),
        ...spins.subarray(160, 320),
        ...spins.subarray(0, 80).map((x) => -x),
        ...spins.subarray(320),
      ),
      80,
    )
    const memory = new Patterns(neurons)
    expect(memory.addMany(mixed.rows, 8, 'skip')).toEqual({
      added: [0, 1, 3, 4, 6, 7],
      skipped: [
        { index: 2, on: [1] },
        { index: 5, on: [0] },
      ],
    })
    const plain = new Patterns(neurons)
    plain.addMany(rows, 6)
    expectSame(memory.matrix.slice(), plain.matrix.slice())
    expectSame(memory.rows.slice(), plain.rows.slice())
  })

  test('takes as many as there are neurons, and then none', () => {
    const { neurons, rows } = random(24, 60, 9)
    const memory = new Patterns(neurons)
    const { added, skipped } = memory.addMany(rows, 60, 'skip')
    expect(added.length).toBe(24)
    expect(skipped.length).toBe(36)
    expect(errors(memory)[0]).toBeLessThan(1e-9)
  })

  test('forgets any pattern, and can take it in again', () => {
    const patterns = random(100, 30, 10)
    const memory = grown(patterns)
    for (const index of [29, 0, 11]) {
      const gone = memory.rows.slice(index * rowWords(100), (index + 1) * rowWords(100))
      memory.remove(index)
      expect(memory.count).toBe(29)
      expect(errors(memory)[0]).toBeLessThan(1e-9)
      memory.addMany(gone, 1)
      expect(errors(memory)[0]).toBeLessThan(1e-9)
    }
  })

  test('is made anew when as many patterns have gone as stay', () => {
    const memory = grown(random(100, 30, 10))
    for (let k = 0; k < 15; k++) memory.remove(k)
    expect(memory.count).toBe(15)
    const fresh = new Patterns(100)
    fresh.addMany(memory.rows.slice(), 15)
    expectSame(memory.matrix.slice(), fresh.matrix.slice())
  })

  test('loses its last pattern and begins anew', () => {
    const patterns = random(40, 2, 11)
    const memory = grown(patterns)
    memory.remove(0)
    memory.remove(0)
    expect(memory.count).toBe(0)
    memory.addMany(patterns.rows, 2)
    expectSame(memory.matrix.slice(0, 2), grown(patterns).matrix.slice(0, 2))
  })
})

describe('the perceptron rule', () => {
  test('learns half as many patterns again as there are neurons', () => {
    const patterns = random(100, 150, 12)
    const { neurons, count } = patterns
    const { weights, epochs } = perceptronWeights(patterns, [0, 10_000])
    expect(Math.max(...epochs)).toBeLessThan(10_000)
    expect(fixedPoints(patterns, (i, j) => weights[i * neurons + j]).length).toBe(count)
  })

  test('gives every pattern the margin it was asked for', () => {
    const patterns = random(80, 40, 13)
    const { neurons, count, spins } = patterns
    const kappa = 0.7
    const { weights, epochs } = perceptronWeights(patterns, [kappa, 10_000])
    expect(epochs.every((epoch) => epoch !== NEVER_LEARNED)).toBe(true)
    for (let i = 0; i < neurons; i++) {
      const own = weights.subarray(i * neurons, (i + 1) * neurons)
      const norm = Math.hypot(...own)
      for (let mu = 0; mu < count; mu++) {
        const x = spins.subarray(mu * neurons, (mu + 1) * neurons)
        const field = own.reduce((sum, weight, j) => sum + weight * x[j], 0)
        expect(x[i] * field).toBeGreaterThan(kappa * norm * (1 - 1e-12))
      }
    }
  })

  test('is the textbook’s loop, to the epoch, from zeros and from Hebb’s weights', () => {
    const patterns = random(30, 25, 14)
    const { neurons: n, count, spins } = patterns
    for (const hebb of [false, true]) {
      const expected = new Int32Array(n * n)
      for (let mu = 0; hebb && mu < count; mu++) {
        for (let i = 0; i < n; i++) {
          for (let j = 0; j < n; j++)
            if (i !== j) expected[i * n + j] += spins[mu * n + i] * spins[mu * n + j]
        }
      }
      const start = expected.slice()
      const took = new Uint32Array(n)
      for (let i = 0; i < n; i++) {
        for (let changed = true; changed; ) {
          changed = false
          took[i]++
          for (let mu = 0; mu < count; mu++) {
            let field = 0
            for (let j = 0; j < n; j++) field += expected[i * n + j] * spins[mu * n + j]
            if (spins[mu * n + i] * field > 0) continue
            for (let j = 0; j < n; j++) {
              if (j !== i) expected[i * n + j] += spins[mu * n + i] * spins[mu * n + j]
            }
            changed = true
          }
        }
      }
      const { weights, epochs } = perceptronWeights(patterns, [0, 1000], start)
      expectSame(weights, expected)
      expectSame(epochs, took)
    }
  })

  test('says of which neurons it did not get right what cannot be got right', () => {
    const { epochs } = perceptronWeights(random(20, 80, 15), [0, 200])
    expect(epochs.filter((epoch) => epoch === NEVER_LEARNED).length).toBeGreaterThan(15)
  })
})

describe('the palimpsest', () => {
  test('never has a weight beyond its bound, and is symmetric', () => {
    const patterns = random(60, 300, 16)
    const { neurons } = patterns
    const weights = palimpsestWeights(patterns, 3)
    for (let i = 0; i < neurons; i++) {
      expect(weights[i * neurons + i]).toBe(0)
      for (let j = 0; j < i; j++) {
        expect(Math.abs(weights[i * neurons + j])).toBeLessThanOrEqual(3)
        expect(weights[i * neurons + j]).toBe(weights[j * neurons + i])
      }
    }
  })

  test('keeps the latest patterns where Hebb’s rule has lost all', () => {
    const patterns = random(400, 200, 17)
    const { neurons } = patterns
    const kept = (limit: number): number[] => {
      const weights = palimpsestWeights(patterns, limit)
      return fixedPoints(patterns, (i, j) => weights[i * neurons + j])
    }
    expect(kept(7).slice(-3)).toEqual([197, 198, 199])
    expect(kept(7).every((mu) => mu > 180)).toBe(true)
    expect(kept(1e6)).toEqual([])
  })
})

test('clipped weights are the signs of Hebb’s, +1 at ties', () => {
  for (const count of [9, 10]) {
    const { neurons: n, rows, spins } = random(70, count, count)
    const signs = new Uint32Array(n * rowWords(n))
    const columns = new Uint32Array(n * columnWords(count))
    kernels.transpose(rows, count, n, columns)
    kernels.clipped(columns, count, n, signs)
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        let sum = 0
        for (let mu = 0; mu < count; mu++) sum += spins[mu * n + i] * spins[mu * n + j]
        expect(spin(signs, j, i * rowWords(n))).toBe(i !== j && sum >= 0 ? 1 : -1)
      }
    }
  }
})

test('a product of a state with itself is added to all weights but a neuron’s own', () => {
  const { neurons: n, rows, spins } = random(20, 1, 18)
  const weights = new Float64Array(n * paddedStride(n))
  kernels.rankOne(rows, n, -0.25, weights)
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      expect(weights[i * paddedStride(n) + j]).toBeCloseTo(i === j ? 0 : -0.25 * spins[i] * spins[j], 14)
    }
  }
})
