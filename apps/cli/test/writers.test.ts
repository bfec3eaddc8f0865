import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, symlinkSync } from 'node:fs'
import { bipolar } from 'hopfield-native'
import { PNG } from 'pngjs'
import { describe, expect, test } from 'vitest'
import { DataError } from '../src/errors.js'
import { writeWhole } from '../src/files.js'
import type { PatternSet } from '../src/patterns.js'
import { readPatterns } from '../src/readers/index.js'
import { writerFor } from '../src/writers/index.js'
import { scratch } from './helpers.js'

const { file, folder } = scratch()
const set: PatternSet = {
  neurons: 6,
  names: ['U+0041', 'a b'],
  states: bipolar('##.... .#.#.#'),
  grid: { width: 3, height: 2 },
}

describe('states', () => {
  test.each(['states.npy', 'states.txt', 'states/'])('written to %s are read back', async (name) => {
    await writerFor(file(name))(set, { invert: false })
    expect(await readPatterns([file(name)], {})).toMatchObject({ neurons: 6, states: set.states })
  })

  test('written with --invert are read back with --invert', async () => {
    await writerFor(file('inverted/'))(set, { invert: true })
    expect((await readPatterns([file('inverted')], { invert: true })).states).toEqual(set.states)
  })

  test('a folder has a file a state, in order and with names every system takes', async () => {
    await writerFor(file('named/'))(set, { invert: false })
    expect(readdirSync(file('named')).sort()).toEqual(['0-U+0041.png', '1-a_b.png'])
  })

  test('a sheet shows every neuron as a square, black for +1', async () => {
    await writerFor(file('sheet.png'))(set, { invert: false })
    const { width, height, data } = PNG.sync.read(readFileSync(file('sheet.png')))
    expect([width, height]).toEqual([(2 * 4 + 1) * 6, (1 * 3 + 1) * 6])
    const grey = (x: number, y: number): number => data[4 * ((y * 6 + 3) * width + x * 6 + 3)]
    expect([grey(0, 0), grey(1, 1), grey(2, 1), grey(3, 1), grey(4, 1), grey(5, 1)]).toEqual([
      204, 0, 0, 255, 204, 255,
    ])
  })
})

describe('writing a file', () => {
  test('leaves nothing beside it', () => {
    mkdirSync(file('clean'))
    writeWhole(file('clean/a.txt'), 'one')
    writeWhole(file('clean/a.txt'), 'two')
    expect(readdirSync(file('clean'))).toEqual(['a.txt'])
    expect(readFileSync(file('clean/a.txt'), 'utf8')).toBe('two')
  })

  test('that cannot be leaves no temporary either', () => {
    mkdirSync(file('taken.txt'))
    expect(() => writeWhole(file('taken.txt'), 'x')).toThrow(DataError)
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([])
  })

  test('through a symbolic link keeps the link', () => {
    writeWhole(file('real.txt'), 'old')
    symlinkSync(file('real.txt'), file('link.txt'))
    writeWhole(file('link.txt'), 'new')
    expect(readFileSync(file('real.txt'), 'utf8')).toBe('new')
  })

  test('through a link that leads to no file yet makes that file', () => {
    symlinkSync('made.txt', file('ahead.txt'))
    writeWhole(file('ahead.txt'), 'new')
    expect([readFileSync(file('made.txt'), 'utf8'), readlinkSync(file('ahead.txt'))]).toEqual([
      'new',
      'made.txt',
    ])
  })

  test.skipIf(!existsSync('/dev/null'))('to a device does not replace the device', () => {
    writeWhole('/dev/null', 'x')
    expect(readFileSync('/dev/null', 'utf8')).toBe('')
  })
})
