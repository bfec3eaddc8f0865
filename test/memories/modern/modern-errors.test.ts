import { describe, expect, it } from 'vitest'
import { attention, ModernHopfield } from '../../../src/index.js'
import { detach, refusal, untyped as wrong } from '../../helpers/refusal.js'

const net = (): ModernHopfield => new ModernHopfield({ dimension: 3 }).store([1, 2, 3, 4, 5, 6])
const withValues = (): ModernHopfield =>
  new ModernHopfield({ dimension: 2, valueDimension: 1 }).store([1, 2], [3])

const CASES: readonly [what: string, call: () => unknown, code: string, message: string][] = [
  [
    'no options',
    () => new ModernHopfield(wrong(undefined)),
    'TYPE',
    'ModernHopfield: expected an options object, got undefined',
  ],
  [
    'a misspelt option',
    () => new ModernHopfield(wrong({ dimension: 2, betta: 1 })),
    'OPTION',
    'unknown option "betta"',
  ],
  [
    'no dimension',
    () => new ModernHopfield(wrong({})),
    'TYPE',
    'dimension: expected an integer, got undefined',
  ],
  [
    'dimension 0',
    () => new ModernHopfield({ dimension: 0 }),
    'RANGE',
    'dimension: expected an integer from 1 to 16777216, got 0',
  ],
  [
    'β of 0',
    () => new ModernHopfield({ dimension: 2, beta: 0 }),
    'RANGE',
    'beta: expected a number from 1e-100 to 1e+100, got 0',
  ],
  ['β that is no number', () => new ModernHopfield({ dimension: 2, beta: Number.NaN }), 'RANGE', 'got NaN'],
  [
    'β by another name',
    () => new ModernHopfield(wrong({ dimension: 2, beta: 'hot' })),
    'OPTION',
    `beta: expected a number or 'auto', got "hot"`,
  ],
  [
    'another similarity',
    () => new ModernHopfield(wrong({ dimension: 2, similarity: 'manhattan' })),
    'OPTION',
    `similarity: expected one of 'dot', 'cosine', 'euclidean', got "manhattan"`,
  ],
  [
    'another separation',
    () => new ModernHopfield(wrong({ dimension: 2, separation: 'max' })),
    'OPTION',
    'separation: expected one of',
  ],
  ['a key too short', () => net().store([1, 2]), 'SHAPE', 'keys: expected a multiple of 3 numbers, got 2'],
  [
    'a nested key too long',
    () =>
      net().store([
        [1, 2, 3],
        [1, 2, 3, 4],
      ]),
    'SHAPE',
    'keys[1]: expected 3 numbers, got 4',
  ],
  [
    'a key with NaN',
    () => net().store([1, 2, 3, 4, Number.NaN, 6]),
    'VALUE',
    'keys[4]: expected a finite number within f32, got NaN',
  ],
  [
    'a key that f32 cannot hold',
    () =>
      net().store([
        [1, 2, 3],
        [1, 1e39, 3],
      ]),
    'VALUE',
    'keys[1][1]: expected a finite number within f32, got 1e+39',
  ],
  [
    'an infinite f32',
    () => net().store(Float32Array.of(1, Number.POSITIVE_INFINITY, 3)),
    'VALUE',
    'keys[1]: expected a finite number within f32, got Infinity',
  ],
  [
    'a string for keys',
    () => net().store(wrong('abc')),
    'TYPE',
    'keys: expected vectors of 3 numbers, got "abc"',
  ],
  [
    'a string within a key',
    () => net().store(wrong([1, '2', 3])),
    'VALUE',
    'keys[1]: expected a finite number within f32, got "2"',
  ],
  [
    'a transferred array',
    () => net().store(detach(new Float32Array(3))),
    'SHAPE',
    'keys: the buffer of this array was transferred',
  ],
  [
    'values where there are none',
    () => net().store([1, 2, 3], [1]),
    'OPTION',
    'values: this network stores no values',
  ],
  [
    'no values where there must be',
    () => withValues().store([1, 2]),
    'TYPE',
    'values: expected vectors of 1 numbers, got undefined',
  ],
  [
    'fewer values than keys',
    () => withValues().store([1, 2, 3, 4], [1]),
    'SHAPE',
    'values: expected 2 (one per key), got 1',
  ],
  [
    'an index behind the last',
    () => net().forget(2),
    'RANGE',
    'index: expected an integer from 0 to 1, got 2',
  ],
  [
    'forgetting nothing',
    () => new ModernHopfield({ dimension: 1 }).forget(0),
    'RANGE',
    'index: no patterns are stored, got 0',
  ],
  ['replacing by a wrong key', () => net().replace(0, [1, 2]), 'SHAPE', 'key: expected 3 numbers, got 2'],
  ['a query too short', () => net().retrieve([1, 2]), 'SHAPE', 'query: expected 3 numbers, got 2'],
  [
    'two queries for one',
    () => net().retrieve(wrong([[1, 2, 3]])),
    'TYPE',
    'query: expected 3 numbers, got Array(1)',
  ],
  [
    'a query with undefined',
    () => net().retrieve(wrong([1, undefined, 3])),
    'VALUE',
    'query[1]: expected a finite number within f32, got undefined',
  ],
  [
    'nothing stored',
    () => new ModernHopfield({ dimension: 1 }).retrieve([1]),
    'RANGE',
    'retrieve: no patterns are stored; call store() first',
  ],
  [
    'no steps',
    () => net().retrieve([1, 2, 3], { maxSteps: 0 }),
    'RANGE',
    'maxSteps: expected an integer from 1',
  ],
  [
    'a negative tolerance',
    () => net().retrieve([1, 2, 3], { tolerance: -1 }),
    'RANGE',
    'tolerance: expected a number from 0',
  ],
  [
    'an option of another call',
    () => net().retrieve([1, 2, 3], wrong({ threads: 2 })),
    'OPTION',
    'retrieve: unknown option "threads"',
  ],
  ['k of 0', () => net().top([1, 2, 3], 0), 'RANGE', 'k: expected an integer from 1'],
  [
    'a mass beyond 1',
    () => net().fixedPoint([1, 2, 3], { mass: 2 }),
    'RANGE',
    'mass: expected a number from 0 to 1, got 2',
  ],
  [
    'a bound for another similarity',
    () => new ModernHopfield({ dimension: 1, similarity: 'cosine' }).store([1]).retrievalErrorBound(0, [1]),
    'OPTION',
    "retrievalErrorBound: only known for similarity 'dot' and separator 'softmax'",
  ],
  [
    'attention without a dimension',
    () => attention([1, 2], [1, 2], [1]),
    'OPTION',
    'dimension: required with flat queries',
  ],
  [
    'attention without keys',
    () => attention([[1]], [], []),
    'SHAPE',
    'keys: expected at least one key, got none',
  ],
  [
    'attention with a value too few',
    () => attention([[1]], [[1], [2]], [[3]]),
    'SHAPE',
    'values: expected 2 (one per key), got 1',
  ],
  [
    'attention with values that do not divide',
    () => attention([[1]], [[1], [2]], [1, 2, 3]),
    'SHAPE',
    'values: expected a multiple of 2 numbers (2 keys), got 3',
  ],
  [
    'a mask too short',
    () => attention([[1]], [[1], [2]], [1, 2], { mask: [1] }),
    'SHAPE',
    'mask: expected 2 values, got 1',
  ],
  [
    'a mask that hides everything',
    () => attention([[1], [1]], [[1], [2]], [1, 2], { mask: [1, 0, 0, 0] }),
    'VALUE',
    'mask: query 1: expected at least one key with flag 1',
  ],
]

describe('the modern Hopfield network refuses, naming what is wrong', () => {
  it.each(CASES)('%s', (_, call, code, message) => {
    const error = refusal(call)
    expect(error.code).toBe(`ERR_HOPFIELD_${code}`)
    expect(error.message).toContain(message)
  })

  it('and leaves the memory as it was', () => {
    const memory = net()
    for (const keys of [[1], [1, 2, Number.NaN], [[1, 2, 3], [4]]]) refusal(() => memory.store(wrong(keys)))
    refusal(() => memory.replace(0, [1, 2, Number.NaN]))
    expect(memory.patternCount).toBe(2)
    expect(memory.pattern(0)).toEqual(Float32Array.of(1, 2, 3))
  })
})
