// Compiles the kernels to WebAssembly, to build-wasm/hopfield-native.wasm; scripts/bundle.mjs takes it from there.
//   npm run build:wasm
// It needs, of Debian's packages: clang-19 lld-19 libc++-19-dev-wasm32 libc++abi-19-dev-wasm32 libclang-rt-19-dev-wasm32 wasi-libc xz-utils
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs'
import { createRequire } from 'node:module'
import { availableParallelism } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const require = createRequire(import.meta.url)
const FOLDER = join(root, 'build-wasm')
export const WASM = join(FOLDER, 'hopfield-native.wasm')

const COMPILER = 'clang++-19'
const LINKER = 'wasm-ld-19'
const LIBRARIES = '/usr/lib/wasm32-wasi'
const BUILTINS = '/usr/lib/llvm-19/lib/clang/19/lib/wasi/libclang_rt.builtins-wasm32.a'

const SOURCES = [
  'tiers/wasm.cc',
  'addon/addon.cc',
  'core/memory.cc',
  'core/shelf.cc',
  'dispatch.cc',
  'recall_batch.cc',
  'visits.cc',
  'workspace.cc',
  'wasm/flag.cc',
  'wasm/runtime.cc',
].map((name) => join(root, 'native', name))

const DEFINES = [
  'NAPI_VERSION=8',
  'NODE_ADDON_API_CPP_EXCEPTIONS',
  'NODE_ADDON_API_DISABLE_DEPRECATED',
  'NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS',
]

const FLAGS = [
  '--target=wasm32-wasi',
  '-std=c++17',
  '-O2',
  // Functions are inlined less: a quarter fewer bytes, and about a twentieth slower.
  ...['-mllvm', '-inline-threshold=25', '-mllvm', '-unroll-runtime=false'],
  // Vectors are said in the sources; pairs of words that count bits must not become some.
  '-fno-slp-vectorize',
  '-msimd128',
  '-fwasm-exceptions',
  '-ffp-contract=off',
  '-fno-math-errno',
  '-fvisibility=hidden',
  '-Wall',
  '-Wextra',
  ...DEFINES.map((define) => `-D${define}`),
]

/** What is missing to build it; undefined if nothing is. */
export function missingForWasm() {
  const silent = (command) => spawnSync(command, ['--version'], { stdio: 'ignore' }).status !== 0
  return (
    [COMPILER, LINKER, 'xz'].find(silent) ??
    [`${LIBRARIES}/libc++.a`, BUILTINS].find((file) => !existsSync(file))
  )
}

function run(command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] })
    child.on('error', reject)
    child.on('close', (status) =>
      status === 0 ? resolve() : reject(new Error(`${command} ended with ${status}`)),
    )
  })
}

function includes() {
  const napi = require('node-addon-api').include_dir
  const { include_dir: headers } = require('node-api-headers')
  return ['-Inative', '-isystem', join(root, napi), '-isystem', headers]
}

/** Compilers as many as there are processors, the longest work first. */
async function compileAll(sources) {
  const cache = spawnSync('ccache', ['--version'], { stdio: 'ignore' }).status === 0
  const [command, ...first] = cache ? ['ccache', COMPILER] : [COMPILER]
  const waiting = [...sources]
  const work = async () => {
    for (let source = waiting.shift(); source !== undefined; source = waiting.shift()) {
      const args = [...first, ...FLAGS, ...includes(), '-c', source, '-o', objectOf(source)]
      await run(command, args)
    }
  }
  await Promise.all(Array.from({ length: availableParallelism() }, work))
}

function objectOf(source) {
  return join(FOLDER, `${basename(source, '.cc')}.o`)
}

export async function buildWasm() {
  mkdirSync(FOLDER, { recursive: true })
  const identity = join(FOLDER, 'identity.cc')
  await run(process.execPath, [join(root, 'scripts', 'identity.mjs'), identity])
  const sources = [...SOURCES, identity]
  await compileAll(sources)
  const made = `${WASM}.new`
  await run(LINKER, [
    '--no-entry',
    '--gc-sections',
    '--strip-all',
    '--stack-first',
    ...['-z', 'stack-size=1048576'],
    // Of Node-API, which src/kernels/wasm/node-api.ts gives.
    '--allow-undefined',
    '--export-table',
    ...['__stack_pointer', '__wasm_call_ctors', 'malloc', 'free'].map((name) => `--export=${name}`),
    '--max-memory=4294967296',
    ...sources.map(objectOf),
    `-L${LIBRARIES}`,
    ...['-lc++', '-lc++abi', '-lc'],
    BUILTINS,
    ...['-o', made],
  ])
  renameSync(made, WASM)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const missing = missingForWasm()
  if (missing !== undefined) {
    console.error(`hopfield-native: the WebAssembly module was not built; there is no ${missing}`)
    process.exit(1)
  }
  await buildWasm()
  console.log(`${WASM}: ${readFileSync(WASM).length} bytes`)
}
