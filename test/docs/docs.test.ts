import { execFileSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { PAGES, programsOf, ROOT } from './programs.js'

/** What each program of each page prints. */
const OUTPUT: Record<string, readonly (string | RegExp)[]> = {
  'docs/analysis.md': [/^0\.00\d+ 0\.00\d+\n0\.[234]\d*\n20 patterns in 200 neurons .* above 0\.047/],
  'docs/bidirectional-memory.md': ['true true'],
  'docs/boltzmann-machines.md': ['true\n0000111100000000\n', 'true\n', '-2.08 true\n'],
  'docs/bundling.md': [/^(native|typescript) 10060ad80f61d709/],
  'docs/clipped-weights.md': [/^Int32Array\(4\) \[ 0, 1, 1, 1 \]\n0\.95$/],
  'docs/coming-from-numpy.md': ['true\ntrue 1\n', '10 of 100 end elsewhere\n'],
  'docs/connections.md': [/^false (1|0\.99\d+)\n4$/],
  'docs/continuous-hopfield.md': [/^true 1\d\.\d+ -38\.34\d*\ntrue\n\d+ -19\.\d+ \d+$/],
  'docs/covariance.md': ['0\n1\ntrue\n'],
  'docs/dense-associative-memory.md': [
    "{ kind: 'stored', pattern: 7, overlap: 1, margin: 0.66 }",
    '1 2\n0\ntrue\n',
  ],
  'docs/errors.md': [/^ERR_HOPFIELD_VALUE\nstore: patterns\[2\]: expected \+1 or -1, got 0; bipolar/],
  'docs/experiments.md': [
    /^0\.05 [\d.]+ 1\.000 10\n0\.1 0\.99\d 0\.998 10\n0\.12 0\.9\d+ 0\.993 10\ntrue$/,
    'true true\n',
  ],
  'docs/hopfield-network.md': [
    /^true 2 \{ kind: 'stored', pattern: 3, overlap: 1, margin: [\d.]+ \}\n1$/,
    "2 1 three 0.02\n[ 'two' ]\n",
    /^300 Uint32Array\(3\) \[ 1, 1, 1 \] 100\n(true -\d+\.\d+\n?){3}$/,
  ],
  'docs/minimal-overlap.md': [/^true 1\.13\d+ 1\.17\d+$/],
  'docs/modern-hopfield.md': [
    /\n4\nUint32Array\(2\) \[ 0, 1 \]\nsingle\nFloat32Array\(1\) \[ 10\.0\d+ \]$/,
    '0.952\nUint32Array(2) [ 0, 1 ]\n20\n',
    "2\n0\n8.000000\n[ '1 and 2', '0', '0 and 1' ]\n",
  ],
  'docs/numpy-files.md': ['12500 100\n'],
  'docs/optimization.md': [
    '8 -8\nUint32Array(2) [ 0, 2 ]\n-1 Uint8Array(2) [ 1, 0 ]\n-2.5 -2.5\n2\n',
    "{ energy: -9, value: 12, method: 'semidefinite' } 12\n",
    '12 10\n12\n12\ntarget\n12 true exact\n20\n14.576\n',
  ],
  'docs/palimpsest.md': ['0 197\n'],
  'docs/perceptron.md': ['true true\n'],
  'docs/persistence.md': ['HopfieldNetwork face 7\n29 true\n'],
  'docs/pseudo-inverse.md': ['60 true [ { index: 0, on: [ 7 ] } ]'],
  'docs/random-features.md': ['12\ntrue true\ntrue\n'],
  'docs/sequences.md': [/^7 Float64Array\(7\) \[\s+-?0\.\d+,\s+1,/],
  'docs/serving.md': [
    'true 1\n',
    '2000 of 2000',
    '500 of 500 dreams',
    '1000 answered',
    /index: 7, overlap: 256 \}.*index: 30, overlap: 256/,
    'true',
    'Float64Array(25)',
  ],
  'docs/sharing.md': ['true HopfieldNetwork\n', '900 true 1000\n999\n'],
  'docs/similarity-maps.md': ['true\nfalse\n'],
  'docs/solvers/anneal.md': ['12 512\n7\n'],
  'docs/solvers/exact.md': ['-998 2000 end\n'],
  'docs/solvers/mean-field.md': ['12\n'],
  'docs/solvers/parallel-tempering.md': ['12 8\n'],
  'docs/solvers/simulated-bifurcation.md': ['true 200\n'],
  'docs/solvers/solve.md': ['12 true\nexact 10 few states\n'],
  'docs/solvers/steepest-descent.md': ['12 20\n'],
  'docs/solvers/tabu.md': ['-4 Uint8Array(3) [ 1, 0, 1 ] target\n'],
  'docs/solvers/tour-search.md': ['Uint32Array(5) [ 0, 4, 3, 2, 1 ] 14.576\n'],
  'docs/sparse-associative-memory.md': [/^Uint32Array\(4\) \[\s*3,\s*17,\s*402,\s*9000\s*\]/, 'true 40\n'],
  'docs/storkey.md': ['0\n1\n'],
  'docs/temperature.md': [/^true 0\.9/],
  'docs/travelling-salesman.md': ['4 2.7517\n2.6907 2.6907\n'],
  'docs/unlearning.md': [/^hebbian 0\nunlearning 1\ndaydreaming 0\.99\d+$/],
}

test('every program of every page of docs/ is tried here', () => {
  const found = PAGES.filter((page) => page.startsWith('docs/'))
    .map((page) => [page, programsOf(page).length] as const)
    .filter(([, count]) => count > 0)
  expect(Object.fromEntries(found)).toEqual(
    Object.fromEntries(Object.entries(OUTPUT).map(([page, outputs]) => [page, outputs.length])),
  )
})

describe.each(Object.entries(OUTPUT))('%s', (page, outputs) => {
  test.each([...outputs.entries()])('program %d runs and prints what it should', (k, wanted) => {
    const output = execFileSync(process.execPath, ['--input-type=module', '-e', programsOf(page)[k].code], {
      cwd: ROOT,
      encoding: 'utf8',
    })
    if (typeof wanted === 'string') expect(output).toContain(wanted)
    else expect(output.trim()).toMatch(wanted)
  })
})
