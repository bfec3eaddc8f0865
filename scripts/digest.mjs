// One digest of all shared vectors (test/vectors), as each backend computes them wherever it runs: every tier of the addon that this machine
// runs, WebAssembly and TypeScript, in Node, Deno and Chromium. Prints a line for each, and fails if two differ.
//   node scripts/digest.mjs [WHERE...]    node, deno, chromium; all that are there without a word
// `node scripts/check-bundlers.mjs --runtimes Deno` fetches Deno; HOPFIELD_DENO names another. Chromium is Debian's.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { BROWSER, launched, opened } from './chromium.mjs'
import { expectThat, root } from './recipes.mjs'
import { bundleVectors } from './vectors.mjs'
import { WASM } from './wasm.mjs'

const work = join(root, 'build-digest')
const DENO = process.env.HOPFIELD_DENO || join(root, 'build-bundlers/runtimes/node_modules/.bin/deno')
const BACKENDS = ['native', ...(existsSync(WASM) ? ['wasm'] : []), 'typescript']
const digestOf = (text) => createHash('sha256').update(text).digest('hex')

/** What a command prints: the name of what computed, and the digest. */
function printed(command, args, env) {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: work,
    encoding: 'utf8',
    env: { ...process.env, HOPFIELD_BACKEND: '', HOPFIELD_TIER: '', HOPFIELD_NATIVE_PREBUILD: '', ...env },
    maxBuffer: 2 ** 26,
  })
  expectThat(status === 0, `${command} ${args.join(' ')} ended with ${status}: ${stderr}`)
  return stdout.trim().split(' ')
}

function program(backend) {
  return `import { createHash } from 'node:crypto'
import { backend, HopfieldNetwork } from './dist/index.js'
import { allVectors } from './vectors-${backend}.js'

const { name, tier } = new HopfieldNetwork({ neurons: 1, backend: '${backend}' }).backend
console.log(name === tier ? name : \`\${name} \${tier}\`.replace(' ', ':'), createHash('sha256').update(allVectors()).digest('hex'))
`
}

/** Node and Deno run the same modules; the addon is beside them. */
async function prepared() {
  rmSync(work, { recursive: true, force: true })
  mkdirSync(join(work, 'build/Release'), { recursive: true })
  cpSync(join(root, 'dist'), join(work, 'dist'), { recursive: true })
  cpSync(join(root, 'package.json'), join(work, 'package.json'))
  cpSync(join(root, 'build/Release/hopfield.node'), join(work, 'build/Release/hopfield.node'))
  for (const backend of BACKENDS) {
    await bundleVectors(work, backend, { dist: './dist', found: join(work, 'dist'), platform: 'node' })
    writeFileSync(join(work, `${backend}.mjs`), program(backend))
  }
}

async function tiers() {
  const { nativeTiers } = await import('../dist/kernels/select.js')
  return nativeTiers()
    .filter(({ usable }) => usable)
    .map(({ name }) => name)
}

async function* inNode() {
  for (const tier of await tiers())
    yield ['node', ...printed(process.execPath, ['native.mjs'], { HOPFIELD_TIER: tier })]
  for (const backend of BACKENDS.slice(1))
    yield ['node', ...printed(process.execPath, [`${backend}.mjs`], { HOPFIELD_BACKEND: backend })]
}

async function* inDeno() {
  for (const backend of BACKENDS) {
    const rights = ['run', '--no-lock', '--allow-read', '--allow-env', '--allow-sys', '--allow-ffi']
    yield ['deno', ...printed(DENO, [...rights, `${backend}.mjs`], { DENO_NO_UPDATE_CHECK: '1' })]
  }
}

async function* inChromium() {
  const place = join(work, 'page')
  mkdirSync(place)
  cpSync(join(root, 'dist/web'), join(place, 'web'), { recursive: true })
  const pages = BACKENDS.slice(1)
  for (const backend of pages) {
    await bundleVectors(place, backend, { dist: './web', found: join(place, 'web'), platform: 'browser' })
  }
  writeFileSync(
    join(place, 'index.html'),
    `<!doctype html><title>Vectors</title><script type="module">
import { ready } from './web/index.js'
window.vectors = async (backend) => {
  await ready()
  return (await import('./vectors-' + backend + '.js')).allVectors()
}
document.title = 'ready'
</script>`,
  )
  const browser = await launched()
  try {
    for (const backend of pages) {
      const text = await opened(browser, place, async (page) => {
        await page.waitForFunction('document.title === "ready"')
        return page.evaluate((backend) => window.vectors(backend), backend)
      })
      yield ['chromium', backend, digestOf(text)]
    }
  } finally {
    await browser.close()
  }
}

const PLACES = { node: inNode, deno: inDeno, chromium: inChromium }
const missing = { deno: !existsSync(DENO), chromium: !existsSync(BROWSER) }
const asked = process.argv.slice(2)
for (const name of asked) expectThat(name in PLACES, `no place ${name}; there are node, deno and chromium`)

const expected = digestOf(readFileSync(join(root, 'test/vectors/kernels.json'), 'utf8'))
console.log(`test/vectors/kernels.json ${expected}`)
await prepared()
let failed = 0
for (const [name, rows] of Object.entries(PLACES)) {
  if (asked.length > 0 && !asked.includes(name)) continue
  if (missing[name]) {
    console.log(`${name}: not here`)
    if (asked.length > 0) failed++
    continue
  }
  for await (const [where, what, digest] of rows()) {
    console.log(`${where}, ${what.replace(':', ' ')}: ${digest}${digest === expected ? '' : ' OTHER BITS'}`)
    if (digest !== expected) failed++
  }
}
process.exitCode = failed === 0 ? 0 : 1
