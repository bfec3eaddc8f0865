import { spawnSync } from 'node:child_process'
import { Console } from 'node:console'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { afterAll, vi } from 'vitest'
import { realData } from '../../../test/helpers/data.js'

export const main: string = fileURLToPath(new URL('../dist/hopfield.cjs', import.meta.url))
if (!existsSync(main)) throw new Error(`${main} is not built: npm run build:ts`)

export const LETTERS = `#...#
.#.#.
..#..
.#.#.
#...#

#####
..#..
..#..
..#..
..#..

.###.
#...#
#...#
#...#
.###.
`

export interface Ended {
  code: number | null
  stdout: string
  stderr: string
}

export const plainEnvironment: NodeJS.ProcessEnv = { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined }

/** Runs the built program as a user would: for exit codes, signals, pipes and the environment. Half a second each. */
export function startHopfield(args: readonly string[], env: NodeJS.ProcessEnv = {}): Ended {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], {
    env: { ...plainEnvironment, ...env },
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  })
  return { code: status, stdout, stderr }
}

/** Runs the program within this process, which is where its backend and its (absent) colours were chosen. */
export async function hopfield(args: readonly string[]): Promise<Ended> {
  process.env['NO_COLOR'] = '1'
  const { run } = await import('../src/program.js')
  const texts = { stdout: '', stderr: '' }
  const sink = (name: keyof typeof texts) =>
    new Writable({
      decodeStrings: false,
      write(chunk, _encoding, done) {
        texts[name] += chunk
        done()
      },
    })
  const [stdout, stderr] = [sink('stdout'), sink('stderr')]
  const before = globalThis.console
  const writes = [
    vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => stdout.write(chunk)),
    vi.spyOn(process.stderr, 'write').mockImplementation((chunk) => stderr.write(chunk)),
  ]
  globalThis.console = new Console({ stdout, stderr })
  try {
    return { code: await run(args), ...texts }
  } finally {
    globalThis.console = before
    for (const write of writes) write.mockRestore()
  }
}

/** A folder that goes when the file's tests end, and a way to fill it. */
export function scratch(): { folder: string; file(name: string, content?: string | Uint8Array): string } {
  const folder = mkdtempSync(join(tmpdir(), 'hopfield-cli-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  return {
    folder,
    file(name, content) {
      const path = join(folder, name)
      if (content !== undefined) writeFileSync(path, content)
      return path
    },
  }
}

export const findUnifont = (): string | undefined => realData('unifont-16x16.hex.gz')
export const findDigits = (): string | undefined => realData('digits-8x8.csv.gz')
