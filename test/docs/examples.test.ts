import { execFile, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { ROOT } from './programs.js'

const FOLDER = join(ROOT, 'examples')
const PROGRAMS = readdirSync(FOLDER).filter((name) => name.endsWith('.mjs'))
const HERE = fileURLToPath(import.meta.url)

interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs a program as a stranger does, in its folder. */
function run(name: string, ...args: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(process.execPath, [name, ...args], { cwd: FOLDER }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr })
    })
  })
}

function made(prefix = 'examples-'): string {
  return mkdtempSync(join(tmpdir(), prefix))
}

/** They look at pictures, which other processors scale and compress with other rounding. */
const PICTURES = ['near-duplicates.mjs', 'restore-scans.mjs']
const sameHere = process.platform === 'linux' && process.arch === 'x64'

/** A text with its numbers left out. */
function shape(text: string): string {
  return text.replace(/ *\d+/g, ' 0')
}

describe('every program of examples/', () => {
  test.concurrent.each(PROGRAMS)('%s prints what stands in output/', async (name) => {
    const { code, stdout, stderr } = await run(name)
    const wanted = readFileSync(join(FOLDER, 'output', name.replace('.mjs', '.txt')), 'utf8')
    expect(stderr).toBe('')
    expect(code).toBe(0)
    if (sameHere || !PICTURES.includes(name)) expect(stdout).toBe(wanted)
    else expect(shape(stdout)).toBe(shape(wanted))
  })

  test.each(PROGRAMS)('%s is short, and says first what it shows and how it is run', (name) => {
    const lines = readFileSync(join(FOLDER, name), 'utf8').trimEnd().split('\n')
    expect(lines.length).toBeLessThanOrEqual(120)
    expect(lines[0]).toMatch(/^\/\/ [A-Z].*\.$/)
    expect(lines[1]).toMatch(new RegExp(`^//   node ${name}( |$)`))
  })

  test('has a line in the index, and nothing else has', () => {
    const index = readFileSync(join(FOLDER, 'README.md'), 'utf8')
    const listed = [...index.matchAll(/^\| \[`([^`]+)`\]\(\1\)/gm)].map(([, name]) => name)
    expect(listed.toSorted()).toEqual([...PROGRAMS, 'browser/'].toSorted())
  })

  test('has an output beside it, and nothing else has', () => {
    const outputs = readdirSync(join(FOLDER, 'output')).map((name) => name.replace('.txt', '.mjs'))
    expect(outputs.toSorted()).toEqual(PROGRAMS.toSorted())
  })
})

/** What a stranger may get wrong, and what the program says to it. */
const WRONG: Record<string, readonly (readonly [args: string[], said: RegExp])[]> = {
  'fuzzy-map.mjs': [
    [['-50'], /^expected 6 signal strengths from -100 to 0 dBm, got -50\n$/],
    [['1', '2', '3', '4', '5', 'x'], /^expected 6 signal strengths/],
  ],
  'keep.mjs': [[[join(HERE, 'no-such-folder', 'x.safetensors')], /ENOTDIR|ENOENT/]],
  'lecture.mjs': [
    [['Q'], /^the letters are X, T, O; Q is none of them\n$/],
    [['X', '26'], /^of 25 pixels 0 to 25 can be wrong, not 26\n$/],
    [['X', '3', '-1'], /^a seed is a whole number/],
  ],
  'max-cut.mjs': [
    [[HERE], /^parseGset: line 1: expected the number of nodes/],
    [['no-such-file'], /^ENOENT/],
  ],
  'near-duplicates.mjs': [
    [['no-such-folder'], /^ENOENT/],
    [[made()], /^\S+ has 0 files; two at least/],
    [['output'], /keep\.txt is no picture that sharp reads|\.txt is no picture that sharp reads/],
  ],
  'restore-scans.mjs': [
    [['no-such-folder'], /^ENOENT/],
    [[made()], /^\S+ is empty\n$/],
    [['output'], /\.txt is no picture that sharp reads/],
  ],
  'semantic-cache.mjs': [[['?!'], /^there is no word in the question "\?!"\n$/]],
  'sensor-fusion.mjs': [
    [['1', '2'], /^expected 8 readings \(temperature, .*\), got 2\n$/],
    [['1', '2', '3', '4', '5', '6', '7', 'hot'], /^flow: expected 0 to 100, or - .*, got hot\n$/],
    [Array(8).fill('-'), /^one sensor at least must have a reading\n$/],
  ],
  'sequence-replay.mjs': [
    [['31'], /^STEP: expected 1 to 30, got 31\n$/],
    [['3', '0.7'], /^NOISE: expected a share from 0 to 0.5, got 0.7\n$/],
  ],
  'service.mjs': [[['http'], /^expected a port from 0 to 65535, got http\n$/]],
  'spell-corrector.mjs': [[['Größe'], /^expected words of 2 to 30 letters from a to z, got "Größe"\n$/]],
}

describe('wrong input', () => {
  test('is tried on every program', () => {
    expect(Object.keys(WRONG)).toEqual(PROGRAMS.toSorted())
  })

  const all = Object.entries(WRONG).flatMap(([name, cases]) =>
    cases.map(([args, said]) => ({ name, args, said })),
  )
  test.concurrent.each(all)('$name $args is refused with a word', async ({ name, args, said }) => {
    const { code, stdout, stderr } = await run(name, ...args)
    expect(stderr).toMatch(said)
    expect(stdout).not.toMatch(/undefined|NaN/)
    expect(code).toBe(1)
  })
})

describe('input of a stranger', () => {
  test('a word, a question, readings, signals', async () => {
    const answers = await Promise.all([
      run('spell-corrector.mjs', 'synapze', 'network'),
      run('semantic-cache.mjs', 'resetting', 'my', 'password'),
      run('semantic-cache.mjs', 'xyzzy'),
      run('sensor-fusion.mjs', '80', '-', '88', '-', '-', '-', '-', '60'),
      run('fuzzy-map.mjs', '0', '0', '0', '0', '0', '0'),
      run('lecture.mjs', 'T', '25'),
    ])
    expect(answers.map(({ stderr }) => stderr).join('')).toBe('')
    const [word, asked, unknown, machine, nowhere, negative] = answers.map(({ stdout }) => stdout)
    expect(word).toMatch(/^synapze +→ synapse .*\nnetwork +is a word/)
    expect(asked).toMatch(/^Settings, Account, Reset password\. /)
    expect(unknown).toMatch(/^nothing in the cache /)
    expect(machine).toMatch(/the machine: worn bearing\n$/)
    expect(nowhere).toBe('nowhere near\n')
    expect(negative).toContain('It is of kind inverse, nearest to T')
  })

  test('a graph in a file', async () => {
    const file = join(made(), 'square.txt')
    writeFileSync(file, '4 4\n1 2 1\n2 3 1\n3 4 1\n4 1 1\n')
    const { stdout } = await run('max-cut.mjs', file)
    expect(stdout).toContain('solve: 4, which is the largest')
    expect(stdout).toContain('2 nodes on one side, 2 on the other')
  })

  test('pictures of any format and size', async () => {
    const [folder, out] = [made(), join(made(), 'restored')]
    // The bolt of restore-scans.mjs, large and small, and a picture of nothing.
    const bolt = '<path d="M18 2 7 18h7l-4 12 14-17h-8l6-11z"/>'
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" width="320" height="320">${bolt}</svg>`
    const large = await sharp(Buffer.from(svg)).flatten({ background: '#fff' }).png().toBuffer()
    await sharp(large).toFile(join(folder, 'large.png'))
    await sharp(large).resize(48).jpeg({ quality: 40 }).toFile(join(folder, 'small.jpg'))
    const blank = { width: 40, height: 90, channels: 3, background: '#fff' } as const
    await sharp({ create: blank }).webp().toFile(join(folder, 'blank.webp'))

    const scans = await run('restore-scans.mjs', folder, out)
    expect(scans.stdout).toMatch(/large\.png +the bolt .* then 0\nsmall\.jpg +the bolt .* then 0\n/)
    expect(readdirSync(out)).toEqual(['blank.webp.png', 'large.png.png', 'small.jpg.png'])
    const alike = await run('near-duplicates.mjs', folder)
    expect(alike.stdout).toMatch(/^large\.png and small\.jpg differ in \d+ of 256 bits\n$/)
  })
})

test.skipIf(process.platform === 'win32')(
  'the service starts, answers, and stops when it is told to',
  async () => {
    const child = spawn(process.execPath, ['service.mjs', '0'], { cwd: FOLDER })
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
    try {
      const url = await new Promise<string>((resolve) => {
        child.stdout.on('data', (said) => resolve(/http\S+/.exec(String(said))?.[0] ?? ''))
      })
      const ask = (body: string, type = 'application/json'): Promise<Response> =>
        fetch(`${url}/recall`, { method: 'POST', body, headers: { 'content-type': type } })
      const right = await ask('{"pattern":"#...# .#.#. ..#.. .#... #...#"}')
      expect([right.status, await right.json()]).toMatchObject([200, { letter: 'X' }])
      const wrong = ['{"pattern":"#"}', '{"pattern":7.5}', '{', `{"pattern":"${'#'.repeat(200)}"}`, 'null']
      for (const body of wrong) expect([body, (await ask(body)).status]).toEqual([body, 400])
      expect((await ask(' '.repeat(20_000))).status).toBe(413)
      expect((await ask('#', 'text/html')).status).toBe(415)
      expect((await fetch(`${url}/nothing`)).status).toBe(404)
      child.kill('SIGTERM')
      expect(await ended).toBe(0)
    } finally {
      child.kill('SIGKILL')
    }
  },
)
