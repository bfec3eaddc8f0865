import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { curves } from '../../src/figures/index.js'

const LOADS = [0.05, 0.1, 0.15]
const chart = {
  title: 'Overlap & load',
  caption: 'N = 100 < 200 neurons, 10 networks, seed 1.',
  x: { title: 'load α' },
  y: { title: 'overlap m', domain: [0, 1] as const },
  curves: [
    { label: 'measured', x: LOADS, y: [1, 0.9, 0.3], low: [1, 0.85, 0.2], high: [1, 0.95, 0.4] },
    { label: 'theory', kind: 'theory' as const, x: LOADS, y: [1, 0.95, Number.NaN] },
  ],
  guides: [{ x: 0.138, label: 'α = 0.138' }],
}

/** Where a coordinate is on the plot, as the grid tells: pixels of the tick labels. */
function ticks(svg: string): Map<string, number> {
  const texts = svg.matchAll(
    /<text text-anchor="end" transform="translate\([-\d.]+,([-\d.]+)\)"[^>]*>([^<]+)</g,
  )
  return new Map(Array.from(texts, ([, y, label]) => [label, Number(y)]))
}

describe('curves', async () => {
  const svg = await curves(chart).svg()

  test('are the same bytes at every call', async () => {
    expect(await curves(chart).svg()).toBe(svg)
  })

  test('say title, caption, axes, guides and the names of the curves as text', () => {
    for (const text of [
      'Overlap &amp; load',
      'N = 100 &lt; 200 neurons',
      'load α',
      'overlap m',
      'α = 0.138',
      'theory',
    ]) {
      expect(svg).toContain(`>${text}`)
    }
  })

  test('put a mark where its value is on the axis', () => {
    const at = ticks(svg)
    const [zero, one] = [at.get('0.0') as number, at.get('1.0') as number]
    // Labels sit some pixels below their tick, all by the same.
    const marks = Array.from(svg.matchAll(/transform="translate\([\d.]+,([\d.]+)\)" d="M-3\.6/g), ([, y]) =>
      Number(y),
    )
    expect(marks).toHaveLength(3)
    const pixels = (value: number): number => value * (zero - one)
    expect(marks[1] - marks[0]).toBeCloseTo(pixels(0.1), 0)
    expect(marks[2] - marks[0]).toBeCloseTo(pixels(0.7), 0)
  })

  test('draw an error bar for each point that has an error, as long as the error', () => {
    const at = ticks(svg)
    const unit = (at.get('0.0') as number) - (at.get('1.0') as number)
    const bars = Array.from(
      svg.matchAll(/<line [^>]*x2="0" y2="(-?[\d.]+)" stroke="#0072b2" stroke-width="1.4"/g),
      ([, y]) => Math.abs(Number(y)),
    ).filter((length) => length > 0)
    expect(bars.map((length) => Math.round((100 * length) / unit))).toEqual([10, 20])
  })

  test('break a line where nothing was measured', () => {
    expect(svg).toMatch(/ d="M[^"L]*L[^"LM]*" stroke="#c44f00"/)
  })

  test('follow the pages of the reader, and name a dark colour for each light one', async () => {
    expect(svg).toContain('prefers-color-scheme:dark')
    const dark = await curves(chart).svg('dark')
    expect(dark).not.toContain('prefers-color-scheme')
    // The dark drawing is the light one with the colours of the style sheet.
    const rules = Array.from(svg.matchAll(/\[(fill|stroke)="(#\w+)"\]\{\w+:(#\w+)\}/g))
    let turned = await curves(chart).svg('light')
    for (const [, attribute, from, to] of rules)
      turned = turned.replaceAll(`${attribute}="${from}"`, `${attribute}="${to}"`)
    const withoutIds = (text: string): string => text.replace(/\bf[0-9a-f]{8}-/g, '')
    expect(withoutIds(turned)).toBe(withoutIds(dark))
  })

  test('become a PNG of the size asked for', async () => {
    const height = Number(/height="(\d+)"/.exec(svg)?.[1])
    const { format, width, height: high } = await sharp(await curves(chart).png({ scale: 2 })).metadata()
    expect([format, width, high]).toEqual(['png', 1280, 2 * height])
  })

  test('refuse arrays of different lengths', () => {
    const wrong = { ...chart, curves: [{ label: 'short', x: LOADS, y: [1] }] }
    expect(() => curves(wrong)).toThrow('curves: short: y has 1 values, expected 3')
  })
})
