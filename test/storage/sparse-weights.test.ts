import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { randomPatterns } from '../../src/index.js'
import { readStates } from '../../src/input/states.js'
import type { Kernels, SparseMemory } from '../../src/kernels/contract/kernels.js'
import { LEARNING_KERNELS, PAIRWISE_KERNELS } from '../../src/kernels/families.js'
import { kernelsFor } from '../../src/kernels/select.js'
import { readRule } from '../../src/learning/rules.js'
import { connectionTable } from '../../src/storage/connections.js'
import { SparseWeights } from '../../src/storage/sparse-weights.js'
import { BACKENDS } from '../helpers/backends.js'
import { expectSame } from '../helpers/bytes.js'

const [neurons, count] = [400, 40]
const patterns = readStates('patterns', randomPatterns({ neurons, count, seed: 1 }), neurons)

function learned(kernels: Kernels, kind: string, symmetric: boolean): SparseWeights {
  const { coupling } = readRule(kind).learners({ kernels, neurons })
  if (coupling === undefined) throw new Error(`${kind} has no coupling`)
  const table = connectionTable(kernels, { kind: 'random', degree: 30, symmetric }, neurons)
  const weights = new SparseWeights(kernels, neurons, table, coupling)
  weights.store(patterns)
  return weights
}

function arraysOf(memory: SparseMemory): (Uint32Array | Int32Array | Float64Array)[] {
  const { starts, sources, weights, targetStarts, targets, targetWeights } = memory
  return [starts, sources, weights, targetStarts, targets, targetWeights]
}

describe.each(BACKENDS)('weights on connections, %s', (backend) => {
  const kernels = kernelsFor(backend, PAIRWISE_KERNELS, LEARNING_KERNELS)

  it.each([
    ['hebbian', false],
    ['hebbian', true],
    ['covariance', true],
    ['sequence', true],
    ['pseudoinverse', false],
  ] as const)('of rule %s, connected both ways: %s, are the same whole and in turns', async (kind, symmetric) => {
    const whole = learned(kernels, kind, symmetric).memory(true)
    const { memory, release } = await learned(kernels, kind, symmetric).lease(true)
    for (const [k, array] of arraysOf(memory).entries()) expectSame(array, arraysOf(whole)[k])
    release()
  })

  it('are made once for all that wait for them, of the patterns at the call', async () => {
    const weights = learned(kernels, 'covariance', false)
    const [first, second] = [weights.lease(true), weights.lease(true)]
    const before = learned(kernels, 'covariance', false).memory(true)
    weights.forget(0)
    const [{ memory }, other] = [await first, await second]
    expect(other.memory).toBe(memory)
    for (const [k, array] of arraysOf(memory).entries()) expectSame(array, arraysOf(before)[k])
    expect(weights.memory(true)).not.toBe(memory)
    expect(weights.memory(true).count).toBe(count - 1)
  })

  it('are asked of the kernels a few at a time', async () => {
    const largest = { products: 0, calls: 0 }
    const count = ([memory, , , sources]: readonly [
      { count: number },
      unknown,
      unknown,
      Uint32Array,
      ...unknown[],
    ]): void => {
      largest.products = Math.max(largest.products, sources.length * (memory.count + 32))
      largest.calls++
    }
    const counting: Kernels = {
      ...kernels,
      connectionWeights(...given) {
        count(given)
        return kernels.connectionWeights(...given)
      },
      beside: {
        ...kernels.beside,
        connectionWeights(...given) {
          count(given)
          return kernels.beside.connectionWeights(...given)
        },
      },
    }
    await learned(counting, 'covariance', false).lease(true)
    // Kernels beside this thread stop within a call; what this thread looks at before takes no millisecond.
    expect(largest.products).toBeLessThanOrEqual(backend === 'native' ? 2 ** 25 : 2 ** 20)
    expect(largest.calls).toBeGreaterThanOrEqual(1)
  })
})

describe('connections', () => {
  it('are numbers in arrays: a million neurons’ take no objects', () => {
    const before = process.memoryUsage().heapUsed
    const option = { kind: 'small-world', neighbours: 8, rewire: 0.1 }
    const { starts, sources } = connectionTable(kernelsFor('auto'), option, 2 ** 18)
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(30e6)
    expect([starts.length, sources.length]).toEqual([2 ** 18 + 1, 2 ** 21])
  })

  // Written down when the wiring was a set of JavaScript per neuron.
  it.each([
    [{ kind: 'random', degree: 3 }, 'a4de1d594b247d25'],
    [{ kind: 'random', degree: 9, symmetric: true, seed: 5 }, '045ed381f4245216'],
    [{ kind: 'small-world', neighbours: 6, rewire: 0.5, seed: 2 }, 'bda5a1246d93e25a'],
    [{ kind: 'ring', neighbours: 4 }, '160eb413256a57c0'],
  ])('of %o are these, for good', (option, digest) => {
    const { starts, sources } = connectionTable(kernelsFor('auto'), option, 50)
    const hash = createHash('sha256').update(starts).update(sources)
    expect(hash.digest('hex').slice(0, 16)).toBe(digest)
    for (let i = 0; i < 50; i++) {
      const row = Array.from(sources.subarray(starts[i], starts[i + 1]))
      expect(row).not.toContain(i)
      expect(row).toEqual([...new Set(row)].sort((x, y) => x - y))
    }
  })
})
