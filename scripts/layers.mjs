// The layers of src/: which folder may import which. `npm run lint` runs this; docs/architecture.md says why.
// A new folder needs a row here.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { fileURLToPath } from 'node:url'

const SRC = join(dirname(fileURLToPath(import.meta.url)), '..', 'src')

/** From the bottom to the top. Every folder may also import src/errors.ts. */
const MAY_IMPORT = {
  platform: [],
  'errors.ts': ['platform'],
  'kernels/contract': [],
  numerics: ['kernels/contract'],
  'kernels/reference': ['kernels/contract', 'numerics', 'platform'],
  'kernels/native': ['kernels/contract', 'platform'],
  'kernels/wasm': ['kernels/contract', 'kernels/reference', 'kernels/native', 'platform'],
  'kernels/node': ['kernels/native', 'kernels/wasm'],
  'kernels/web': ['kernels/contract', 'kernels/native', 'kernels/wasm'],
  kernels: ['kernels/contract', 'kernels/reference', 'kernels/native', 'kernels/node', 'platform'],
  input: ['kernels', 'kernels/contract', 'numerics', 'platform'],
  patterns: ['input', 'kernels', 'kernels/contract', 'numerics'],
  async: ['input', 'kernels', 'kernels/contract', 'patterns', 'platform'],
  storage: ['async', 'input', 'kernels/contract', 'numerics', 'platform'],
  learning: ['async', 'input', 'kernels/contract', 'numerics', 'storage'],
  memories: [
    'async',
    'input',
    'kernels',
    'kernels/contract',
    'learning',
    'numerics',
    'patterns',
    'platform',
    'storage',
  ],
  analysis: [
    'async',
    'input',
    'kernels/contract',
    'learning',
    'memories',
    'numerics',
    'patterns',
    'platform',
  ],
  optimization: [
    'async',
    'input',
    'kernels',
    'kernels/contract',
    'memories',
    'numerics',
    'platform',
    'storage',
  ],
  'optimization.ts': ['optimization'],
  experiments: [
    'analysis',
    'async',
    'input',
    'kernels/contract',
    'learning',
    'memories',
    'numerics',
    'patterns',
    'platform',
  ],
  'experiments.ts': ['experiments'],
  'classic.ts': ['input', 'kernels', 'memories', 'patterns'],
  'index.ts': [
    'analysis',
    'async',
    'input',
    'kernels',
    'kernels/contract',
    'learning',
    'memories',
    'numerics',
    'patterns',
    'storage',
  ],
}

const WHY = {
  'kernels/reference': 'only src/kernels may know which backend computes; ask select.ts for kernels',
  'kernels/native': 'only src/kernels may know which backend computes; ask select.ts for kernels',
  platform: 'what differs between Node and a browser belongs to few folders',
  analysis: 'analysis measures memories, so memories cannot need it',
}

/** analysis works on whatever looks like a memory, so it may take types alone; and what knows the addon stays out of builds for browsers. */
const TYPES_ALONE = { analysis: ['memories'], kernels: ['kernels/native'], 'kernels/web': ['kernels/native'] }

