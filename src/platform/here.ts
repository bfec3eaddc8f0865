// Where this code lies while it runs: in its package, or wherever a bundler put it.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/**
 * The folder of the file that runs; undefined where nothing tells. `__dirname` comes first, because it is the bundle's own wherever a
 * bundle is CommonJS, and `import.meta.url` does not occur, because webpack puts the path of the machine that bundles in its place.
 */
export function here(): string | undefined {
  return typeof __dirname === 'string' ? __dirname : import.meta.dirname
}

/** The folder of this package; undefined in a bundle. */
export function packageRoot(): string | undefined {
  const folder = here()
  if (folder === undefined) return undefined
  // From dist/index.cjs, and from a module in dist/platform or src/platform.
  return [dirname(folder), dirname(dirname(folder))].find(isThisPackage)
}

/** The folder of this package as a bundle finds it: installed where the bundle runs, or above. */
export function installedRoot(): string | undefined {
  const folder = here()
  if (folder === undefined) return undefined
  try {
    return dirname(createRequire(join(folder, 'bundle.js')).resolve('hopfield-native/package.json'))
  } catch {
    return undefined
  }
}

function isThisPackage(folder: string): boolean {
  try {
    const { name } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { name?: unknown }
    return name === 'hopfield-native'
  } catch {
    return false
  }
}
