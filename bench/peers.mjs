// The programs compared: NumPy, FAISS, and plain JavaScript that forms the matrix. Same inputs, same trajectories.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const THREADS = ['OMP_NUM_THREADS', 'OPENBLAS_NUM_THREADS', 'MKL_NUM_THREADS']

/** A Python with NumPy and the other modules asked for, or undefined. */
function findPython(...modules) {
  const candidates = [process.env.PYTHON, 'python3', '/usr/bin/python3'].filter(Boolean)
  const all = ['numpy', ...modules].join(', ')
  return candidates.find(
    (python) => spawnSync(python, ['-c', `import ${all}`], { stdio: 'ignore' }).status === 0,
  )
}

let python
let faissPython
let sklearnPython

/**
 * Runs bench/peers/SCRIPT on a folder of arrays (see inputs.mjs).
 * @param {{ threads?: number }} [options]
 * @returns {{ version: string, rows: object[] }} rows { name, median, least, … }; empty, with the reason, if there is no Python with NumPy
 */
export function numpy(script, folder, words, { threads = 1 } = {}) {
  python ??= findPython() ?? ''
  if (python === '') return { version: 'no NumPy', rows: [] }
  return ask(python, script, folder, words, threads)
}

/** As `numpy`, with FAISS too (Debian: python3-faiss). */
export function faiss(script, folder, words) {
  faissPython ??= findPython('faiss') ?? ''
  if (faissPython === '') return { version: 'no FAISS', rows: [] }
  return ask(faissPython, script, folder, words, 1)
}

/** As `numpy`, with scikit-learn too (Debian: python3-sklearn). */
export function sklearn(script, folder, words) {
  sklearnPython ??= findPython('sklearn') ?? ''
  if (sklearnPython === '') return { version: 'no scikit-learn', rows: [] }
  return ask(sklearnPython, script, folder, words, 1)
}

/** A line below a table: the version of scikit-learn, or that none was found. */
export function sklearnNote() {
  sklearnPython ??= findPython('sklearn') ?? ''
  if (sklearnPython === '') {
    return 'No Python with scikit-learn was found (PYTHON names one; Debian has python3-sklearn): its rows are left out.'
  }
  const { stdout } = spawnSync(sklearnPython, ['-c', 'import sklearn; print(sklearn.__version__)'], {
    encoding: 'utf8',
  })
  return `scikit-learn ${stdout.trim()}, one thread.`
}

function ask(python, script, folder, words, threads) {
  const path = fileURLToPath(new URL(`peers/${script}`, import.meta.url))
  // Some machines pin OpenBLAS to an old kernel; here NumPy must run as fast as it can.
  const { OPENBLAS_CORETYPE: _type, OPENBLAS_L2_SIZE: _size, ...environment } = process.env
  for (const name of THREADS) environment[name] = String(threads)
  const { status, stdout, stderr } = spawnSync(python, ['-B', path, folder, ...words], {
    env: environment,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  })
  if (status !== 0) throw new Error(`peer failed: ${stderr}`)
  return JSON.parse(stdout)
}

/** A line below a table: the version of NumPy, or that none was found. */
export function numpyNote() {
  python ??= findPython() ?? ''
  if (python === '') return 'No Python with NumPy was found (PYTHON names one): its rows are left out.'
  const { stdout } = spawnSync(python, ['-c', 'import numpy; print(numpy.__version__)'], { encoding: 'utf8' })
  return `NumPy ${stdout.trim()}, one thread unless a row says otherwise.`
}

/** The same for FAISS. */
export function faissNote() {
  faissPython ??= findPython('faiss') ?? ''
  if (faissPython === '') {
    return 'No Python with NumPy and FAISS was found (PYTHON names one; Debian has python3-faiss): its rows are left out.'
  }
  const { stdout } = spawnSync(faissPython, ['-c', 'import faiss; print(faiss.__version__)'], {
    encoding: 'utf8',
  })
  return `FAISS ${stdout.trim()}, one thread.`
}

/** Synchronous recall with an N×N Float64Array, four rows at a time: the fastest plain form on this engine. */
export function plainSynchronous(neurons, patterns, cue) {
  const weights = plainWeights(neurons, patterns)
  return () => {
    let state = Float64Array.from(cue)
    let next = new Float64Array(neurons)
    for (let sweep = 0; sweep < 20; sweep++) {
      let changed = false
      for (let i = 0; i < neurons; i += 4) {
        let [a, b, c, d] = [0, 0, 0, 0]
        const [p, q, r, s] = [i * neurons, (i + 1) * neurons, (i + 2) * neurons, (i + 3) * neurons]
        for (let j = 0; j < neurons; j++) {
          const x = state[j]
          a += weights[p + j] * x
          b += weights[q + j] * x
          c += weights[r + j] * x
          d += weights[s + j] * x
        }
        next[i] = a >= 0 ? 1 : -1
        next[i + 1] = b >= 0 ? 1 : -1
        next[i + 2] = c >= 0 ? 1 : -1
        next[i + 3] = d >= 0 ? 1 : -1
      }
      for (let i = 0; i < neurons; i++) changed ||= next[i] !== state[i]
      ;[state, next] = [next, state]
      if (!changed) break
    }
    return state
  }
}

/** Asynchronous recall that keeps all fields and adds a row of the matrix at every flip. The visiting order is fixed and scattered. */
export function plainAsynchronous(neurons, patterns, cue) {
  const weights = plainWeights(neurons, patterns)
  const order = Array.from({ length: neurons }, (_, u) => (u * 2731) % neurons)
  return () => {
    const state = Float64Array.from(cue)
    const field = new Float64Array(neurons)
    for (let i = 0; i < neurons; i++) {
      let sum = 0
      for (let j = 0; j < neurons; j++) sum += weights[i * neurons + j] * state[j]
      field[i] = sum
    }
    for (let sweep = 0; sweep < 20; sweep++) {
      let changed = false
      for (const i of order) {
        const value = field[i] >= 0 ? 1 : -1
        if (value === state[i]) continue
        state[i] = value
        changed = true
        const row = weights.subarray(i * neurons, (i + 1) * neurons)
        for (let j = 0; j < neurons; j++) field[j] += 2 * value * row[j]
      }
      if (!changed) break
    }
    return state
  }
}

function plainWeights(neurons, patterns) {
  const weights = new Float64Array(neurons * neurons)
  for (let at = 0; at < patterns.length; at += neurons) {
    for (let i = 0; i < neurons; i++) {
      const factor = patterns[at + i] / neurons
      for (let j = 0; j < neurons; j++) weights[i * neurons + j] += factor * patterns[at + j]
    }
  }
  for (let i = 0; i < neurons; i++) weights[i * neurons + i] = 0
  return weights
}
