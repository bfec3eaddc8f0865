import { readFileSync } from 'node:fs'
import { capacityCurve, separationCurve } from 'hopfield-native/experiments'
import { describe, expect, test } from 'vitest'
import { hopfield, scratch } from './helpers.js'

const { file } = scratch()

/** Small enough to take some milliseconds each. */
const SMALL: Readonly<Record<string, readonly string[]>> = {
  capacity: ['--neurons', '40,60', '--loads', '0.05,0.1'],
  basins: ['--neurons', '50', '--loads', '0.04,0.1', '--noise', '0:0.4:0.2'],
  overlaps: ['--neurons', '50', '--noise', '0.1,0.3', '--sweeps', '3'],
  'phase-diagram': ['--neurons', '50', '--loads', '0.02,0.1', '--temperatures', '0,0.5,1', '--sweeps', '5'],
  histogram: ['--neurons', '50', '--counts', '3,8', '--units', 'binary'],
  spurious: ['--neurons', '50', '--loads', '0.06,0.1', '--starts', '5'],
  palimpsest: ['--neurons', '50', '--stored', '20', '--ages', '0:4:2'],
  codes: ['--neurons', '50', '--active', '5', '--shown', '3', '--counts', '10,30'],
  sequence: ['--neurons', '50', '--loads', '0.1,0.2', '--steps', '5'],
  separation: [
    '--neurons',
    '50',
    '--active',
    '10',
    '--outputs',
    '100',
    '--sources',
    '5',
    '--winners',
    '5,20',
    '--pairs',
    '2',
  ],
}

describe.each(Object.entries(SMALL))('hopfield plot %s', (kind, args) => {
  const all = ['plot', kind, ...args, '--networks', '3', '--seed', '5']

  test('measures the same at each call, says it, and draws it', async () => {
    const svg = file(`${kind}.svg`)
    const { code, stdout, stderr } = await hopfield([...all, '--svg', svg])
    expect([code, stderr]).toEqual([0, ''])
    const drawn = readFileSync(svg, 'utf8')
    expect(drawn).toMatch(/seed 5/)
    expect(drawn).not.toMatch(/NaN|undefined|Infinity/)
    expect(await hopfield([...all, '--threads', '1'])).toEqual({ code, stdout, stderr })
  })

  test('gives its data as JSON without holes', async () => {
    const { stdout } = await hopfield([...all, '--json'])
    expect(JSON.parse(stdout)).toEqual(expect.any(Object))
    expect(stdout).not.toContain('null')
  })
})

test('capacity has the numbers of the package, for every rule and size', async () => {
  const args = ['--neurons', '40,60', '--loads', '0.1,0.2', '--learning', 'hebbian', '--learning', 'storkey']
  const { stdout } = await hopfield(['plot', 'capacity', ...args, '--networks', '2', '--seed', '9', '--json'])
  const { runs } = JSON.parse(stdout)
  expect(runs.map((run: { learning: string }) => run.learning)).toEqual([
    'hebbian',
    'hebbian',
    'storkey',
    'storkey',
  ])
  const { exact, overlap } = await capacityCurve({
    neurons: 60,
    learning: 'storkey',
    loads: [0.1, 0.2],
    networks: 2,
    seed: 9,
  })
  expect(runs[3].curve.exact.mean).toEqual(Array.from(exact.mean))
  expect(runs[3].curve.overlap.mean).toEqual(Array.from(overlap.mean))
})

test('separation has the numbers of the package, and the line of its theory', async () => {
  const svg = file('theory.svg')
  const wiring = { neurons: 50, active: 10, outputs: 100, sources: 5 }
  const args = Object.entries({ ...wiring, winners: 20 }).flatMap(([name, value]) => [
    `--${name}`,
    String(value),
  ])
  const all = [
    'plot',
    'separation',
    ...args,
    '--overlaps',
    '0,0.5,1',
    '--networks',
    '2',
    '--svg',
    svg,
    '--json',
  ]
  const { stdout } = await hopfield(all)
  const { overlap } = await separationCurve({ ...wiring, winners: 20, overlaps: [0, 0.5, 1], networks: 2 })
  expect(JSON.parse(stdout).runs[0].curve.overlap.mean).toEqual(Array.from(overlap.mean))
  expect(readFileSync(svg, 'utf8')).toMatch(/stroke="#0072b2"[^>]*stroke-dasharray="6,4"/)
})

test('only the rule that has a theory is drawn with one', async () => {
  const svg = file('storkey.svg')
  const few = ['--neurons', '40', '--loads', '0.1,0.2', '--networks', '2', '--svg', svg]
  await hopfield(['plot', 'capacity', ...few, '--learning', 'storkey'])
  expect(readFileSync(svg, 'utf8')).not.toContain('theory')
  await hopfield(['plot', 'capacity', ...few, '--learning', 'hebbian'])
  expect(readFileSync(svg, 'utf8')).toContain('>theory, T = 0<')
})

test.each([
  ['loads that go down', ['capacity', '--loads', '0.2,0.1'], 2, 'Expected ascending numbers'],
  ['a range that never ends', ['capacity', '--loads', '0.1:0.2:0'], 2, 'from:to:step'],
  ['a range of too many', ['basins', '--noise', '0:1:0.00001'], 2, 'at most 1000'],
  ['half a neuron', ['sequence', '--neurons', '10.5'], 2, 'ascending integers'],
  ['no number at all', ['spurious', '--loads', ''], 2, 'Expected ascending numbers'],
  ['a negative temperature', ['phase-diagram', '--temperatures', '-1'], 2, 'Expected ascending numbers'],
  [
    'two rules where one is shown',
    ['spurious', '--learning', 'hebbian', '--learning', 'storkey'],
    2,
    'one rule, got hebbian, storkey',
  ],
  ['no networks', ['overlaps', '--networks', '0'], 2, 'from 1'],
  [
    'an age before the first pattern',
    ['palimpsest', '--neurons', '50', '--stored', '5', '--ages', '5'],
    1,
    'ages[0]',
  ],
  ['more winners than units', ['separation', '--outputs', '10', '--winners', '11'], 1, 'winners'],
  ['two loads of one pattern', ['capacity', '--neurons', '10', '--loads', '0.1,0.11'], 1, 'loads[1]'],
])('%s: refused in one line', async (_, args, code, why) => {
  const ended = await hopfield(['plot', ...args])
  expect([ended.code, ended.stdout, ended.stderr.split('\n').length]).toEqual([code, '', 2])
  expect(ended.stderr).toContain(why)
})
