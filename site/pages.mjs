// Which pages the site has, in the order in which a reader needs them. Paths are those of the clone; a page's title is its first heading,
// and the words here are for where that is too long, or says too little beside the others. A page of docs/ that is not named here comes
// after the guides.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'

/** @typedef {{ file: string, words?: string }} Entry */

/** @type {readonly { title: string, entries: readonly Entry[] }[]} */
const SECTIONS = [
  {
    title: 'Start',
    entries: [
      { file: 'README.md', words: 'What this is' },
      { file: 'examples/README.md' },
      { file: 'docs/playground.md', words: 'About the playground' },
      { file: 'docs/coming-from-numpy.md' },
      { file: 'apps/cli/README.md', words: 'The command line' },
    ],
  },
  {
    title: 'Guides',
    entries: [
      { file: 'docs/serving.md' },
      { file: 'docs/server.md' },
      { file: 'docs/cluster.md' },
      { file: 'docs/sharing.md' },
      { file: 'docs/persistence.md' },
      { file: 'docs/numpy-files.md', words: 'NumPy’s files' },
      { file: 'docs/browser.md' },
      { file: 'docs/bundling.md' },
      { file: 'docs/errors.md' },
      { file: 'docs/analysis.md' },
      { file: 'docs/experiments.md' },
      { file: 'docs/reproduce.md' },
      { file: 'docs/speed.md' },
      { file: 'docs/platforms.md' },
    ],
  },
  {
    title: 'Memories',
    entries: [
      { file: 'docs/hopfield-network.md' },
      { file: 'docs/dense-associative-memory.md' },
      { file: 'docs/modern-hopfield.md' },
      { file: 'docs/random-features.md' },
      { file: 'docs/continuous-hopfield.md' },
      { file: 'docs/bidirectional-memory.md' },
      { file: 'docs/sparse-associative-memory.md' },
      { file: 'docs/boltzmann-machines.md', words: 'Boltzmann machines' },
      { file: 'docs/similarity-maps.md' },
      { file: 'docs/connections.md', words: 'Connections and weights' },
      { file: 'docs/temperature.md' },
    ],
  },
  {
    title: 'Learning rules',
    entries: [
      { file: 'docs/learning-rules.md', words: 'All rules' },
      { file: 'docs/pseudo-inverse.md' },
      { file: 'docs/perceptron.md' },
      { file: 'docs/minimal-overlap.md' },
      { file: 'docs/unlearning.md' },
      { file: 'docs/storkey.md' },
      { file: 'docs/covariance.md' },
      { file: 'docs/palimpsest.md' },
      { file: 'docs/sequences.md' },
      { file: 'docs/clipped-weights.md' },
    ],
  },
  {
    title: 'Optimisation',
    entries: [
      { file: 'docs/optimization.md', words: 'Problems and bounds' },
      { file: 'docs/travelling-salesman.md', words: 'The travelling salesman' },
      { file: 'docs/solvers.md' },
      { file: 'docs/solvers/solve.md' },
      { file: 'docs/solvers/anneal.md' },
      { file: 'docs/solvers/parallel-tempering.md' },
      { file: 'docs/solvers/tabu.md' },
      { file: 'docs/solvers/simulated-bifurcation.md' },
      { file: 'docs/solvers/mean-field.md' },
      { file: 'docs/solvers/steepest-descent.md' },
      { file: 'docs/solvers/exact.md' },
      { file: 'docs/solvers/tour-search.md' },
    ],
  },
  // The reference of all names stands here, between what is used and how it is made.
  {
    title: 'Internals',
    entries: [
      { file: 'docs/architecture.md', words: 'Architecture and glossary' },
      { file: 'docs/numerics.md' },
      { file: 'docs/trust.md' },
      { file: 'SECURITY.md', words: 'Security' },
      { file: 'CONTRIBUTING.md' },
      { file: 'docs/releasing.md' },
      { file: 'CHANGELOG.md' },
    ],
  },
]

/** The sections of the site with their pages. @param {string} root of the clone */
export function sectionsOf(root) {
  const named = SECTIONS.flatMap(({ entries }) => entries.map(({ file }) => file))
  const others = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name.replaceAll('\\', '/')}`)
    .filter((file) => !named.includes(file))
    .sort()
  return SECTIONS.map(({ title, entries }) => ({
    title,
    entries: title === 'Guides' ? [...entries, ...others.map((file) => ({ file }))] : entries,
  }))
}

/** Where a page of the clone is on the site, without the ending: docs/x.md is x. @param {string} file */
export function placeOf(file) {
  if (file === 'README.md') return 'start'
  const place = file.replace(/^(docs|apps)\//, '').replace(/\.md$/, '')
  return place.endsWith('/README') ? place.replace('README', 'index') : place.toLowerCase()
}
