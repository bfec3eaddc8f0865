import { describe, expect, it } from 'vitest'
import { choice, flag, integer, Kinds, optional, required, Schema, seed } from '../../src/input/options.js'
import { checkInteger } from '../../src/input/validate.js'
import { refusal } from '../helpers/refusal.js'

const schema = new Schema(
  {
    size: required<number>((name, value) => checkInteger(name, value, 1, 9)),
    dynamics: choice(['synchronous', 'asynchronous'], 'asynchronous'),
    trace: flag(false),
    seed: seed(),
    most: optional<number, number, number>((name, value, size) => checkInteger(name, value, 1, size)),
  },
  { steps: 'is now called most' },
)
const plain = new Schema({ trace: flag(false), count: integer(0, 5, 1) })

describe('a schema of options', () => {
  it('gives defaults for what is not given', () => {
    const usual = { dynamics: 'asynchronous', trace: false, seed: [0, 0], most: undefined }
    expect(schema.read('call', { size: 3 })).toEqual({ size: 3, ...usual })
    expect(schema.read('call', { size: 3, trace: undefined, steps: undefined })).toEqual({
      size: 3,
      ...usual,
    })
    expect(plain.read('call', undefined)).toBe(plain.usual)
    expect(plain.read('call', {})).toEqual({ trace: false, count: 1 })
  })

  it('reads every value once', () => {
    let reads = 0
    const fickle = {
      get count() {
        reads++
        return reads === 1 ? 5 : 500
      },
    }
    expect(plain.read('call', fickle).count).toBe(5)
    expect(reads).toBe(1)
  })

  it('gives the same object for the same options, and another for any that differ', () => {
    const given = [
      { count: 2 },
      { count: 3 },
      { count: 3, trace: true },
      { trace: true, count: 3 },
      { trace: undefined, count: 3 },
      {},
    ]
    for (const options of given) {
      const first = plain.read('call', options)
      expect(plain.read('call', { ...options })).toBe(first)
      expect(plain.keeps(first)).toBe(true)
      for (const others of given) {
        const expected = { trace: false, count: 1, ...JSON.parse(JSON.stringify(others)) }
        expect(plain.read('call', others)).toEqual(expected)
      }
    }
  })

  it('checks again what depends on something else, and what is no primitive value', () => {
    const sized = (most: number, size: number): unknown => schema.read('call', { size, most }, size)
    expect(sized(3, 5)).toMatchObject({ most: 3 })
    expect(() => sized(3, 2)).toThrow('most')
    let reads = 0
    const listed = new Schema({
      list: required<number[]>((name, value) => {
        reads++
        if (!Array.isArray(value)) throw new TypeError(`${name}: no list`)
        return value
      }),
    })
    const list = [1, 2]
    for (let k = 0; k < 3; k++) expect(listed.read('call', { list })).toEqual({ list })
    expect(reads).toBe(3)
    expect(() => listed.read('call', { list: undefined })).toThrow('list: no list')
    expect(() => listed.read('call', { list: null })).toThrow('list: no list')
  })

  it('tells checks what they depend on', () => {
    expect(schema.read('call', { size: 3, most: 7 }, 7).most).toBe(7)
    expect(refusal(() => schema.read('call', { size: 3, most: 8 }, 7)).code).toBe('ERR_HOPFIELD_RANGE')
  })

  it.each([
    [undefined, 'call: expected an options object, got undefined'],
    [null, 'call: expected an options object, got null'],
    [5, 'call: expected an options object, got 5'],
    [[], 'call: expected an options object'],
    [new Map(), 'call: expected an options object'],
    [new Date(), 'call: expected an options object'],
    [Promise.resolve(), 'call: expected an options object'],
    [{}, 'call: size: expected an integer'],
    [{ size: 0 }, 'call: size: expected an integer from 1 to 9, got 0'],
    [{ size: 1, trace: null }, 'call: trace: expected true or false, got null'],
    [{ size: 1, dynamics: 'both' }, 'call: dynamics: expected'],
    [{ size: 1, seed: -1 }, 'call: seed: expected'],
    [{ size: 1, traces: true }, 'call: unknown option "traces"; known: size, dynamics, trace, seed, most'],
    [{ size: 1, steps: 3 }, 'call: steps: is now called most'],
  ])('refuses %j', (given, message) => {
    expect(refusal(() => schema.read('call', given)).message).toContain(message)
  })

  it('lets an error of a getter through, and what is added to all objects', () => {
    const trap = {
      get count() {
        throw new RangeError('mine')
      },
    }
    expect(() => plain.read('call', trap)).toThrow(new RangeError('mine'))
    Object.defineProperty(Object.prototype, 'added', {
      value: 1,
      enumerable: true,
      configurable: true,
      writable: true,
    })
    try {
      expect(plain.read('call', {})).toMatchObject({ count: 1 })
    } finally {
      delete (Object.prototype as { added?: number }).added
    }
  })
})

describe('options of one kind or another', () => {
  const kinds = new Kinds({ power: { degree: integer(1, 9, 2) }, table: {} })

  it('reads those of the kind', () => {
    expect(kinds.read('rule', { kind: 'power' })).toMatchObject({ kind: 'power', degree: 2 })
    expect(kinds.read('rule', { kind: 'table' })).toEqual({ kind: 'table' })
  })

  it.each([
    ['power', 'rule: expected an object with a kind'],
    [{}, 'rule.kind: expected'],
    [{ kind: 'sum' }, "rule.kind: expected one of 'power', 'table'"],
    [{ kind: 'power', degree: 0 }, 'rule.degree: expected an integer from 1 to 9'],
    [{ kind: 'table', degree: 1 }, 'rule.degree: unknown option'],
    [{ rule: 'power' }, 'rule.rule: '],
  ])('refuses %j', (given, message) => {
    expect(refusal(() => kinds.read('rule', given)).message).toContain(message)
  })
})
