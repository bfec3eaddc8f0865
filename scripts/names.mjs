// Names by which a stranger finds a file. A kernel bears the same file name in TypeScript and in C++, and outside src/kernels no
// two files of src/ bear the same name, but for twins in folders node, web and classic (scripts/layers.mjs). `npm run lint` runs this.
import { readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Files of native/kernels/ without a counterpart in src/kernels/reference/, and why each has none. */
const CPP_ONLY = {
  acceptance_limits: 'which costs a random word takes, as a table; in annealing.ts',
  acceptance: 'what becomes of a neuron at T > 0; the reference takes it from src/numerics/',
  all: 'includes the others and makes the table of a tier',
  batch: 'how many recalls share passes over the patterns; the reference does one after another',
  batched: 'what the forms share in a batch; the reference has no batch',
  batched_fields: 'how a tier computes on many states; the reference has no batch',
  bits: 'in row-forms.ts',
  bond_lists: 'weights in the order in which replicas count them; the reference adds them up',
  bonds: 'weights of a memory as annealing finds them; in annealing.ts',
  bounds: 'what is known of queries before keys are read; the reference reads them all',
  carried_fields: 'the fields of few neurons, from flip to flip; the reference sums each at its visit',
  chain: 'one annealed replica of integers; in annealing.ts',
  chain_lanes: 'what chains are summed in, eight bits or sixteen; the reference does one after another',
  chain_words: 'states of 64 chains, a neuron a word; the reference does one after another',
  chains: '64 chains at a temperature in the bits of a word; the reference does one after another',
  choose: 'who runs where; the reference has one way',
  exact_dots: 'dot products that need no rounding; the reference takes dot8 from src/numerics/',
  form: 'the protocol of forms; field-state.ts',
  implicit: 'in forms.ts',
  integrations: 'the slots of integrations; the reference does one after another',
  interaction_energy: 'in interaction.ts',
  key_quads: 'dot products of many queries with short keys, which key_dots takes one by one',
  key_weights: 'a part of retrieval.h',
  kept: 'a path of retrieval.h; the reference has no other',
  key_dots: 'dot products of keys; the reference takes dot8 from src/numerics/',
  near_patterns: 'patterns that may vote, by their first words; the reference asks all; in interaction.ts',
  lent: 'what is kept of a memory from call to call; the reference keeps nothing',
  log: 'the mirror of src/numerics/log.ts',
  logit_consumer: 'a part of retrieval.h',
  index_tallies: 'overlaps counted in the indices of look-ups; the reference counts them in the rows',
  lookup_fields: 'a part of recall.h, for states whose votes are looked up',
  matrix: 'in row-forms.ts',
  matrix_fields: 'products of an integer matrix and many states; the reference multiplies one by one',
  network: 'a part of graded.h',
  progress: 'a part of recall.h',
  normal: 'the mirror of src/numerics/',
  single_logistic: 'the mirror of src/numerics/single-logistic.ts',
  quadratic: 'a part of the forms',
  quantized: 'a path of retrieval.h that reads few keys; the reference reads them all',
  quantized_keys: 'which keys cannot matter; the reference reads them all',
  read_out: 'a part of retrieval.h',
  real: 'the mirror of src/numerics/',
  shortlist: 'the k best of many; the reference takes src/numerics/largest.ts',
  single_exp: 'the mirror of src/numerics/',
  sampled: 'samples of chains, whose energies come of what sweeps add up; the reference computes each',
  slots: 'the slots of a batch; the reference has no batch',
  replicas: 'annealed replicas in the bits of words; the reference does one after another',
  sparse: 'in row-forms.ts',
  sweeps: 'a part of recall.h, which batches share',
  symmetric: 'one pass over a symmetric matrix; the reference makes two',
  tile_sums: 'a part of retrieval.h',
  together: 'a part of retrieval.ts, in portions that stay in a cache',
  unsatisfied: 'unsatisfied bonds of many replicas, counted bit by bit; the reference adds them up',
  weight_rows: 'whole weights as one annealed replica reads them; in annealing.ts',
  unit_fields: 'a part of machine.ts, for many rows at once',
  update: 'a part of recall.h, which forms and batches share',
  voters: 'patterns laid together where few may vote; the reference asks all; in interaction.ts',
  vote_tables: 'sums of votes from tables in registers; the reference adds them up',
  voted_chains: 'sweeps of cues that share an order, side by side; the reference does one after another',
}

/** Files of src/kernels/reference/ without a counterpart in native/kernels/. */
const TYPESCRIPT_ONLY = {
  'field-state': 'the interface of forms; in C++ forms/form.h',
  index: 'the table of the reference; in C++ the rows of native/kernels.def',
  'other-forms': 'which form has which fields; in C++ forms.h',
  'row-forms': 'in C++ forms/matrix.h, bits.h and sparse.h',
  'single-sums': 'sums of f32; in C++ one of the ways of retrieval/key_dots.h and read_out.h',
  table: 'which kernels are there; in C++ the rows of native/kernels.def',
}

let failed = false
function fail(message) {
  console.error(message)
  failed = true
}

const stems = (folder, ending) =>
  readdirSync(join(root, folder), { recursive: true })
    .map((name) => name.replaceAll('\\', '/'))
    // They say which kernels belong together, and have none.
    .filter((name) => !name.startsWith('families/'))
    .map((name) => basename(name))
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
  .filter(
    (name) => name.endsWith('.ts') && !name.startsWith('src/kernels/') && !/\/(web|classic)\//.test(name),
  )
for (const file of files) {
  const other = seen.get(basename(file))
  if (other) fail(`${file}: ${other} has the same name; a stranger who searches for it finds two`)
  seen.set(basename(file), file)
}

if (failed) process.exit(1)
console.log(
  `names: ${typescript.length} files of the reference, ${cpp.length} of native/kernels, no name twice in src`,
)
