import { mkdirSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { bipolar, formatNpy, type NpyData } from 'hopfield-native'
import { PNG } from 'pngjs'
import { describe, expect, test } from 'vitest'
import { readPatterns } from '../src/readers/index.js'
import { otsu } from '../src/readers/otsu.js'
import { codePoints } from '../src/readers/ranges.js'
import { LETTERS, scratch } from './helpers.js'

const { file } = scratch()
const CROSS = bipolar('#.# .#. #.#')

function greyPng(grey: readonly number[], width: number, alpha = 255): Uint8Array {
  const png = new PNG({ width, height: grey.length / width })
  png.data = Buffer.from(grey.flatMap((level) => [level, level, level, alpha]))
  return new Uint8Array(PNG.sync.write(png))
}

describe('.npy', () => {
  test.each<[string, NpyData]>([
    ['±1 as int8', Int8Array.of(1, -1, -1, 1)],
    ['0 and 1 as uint8', Uint8Array.of(1, 0, 0, 1)],
    ['±1 as float64', Float64Array.of(1, -1, -1, 1)],
    ['0 and 1 as float32', Float32Array.of(1, 0, 0, 1)],
    ['±1 as int64', BigInt64Array.of(1n, -1n, -1n, 1n)],
  ])('%s is one pattern on one axis and two on two', async (_, values) => {
    const one = await readPatterns([file('one.npy', formatNpy(values))], {})
    expect(one).toMatchObject({ neurons: 4, names: ['one'], states: Int8Array.of(1, -1, -1, 1) })
    const two = await readPatterns([file('two.npy', formatNpy(values, [2, 2]))], {})
    expect(two).toMatchObject({ neurons: 2, names: ['two[0]', 'two[1]'], grid: undefined })
  })

  test('NumPy booleans are read, and three axes give the grid', async () => {
    const bytes = formatNpy(Uint8Array.of(1, 0, 0, 1, 1, 1), [1, 2, 3])
    bytes.set(Buffer.from("'|b1'"), Buffer.from(bytes).indexOf("'|u1'"))
    const { grid, states } = await readPatterns([file('bool.npy', bytes)], {})
    expect(grid).toEqual({ width: 3, height: 2 })
    expect(states).toEqual(Int8Array.of(1, -1, -1, 1, 1, 1))
  })

  test('an array of both 0 and -1 is refused at the first value that does not fit', async () => {
    const path = file('mixed.npy', formatNpy(Int8Array.of(1, -1, 0, 1), [2, 2]))
    await expect(readPatterns([path], {})).rejects.toThrow(
      'mixed.npy[1][0]: expected ±1 or 0 and 1, got 0 in an array that contains -1',
    )
  })
})

describe('.txt', () => {
  test('blank lines part drawings of #.10X, also with rows side by side', async () => {
    const path = file('marks.txt', '#.#\n.#.\n#.#\n\n\n101\n010\n101\r\n\r\nX.X .X. X.X\n')
    const { states, grid, names } = await readPatterns([path], {})
    expect(grid).toEqual({ width: 3, height: 3 })
    expect(names).toEqual(['marks[0]', 'marks[1]', 'marks[2]'])
    for (const mu of [0, 1, 2]) expect(states.subarray(mu * 9, mu * 9 + 9)).toEqual(CROSS)
  })

  test('blanks are marks where nothing else is off', async () => {
    expect((await readPatterns([file('blanks.txt', '# #\n #\n# #\n')], {})).states).toEqual(CROSS)
  })
})

describe('Unifont .hex', () => {
  const wide = `${'8001'.repeat(15)}FFFF`
  const path = file('some.hex', `0041:${'F0'.repeat(16)}\n4E00:${wide}\n4E02:${'0'.repeat(64)}\n`)

  test('the most significant bit is on the left', async () => {
    const { states, grid, names } = await readPatterns([path], { range: codePoints('4E00') })
    expect([grid, names]).toEqual([{ width: 16, height: 16 }, ['U+4E00']])
    expect(states.subarray(0, 16)).toEqual(bipolar('#..............#'))
    expect(states.subarray(240)).toEqual(bipolar('################'))
  })

  test('half-width glyphs are 8×16', async () => {
    const { grid, states } = await readPatterns([path], { range: codePoints('U+0041') })
    expect(grid).toEqual({ width: 8, height: 16 })
    expect(states.subarray(0, 8)).toEqual(bipolar('####....'))
  })

  test('ranges keep the order asked for and skip gaps', async () => {
    const { names } = await readPatterns([path], { range: codePoints('4E02,4E00-4E1F') })
    expect(names).toEqual(['U+4E02', 'U+4E00'])
  })

  test('glyphs of two widths are refused with advice', async () => {
    await expect(readPatterns([path], {})).rejects.toThrow('U+0041 is 8×16, but U+4E00 is 16×16; choose')
  })

  test('.gz is inflated', async () => {
    const packed = file('one.hex.gz', gzipSync(`4E00:${wide}\n`))
    expect((await readPatterns([packed], {})).neurons).toBe(256)
  })
})

describe('images', () => {
  const grey = Array.from(CROSS, (spin) => (spin === 1 ? 90 : 120))

  test('dark pixels of a PNG are +1, light ones with --invert', async () => {
    const path = file('cross.png', greyPng(grey, 3))
    expect(await readPatterns([path], {})).toMatchObject({
      states: CROSS,
      grid: { width: 3, height: 3 },
      names: ['cross'],
    })
    expect((await readPatterns([path], { invert: true })).states).toEqual(CROSS.map((spin) => -spin))
  })

  test('what is transparent is paper', async () => {
    expect((await readPatterns([file('clear.png', greyPng([0, 0, 0, 0], 2, 0))], {})).states).toEqual(
      new Int8Array(4).fill(-1),
    )
  })

  test('PBM in digits and in bits are the same picture, 1 is +1', async () => {
    const digits = file('digits.pbm', 'P1\n# a cross\n3 3\n1 0 1\n010 # middle\n101\n')
    const bits = file('bits.pbm', Buffer.concat([Buffer.from('P4\n3 3\n'), Buffer.of(0xa0, 0x40, 0xa0)]))
    expect((await readPatterns([digits], {})).states).toEqual(CROSS)
    expect((await readPatterns([bits], {})).states).toEqual(CROSS)
  })

  test('a folder is read in the order of names', async () => {
    mkdirSync(file('folder'))
    file('folder/b.png', greyPng(grey, 3))
    file('folder/a.pbm', 'P1 3 3 000000001')
    file('folder/notes.md', 'no image')
    const { names, states } = await readPatterns([file('folder')], {})
    expect(names).toEqual(['a', 'b'])
    expect(states.subarray(9)).toEqual(CROSS)
  })

  test("Otsu's threshold lies in the middle between two levels", () => {
    expect(otsu(Uint8Array.of(10, 10, 10, 200))).toBe(104)
    expect(otsu(Uint8Array.of(0, 255))).toBe(127)
  })

  test("Otsu's threshold parts two clouds of levels where the variance between them is largest", () => {
    const clouds = Uint8Array.from({ length: 100 }, (_, i) => (i < 50 ? 40 + (i % 20) : 180 + (i % 30)))
    const threshold = otsu(clouds)
    expect(threshold).toBeGreaterThanOrEqual(59)
    expect(threshold).toBeLessThan(180)
  })

  test('an image of one level is dark below 128', () => {
    expect([otsu(Uint8Array.of(127, 127)), otsu(Uint8Array.of(128))]).toEqual([127, 127])
  })
})

test('files of different kinds add up if their sizes agree', async () => {
  const letters = file('letters.txt', LETTERS)
  const rows = file('rows.npy', formatNpy(new Int8Array(25).fill(1)))
  expect(await readPatterns([rows, letters], {})).toMatchObject({
    neurons: 25,
    grid: { width: 5, height: 5 },
  })
  const line = file('line.txt', '#.'.repeat(12).concat('#'))
  await expect(readPatterns([letters, line], {})).rejects.toThrow('patterns are 25×1, but patterns of')
})
