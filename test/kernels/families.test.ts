import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import * as families from '../../src/kernels/families.js'

const SRC = fileURLToPath(new URL('../../src', import.meta.url))
const CALL = /kernelsFor\(/

const code = new Map<string, string>(
  readdirSync(SRC, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.ts'))
    .map((name) => [join(SRC, name), readFileSync(join(SRC, name), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '')]),
)
const FAMILIES = new Map<string, readonly string[]>(
  Object.entries(families).map(([name, { kernels }]) => [name, Object.keys(kernels)]),
)
const KERNELS = new Set([...FAMILIES.values()].flat())

/** Modules that a module brings along, up to those that ask for kernels themselves. */
function brought(path: string, seen = new Set<string>()): Set<string> {
  seen.add(path)
  for (const [, target] of (code.get(path) as string).matchAll(
    /^(?:import|export)\s+(?!type)[^;']*?from '(\.[^']+)'/gm,
  )) {
    const module = join(dirname(path), (target as string).replace(/\.js$/, '.ts'))
    if (!seen.has(module) && !module.includes('/kernels/') && !CALL.test(code.get(module) as string))
      brought(module, seen)
  }
  return seen
}

/** Kernels that a module calls by name. */
function called(path: string): string[] {
  const calls = (code.get(path) as string).matchAll(/\b(?:#?kernels|beside)\.(\w+)|\bcall\([^;]*?'(\w+)'/g)
  return [...calls]
    .map(([, here, inSteps]) => (here ?? inSteps) as string)
    .filter((name) => KERNELS.has(name))
}

const asking = [...code]
  .filter(([path, text]) => CALL.test(text) && !path.includes('/kernels/'))
  .map(([path]) => path)

/** The kernels of the families that a module asks for. */
function named(path: string): string[] {
  const asked = [...(code.get(path) as string).matchAll(/kernelsFor\(([^)]*)\)/g)].flatMap(([, given]) =>
    (given as string).split(/,\s*/),
  )
  return ['PACKING_KERNELS', ...asked].flatMap((name) => FAMILIES.get(name) ?? [])
}

describe('whoever asks for kernels names the families', () => {
  it.each(asking.map((path) => [path.slice(SRC.length + 1), path]))('%s', (_, path) => {
    expect(named(path)).toEqual(expect.arrayContaining([...brought(path)].flatMap(called)))
  })

  it('and one of them does for all solvers', () => {
    const solvers = join(SRC, 'optimization', 'solvers')
    const needed = [...code.keys()]
      .filter((path) => path.startsWith(solvers))
      .flatMap((path) => [...brought(path)])
    expect(named(join(solvers, 'solver-options.ts'))).toEqual(
      expect.arrayContaining([...new Set(needed)].flatMap(called)),
    )
  })

  it('and finds calls of most kernels', () => {
    const all = [...code.keys()].filter((path) => !path.includes('/kernels/')).flatMap(called)
    expect(new Set(all).size / KERNELS.size).toBeGreaterThan(0.7)
  })
})
