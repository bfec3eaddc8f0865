// How long until the best known state is found, how many single-variable updates per nanosecond are attempted, and which solver
// wins where? HOPFIELD_BENCH_DATA (or --data=FOLDER) has instances in gset/, qubo/ and tsp/; without it they are made
// here, and the best that a few seconds find is the target. HOPFIELD_BENCH_RUNS (or --runs=N): 64 by default, or, where one takes more than
// three seconds, as many as twenty seconds allow, four at least, which takes some minutes in all; with a number of runs all of them are made, and all
// solvers get all instances. HOPFIELD_BENCH_ONLY (or --only=G1,G11) has the names, or their first words, of the instances that are
// wanted: no other is run, and no attempts are counted.
// Times are processor time of the whole process, which other programs on the machine change less than the clock's.
import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import {
  anneal,
  formatGset,
  lowerBound,
  maxCut,
  meanField,
  parallelTempering,
  simulatedBifurcation,
  solve,
  steepestDescent,
  tabu,
} from 'hopfield-native/optimization'
import { duration, middle, QUICK, table } from './measure.mjs'
import { cubicGraph, glass, instances, randomGraph, torus } from './optimization-instances.mjs'
import { processorTime } from './processor-time.mjs'

const LONG = process.env.HOPFIELD_BENCH_RUNS !== undefined
const RUNS = Number(process.env.HOPFIELD_BENCH_RUNS ?? (QUICK ? 3 : 64))
/** Seconds for all runs of an instance, after which there are no more if there were so many and they take long. */
const ENOUGH = LONG ? Number.POSITIVE_INFINITY : 20
const FEWEST = 4
/** Seconds of a run, the mean of all, beyond which it takes long. */
const SLOW = 3
/** Milliseconds after which a run counts as one that has not reached its target. */
const PATIENCE = QUICK ? 2000 : 60_000
/** Seconds of runs that are not counted: the engine compiles meanwhile. */
const WARM = QUICK ? 0 : 0.2
const root = fileURLToPath(new URL('..', import.meta.url))
const dist = (path) => import(new URL(`../dist/${path}`, import.meta.url).href)

/** Seconds of each run until the target, Infinity where it was not reached. */
function timesToTarget(solver, problem, target, runs, patience, options = {}) {
  const goesOn = (made, spent) => made < runs && (made < FEWEST || spent < ENOUGH || spent <= SLOW * made)
  const run = (seed) => {
    const before = processorTime()
    const { stopped } = solver(problem, { ...options, target, maxTime: patience, seed })
    return [processorTime() - before, stopped === 'target']
  }
  for (let seed = 2 ** 20, warm = 0; warm < WARM; seed++) warm += run(seed)[0]
  const times = []
  for (let seed = 1, spent = 0; goesOn(seed - 1, spent); seed++) {
    const [took, reached] = run(seed)
    spent += took
    times.push(reached ? took : Number.POSITIVE_INFINITY)
  }
  return times.sort((a, b) => a - b)
}

/**
 * TTS99: the time after which runs that are broken off after τ and begun anew have reached the target with probability 0.99,
 * τ·max(1, ln 0.01/ln(1 − p(τ))), for the best τ.
 */
function tts(times) {
  let least = Number.POSITIVE_INFINITY
  for (const [k, time] of times.entries()) {
    if (time === Number.POSITIVE_INFINITY) break
    const p = (k + 1) / times.length
    least = Math.min(least, time * Math.max(1, p === 1 ? 1 : Math.log(0.01) / Math.log(1 - p)))
  }
  return least
}

/** The middle 95 % of what it would be for runs drawn from these again. */
function interval(times, draws = 1000) {
  let x = 2463534242
  const next = () => {
    x ^= x << 13
    x ^= x >>> 17
    x ^= x << 5
    return (x >>> 0) / 2 ** 32
  }
  const all = Array.from({ length: draws }, () =>
    tts(times.map(() => times[Math.floor(next() * times.length)]).sort((a, b) => a - b)),
  ).sort((a, b) => a - b)
  return [all[Math.floor(0.025 * draws)], all[Math.floor(0.975 * draws)]]
}

const told = (seconds) => (Number.isFinite(seconds) ? duration(seconds) : '–')

