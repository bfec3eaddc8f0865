// Makes the entries of the package from its sources and from what tsc wrote to dist/, each in four files; docs/architecture.md says why:
//   dist/NAME.cjs  what Node runs, for `require` and for `import`; what entries share is in dist/shared.cjs
//   dist/NAME.mjs  the names of that file, for `import`
//   dist/NAME.js   the modules as tsc wrote them, for bundlers
//   dist/web/NAME.js  the same without Node, for browsers and edge runtimes, bundled or not (web.mjs)
// The WebAssembly module, where it was built, is a file of dist/web, which Node reads too.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { rolldown } from 'rolldown'
import { bundleForWeb } from './web.mjs'

/** Names of the entries that package.json exports. */
export function entries(root) {
  const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  return Object.values(exports)
    .map((entry) => /^\.\/dist\/(.+)\.cjs$/.exec(entry.require?.default)?.[1])
    .filter(Boolean)
}

/** @param root the folder of the package */
export async function bundle(root) {
  const dist = join(root, 'dist')
  const names = entries(root)
  const modules = await rolldown({
    input: Object.fromEntries(names.map((name) => [name, join(root, 'src', `${name}.ts`)])),
    platform: 'node',
    tsconfig: join(root, 'tsconfig.json'),
    // A mistake in the sources is tsc's to find; what is left are imports that lead nowhere.
    onLog(level, log) {
      if (level === 'warn') throw new Error(`bundle: ${log.message}`)
    },
  })
  for (const name of readdirSync(dist)) if (/\.cjs(\.map)?$/.test(name)) rmSync(join(dist, name))
  await modules.write({
    dir: dist,
    format: 'cjs',
    entryFileNames: '[name].cjs',
    chunkFileNames: '[name].cjs',
    codeSplitting: { groups: [{ name: 'shared', minShareCount: 2 }] },
    comments: false,
    sourcemap: true,
    sourcemapExcludeSources: true,
  })
  await modules.close()
  await bundleForWeb(root, names)

  const require = createRequire(import.meta.url)
  for (const name of names) {
    const values = Object.keys(require(join(dist, `${name}.cjs`))).sort()
    writeFileSync(
      join(dist, `${name}.mjs`),
      `import all from './${name}.cjs'\n\nexport const {\n${values.map((value) => `  ${value},\n`).join('')}} = all\n`,
    )
    writeFileSync(join(dist, `${name}.d.mts`), `export * from './types/${name}.js'\n`)
  }
  // Declarations are read as CommonJS, which ES modules may import; the other way round is an error for TypeScript.
  writeFileSync(join(dist, 'types', 'package.json'), '{ "type": "commonjs" }\n')
}
