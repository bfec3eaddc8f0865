// The build for browsers and edge runtimes, in dist/web: the modules of src/, each with its own file, so that bundlers leave out those
// that a program does not need, and a page loads them as they are. Files in folders `node` give their places to their twins in `web`.
// The entry `classic` is built a second time, in dist/web/classic: there, files beside a folder `classic` give theirs to their twins in it.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { rolldown } from 'rolldown'
import { WASM } from './wasm.mjs'

/** The entry that leaves out what pages can do without. */
const CLASSIC = 'classic'

/**
 * @param root the folder of the package
 * @param names of the entries
 */
export async function bundleForWeb(root, names) {
  const dir = join(root, 'dist', 'web')
  rmSync(dir, { recursive: true, force: true })
  const load = (id) => wasmBytes(id) ?? wasmProgram(root, id)
  const whole = names.filter((name) => name !== CLASSIC)
  await buildModules(root, dir, whole, { name: 'twins', resolveId: twin, load })
  // The module is there once.
  const resolveId = (source, importer) => inWhole(source) ?? classicTwin(source, importer)
  await buildModules(root, join(dir, CLASSIC), [CLASSIC], { name: 'twins', resolveId })
}

async function buildModules(root, dir, names, plugin) {
  const modules = await rolldown({
    input: Object.fromEntries(names.map((name) => [name, join(root, 'src', `${name}.ts`)])),
    platform: 'browser',
    tsconfig: join(root, 'tsconfig.json'),
    treeshake: { moduleSideEffects: false },
    makeAbsoluteExternalsRelative: false,
    plugins: [plugin],
    onLog(level, log) {
      // How long it took, which depends on what else the machine does.
      if (level === 'warn' && log.code !== 'PLUGIN_TIMINGS') throw new Error(`dist/web: ${log.message}`)
    },
  })
  await modules.write({
    dir,
    format: 'es',
    entryFileNames: '[name].js',
    preserveModules: true,
    preserveModulesRoot: join(root, 'src'),
    comments: false,
    sourcemap: true,
    sourcemapExcludeSources: true,
  })
  await modules.close()
}

export function twin(source, importer) {
  if (importer === undefined || !/\/node\/[^/]+\.js$/.test(source)) return undefined
  const path = join(dirname(importer), source.replace(/\.js$/, '.ts')).replace(
    /([/\\])node([/\\][^/\\]+)$/,
    '$1web$2',
  )
  // What has no twin must not be reached: its imports of Node fail the build.
  return existsSync(path) ? path : undefined
}

/** The same for the entry `classic`. A twin may import its namesake's types, and nothing else of it. */
function classicTwin(source, importer) {
  if (importer === undefined || !source.startsWith('.')) return undefined
  const file = basename(source, '.js')
  const path = join(dirname(importer), dirname(source), CLASSIC, `${file}.ts`)
  return existsSync(path) ? path : twin(source, importer)
}

/** What the whole build has in files of their own, as platform/web/wasm-file.js of dist/web/classic finds it. */
function inWhole(source) {
  const file = /\/(wasm-bytes|wasm-program)\.js$/.exec(source)?.[0]
  return file && { id: `../../../platform${file}`, external: true }
}

/** Puts the WebAssembly module, where it was built, into the file that pages fetch it in. */
function wasmBytes(id) {
  if (!/[/\\]platform[/\\]wasm-bytes\.ts$/.test(id) || !existsSync(WASM)) return undefined
  return `export const BYTES = '${packed(readFileSync(WASM)).toString('base64')}'`
}

/** Puts what the threads of the WebAssembly backend run into the file that pages fetch it in. */
async function wasmProgram(root, id) {
  if (!/[/\\]platform[/\\]wasm-program\.ts$/.test(id)) return undefined
  const program = await rolldown({
    input: join(root, 'src', 'kernels', 'wasm', 'hand-program.ts'),
    platform: 'browser',
    tsconfig: join(root, 'tsconfig.json'),
    treeshake: { moduleSideEffects: (path) => path.endsWith('hand-program.ts') },
    plugins: [{ name: 'twins', resolveId: twin }],
  })
  const { output } = await program.generate({ format: 'iife', minify: true, comments: false })
  await program.close()
  const [{ code }] = output
  // Pages read it letter by letter.
  if (/[^\0-\x7f]/.test(code)) throw new Error('dist/web: the program of threads has letters beyond ASCII')
  return `export const PROGRAM = '${Buffer.from(code).toString('base64')}'`
}

/** As src/platform/lzma.ts unpacks it: with the size, which xz leaves open. */
function packed(bytes) {
  const lzma = execFileSync('xz', ['--format=lzma', '--lzma1=preset=9e,pb=0', '--stdout'], {
    input: bytes,
    maxBuffer: 2 ** 28,
  })
  lzma.writeBigUInt64LE(BigInt(bytes.length), 5)
  return lzma
}