function reach(report, all) {
  const rows = all.map(({ name, problem, target }) => {
    const times = timesToTarget(solve, problem, target, RUNS, PATIENCE)
    const [low, high] = interval(times)
    const hits = times.filter(Number.isFinite).length
    const row = { median: middle(times), tts: tts(times), low, high }
    report.json({ question: 'optimization', part: 'reach', name, target, hits, runs: times.length, ...row })
    return [
      name,
      target,
      `${hits} of ${times.length}`,
      told(row.median),
      told(row.tts),
      `${told(low)} to ${told(high)}`,
    ]
  })
  report.text(`## \`solve\` until the target, a seed a run\n`)
  report.text(table(['', 'target', 'reached', 'median', 'TTS99', '95 %'], rows))
  if (!LONG) report.text(`\nFewer than ${RUNS} runs where one takes more than ${SLOW} s.\n`)
}

const SOLVERS = {
  solve: [solve, {}],
  anneal: [anneal, {}],
  parallelTempering: [parallelTempering, { numSweeps: 2 ** 20 }],
  tabu: [tabu, { numReads: 2 ** 16 }],
  simulatedBifurcation: [simulatedBifurcation, { numReads: 2 ** 16 }],
  meanField: [meanField, { numReads: 2 ** 16 }],
  steepestDescent: [steepestDescent, { numReads: 2 ** 16 }],
}

function compare(report, all) {
  const runs = Math.min(RUNS, LONG ? 8 : 4)
  const patience = LONG ? PATIENCE / 20 : PATIENCE / 60
  // Where `solve` itself takes long, the others hardly ever arrive.
  const rows = all
    .filter(({ trip, problem }) => !trip && (LONG || problem.variables <= 2000))
    .map(({ name, problem, target }) => {
      const cells = Object.entries(SOLVERS).map(([solver, [run, options]]) => {
        const times = timesToTarget(run, problem, target, runs, patience, options)
        const hits = times.filter(Number.isFinite).length
        report.json({ question: 'optimization', part: 'solvers', name, solver, hits, runs, tts: tts(times) })
        return hits === 0 ? '–' : `${told(tts(times))}${hits < runs ? ` (${hits} of ${runs})` : ''}`
      })
      return [name, ...cells]
    })
  report.text(
    `\n## Which solver wins where: TTS99 from ${runs} seeds, each ${told(patience / 1000)} at most\n`,
  )
  report.text(table(['', ...Object.keys(SOLVERS)], rows))
}

/** How far from the target a proved bound is. */
function bounds(report, all) {
  const rows = all
    .filter(({ problem }) => LONG || problem.variables <= 1000)
    .map(({ name, problem, target }) => {
      const before = processorTime()
      const { value, method } = lowerBound(problem)
      const took = processorTime() - before
      report.json({ question: 'optimization', part: 'bounds', name, target, value, method, took })
      return [name, target, Number(value.toPrecision(7)), method, told(took)]
    })
  report.text('\n## `lowerBound`: a value that no state is better than\n')
  report.text(table(['', 'target', 'bound', 'method', 'time'], rows))
}

/** The plain annealer of peers/annealer.cc; undefined without a compiler. */
function plainAnnealer() {
  mkdirSync(`${root}/build`, { recursive: true })
  const path = `${root}/build/annealer`
  const flags = ['-O3', '-march=native', '-std=c++17', `${root}/bench/peers/annealer.cc`, '-o', path]
  return spawnSync(process.env.CXX ?? 'c++', flags).status === 0 ? path : undefined
}

const sign = (word) => (word & 1 ? 1 : -1)
const GRAPHS = [
  ['3-regular, ±1, n = 2000', () => cubicGraph(2000, 7, sign), 3],
  ['degree 3 in the mean, ±1, n = 2000', () => randomGraph(2000, 3, 7, sign), 3],
  ['torus of ±1, degree 4, n = 2500', () => torus(50, 2, 8), 3],
  ['lattice of ±1, degree 6, n = 2744', () => torus(14, 3, 9), 2],
  ['degree 48, n = 800', () => randomGraph(800, 48, 10), 1],
  ['all pairs, ±1, n = 2000', () => pairs(QUICK ? 300 : 2000), 0.7],
]
/** Couplings beyond which no file is made for the plain annealer. */
const MOST_IN_FILE = 2 ** 20

/** Edges of Sherrington and Kirkpatrick's glass. */
function pairs(n) {
  const weights = Int8Array.from({ length: (n * (n - 1)) / 2 }, (_, k) =>
    Math.imul(k + 1, 2654435761) < 0 ? 1 : -1,
  )
  let k = 0
  return Array.from({ length: n }, (_, i) => Array.from({ length: i }, (_, j) => [i, j, weights[k++]])).flat()
}

