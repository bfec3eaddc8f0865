import { existsSync, linkSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { formatNpy } from 'hopfield-native'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { readPatterns } from '../src/readers/index.js'
import { hopfield, LETTERS, scratch } from './helpers.js'

const { file } = scratch()

/** A dark disc on light paper. */
const SIDE = 24
const disc = Uint8Array.from({ length: SIDE * SIDE }, (_, i) =>
  Math.hypot((i % SIDE) - 11.5, Math.floor(i / SIDE) - 11.5) < 8 ? 40 : 220,
)
const inked = Int8Array.from(disc, (grey) => (grey === 40 ? 1 : -1))
const raw = sharp(disc, { raw: { width: SIDE, height: SIDE, channels: 1 } })
const bytes = {
  'disc.png': await raw.clone().png().toBuffer(),
  'disc.jpg': await raw.clone().jpeg({ quality: 90 }).toBuffer(),
  'disc.gif': await raw.clone().gif().toBuffer(),
  'disc.webp': await raw.clone().webp({ quality: 90 }).toBuffer(),
}

describe('pictures', () => {
  test.each(Object.entries(bytes))('%s is read, dark pixels as +1', async (name, content) => {
    const { states, grid, names } = await readPatterns([file(name, content)], {})
    expect([grid, names]).toEqual([{ width: SIDE, height: SIDE }, ['disc']])
    expect(states).toEqual(inked)
  })

  test.each(['jpg', 'gif', 'webp'] as const)('a .%s that is cut off is refused', async (kind) => {
    const whole = bytes[`disc.${kind}`]
    const path = file(`cut.${kind}`, whole.subarray(0, whole.length >> 2))
    await expect(readPatterns([path], {})).rejects.toThrow('it is not a complete JPEG, GIF or WebP image')
  })

  test('a JPEG is turned as the camera says', async () => {
    const wide = sharp(Buffer.from([0, 255]), { raw: { width: 2, height: 1, channels: 1 } }).resize(16, 8, {
      kernel: 'nearest',
    })
    const turned = await wide.jpeg({ quality: 95 }).withMetadata({ orientation: 6 }).toBuffer()
    const { grid, states } = await readPatterns([file('turned.jpg', turned)], {})
    expect(grid).toEqual({ width: 8, height: 16 })
    expect([states[0], states[states.length - 1]]).toEqual([1, -1])
  })

  test('of several sizes are refused with advice, and read with --size', async () => {
    mkdirSync(file('sizes'))
    file('sizes/a.png', bytes['disc.png'])
    file('sizes/b.webp', await raw.clone().resize(96, 60, { fit: 'fill' }).webp().toBuffer())
    await expect(readPatterns([file('sizes')], {})).rejects.toThrow(
      'a is 24×24, but b is 96×60; --size 32x32 gives all pictures that size',
    )
    const { states, neurons } = await readPatterns([file('sizes')], { size: { width: 24, height: 24 } })
    expect(neurons).toBe(SIDE * SIDE)
    expect(states.subarray(0, neurons)).toEqual(inked)
    const same = states.subarray(neurons).filter((spin, i) => spin === inked[i]).length
    expect(same / neurons).toBeGreaterThan(0.95)
  })

  test('are recalled from half of each, through the command line', async () => {
    const { code, stdout } = await hopfield([
      'recall',
      '--store',
      file('sizes'),
      '--size',
      '16',
      '--noise',
      '0.1',
    ])
    expect(code).toBe(0)
    expect(stdout).toContain('N = 256, P = 2')
  })

  test.each(['0x8', '8x', 'large', '-3', '8x9000'])('--size %s is refused', async (size) => {
    const { code, stderr } = await hopfield(['recall', '--store', file('sizes'), '--size', size])
    expect(code).toBe(2)
    expect(stderr).toContain('Expected a width and a height in pixels')
  })
})

describe('an output', () => {
  const letters = file('letters.txt', LETTERS)
  const before = readFileSync(letters, 'utf8')

  test.each([
    'itself',
    'a symbolic link',
    'a hard link',
  ])('never takes the place of an input: %s', async (kind) => {
    const path = kind === 'itself' ? letters : file(`${kind.replaceAll(' ', '-')}.txt`)
    if (kind === 'a symbolic link') symlinkSync(letters, path)
    if (kind === 'a hard link') linkSync(letters, path)
    for (const flag of ['--out', '--save']) {
      const { code, stderr } = await hopfield(['recall', '--store', letters, flag, path])
      expect([code, stderr]).toEqual([
        2,
        `hopfield: ${flag} ${path}: it is also an input; choose another name\n`,
      ])
    }
    expect(readFileSync(letters, 'utf8')).toBe(before)
  })

  test.each([
    ['recall', '--store', letters, '--out'],
    ['demo', '--svg'],
  ])('is not written over another one: %s', async (...args) => {
    const name = file('both.npy')
    mkdirSync(file('there'), { recursive: true })
    for (const other of [name, file('there/../both.npy'), `${name}/`]) {
      const { code, stderr } = await hopfield([...args, name, '--save', other])
      expect(code).toBeGreaterThan(0)
      expect(stderr).toMatch(/ it is also what --save writes; choose another name\n$/)
    }
    expect(existsSync(name)).toBe(false)
  })

  test('that could not be written is refused before long work', async () => {
    mkdirSync(file('taken.svg'))
    for (const [args, says] of [
      [['recall', '--store', letters, '--save', file('taken.svg')], 'taken.svg: it is a folder'],
      [['demo', '--svg', file('taken.svg')], 'taken.svg: it is a folder'],
      [['demo', '--save', file('new/')], 'new/: it is a folder'],
      [['recall', '--store', letters, '--out', `${file('below', 'x')}/`], 'below is not a folder'],
      [['recall', '--store', letters, '--out', file('below/deep/')], 'below is not a folder'],
    ] as const) {
      const { code, stdout, stderr } = await hopfield(args)
      expect([code, stdout]).toEqual([1, ''])
      expect(stderr).toContain(says)
    }
  })

  test('may be the memory that was loaded, as --save', async () => {
    const kept = file('kept.safetensors')
    expect((await hopfield(['recall', '--store', letters, '--save', kept])).code).toBe(0)
    expect((await hopfield(['recall', '--load', kept, '--save', kept])).code).toBe(0)
    expect((await hopfield(['recall', '--load', kept, '--out', kept])).code).toBe(2)
  })

  test('is not put into a folder that looks like a file, or among the inputs', async () => {
    const folder = file('states.npy')
    mkdirSync(folder)
    const { code, stderr } = await hopfield(['recall', '--store', letters, '--out', folder])
    expect([code, readdirSync(folder)]).toEqual([2, []])
    expect(stderr).toContain('it is a folder; end the name in / to fill it with PNG files')
    mkdirSync(file('inputs'))
    const input = file('inputs/a.npy', formatNpy(Int8Array.of(1, -1, 1, 1)))
    expect((await hopfield(['recall', '--store', input, '--out', file('inputs/')])).stderr).toContain(
      'is in that folder; choose another one',
    )
    expect(readdirSync(file('inputs'))).toEqual(['a.npy'])
    expect((await hopfield(['recall', '--store', letters, '--out', `${folder}/`])).code).toBe(0)
    expect(existsSync(`${folder}/0-letters_0_.png`)).toBe(true)
  })
})
