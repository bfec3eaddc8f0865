// Where this code lies while it runs: in its package, or wherever a bundler put it.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/**
 * The folder of the file that runs, where a bundler has put it. These words survive bundlers: they replace `import.meta.url` (webpack) and
 * `__dirname` (Bun) by paths of the machine that bundles, and leave no `import.meta` in CommonJS (esbuild, rollup), which has `module`.
 */
export function here(): string | undefined {
  try {
    if (typeof import.meta.dirname === 'string') return import.meta.dirname
  } catch {
    // ncc leaves `__dirname` of CommonJS in ES modules, which have none.
  }
  return typeof module === 'object' ? module.path : undefined
}

/** Where a bundle may have put files beside itself: its own folder, that of the script that Node was started with, and Node's own. */
export function besideBundle(): string[] {
  const { argv, execPath } = process
  const own = here()
  const folders = [argv[1] ?? execPath, execPath].map((path) => dirname(path))
  return [...new Set(own === undefined ? folders : [own, ...folders])]
}

/**
 * The binaries, as dist/shared.cjs finds them. In one expression, because tracers such as @vercel/nft evaluate those, and take along the
 * folder that one names.
 */
function binaries(): string | undefined {
  try {
    return join(import.meta.dirname, '..', 'prebuilds')
  } catch {
    return undefined
  }
}

/** The folder of this package; undefined in a bundle. Throws where its manifest must not be read. */
export function packageRoot(): string | undefined {
  const folder = here()
  if (folder === undefined) return undefined
  // From dist/shared.cjs, and from a module in dist/platform/node or src/platform/node.
  return [dirname(binaries() ?? folder), dirname(dirname(dirname(folder)))].find(isThisPackage)
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
  let text: string
  try {
    text = readFileSync(join(folder, 'package.json'), 'utf8')
  } catch (error) {
    // Where nothing may be read, as in Deno without rights, this may well be the package.
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return false
    throw error
  }
  try {
    return (JSON.parse(text) as { name?: unknown }).name === 'hopfield-native'
  } catch {
    return false
  }
}
