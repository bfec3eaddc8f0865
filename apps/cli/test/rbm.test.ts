import { existsSync, readFileSync } from 'node:fs'
import { formatNpz, parseNpy, RestrictedBoltzmannMachine } from 'hopfield-native'
import { PNG } from 'pngjs'
import { describe, expect, test } from 'vitest'
import { hopfield, scratch } from './helpers.js'

const { file } = scratch()

/** Pictures of 4 × 4 pixels in which one row or one column is on. */
const BARS = Array.from({ length: 8 }, (_, k) =>
  Array.from({ length: 4 }, (_, y) =>
    Array.from({ length: 4 }, (_, x) => ((k < 4 ? y : x) === k % 4 ? '#' : '.')).join(''),
  ).join('\n'),
)
const bars = file('bars.txt', `${BARS.join('\n\n')}\n`)
const learned = file('bars.safetensors')
const FIT = [
  'rbm',
  'fit',
  bars,
  '--hidden',
  '12',
  '--held-out',
  '0',
  '--method',
  'contrastive',
  '--steps',
  '5',
]
const LONG = ['--momentum', '0.5', '--rate', '0.1', '--no-centring', '--batch', '8', '--epochs', '2000']

describe('rbm', () => {
  test('fit learns pictures, says how likely they are, keeps the machine and draws its filters', async () => {
    const [svg, png] = [file('filters.svg'), file('filters.png')]
    const outputs = ['--save', learned, '--svg', svg, '--png', png]
    const { code, stdout, stderr } = await hopfield([...FIT, ...LONG, ...outputs])
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(
      /^bars\.txt: 8 pictures of 4×4 learned, 0 held out; 16 visible and 12 hidden units\.\n2000 epochs\.\n/,
    )
    // ln 1/8 = -2.08 is the best that is possible.
    expect(Number(/ln p of learned pictures: (-\d\.\d\d) nats each\./.exec(stdout)?.[1])).toBeGreaterThan(-3)
    const machine = await RestrictedBoltzmannMachine.load(learned)
    expect([machine.visible, machine.hidden]).toEqual([16, 12])
    expect(readFileSync(svg, 'utf8')).toMatch(/^<svg .*12 filters.*<\/svg>\n$/s)
    // A group for each filter, and one for all.
    expect(readFileSync(svg, 'utf8').match(/<g /g)).toHaveLength(13)
    expect(PNG.sync.read(readFileSync(png)).width).toBe(2 * 640)
  })

  test('complete fills in hidden halves, and says how many pixels are right', async () => {
    const [svg, out] = [file('completed.svg'), file('completed.npy')]
    const args = ['rbm', 'complete', bars, '--load', learned, '--hide', 'bottom', '--svg', svg, '--out', out]
    const { code, stdout } = await hopfield(args)
    expect(code).toBe(0)
    // Columns go on downwards; which of the lower rows is on nobody can know.
    const right = Number(/: (\d+\.\d) % of the hidden pixels came out right/.exec(stdout)?.[1])
    expect(right).toBeGreaterThan(74)
    expect(parseNpy(new Uint8Array(readFileSync(out))).shape).toEqual([8, 16])
    expect(readFileSync(svg, 'utf8').match(/<g /g)).toHaveLength(24 + 1)
    const drawn = await hopfield(['rbm', 'complete', bars, '--load', learned, '--draw', '50', '--json'])
    expect(JSON.parse(drawn.stdout)).toMatchObject({ pictures: 8, hide: 'right' })
  })

  test('sample makes up pictures, the same from the same seed', async () => {
    const sample = async (seed: string, out: string): Promise<string> => {
      const args = ['rbm', 'sample', '--load', learned, '--count', '9', '--seed', seed, '--out', out]
      const { code, stdout } = await hopfield(args)
      expect([code, stdout]).toEqual([
        0,
        expect.stringMatching(/^9 pictures after 1000 Gibbs steps\.\n\nsample\[0\] /),
      ])
      return readFileSync(out, 'utf8')
    }
    const first = await sample('1', file('one.txt'))
    expect(await sample('1', file('two.txt'))).toBe(first)
    expect(await sample('2', file('two.txt'))).not.toBe(first)
    const known = first.split('\n\n').filter((drawing) => BARS.includes(drawing.trim()))
    expect(known.length).toBeGreaterThan(4)
    const [svg, png] = [file('samples.svg'), file('samples.png')]
    const drawn = ['--count', '9', '--svg', svg, '--png', png, '--size', '8x2', '--temperature', '0.5']
    const { code, stdout } = await hopfield(['rbm', 'sample', '--load', learned, ...drawn])
    expect([code, stdout.split('\n')[0]]).toEqual([0, '9 pictures after 1000 Gibbs steps at T = 0.5.'])
    expect(readFileSync(svg, 'utf8').match(/<g /g)).toHaveLength(9 + 1)
    expect(PNG.sync.read(readFileSync(png)).width).toBe(2 * 640)
  })

  test('fit goes on from a file, with pictures held out, and takes the best epoch', async () => {
    const more = file('more.safetensors')
    const held = [
      '--held-out',
      '0.25',
      '--patience',
      '2',
      '--epochs',
      '400',
      '--load',
      learned,
      '--save',
      more,
    ]
    const svg = file('curve.svg')
    const { code, stdout } = await hopfield(['rbm', 'fit', bars, ...held, '--svg', svg, '--json'])
    expect(code).toBe(0)
    const { learned: taught, heldOut, epochs, best, measures, stopped, logLikelihood } = JSON.parse(stdout)
    expect([taught, heldOut, stopped, measures.length]).toEqual([6, 2, 'patience', epochs])
    expect(epochs).toBe(best + 2)
    expect(Math.max(...measures)).toBe(measures[best - 1])
    expect(logLikelihood).toBeCloseTo(measures[best - 1], 6)
    expect(readFileSync(svg, 'utf8')).toMatch(/ln p of held-out[\s\S]*nats each/)
    expect(existsSync(more)).toBe(true)
  })

  test('reads an array of a .npz file, by its name where there are several', async () => {
    const pictures = Uint8Array.from(BARS.join('').replaceAll('\n', ''), (mark) => (mark === '#' ? 1 : 0))
    const x = { data: pictures, shape: [8, 4, 4] }
    const both = file('both.npz', formatNpz({ x, labels: Int32Array.of(1, 2) }))
    const short = ['--hidden', '3', '--epochs', '1', '--no-likelihood']
    for (const given of [[file('one.npz', formatNpz({ x }))], [both, '--array', 'x']]) {
      const { stdout } = await hopfield(['rbm', 'fit', ...given, ...short])
      expect(stdout).toContain('8 pictures of 4×4 learned, 0 held out')
    }
    for (const [args, says] of [
      [[], 'its arrays are x, labels; --array says which one to read'],
      [['--array', 'y'], 'its arrays are x, labels; there is no "y"'],
      [['--array', 'labels'], 'both.npz: labels[1]: expected ±1 or 0 and 1, got 2'],
    ] as const) {
      const { code, stderr } = await hopfield(['rbm', 'fit', both, ...short, ...args])
      expect([code, stderr]).toEqual([1, expect.stringContaining(says)])
    }
  })

  const tiny = file('tiny.txt', '##\n..\n')
  test.each<[string, string[], number, string]>([
    ['nothing to do', [], 2, 'Usage: hopfield rbm'],
    ['no files', ['fit'], 2, "missing required argument 'files'"],
    [
      'a machine of another width',
      ['complete', tiny, '--load', learned],
      1,
      'pictures have 4 pixels, but the machine in',
    ],
    ['no machine', ['sample'], 2, 'say which machine: --load FILE'],
    ['a file that is no machine', ['sample', '--load', bars], 1, 'bars.txt": header: '],
    [
      'a size of other pixels',
      ['sample', '--load', learned, '--size', '3x3'],
      2,
      'the machine has 16 visible units',
    ],
    [
      'patience without rows to measure',
      ['fit', bars, '--held-out', '0', '--patience', '3'],
      2,
      '--held-out share above 0',
    ],
    ['a share that leaves no picture', ['fit', tiny, '--patience', '3'], 2, 'of 1 pictures is none'],
    ['nothing to learn', ['fit', bars, '--held-out', '1'], 2, 'share below 1'],
    ['a momentum of 1', ['fit', bars, '--momentum', '1'], 2, 'below 1'],
    [
      'hidden units beside a machine',
      ['fit', bars, '--load', learned, '--hidden', '5'],
      2,
      '--hidden cannot be combined',
    ],
    ['a rate that bursts', ['fit', bars, '--rate', '1e9'], 1, 'learningRate'],
    ['an output over an input', ['fit', bars, '--svg', bars], 2, 'it is also an input'],
    [
      'two outputs of one name',
      ['fit', bars, '--svg', file('x'), '--save', file('x')],
      2,
      'what --save writes',
    ],
    ['a range without glyphs', ['fit', bars, '--range', '41'], 2, 'no file is one'],
  ])('refuses %s', async (_, args, code, says) => {
    const ended = await hopfield(['rbm', ...args])
    expect([ended.code, ended.stdout]).toEqual([code, ''])
    expect(ended.stderr).toContain(says)
  })
})
