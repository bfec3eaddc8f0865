// Plants bugs, one after the other, in a copy of the tree, and asks the tests that should see them: npm run mutants [-- NAME…]
// A bug that none of them sees is a test that is missing. --check says whether each has its line still; it is part of `npm run lint`.
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const copy = join(root, 'build-mutants')

/** What is wrong, where, and which tests must fail; native ones are compiled first. */
const MUTANTS = [
  {
    name: 'stale-search',
    bug: 'a search goes on in the patterns of before a `forget`',
    file: 'src/storage/packed-rows.ts',
    from: 'if (!swap) {\n      this.#changed()',
    to: 'if (!swap) {',
    tests: ['test/memories/bipolar/nearest.test.ts', '-t', 'follows what is stored'],
  },
  {
    name: 'lock-not-taken',
    bug: 'a recall off the event loop holds its arrays without keeping writers out',
    file: 'src/storage/lease.ts',
    from: 'this.#leases++',
    to: 'this.#leases += 0',
    tests: [
      'test/memories/bipolar/recall-async.test.ts',
      '-t',
      'is not seen by recalls that were called before',
    ],
  },
  {
    name: 'padding-half-checked',
    bug: 'a file is opened though the last word of a row has bits behind the last neuron',
    file: 'src/storage/clean-rows.ts',
    from: 'for (let w = last + 1; w < stride; w++)',
    to: 'for (let w = last + 1; w < stride - 1; w++)',
    tests: ['test/memories/damage.test.ts', '-t', 'are refused'],
  },
  {
    name: 'gap-in-a-file',
    bug: 'arrays of a file may leave gaps',
    file: 'src/storage/safetensors.ts',
    from: 'if (begin !== at) {',
    to: 'if (begin < at) {',
    tests: ['test/storage/safetensors.test.ts'],
  },
  {
    name: 'litter',
    bug: 'a file that could not be written leaves its beginning behind',
    file: 'src/platform/node/files.ts',
    from: 'await unlink(beside).catch(() => {})',
    to: '',
    tests: ['test/platform/files.test.ts', '-t', 'when writing fails'],
  },
  {
    name: 'tie-swapped',
    bug: 'a field of zero gives −1 where it should give +1',
    file: 'src/kernels/reference/recall.ts',
    from: "tie === 'positive' ? 1 : tie === 'negative' ? -1",
    to: "tie === 'positive' ? -1 : tie === 'negative' ? 1",
    tests: ['test/memories/hopfield/brute-force.test.ts', '-t', 'all at once'],
  },
  {
    name: 'sign-swapped',
    bug: 'the own part is added to a field and not taken out',
    file: 'src/kernels/reference/field.ts',
    from: '0 - total - count * spin(state, i)',
    to: '0 - total + count * spin(state, i)',
    tests: ['test/memories/hopfield/brute-force.test.ts', '-t', 'local fields'],
  },
  {
    name: 'listener-left',
    bug: 'a signal is listened to after the call is over',
    file: 'src/async/aborts.ts',
    from: "signal.removeEventListener('abort', one)",
    to: '',
    tests: ['test/memories/bipolar/recall-async.test.ts', '-t', 'listens to its signal'],
  },
  {
    name: 'one-stream-for-all',
    bug: 'all cues of a batch draw the same random numbers',
    file: 'native/recall_batch.cc',
    from: ': batch.stream + b;',
    to: ': batch.stream;',
    tests: ['test/memories/bipolar/batch.test.ts', '-t', 'is recall of every cue'],
    native: true,
  },
  {
    name: 'bound-off-by-one',
    bug: 'an index may be one too large',
    file: 'native/addon/contents.h',
    from: 'count == 0 || most < end',
    to: 'count == 0 || most <= end',
    tests: ['test/kernels/addon.test.ts', '-t', 'out of its arrays are refused'],
    native: true,
  },
  {
    name: 'stop-missed',
    bug: 'work on another thread has no flag that stops it',
    file: 'native/addon/async.h',
    from: 'const UnderFlag under(flag_);',
    to: '',
    tests: ['test/async/stop.test.ts', '-t', 'native ends with its worker'],
    // With the bug it waits for minutes of work, some times over.
    patience: 60_000,
    native: true,
  },
  {
    name: 'old-handle',
    bug: 'the number of a memory that is gone finds the one that took its place',
    file: 'native/addon/binding.h',
    from: 'place.handle == nullptr || place.taken != whole / kMostPlaces',
    to: 'place.handle == nullptr',
    tests: ['test/kernels/addon.test.ts', '-t', 'leads nowhere'],
    native: true,
  },
  {
    name: 'memory-lost',
    bug: 'a finalizer may run out of memory',
    file: 'native/addon/binding.h',
    from: 'if (free_.capacity() <= places_.size()) free_.reserve(2 * places_.size() + 16);',
    to: '',
    tests: ['faults', 'test/faults/doors', '-t', 'forgets memories'],
    native: true,
  },
  {
    name: 'tail-cut',
    bug: 'the last neuron behind a whole vector is left out',
    file: 'native/simd/avx2_overlaps.h',
    from: 'for (; j < neurons; j++) {',
    to: 'for (; j + 1 < neurons; j++) {',
    tests: ['test/parity/kernels.test.ts', '-t', 'Hebbian'],
    native: true,
  },
]

