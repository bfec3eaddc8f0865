import stringWidth from 'string-width'
import { describe, expect, test, vi } from 'vitest'
import { inWords, progress } from '../src/progress.js'
import { formatRows } from '../src/table.js'
import { energyBars, sideBySide } from '../src/terminal.js'
import { indented, wrapped } from '../src/width.js'

const widest = (text: string): number => Math.max(...text.split('\n').map((line) => stringWidth(line)))

describe('a table', () => {
  const rows = [['a-name-of-forty-characters-or-even-of-more', '圖'.repeat(20), '1.000', '-126.813']]
  const at = (room: number | undefined): string =>
    formatRows(['cue', 'nearest', 'overlap', 'energy'], rows, ['left', 'left', 'right', 'right'], room)

  test.each([60, 80, 100])('fits %d columns, wide characters too, and keeps its numbers', (room) => {
    expect(widest(at(room))).toBeLessThanOrEqual(room)
    expect(at(room)).toContain('…')
    expect(at(room)).toMatch(/1\.000\s+-126\.813$/)
  })

  test('is as wide as it is where nobody looks, or where there is room', () => {
    expect(at(undefined)).toBe(at(200))
    expect(at(undefined)).toContain(rows[0][0])
  })

  test('is a paragraph a row where there is no room for all columns', () => {
    expect(
      formatRows(
        ['cue', 'energy'],
        [
          ['a', '1.5'],
          ['b', '2'],
        ],
        undefined,
        10,
      ),
    ).toBe('cue     a\nenergy  1.5\n\ncue     b\nenergy  2')
    expect(at(10)).toContain('-126.813')
  })
})

test.each([60, 80, 120])('drawings and bars fit %d columns', (room) => {
  const state = new Int8Array(25).fill(1)
  const drawings = ['X', 'T', 'O', 'cue', 'recalled'].map((title) => ({ title, state }))
  expect(widest(sideBySide(drawings, room))).toBeLessThanOrEqual(room)
  expect(sideBySide(drawings, room).match(/█/g)).toHaveLength(5 * 50)
  expect(widest(energyBars([-1, -10], [3], room))).toBeLessThanOrEqual(room)
})

test('a text beside its label breaks between words, below its beginning', () => {
  expect(indented('why  ', 'the addon loaded; no better', 20)).toBe(
    'why  the addon\n     loaded; no\n     better',
  )
})

test('sentences break between words, and stay whole where nobody looks', () => {
  const text = '2 sweeps, 8 flips; overlap with X 0.36 → 1.00.\nnative backend'
  expect(wrapped(text, 20)).toBe('2 sweeps, 8 flips;\noverlap with X 0.36\n→ 1.00.\nnative backend')
  expect(wrapped(text, undefined)).toBe(text)
})

describe('work elsewhere than on a terminal', () => {
  function said(total: number, unit?: string): string[] {
    const lines: string[] = []
    const clock = vi.spyOn(performance, 'now').mockReturnValue(0)
    const error = vi.spyOn(console, 'error').mockImplementation((line) => void lines.push(line))
    const line = progress()
    line.stage(unit === undefined ? 'recalling' : 'learning', total, unit)
    for (const [done, now] of [
      [1, 100],
      [10, 1000],
      [20, 2000],
    ]) {
      clock.mockReturnValue(now)
      line.update(done)
    }
    line.stop()
    clock.mockRestore()
    error.mockRestore()
    return lines
  }

  test('is announced once with an estimate if it takes long, and not otherwise', () => {
    expect(said(1000)).toEqual(['hopfield: recalling 1000 cues: about 2 min to go'])
    expect(said(1000, 'patterns')).toEqual(['hopfield: learning 1000 patterns: about 2 min to go'])
    expect(said(50)).toEqual([])
  })

  test('estimates are rounded', () => {
    expect([inWords(0.2), inWords(61.7), inWords(600), inWords(9000)]).toEqual([
      '1 s',
      '62 s',
      '10 min',
      '2.5 h',
    ])
  })
})
