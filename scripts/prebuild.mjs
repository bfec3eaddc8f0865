// Builds the binaries of a release, for all platforms on this machine, with the clang that zig carries. They go to prebuilds/.
//   node scripts/prebuild.mjs [TARGET…] [--tests]
// --tests also links the C++ tests for each target, to build-prebuild/TARGET/core_test.
import { spawn } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { availableParallelism } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { writeIdentity } from './identity.mjs'
import { fileOf, nameOf, targetsNamed } from './prebuild-targets.mjs'
import { tool } from './tools.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const require = createRequire(import.meta.url)

const DEFINES = [
  'NAPI_VERSION=8',
  'NODE_ADDON_API_CPP_EXCEPTIONS',
  'NODE_ADDON_API_DISABLE_DEPRECATED',
  'NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS',
  'BUILDING_NODE_EXTENSION',
]

/** As binding.gyp has it, and what keeps the name of this folder out of the binary. */
const COMPILE = [
  '-std=c++17',
  '-g0',
  '-Wall',
  '-Wextra',
  '-Werror',
  '-fexceptions',
  '-fvisibility=hidden',
  '-fvisibility-inlines-hidden',
  '-ffp-contract=off',
  '-fno-math-errno',
  // In unoptimized builds zig adds checks of its own, which need a library.
  '-fno-sanitize=undefined',
  `-ffile-prefix-map=${root}=`,
]

/** CMake has the list. */
function testSources() {
  const list = /add_executable\(core_test ([^)]*)\)/.exec(readFileSync(join(root, 'CMakeLists.txt'), 'utf8'))
  if (list === null) throw new Error('CMakeLists.txt has no core_test')
  return list[1].split(/\s+/).filter(Boolean)
}

function zigProgram() {
  const name = `@zigc/${process.platform}-${process.arch}`
  const path = join(
    tool('zig'),
    'node_modules',
    name,
    'bin',
    process.platform === 'win32' ? 'zig.exe' : 'zig',
  )
  if (existsSync(path)) return path
  throw new Error(
    `scripts/tools/zig/package-lock.json has no ${name}; release binaries are made on linux-x64`,
  )
}

/**
 * Runs a compiler; what it prints is printed only where it fails.
 * @param strict whether a warning is a failure. At the first link for a target zig compiles its own libraries, and warns of them.
 */
function run(program, args, strict = false) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
    let said = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (said += text))
    child.on('error', reject)
    child.on('close', (status) => {
      if (status === 0 && (!strict || said.trim() === '')) resolve()
      else reject(new Error(`${program} ${args.join(' ')}\n${said}`))
    })
  })
}

/** Runs tasks, as many at a time as there are processors. */
async function together(tasks) {
  const waiting = [...tasks]
  const worker = async () => {
    for (let task = waiting.shift(); task !== undefined; task = waiting.shift()) await task()
  }
  await Promise.all(Array.from({ length: availableParallelism() }, worker))
}

