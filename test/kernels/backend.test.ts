import { afterEach, describe, expect, it, vi } from 'vitest'
import { BACKENDS } from '../helpers/backends.js'

// The choice is made once and kept, so each test loads the package anew under its own environment.
async function fresh(environment: Record<string, string>): Promise<typeof import('../../src/index.js')> {
  vi.resetModules()
  vi.stubEnv('HOPFIELD_BACKEND', '')
  vi.stubEnv('HOPFIELD_TIER', '')
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value)
  return import('../../src/index.js')
}

/** The package loaded anew has its own HopfieldError, so errors are told by what they carry. */
function failure(run: () => unknown): unknown {
  try {
    return run()
  } catch (error) {
    return error
  }
}

afterEach(() => {
  vi.unstubAllEnvs()
})

describe('backend', () => {
  it('is the addon where there is one, otherwise TypeScript with the reason', async () => {
    const { backend } = await fresh({})
    const info = backend()
    expect(info.name).toBe(BACKENDS.includes('native') ? 'native' : 'typescript')
    expect(info.reason === undefined).toBe(info.name === 'native')
  })

  it('counts at least one thread', async () => {
    const { backend } = await fresh({})
    expect(backend().threads).toBeGreaterThanOrEqual(1)
  })

  it('is TypeScript if HOPFIELD_BACKEND says so, and says why', async () => {
    const { backend } = await fresh({ HOPFIELD_BACKEND: 'typescript' })
    expect(backend()).toMatchObject({
      name: 'typescript',
      tier: 'typescript',
      reason: expect.stringContaining('HOPFIELD_BACKEND'),
    })
  })

  it('refuses a backend it does not know', async () => {
    const { backend } = await fresh({ HOPFIELD_BACKEND: 'gpu' })
    expect(failure(backend)).toMatchObject({
      code: 'ERR_HOPFIELD_BACKEND',
      message: expect.stringContaining('"gpu"'),
    })
  })

  it('refuses a tier together with the TypeScript backend', async () => {
    const { backend } = await fresh({ HOPFIELD_BACKEND: 'typescript', HOPFIELD_TIER: 'scalar' })
    expect(failure(backend)).toMatchObject({
      code: 'ERR_HOPFIELD_BACKEND',
      message: expect.stringContaining('HOPFIELD_TIER'),
    })
  })

  it('refuses a tier that does not exist', async () => {
    const { backend } = await fresh({ HOPFIELD_TIER: 'mmx' })
    expect(failure(backend)).toMatchObject({
      code: 'ERR_HOPFIELD_BACKEND',
      message: expect.stringContaining('mmx'),
    })
  })

  it.runIf(BACKENDS.includes('native'))('runs the tier that HOPFIELD_TIER names', async () => {
    const { backend } = await fresh({ HOPFIELD_TIER: 'scalar' })
    expect(backend()).toMatchObject({ name: 'native', tier: 'scalar' })
  })

  it('leaves a constructor free to ask for TypeScript under any environment', async () => {
    const { HopfieldNetwork } = await fresh({})
    const net = new HopfieldNetwork({ neurons: 3, backend: 'typescript' }).store([1, -1, 1])
    expect(net.recall([1, -1, -1]).state).toEqual(Int8Array.of(1, -1, 1))
  })

  it('gives information that cannot be changed from outside', async () => {
    const { backend } = await fresh({})
    Object.assign(backend(), { name: 'mine' })
    expect(backend().name).not.toBe('mine')
  })

  it('is refused by name in a constructor if it does not exist', async () => {
    const { HopfieldNetwork } = await import('../../src/index.js')
    const made = failure(() => new HopfieldNetwork({ neurons: 3, backend: 'gpu' as never }))
    expect(made).toMatchObject({ code: 'ERR_HOPFIELD_OPTION' })
  })
})
