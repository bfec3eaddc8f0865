// Names by which a stranger finds a file. A kernel bears the same file name in TypeScript and in C++, and outside src/kernels no
// two files of src/ bear the same name. `npm run lint` runs this.
import { readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Files of native/kernels/ without a counterpart in src/kernels/reference/, and why each has none. */
const CPP_ONLY = {
  acceptance: 'the reference decides at a temperature in recall.ts',
  all: 'includes the others, in the order in which they need each other',
  batch: 'how many recalls share passes over the patterns; the reference does one after another',
  batched: 'what a form gives a batch; the reference has no batch',
  bits: 'in row-forms.ts',
  chains: '64 chains at a temperature in the bits of a word; the reference does one after another',
  choose: 'which engine runs where; the reference has one',
  exact_dots: 'sums that need no rounding, any order of which is right',
  form: 'field-state.ts, as requirements of a template',
  implicit: 'in forms.ts',
  keys: 'dot products of keys; the reference takes dot8 from src/numerics/',
  log: 'the mirror of src/numerics/log.ts',
  lookup: 'sums of votes from tables in registers; the reference adds them up',
  matrix: 'in row-forms.ts',
  products: 'products of an integer matrix and many states; the reference multiplies one by one',
  progress: 'what a recall counts and writes down; in recall.ts',
  quadratic: 'in energy.ts',
  real: 'the mirror of src/numerics/',
  screen: 'which keys cannot matter; the reference reads them all',
  slots: 'the slots of a batch; the reference has no batch',
  sparse: 'in row-forms.ts',
  sweeps: 'the visits of a sweep; in recall.ts',
  symmetric: 'one pass over a symmetric matrix; the reference makes two',
  together: 'how a tier computes on many states; the reference has no batch',
  update: 'the sign of a field; in recall.ts',
}

/** Files of src/kernels/reference/ without a counterpart in native/kernels/. */
const TYPESCRIPT_ONLY = {
  'field-state': 'the interface of forms; in C++ forms/form.h',
  index: 'the table of the reference; in C++ the rows of native/kernels.def',
  'row-forms': 'three forms that share their loop here; in C++ forms/bits.h, matrix.h and sparse.h',
}

let failed = false
function fail(message) {
  console.error(message)
  failed = true
}

const stems = (folder, ending) =>
  readdirSync(join(root, folder), { recursive: true })
    .map((name) => basename(name.replaceAll('\\', '/')))
    .filter((name) => name.endsWith(ending))
    .map((name) => name.slice(0, -ending.length))
const typescript = stems('src/kernels/reference', '.ts')
const cpp = stems('native/kernels', '.h')

function compare(names, others, alone, where, there, list) {
  for (const name of names) {
    if (others.includes(name) || alone[name]) continue
    fail(`${where(name)}: there is no ${there(name)}; give it that name, or say in ${list} why there is none`)
  }
  for (const name of Object.keys(alone)) {
    if (!names.includes(name))
      fail(`scripts/names.mjs: ${where(name)} does not exist; take it out of ${list}`)
    else if (others.includes(name))
      fail(`scripts/names.mjs: ${there(name)} exists; take ${name} out of ${list}`)
  }
}
const snake = (name) => name.replaceAll('-', '_')
const kebab = (name) => name.replaceAll('_', '-')
const inCpp = (name) => `native/kernels/**/${snake(name)}.h`
const inTypescript = (name) => `src/kernels/reference/${kebab(name)}.ts`
compare(cpp, typescript.map(snake), CPP_ONLY, inCpp, inTypescript, 'CPP_ONLY of scripts/names.mjs')
compare(
  typescript,
  cpp.map(kebab),
  TYPESCRIPT_ONLY,
  inTypescript,
  inCpp,
  'TYPESCRIPT_ONLY of scripts/names.mjs',
)

const seen = new Map()
const files = readdirSync(join(root, 'src'), { recursive: true })
  .map((name) => `src/${name.replaceAll('\\', '/')}`)
  .filter((name) => name.endsWith('.ts') && !name.startsWith('src/kernels/'))
for (const file of files) {
  const other = seen.get(basename(file))
  if (other) fail(`${file}: ${other} has the same name; a stranger who searches for it finds two`)
  seen.set(basename(file), file)
}

if (failed) process.exit(1)
console.log(
  `names: ${typescript.length} files of the reference, ${cpp.length} of native/kernels, no name twice in src`,
)