/** Globals of Node that browsers do not have. */
const GLOBALS =
  /(?<![.\w'"-])(process|Buffer|setImmediate|clearImmediate|global|require|__dirname|__filename|NodeJS)\b(?!['":-])/g

const files = readdirSync(SRC, { recursive: true })
  .map((name) => name.replaceAll('\\', '/'))
  .filter((name) => name.endsWith('.ts'))
  .sort()
/** What differs from one platform or entry to another belongs to the folder that it is in. */
const whole = (file) => file.replace(/\/classic\//, '/')
const folderOf = (file) => {
  const parts = whole(file).split('/')
  if (parts.length === 1) return file
  return parts[0] === 'kernels' && parts.length > 2 ? `kernels/${parts[1]}` : parts[0]
}
/** As above, with each memory a folder of its own: among these there must be no cycle. */
const unitOf = (file) => {
  const parts = whole(file)
    .replace(/\/(node|web)\//, '/')
    .split('/')
  return parts.length > 2 ? parts.slice(0, 2).join('/') : folderOf(file)
}

let failed = false
function fail(message) {
  console.error(message)
  failed = true
}

/** Twins take the places of files in folders `node` in builds for browsers. */
const isWeb = (file) => file.includes('/web/')
for (const file of files.filter(isWeb)) {
  if (!files.includes(file.replace('/web/', '/node/')))
    fail(`src/${file}: it has no twin of this name in the folder node beside it`)
}

/** Twins take the places of files beside their folder `classic` in the entry of that name. */
const isClassic = (file) => file.includes('/classic/')
for (const file of files.filter(isClassic)) {
  if (!files.includes(whole(file))) fail(`src/${file}: it has no twin of this name in the folder above it`)
}

/** unit → unit → an import that makes the one need the other */
const edges = new Map()

for (const file of files) {
  const text = readFileSync(join(SRC, file), 'utf8')
  const code = text
    .replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' '))
    .replace(/\/\/.*/g, '')
  const lineOf = (index) => code.slice(0, index).split('\n').length
  const folder = folderOf(file)

  if (!file.startsWith('platform/node/')) {
    for (const match of code.matchAll(/(?:from|import\()\s*'(node:[^']+)'/g)) {
      fail(
        `src/${file}:${lineOf(match.index)}: imports ${match[1]}; put what it is for into src/platform/node`,
      )
    }
    for (const match of code
      .replace(/'[^'\n]*'|`[^`]*`/g, (string) => string.replace(/\w/g, ' '))
      .matchAll(GLOBALS)) {
      fail(
        `src/${file}:${lineOf(match.index)}: ${match[1]} is only in Node; put what it is for into src/platform/node`,
      )
    }
  }

  for (const match of code.matchAll(
    /\b(?:import|export)\b[\s(]*(type\s)?(?:[^'"()=]*?\sfrom\s+)?'(\.[^']+)'/g,
  )) {
    const target = posix.normalize(posix.join(posix.dirname(file), match[2])).replace(/\.js$/, '.ts')
    const to = folderOf(target)
    const where = `src/${file}:${lineOf(match.index)}: imports ${target}`
    if (unitOf(file) !== unitOf(target)) {
      const from = edges.get(unitOf(file)) ?? new Map()
      edges.set(unitOf(file), from.set(unitOf(target), where))
    }
    if (isWeb(target) && !isWeb(file))
      fail(`${where}; import its twin in node: scripts/web.mjs puts this one there`)
    if (isClassic(target)) fail(`${where}; import its twin above it: scripts/web.mjs puts this one there`)
    if (isWeb(file) && !isWeb(target) && target.includes('/node/') && !match[1]) {
      fail(`${where}; a browser has no such module: write \`import type\``)
    }
    if (to === folder || to === 'errors.ts') continue
    if (!MAY_IMPORT[folder])
      fail(`src/${file}: scripts/layers.mjs does not know the folder ${folder}; add a row`)
    else if (!MAY_IMPORT[folder].includes(to)) {
      fail(`${where}; ${folder} may not import ${to}${WHY[to] ? `: ${WHY[to]}` : ''}`)
    } else if (TYPES_ALONE[folder]?.includes(to) && !match[1]) {
      fail(`${where}; ${folder} may import types of ${to} alone: write \`import type\``)
    }
  }
}

/** The first cycle that is found from here on, as a path. */
function cycle(unit, path = []) {
  if (path.includes(unit)) return [...path.slice(path.indexOf(unit)), unit]
  for (const next of edges.get(unit)?.keys() ?? []) {
    const found = cycle(next, [...path, unit])
    if (found) return found
  }
}
const units = [...edges.keys()]
const found = units.map((unit) => cycle(unit)).find(Boolean)
if (found) {
  fail(`folders import each other: ${found.join(' -> ')}`)
  for (let k = 0; k + 1 < found.length; k++) console.error(`  ${edges.get(found[k]).get(found[k + 1])}`)
}

if (failed) process.exit(1)
console.log(`layers: ${files.length} files import downwards only`)