/** Objects are named after their sources, by folder and file. */
const objectOf = (folder, source) =>
  join(
    folder,
    source
      .replace(/^native\//, '')
      .replaceAll('/', '-')
      .replace(/\.cc$/, '.o'),
  )

const positionIndependent = (target) => (target.platform === 'win32' ? [] : ['-fPIC'])

function linkAddon(target, objects, out) {
  const common = ['-target', target.triple, '-shared', '-s', '-o', out, ...objects]
  switch (target.platform) {
    case 'linux':
      return [...common, '-Wl,--version-script=native/addon/exports.map']
    case 'darwin':
      return [...common, '-Wl,-undefined,dynamic_lookup', '-Wl,-install_name,@rpath/hopfield-native.node']
    default:
      return common
  }
}

/** musl gives a thread 128 kB unless a library asks for more; zig drops the linker's option that does so. */
function askForStacks(path, bytes) {
  const STACK = 0x6474e551
  const file = readFileSync(path)
  const [at, size, count] = [Number(file.readBigUInt64LE(32)), file.readUInt16LE(54), file.readUInt16LE(56)]
  const header = Array.from({ length: count }, (_, k) => at + k * size).find(
    (k) => file.readUInt32LE(k) === STACK,
  )
  if (header === undefined) throw new Error(`${path}: has no header of stacks`)
  file.writeBigUInt64LE(BigInt(bytes), header + 40)
  writeFileSync(path, file)
}

/** The linker for Windows writes down when it ran, which nobody asks: without it two builds have the same bytes. */
function forgetTime(path) {
  const file = readFileSync(path)
  file.writeUInt32LE(0, file.readUInt32LE(0x3c) + 8)
  writeFileSync(path, file)
}

async function main() {
  const args = process.argv.slice(2)
  const tests = args.includes('--tests')
  const targets = targetsNamed(args.filter((arg) => !arg.startsWith('--')))
  const zig = zigProgram()
  const sources = readFileSync(join(root, 'native/sources.txt'), 'utf8').split('\n').filter(Boolean)
  const includes = ['native', require('node-addon-api').include_dir, require('node-api-headers').include_dir]
  const identity = 'build-prebuild/identity.cc'
  writeIdentity(join(root, identity))
  if (tests) linkHeaders()

  const compile = (target, source, object, extra) => () => {
    mkdirSync(join(root, dirname(object)), { recursive: true })
    return run(
      zig,
      [
        'c++',
        '-target',
        target.triple,
        '-c',
        source,
        '-o',
        object,
        ...COMPILE,
        ...positionIndependent(target),
        ...extra,
      ],
      true,
    )
  }
  const addonFlags = [
    '-O3',
    ...DEFINES.map((define) => `-D${define}`),
    ...includes.map((folder) => `-I${folder}`),
  ]
  const testFlags = [
    '-O1',
    '-Inative',
    '-isystem',
    'build-prebuild/headers',
    '-DVECTORS="test/vectors/kernels.json"',
  ]
  const plans = targets.map((target) => {
    const folder = join('build-prebuild', nameOf(target))
    return {
      target,
      folder,
      objects: [...sources, identity].map((source) => ({ source, object: objectOf(folder, source) })),
      tests: tests ? testSources().map((source) => ({ source, object: objectOf(folder, source) })) : [],
    }
  })
  for (const { target, folder, objects, tests } of plans) {
    await together([
      ...objects.map(({ source, object }) => compile(target, source, object, addonFlags)),
      ...tests.map(({ source, object }) => compile(target, source, object, testFlags)),
    ])
    // Libraries to link against it come with it, which nobody wants.
    const linked = join(folder, 'linked', 'hopfield-native.node')
    mkdirSync(join(root, dirname(linked)), { recursive: true })
    await run(zig, [
      'c++',
      ...linkAddon(
        target,
        objects.map(({ object }) => object),
        linked,
      ),
    ])
    const out = fileOf(target)
    mkdirSync(join(root, dirname(out)), { recursive: true })
    copyFileSync(join(root, linked), join(root, out))
    if (target.platform === 'linux') askForStacks(join(root, out), 2 ** 20)
    if (target.platform === 'win32') forgetTime(join(root, out))
    console.log(out)
    if (tests.length === 0) continue
    const core = objects.filter(({ source }) => !/addon|identity/.test(source))
    const test = join(folder, target.platform === 'win32' ? 'core_test.exe' : 'core_test')
    const parts = [...tests, ...core].map(({ object }) => object)
    await run(zig, [
      'c++',
      '-target',
      target.triple,
      ...(target.libc === 'musl' ? ['-static'] : []),
      '-o',
      test,
      ...parts,
    ])
    console.log(test)
  }
}

/** Debian has the tests' two libraries, which are nothing but headers, among those of its own C library. */
function linkHeaders() {
  const folder = join(root, 'build-prebuild/headers')
  mkdirSync(folder, { recursive: true })
  for (const name of ['doctest', 'nlohmann']) {
    if (!existsSync(join(folder, name))) symlinkSync(`/usr/include/${name}`, join(folder, name))
  }
}

try {
  await main()
} catch (error) {
  console.error(error.message)
  process.exit(1)
}
