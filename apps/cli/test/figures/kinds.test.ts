import { describe, expect, test } from 'vitest'
import { dots, film, gallery, heatMap, histogram, rowsOfPictures, tours } from '../../src/figures/index.js'
import { colorsOf } from '../../src/figures/theme.js'

const axis = { title: 'x' }
const grid = { width: 2, height: 2 }
const picture = { grid, values: [1, -1, -1, 1] }

const KINDS = {
  histogram: () =>
    histogram({
      title: 't',
      x: axis,
      y: axis,
      edges: [0, 1, 2],
      bars: [{ label: 'a', values: [4, 2], low: [3, 1], high: [5, 3] }],
      expected: [{ label: 'theory', values: [4, 3] }],
    }),
  'heat map': () =>
    heatMap({
      title: 't',
      x: axis,
      y: axis,
      color: axis,
      columns: [1, 2],
      rows: [1, 2],
      values: [0, 1, 0.5, Number.NaN],
    }),
  gallery: () => gallery({ title: 't', pictures: [picture, { ...picture, label: 'second' }] }),
  rows: () => rowsOfPictures({ title: 't', heads: ['h'], rows: [{ label: 'r', pictures: [picture] }] }),
  film: () =>
    film({
      title: 't',
      grid,
      frames: [{ at: 0, label: 'cue', values: [1, 1, 1, 1], wrong: [0] }],
      time: axis,
      charts: [{ y: axis, curves: [{ label: 'E', x: [0, 1], y: [0, -1] }] }],
    }),
  dots: () => dots({ title: 't', x: axis, rows: ['one', 'two'], series: [{ label: 's', values: [1, 2] }] }),
  tours: () =>
    tours({
      title: 't',
      cities: [
        [0, 0],
        [0, 1],
        [1, 0],
      ],
      tours: [{ name: 'n', note: 'm', tour: [0, 1, 2] }],
    }),
}

describe.each(Object.entries(KINDS))('a %s', (_, kind) => {
  test('is the same bytes at every call, with title and description, and nothing that is no number', async () => {
    const svg = await kind().svg()
    expect(await kind().svg()).toBe(svg)
    expect(svg).toMatch(/^<svg [^>]*role="img" aria-labelledby="(f\w+)-title \1-description"/)
    expect(svg).not.toMatch(/NaN|undefined|Infinity/)
  })
})

test('bars stand on zero, as high as their values', async () => {
  const svg = await KINDS.histogram().svg()
  const path = new RegExp(` d="M[^h"]*h[\\d.]+v([\\d.]+)h[^"]*" fill="${colorsOf('light').bars[0]}"`, 'g')
  const bars = Array.from(svg.matchAll(path), ([, high]) => Number(high))
  expect(bars).toHaveLength(2)
  expect(bars[0] / bars[1]).toBeCloseTo(2, 1)
})

test('cells of a map have the colours of their values, and none where nothing was measured', async () => {
  const map = (values: number[]): Promise<string> => {
    const color = { title: 'm', domain: [0, 1] as const }
    return heatMap({ title: 't', x: axis, y: axis, color, columns: [1, 2], rows: [1, 2], values }).svg()
  }
  const [drawn, empty] = [await map([0, 1, 1, Number.NaN]), await map(Array(4).fill(Number.NaN))]
  // The bar beside the map has all colours, too.
  const more = (value: number): number => {
    const count = (svg: string): number => svg.split(`fill="${colorsOf('light').amount(value)}"`).length
    return count(drawn) - count(empty)
  }
  expect([more(0), more(0.5), more(1)]).toEqual([1, 0, 2])
})

test('a picture larger than 64 × 64 is an image, with a pixel for each value', async () => {
  const side = 70
  const values = Int8Array.from({ length: side * side }, (_, i) => (i % 2 === 0 ? 1 : -1))
  const svg = await gallery({ title: 't', pictures: [{ grid: { width: side, height: side }, values }] }).svg()
  const png = Buffer.from(/base64,([^"]+)"/.exec(svg)?.[1] ?? '', 'base64')
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([side, side])
})

test.each([
  ['a gallery of nothing', () => gallery({ title: 't', pictures: [] }), 'there is no picture'],
  [
    'bars without edges',
    () => histogram({ title: 't', x: axis, y: axis, edges: [0, 1], bars: [{ label: 'a', values: [1, 2] }] }),
    'histogram: a: values has 2 values, expected 1',
  ],
  [
    'a map with too few values',
    () => heatMap({ title: 't', x: axis, y: axis, color: axis, columns: [1, 2], rows: [1], values: [1] }),
    'heatMap: values has 1 values, expected 2',
  ],
  [
    'a tour that leaves a city out',
    () => tours({ title: 't', cities: [[0, 0]], tours: [{ name: 'n', note: '', tour: [] }] }),
    'tours: n: tour has 0 values, expected 1',
  ],
])('%s is refused', (_, kind, why) => {
  expect(kind).toThrow(why)
})
