import { spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { host, prebuildFor } from '../../src/platform/node/addon.js'
import { BACKENDS } from '../helpers/backends.js'

// dist/shared.cjs in a folder of a program is to Node what a bundle is; scripts/check-bundlers.mjs makes real ones.
const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const work = realpathSync(mkdtempSync(join(tmpdir(), 'hopfield-bundled-')))
afterAll(() => rmSync(work, { recursive: true }))
const bundle = join(work, 'program')
mkdirSync(bundle)
for (const name of ['index.cjs', 'shared.cjs']) {
  if (existsSync(join(ROOT, 'dist', name))) cpSync(join(ROOT, 'dist', name), join(bundle, name))
}

const USE = `const { backend, HopfieldNetwork } = require('./index.cjs')
  const made = new HopfieldNetwork({ neurons: 3 })`
const TELL = 'console.log(JSON.stringify(backend()))'

/** What a program beside that bundle prints, and what comes on stderr. */
function run(
  code: string,
  env: Readonly<Record<string, string>> = {},
): { backend: { name: string; reason?: string }; said: string } {
  const path = join(bundle, 'program.cjs')
  writeFileSync(path, code)
  const { stdout, stderr } = spawnSync(process.execPath, [path], {
    cwd: tmpdir(),
    encoding: 'utf8',
    env: { ...process.env, HOPFIELD_BACKEND: '', HOPFIELD_TIER: '', HOPFIELD_NATIVE_PREBUILD: '', ...env },
  })
  return { backend: JSON.parse(stdout), said: stderr }
}

describe('a bundle without the addon', () => {
  it('computes in TypeScript, and warns once by a code, with the reason and what to do', () => {
    const { backend, said } = run(`${USE}; new HopfieldNetwork({ neurons: 3 }); ${TELL}`)
    expect(backend.name).toBe('typescript')
    expect(said.split('[HOPFIELD_NATIVE_MISSING]')).toHaveLength(2)
    expect(said).toContain(backend.reason)
    expect(said).toContain(join(bundle, prebuildFor(host())))
    expect(said).toContain('external')
    expect(said).toContain('docs/bundling.md')
  })

  it('warns once in all of its threads', () => {
    const { said } = run(`${USE}
      const { Worker } = require('node:worker_threads')
      const code = "const { HopfieldNetwork } = require('./index.cjs'); new HopfieldNetwork({ neurons: 3 })"
      const threads = [1, 2].map(() => new Worker(code.replace('./', ${JSON.stringify(`${bundle}/`)}), { eval: true }))
      Promise.all(threads.map((thread) => new Promise((ended) => thread.once('exit', ended)))).then(() => ${TELL})`)
    expect(said.split('[HOPFIELD_NATIVE_MISSING]')).toHaveLength(2)
  })

  it.each([
    ['the environment asks for TypeScript', `${USE}; ${TELL}`, { HOPFIELD_BACKEND: 'typescript' }],
    [
      'each memory asks for TypeScript',
      `const { HopfieldNetwork } = require('./index.cjs')
       const net = new HopfieldNetwork({ neurons: 3, backend: 'typescript' }).store([1, 1, -1])
       net.recall([1, 1, 1]); console.log(JSON.stringify(net.backend))`,
      {},
    ],
    ['the program only asks what computes', `const { backend } = require('./index.cjs'); ${TELL}`, {}],
  ])('does not warn where %s', (_, code, env) => {
    const { backend, said } = run(code, env as Record<string, string>)
    expect(backend.name).toBe('typescript')
    expect(said).toBe('')
  })
})

describe.runIf(BACKENDS.includes('native'))('a bundle computes natively', () => {
  const BUILT = join(ROOT, 'build/Release/hopfield.node')

  it('with the folder prebuilds beside it', () => {
    const path = join(bundle, prebuildFor(host()))
    mkdirSync(dirname(path), { recursive: true })
    cpSync(BUILT, path)
    expect(run(`${USE}; ${TELL}`)).toMatchObject({ backend: { name: 'native' }, said: '' })
    rmSync(join(bundle, 'prebuilds'), { recursive: true })
  })

  it.runIf(process.platform !== 'win32')('with the package installed where it runs', () => {
    mkdirSync(join(work, 'node_modules'))
    symlinkSync(ROOT, join(work, 'node_modules', 'hopfield-native'))
    expect(run(`${USE}; ${TELL}`)).toMatchObject({ backend: { name: 'native' }, said: '' })
    rmSync(join(work, 'node_modules'), { recursive: true })
  })
})
