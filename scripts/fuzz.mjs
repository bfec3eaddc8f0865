// Random inputs for as long as you like: npm run fuzz [-- TARGET|all [SECONDS]]
//   tiers   every kernel on every tier against the portable one, in C++ under the address and undefined-behaviour sanitizers
//   door    the addon's functions with arrays whose contents, lengths and numbers are wrong somewhere, in C++ under the same sanitizers
//   files   damaged memory files, .npy, .npz and packed patterns, on both backends, in TypeScript
// HOPFIELD_FUZZ_SEED makes the same inputs again, as far as the time goes: CI must not fail by chance on a change that is not at fault.
// C++ targets are libFuzzer's: they need clang-19 and libclang-rt-19-dev, start from native/fuzz/corpus and keep what they find in
// build-fuzz/corpus; an input that ends one is written to build-fuzz/found. All of them run side by side.
import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const BUILD = 'build-fuzz'
const NATIVE = ['tiers', 'door']
const TYPESCRIPT = ['files']
const [given = 'all', seconds = '60'] = process.argv.slice(2)
const targets = given === 'all' ? [...NATIVE, ...TYPESCRIPT] : [given]
const unknown = targets.find((name) => !NATIVE.includes(name) && !TYPESCRIPT.includes(name))
if (unknown !== undefined || !(Number(seconds) > 0)) {
  console.error(`usage: npm run fuzz [-- all|${[...NATIVE, ...TYPESCRIPT].join('|')} [SECONDS]]`)
  process.exit(2)
}

function build(command, args) {
  const env = { ...process.env, CXX: 'clang++-19' }
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: root, env, encoding: 'utf8' })
  if (status === 0) return
  console.error(stdout, stderr)
  process.exit(1)
}

function commandOf(target) {
  if (TYPESCRIPT.includes(target)) {
    const args = ['node_modules/vitest/vitest.mjs', 'run', `test/fuzz/${target}.test.ts`]
    return { command: process.execPath, args, env: { HOPFIELD_FUZZ_SECONDS: seconds } }
  }
  mkdirSync(`${root}/${BUILD}/corpus/${target}`, { recursive: true })
  mkdirSync(`${root}/${BUILD}/found`, { recursive: true })
  const args = [
    `${BUILD}/corpus/${target}`,
    `native/fuzz/corpus/${target}`,
    `-max_total_time=${seconds}`,
    // 0: another one each time.
    `-seed=${process.env.HOPFIELD_FUZZ_SEED ?? 0}`,
    `-artifact_prefix=${BUILD}/found/${target}-`,
    '-max_len=512',
    // Short inputs hold a kernel and no arguments.
    '-len_control=0',
    '-timeout=60',
    '-rss_limit_mb=3072',
    '-print_final_stats=1',
    '-verbosity=0',
  ]
  return { command: `${BUILD}/fuzz_${target}`, args, env: {} }
}

function run(target) {
  const { command, args, env } = commandOf(target)
  const child = spawn(command, args, { cwd: root, env: { ...process.env, ...env } })
  let said = ''
  child.stdout.on('data', (text) => (said += text))
  child.stderr.on('data', (text) => (said += text))
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ target, passed: false, said: `${error}` }))
    child.on('close', (status) => resolve({ target, passed: status === 0, said }))
  })
}

if (targets.some((name) => NATIVE.includes(name))) {
  build('cmake', ['-S', '.', '-B', BUILD, '-DHOPFIELD_FUZZ=ON', '-DHOPFIELD_SANITIZE=address,undefined'])
  build('cmake', ['--build', BUILD, '-j', '2'])
}
const results = await Promise.all(targets.map(run))
for (const { target, passed, said } of results) {
  const runs = /number_of_executed_units: *(\d+)/.exec(said)?.[1] ?? /fuzz: (\d+) inputs/.exec(said)?.[1]
  if (!passed) console.error(said)
  console.log(`${target}: ${passed ? 'nothing found' : 'FOUND SOMETHING'}, ${runs ?? 'no'} inputs`)
}
process.exitCode = results.every(({ passed }) => passed) ? 0 : 1
