import { mkdirSync, symlinkSync } from 'node:fs'
import { formatNpy } from 'hopfield-native'
import { PNG } from 'pngjs'
import { describe, expect, test } from 'vitest'
import { hopfield, LETTERS, scratch, startHopfield } from './helpers.js'

const { file } = scratch()
const letters = file('letters.txt', LETTERS)
const hex = file('two.hex', `0041:${'0'.repeat(64)}\n0042:${'F'.repeat(64)}\n`)
const npy = formatNpy(Int8Array.of(1, -1, 1, 2), [2, 2])
const png = new Uint8Array(PNG.sync.write(new PNG({ width: 4, height: 4 })))
mkdirSync(file('empty'))
const circle = file('circle.npy')
symlinkSync(circle, circle)

/** What goes wrong, the arguments after `recall` (or the whole line, with a first `!`), what the sentence must say. */
type Refusal = [what: string, args: string[], says: string]

const usage: Refusal[] = [
  ['no command', ['!'], 'Usage: hopfield'],
  ['an unknown command', ['!', 'remember'], "unknown command 'remember'"],
  ['an unknown option', ['--store', letters, '--nois', '0.2'], 'Did you mean --noise?'],
  ['no --store', [], '--store'],
  ['--store without a value', ['--store'], 'argument missing'],
  ['noise beyond 1', ['--store', letters, '--noise', '2'], 'from 0 to 1'],
  ['noise that is no number', ['--store', letters, '--noise', ''], 'from 0 to 1'],
  ['an unknown dynamics', ['--store', letters, '--dynamics', 'glauber'], 'asynchronous, synchronous'],
  ['an unknown tie rule', ['--store', letters, '--tie', 'up'], 'positive, negative, keep'],
  ['no sweeps', ['--store', letters, '--max-sweeps', '0'], 'integer from 1'],
  ['no threads', ['--store', letters, '--threads', '0'], 'integer from 1 to 1024'],
  ['more threads than there can be', ['--store', letters, '--threads', '1025'], 'integer from 1 to 1024'],
  ['half a thread', ['--store', letters, '--threads', '1.5'], 'integer from 1 to 1024'],
  ['a negative seed', ['--store', letters, '--seed=-1'], '2^64 - 1'],
  ['an order that is none', ['--store', letters, '--order', 'up'], 'random, cyclic, random-site'],
  ['a neuron that is not there', ['--store', letters, '--order', '0,25'], 'there is no neuron 25'],
  ['a range that ends before it begins', ['--store', hex, '--range', '42-41'], 'is empty'],
  ['an empty range', ['--store', hex, '--range', ''], 'hexadecimal code points'],
  ['a range without a .hex file', ['--store', letters, '--range', '41'], '--store names none'],
  ['an --out without a known ending', ['--store', letters, '--out', file('x.jpg')], '.npy, .png, .txt'],
  ['a pattern file without a known ending', ['--store', file('x.doc', 'x')], '.npy, .npz, .txt, .csv, .hex'],
  ['a name that is empty', ['--store', ''], 'is empty'],
  ['an argument too many', ['!', 'info', 'all'], 'too many arguments'],
]

const data: Refusal[] = [
  ['a missing file', ['--store', file('none.npy')], 'no such file'],
  ['a ragged glyph', ['--store', file('ragged.txt', '#.#\n##\n')], 'glyph at line 1: row 1'],
  [
    'glyphs of two sizes',
    ['--store', file('sizes.txt', '##\n##\n\n###\n')],
    'sizes[0] is 2×2, but sizes[1] is 3×1',
  ],
  ['a mark that is no bit', ['--store', file('mark.txt', '#?#\n')], 'expected one of'],
  ['a file without glyphs', ['--store', file('blank.txt', '\n\n')], 'has no glyph'],
  ['a value that is no bit', ['--store', file('value.npy', npy)], '[1][1]: expected ±1 or 0 and 1, got 2'],
  ['a truncated .npy', ['--store', file('short.npy', npy.subarray(0, npy.length - 1))], 'truncated'],
  ['a cue of another size', ['--store', letters, '--cue', hex], 'have 256 neurons, but patterns of'],
  ['an unreadable PNG', ['--store', file('short.png', png.subarray(0, 40))], 'not a complete PNG image'],
  ['a truncated PBM', ['--store', file('short.pbm', 'P1\n3 3\n1 0 1')], 'truncated'],
  ['a PBM digit that is no bit', ['--store', file('digit.pbm', 'P1\n2 1\n1 2')], 'expected a bit'],
  ['a folder without images', ['--store', file('empty')], 'no .png, .pbm, .jpg, .gif or .webp image'],
  ['a code point that is not there', ['--store', hex, '--range', '0043'], 'no glyph for U+0043'],
  ['a range without glyphs', ['--store', hex, '--range', '43-FF'], 'no glyph in the range'],
  ['a line that is no glyph', ['--store', file('line.hex', '0041;00\n')], 'line 1'],
  ['a broken .gz', ['--store', file('broken.hex.gz', 'x')], 'gzip'],
  ['an --out into no folder', ['--store', letters, '--out', file('none/x.npy')], 'no such file or folder'],
  ['an --out below a file', ['--store', letters, '--out', `${letters}/x.npy`], 'is not a folder'],
  ['a file below a file', ['--store', `${letters}/x.npy`], 'part of the path is a file'],
  ['a name too long for the system', ['--store', file(`${'x'.repeat(300)}.npy`)], 'the name is too long'],
  ['links that go in a circle', ['--store', circle], 'form a loop'],
  ['a ragged drawing in 1 alone', ['--store', file('ones.txt', '111\n11\n111\n')], 'glyph at line 1: row 1'],
]

describe.each([
  [2, usage],
  [1, data],
] as const)('exit code %i', (code, refusals) => {
  test.each(refusals)('for %s', async (_, args, says) => {
    const ended = await hopfield(args[0] === '!' ? args.slice(1) : ['recall', ...args])
    expect(ended.stderr).toContain(says)
    expect(ended.stderr).not.toMatch(/^ +at /m)
    if (args.length !== 1) expect(ended.stderr.trim().split('\n')).toHaveLength(1)
    expect([ended.code, ended.stdout]).toEqual([code, ''])
  })
})

test('the exit code is that of the process', () => {
  const [usage, missing] = [['remember'], ['recall', '--store', file('none.npy')]].map((args) =>
    startHopfield(args),
  )
  expect([usage.code, usage.stdout, missing.code, missing.stdout]).toEqual([2, '', 1, ''])
  expect(usage.stderr).toBe("hopfield: unknown command 'remember'\n")
  expect(missing.stderr).toContain('no such file')
})

test('exit code 1 for a backend that does not exist', () => {
  for (const command of [['info'], ['demo'], ['recall', '--store', letters]]) {
    const { code, stderr } = startHopfield(command, { HOPFIELD_BACKEND: 'abacus' })
    expect([code, stderr]).toEqual([
      1,
      'hopfield: HOPFIELD_BACKEND: expected auto, native, wasm or typescript, got "abacus"\n',
    ])
  }
})
