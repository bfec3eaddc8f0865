import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { demoFigure } from '../src/demo-figure.js'
import { runExperiment } from '../src/experiment.js'
import { hopfield, scratch } from './helpers.js'

const ENERGIES = [-16, -32, -60, -104, -148, -204, -268, -344, -420]
const { file } = scratch()

describe('hopfield demo', async () => {
  const path = file('figure.svg')
  const { code, stdout, stderr } = await hopfield(['demo', '--svg', path])

  test('the seed experiment ends in X after eight flips, with these energies', () => {
    const { recalled, original, flips, sweeps, trace, states } = runExperiment()
    expect(recalled).toEqual(original)
    expect([flips, sweeps]).toEqual([8, 2])
    expect(Array.from(trace.energies, (energy) => energy * 25)).toEqual(ENERGIES)
    expect(states.at(-1)).toEqual(original)
  })

  test('it prints the energy after every flip', () => {
    expect([code, stderr]).toEqual([0, ''])
    for (const energy of ENERGIES) expect(stdout).toContain((energy / 25).toFixed(2))
  })

  test('it draws the cue with its wrong neurons beside the recalled X', () => {
    expect(stdout).toContain('██▒▒· ▒▒░░     ██· · · ██')
  })

  test('it says what computed, and how fast', () => {
    expect(stdout).toMatch(/(native|typescript) backend, \S+ tier: [\d,]+ recalls per second/)
  })

  test('the figure is the same bytes at every call and holds no measured speed', async () => {
    expect(readFileSync(path, 'utf8')).toBe(await demoFigure(runExperiment()).svg())
  })

  test('the figure names its parts, its quantities, and where the energy went', () => {
    const figure = readFileSync(path, 'utf8')
    for (const title of ['stored: T', 'cue: 8 wrong', 'recalled: X', 'energy E', 'flips']) {
      expect(figure).toContain(`>${title}<`)
    }
    // A round mark for the cue and for every flip, each lower than the one before.
    const marks = figure.matchAll(/translate\([\d.]+,([\d.]+)\)" d="M-3\.6/g)
    const heights = Array.from(marks, ([, y]) => Number(y))
    expect(heights).toHaveLength(ENERGIES.length)
    expect(heights).toEqual(heights.toSorted((a, b) => a - b))
    expect(figure).toContain('−16.80; overlap with X 0.36 → 1.00')
  })
})