for (const { name, file, from } of MUTANTS) {
  if (readFileSync(join(root, file), 'utf8').split(from).length !== 2)
    throw new Error(`mutants: ${name}: ${file} no longer has its line once`)
}
if (process.argv[2] === '--check') {
  console.log(`mutants: ${MUTANTS.length} have their lines`)
  process.exit()
}
const only = process.argv.slice(2)
const mutants = only.length === 0 ? MUTANTS : MUTANTS.filter(({ name }) => only.includes(name))
if (mutants.length < only.length) {
  console.error(`usage: npm run mutants [-- NAME…], of ${MUTANTS.map(({ name }) => name).join(', ')}`)
  process.exit(2)
}

function run(command, args) {
  const env = { ...process.env, CI: 'true' }
  return spawnSync(command, args, { cwd: copy, env, encoding: 'utf8', maxBuffer: 2 ** 28 })
}

function must({ status, stdout, stderr }, what) {
  if (status === 0) return
  console.error(stdout, stderr)
  throw new Error(`mutants: ${what}`)
}

const native = mutants.some((mutant) => mutant.native)
if (native && !existsSync(join(root, 'build/Makefile')))
  throw new Error('mutants: run npm run build:native first')
rmSync(copy, { recursive: true, force: true })
mkdirSync(copy)
const files = spawnSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' }).stdout.split('\0')
for (const file of files.filter((name) => name !== '' && existsSync(join(root, name)))) {
  mkdirSync(dirname(join(copy, file)), { recursive: true })
  // With their times, so that only what a bug touches is compiled again.
  cpSync(join(root, file), join(copy, file), { preserveTimestamps: true })
}
for (const made of ['build', 'dist']) {
  const from = join(root, made)
  if (existsSync(from)) cpSync(from, join(copy, made), { recursive: true, preserveTimestamps: true })
}
symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))

const compile = () => must(run('npx', ['node-gyp', 'build', '-j', '2']), 'the addon does not build')
// The makefile has paths to Node's headers that count the folders above the clone.
if (native) must(run('npx', ['node-gyp', 'configure']), 'the addon cannot be configured')
const tested = (tests, patience) =>
  tests[0] === 'faults'
    ? run('bash', ['scripts/test-faults.sh', ...tests.slice(1)])
    : run('npx', ['vitest', 'run', '--reporter=dot', `--testTimeout=${patience}`, ...tests])

let missed = 0
for (const { name, bug, file, from, to, tests, patience = 600_000, native: compiled } of mutants) {
  // Without a bug they pass; otherwise every bug would look seen.
  must(tested(tests, patience), `${tests.join(' ')} fails without a bug`)
  const path = join(copy, file)
  const text = readFileSync(path, 'utf8')
  writeFileSync(
    path,
    text.replace(from, () => to),
  )
  if (compiled) compile()
  const seen = tested(tests, patience).status !== 0
  writeFileSync(path, text)
  if (compiled) compile()
  if (!seen) missed++
  console.log(`${seen ? 'seen  ' : 'MISSED'} ${name}: ${bug}`)
}
rmSync(copy, { recursive: true, force: true })
console.log(`${mutants.length - missed} of ${mutants.length} seen`)
process.exitCode = missed === 0 ? 0 : 1
