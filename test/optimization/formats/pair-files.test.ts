import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  formatGset,
  formatIsing,
  formatQubo,
  IsingProblem,
  maxCut,
  parseGset,
  parseIsing,
  parseQubo,
  qubo,
} from '../../../src/optimization.js'
import { FIXED } from '../../helpers/property.js'
import { enumerate, HAS_INSTANCES, instance } from '../helpers.js'

const pairs = fc.array(
  fc.tuple(fc.integer({ min: 0, max: 8 }), fc.integer({ min: 0, max: 8 }), fc.integer({ min: -99, max: 99 })),
  { minLength: 1, maxLength: 20 },
)

describe('files of pairs', () => {
  it('are read as they were written', () => {
    const property = fc.property(pairs, (edges) => {
      const graph = maxCut(edges)
      expect(parseGset(formatGset(graph)).couplings).toEqual(graph.couplings)
      const fields = Float64Array.from({ length: graph.variables }, (_, i) => (i % 3) - 1)
      const ising = IsingProblem.from({
        edges: edges.filter(([i, j]) => i !== j),
        fields,
        variables: graph.variables,
      })
      for (const signs of ['hopfield', 'dimod'] as const) {
        const read = parseIsing(formatIsing(ising, { signs }), { signs })
        expect([read.couplings, read.fields]).toEqual([ising.couplings, ising.fields])
      }
      const from = edges.map(([i]) => i)
      const binary = qubo({ from, to: edges.map(([, j]) => j), weights: edges.map(([, , q]) => q) })
      const read = parseQubo(formatQubo(binary))
      expect([read.couplings, read.fields, read.offset]).toEqual([
        binary.couplings,
        binary.fields,
        binary.offset,
      ])
    })
    fc.assert(property, FIXED)
  })

  it('may have a stray word in the header, comments, blank lines, Windows line ends, and no weights', () => {
    const problem = parseGset('\ufeff# a graph\r\n3 2\u00a0J\r\n\r\n1 2\r\n2 3 5\r\n')
    expect(problem.value([1, -1, 1])).toBe(6)
    expect(parseGset('0 0\n').variables).toBe(0)
  })

  it('count a line of a QUBO twice unless they say otherwise', () => {
    expect(parseQubo('2 2\n1 1 -1\n1 2 3\n').value([1, 1])).toBe(5)
    expect(parseQubo('2 2\n1 1 -1\n1 2 3\n', { symmetric: false }).value([1, 1])).toBe(2)
    expect(parseQubo('2 2\n1 1 -1\n1 2 3\n', { sense: 'max' }).value([1, 1])).toBe(-5)
    expect(parseQubo('c qbsolv\np qubo 0 2 1 1\n0 0 -1\n0 1 3\n').value([1, 1])).toBe(2)
  })

  it.each([
    [parseGset, '', 'parseGset: line 1: expected a header'],
    [parseGset, '3\n', 'parseGset: line 1: expected the number of lines that follow as word 2, got 1 words'],
    [parseGset, '3 2\n1 2 1\n', 'parseGset: line 2: expected 2 lines after the header, as it says, got 1'],
    [parseGset, '3 1\n1 2 1\n2 3 1\n', 'expected 1 lines after the header, as it says, got 2'],
    [parseGset, '3 1\n1 4 1\n', 'line 2: expected a node, a whole number from 1 to 3, got "4"'],
    [parseGset, '3 1\n0 1 1\n', 'line 2: expected a node, a whole number from 1 to 3, got "0"'],
    [parseGset, '3 1\n1 2 x\n', 'line 2: expected a weight, got "x"'],
    [parseGset, '3 1\n1 2 NaN\n', 'line 2: expected a weight, got "NaN"'],
    [parseGset, '3 1\n1 2 1e999\n', 'line 2: expected a weight, got "1e999"'],
    [parseGset, '3 1\n1 2 1 1\n', 'line 2: expected three words, got 4'],
    [parseGset, '-3 1\n1 2 1\n', 'line 1: expected the number of nodes'],
    [parseQubo, '2 1\n\n1 2\n', 'parseQubo: line 3: expected a weight as word 3, got 2 words'],
    [parseQubo, 'p qubo 0 2 2 2\n0 0 1\n', 'parseQubo: line 1: expected 4 lines after the header'],
    [parseIsing, '2 1\n1 2 0x10\n', 'parseIsing: line 2: expected a weight, got "0x10"'],
    [parseIsing, 5 as never, 'parseIsing: text: expected the text of a file, got 5'],
  ])('%o refuses %j with line and reason', (parse, text, message) => {
    expect(() => parse(text)).toThrow(message)
  })

  it('refuse to write fields where they have no place', () => {
    expect(() => formatGset(IsingProblem.from({ fields: [1] }))).toThrow(
      'formatGset: problem: expected one without fields',
    )
  })
})

describe.skipIf(!HAS_INSTANCES)('real files', () => {
  it.each([
    ['gset/G1.txt.gz', 800, 19176],
    ['gset/G11.txt.gz', 800, 1600],
    ['gset/G14.txt.gz', 800, 4694],
    ['gset/G22.txt.gz', 2000, 19990],
    ['gset/G43.txt.gz', 1000, 9990],
    ['gset/G55.txt.gz', 5000, 12498],
    ['gset/G70.txt.gz', 10000, 9999],
  ])('%s has its nodes and edges', (path, nodes, edges) => {
    const problem = parseGset(instance(path))
    expect([problem.variables, problem.edgeCount]).toEqual([nodes, edges])
    expect(problem.couplings.data).toBeInstanceOf(Int32Array)
  })

  it('gka1b has its optimum, −133, among all states', () => {
    const problem = parseQubo(instance('qubo/gka1b.sparse'))
    const { energy, states } = enumerate(problem)
    expect(energy).toBe(-133)
    expect(problem.value(states[0])).toBe(-133)
  })
})
