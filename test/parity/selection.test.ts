import { execFileSync, spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { nativeTiers } from '../../src/kernels/select.js'
import { INSTEAD } from '../helpers/backends.js'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** backend() and a recall, in a process of its own with this environment; needs the built package. */
function ask(environment: Record<string, string>): { status: number; stdout: string; stderr: string } {
  const script = `
    import { backend, HopfieldNetwork, randomPatterns } from 'hopfield-native'
    const net = new HopfieldNetwork({ neurons: 100 }).store(randomPatterns({ count: 9, neurons: 100, seed: 1 }))
    const { state, energy } = net.recall(randomPatterns({ count: 1, neurons: 100, seed: 2 }), { seed: 3 })
    console.log(JSON.stringify({ ...backend(), state: Array.from(state), energy }))`
  const { HOPFIELD_BACKEND: _b, HOPFIELD_TIER: _t, ...inherited } = process.env
  const result = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    cwd: ROOT,
    env: { ...inherited, ...environment },
    encoding: 'utf8',
  })
  return { status: result.status ?? -1, stdout: result.stdout, stderr: result.stderr }
}

const usable = nativeTiers().filter((tier) => tier.usable)

describe('the environment', () => {
  for (const { name } of usable) {
    test(`forces tier ${name}, and that tier is the one that runs`, () => {
      const { stdout, stderr } = ask({ HOPFIELD_TIER: name })
      expect(stderr).toBe('')
      expect(JSON.parse(stdout)).toMatchObject({ name: 'native', tier: name })
    })

    test(`gives the bits of the TypeScript backend on tier ${name}`, () => {
      const answer = ({ state, energy }: { state: number[]; energy: number }) => ({ state, energy })
      const native = answer(JSON.parse(ask({ HOPFIELD_TIER: name }).stdout))
      expect(native).toEqual(answer(JSON.parse(ask({ HOPFIELD_BACKEND: 'typescript' }).stdout)))
    })
  }

  test('picks the best usable tier when nothing is asked', () => {
    expect(JSON.parse(ask({}).stdout)).toMatchObject({ name: 'native', tier: usable[0].name })
  })

  test.runIf(INSTEAD === 'wasm')(
    'forces the WebAssembly backend, which gives the bits of the TypeScript backend',
    () => {
      const answer = ({ state, energy }: { state: number[]; energy: number }) => ({ state, energy })
      const info = JSON.parse(ask({ HOPFIELD_BACKEND: 'wasm' }).stdout)
      expect(info).toMatchObject({ name: 'wasm', tier: 'wasm-simd128' })
      expect(answer(info)).toEqual(answer(JSON.parse(ask({ HOPFIELD_BACKEND: 'typescript' }).stdout)))
    },
  )

  test('forces the TypeScript backend, and says so', () => {
    const info = JSON.parse(ask({ HOPFIELD_BACKEND: 'typescript' }).stdout)
    expect(info).toMatchObject({ name: 'typescript', tier: 'typescript' })
    expect(info.reason).toMatch(/HOPFIELD_BACKEND/)
  })

  test.each([
    [{ HOPFIELD_BACKEND: 'gpu' }, /HOPFIELD_BACKEND: expected auto, native, wasm or typescript, got "gpu"/],
    [{ HOPFIELD_TIER: 'sse9' }, /HOPFIELD_TIER: there is no tier "sse9"; usable here: /],
    [
      { HOPFIELD_BACKEND: 'typescript', HOPFIELD_TIER: 'scalar' },
      /HOPFIELD_TIER: scalar is a tier of the native backend/,
    ],
  ])('refuses %o', (environment, message) => {
    const { status, stderr } = ask(environment)
    expect(status).not.toBe(0)
    expect(stderr).toMatch(message)
    expect(stderr).toMatch(/ERR_HOPFIELD_BACKEND/)
  })

  test('refuses a tier of another processor', () => {
    const foreign = process.arch === 'arm64' ? 'avx2' : 'neon'
    expect(ask({ HOPFIELD_TIER: foreign }).stderr).toMatch(/ERR_HOPFIELD_BACKEND/)
  })

  test('falls back with the reason where addons are forbidden, and refuses if native was demanded', () => {
    const script = "import('hopfield-native').then((h) => console.log(JSON.stringify(h.backend())))"
    const run = (backend: string) =>
      spawnSync(process.execPath, ['--no-addons', '-e', script], {
        cwd: ROOT,
        env: { ...process.env, HOPFIELD_BACKEND: backend },
        encoding: 'utf8',
      })
    expect(JSON.parse(run('auto').stdout)).toMatchObject({
      name: INSTEAD,
      reason: expect.stringMatching(/addon/),
    })
    expect(run('native').stderr).toMatch(/HOPFIELD_BACKEND=native, but the native addon could not be loaded/)
  })

  test('CommonJS gets the same package through require', () => {
    const script = "const { backend } = require('hopfield-native'); console.log(backend().name)"
    expect(execFileSync(process.execPath, ['-e', script], { cwd: ROOT, encoding: 'utf8' }).trim()).toBe(
      'native',
    )
  })
})