/** Couplings as kernels read them: rows of all variables where all are coupled. */
function memoryOf({ variables, couplings: { indptr: starts, indices: sources, data: weights } }) {
  if (weights.length === variables * (variables - 1)) {
    const stride = Math.ceil(variables / 8) * 8
    const rows = new Int32Array(variables * stride)
    for (let i = 0; i < variables; i++)
      for (let k = starts[i]; k < starts[i + 1]; k++) rows[i * stride + sources[k]] = weights[k]
    return {
      form: 'matrix',
      neurons: variables,
      count: 0,
      rows: new Uint32Array(0),
      weights: rows,
      symmetric: true,
    }
  }
  const targets = { targetStarts: starts, targets: sources, targetWeights: weights }
  return {
    form: 'sparse',
    neurons: variables,
    count: 0,
    rows: new Uint32Array(0),
    starts,
    sources,
    weights,
    ...targets,
  }
}

async function attempts(report) {
  const { kernelsFor } = await dist('kernels/select.js')
  const kernels = kernelsFor('auto')
  const plain = plainAnnealer()
  const rows = GRAPHS.map(([name, make, last]) => {
    const problem = maxCut(make())
    const memory = memoryOf(problem)
    const rate = (count, sweeps) => {
      const replicas = new Uint32Array(2 * Math.ceil(count / 64) * memory.neurons)
      kernels.philox(1, 0, 1, 0, 0, replicas)
      const betas = Float64Array.from({ length: sweeps }, (_, k) => (last * (k + 1)) / sweeps)
      const plan = {
        betas,
        firstSweep: 0,
        seedLow: 1,
        seedHigh: 0,
        group: 0,
        acceptance: 'metropolis',
        externalField: undefined,
      }
      let least = Number.POSITIVE_INFINITY
      for (let round = 0; round < (QUICK ? 2 : 7); round++) {
        const before = processorTime()
        kernels.anneal(memory, plan, replicas, count)
        least = Math.min(least, processorTime() - before)
      }
      return (count * memory.neurons * sweeps) / least / 1e9
    }
    const full = memory.form === 'matrix'
    const [many, one] = [rate(512, full ? 50 : 1000), rate(1, full ? 1000 : 3000)]
    let peer
    if (plain !== undefined && problem.edgeCount < MOST_IN_FILE) {
      const { stdout } = spawnSync(plain, [String(last), '3000'], {
        input: formatGset(problem),
        encoding: 'utf8',
      })
      const { seconds, attempts } = JSON.parse(stdout)
      peer = attempts / seconds / 1e9
    }
    report.json({ question: 'optimization', part: 'attempts', name, many, one, peer })
    const cell = (x) => (x === undefined ? '–' : x.toPrecision(3))
    return [
      name,
      cell(many),
      cell(one),
      cell(peer),
      peer === undefined ? '–' : `${(many / peer).toFixed(0)}×`,
    ]
  })
  report.text(`\n## Attempted updates per nanosecond, tier ${kernels.tier}, β from 0\n`)
  report.text(table(['', '512 replicas', 'one', 'plain C++, one', 'ratio'], rows))
}

/** Whether --only has an instance's name, or its first words: G1 is not G11, and `torus` is the one that is made here. */
function wantedBy(only) {
  if (only === undefined) return () => true
  const words = only.split(',').map((word) => word.toLowerCase())
  return (name) =>
    words.some((word) => name.toLowerCase().startsWith(word) && !/\w/.test(name.slice(word.length)[0] ?? ' '))
}

export async function run(report) {
  const folder = process.env.HOPFIELD_BENCH_DATA
  const only = process.env.HOPFIELD_BENCH_ONLY
  const milliseconds = QUICK ? 500 : 10_000
  const wanted = wantedBy(only)
  const best = (problem) => solve(problem, { maxTime: milliseconds, seed: 99 }).value
  const all = instances(folder, best, wanted)
  const reached = [...all, glass(QUICK)].filter(({ name }) => wanted(name))
  if (reached.length === 0) throw new Error(`--only=${only}: expected the name of an instance`)
  if (only === undefined) await attempts(report)
  reach(report, reached)
  if (all.length === 0) return
  compare(report, all)
  bounds(report, all)
  report.text(
    `\nTimes are processor time; a run ends after ${PATIENCE / 1000} s. TTS99: runs that are broken off and begun anew have the target with probability 0.99.\n`,
  )
}
