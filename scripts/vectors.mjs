// The shared vectors (test/vectors) as modules that compute them on one backend of the package, wherever it runs.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { rolldown } from 'rolldown'
import { root } from './recipes.mjs'
import { twin } from './web.mjs'

const KERNELS = '\0kernels'

/**
 * Writes `vectors-BACKEND.js` into a folder. Its `allVectors()` gives the text of test/vectors/kernels.json.
 * @param dist where the modules of the package are, as the folder's modules name it: `…/dist` or `…/dist/web`.
 * @param found the same folder as it is found here.
 * @param platform 'browser' or 'node'.
 */
export async function bundleVectors(into, backend, { dist, found, platform }) {
  const modules = await rolldown({
    input: { [`vectors-${backend}`]: join(root, 'test/vectors/all.ts') },
    platform,
    tsconfig: join(root, 'tsconfig.json'),
    plugins: [
      {
        name: 'package',
        resolveId(source, importer) {
          if (source.endsWith('/src/kernels/reference/index.js')) return KERNELS
          if (source.endsWith('/src/index.js')) return { id: `${dist}/index.js`, external: true }
          if (source.startsWith(dist)) return { id: source, external: true }
          return platform === 'browser' ? twin(source, importer) : undefined
        },
        load: (id) => (id === KERNELS ? kernelsOf(backend, dist, found) : undefined),
      },
    ],
  })
  await modules.write({ dir: into, format: 'es', entryFileNames: '[name].js' })
  await modules.close()
}

/** A module with kernels of the package in place of the reference's. */
function kernelsOf(backend, dist, found) {
  const families = readdirSync(join(found, 'kernels/reference/families')).filter((file) =>
    file.endsWith('.js'),
  )
  const imports = families.map(
    (file, k) => `import * as f${k} from '${dist}/kernels/reference/families/${file}'\n`,
  )
  const all = families.map((_, k) => `...Object.values(f${k})`)
  return `import { kernelsFor } from '${dist}/kernels/select.js'
${imports.join('')}export const typescriptKernels = kernelsFor('${backend}', ${all})`
}
