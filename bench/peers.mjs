// The programs compared: NumPy, FAISS, PyTorch, scikit-learn, and plain JavaScript that forms the matrix. Same inputs, same trajectories.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const THREADS = ['OMP_NUM_THREADS', 'OPENBLAS_NUM_THREADS', 'MKL_NUM_THREADS']

/** What each is called, and the package of Debian's that has it. */
const NAMES = {
  numpy: ['NumPy', 'python3-numpy'],
  faiss: ['FAISS', 'python3-faiss'],
  torch: ['PyTorch', 'python3-torch'],
  sklearn: ['scikit-learn', 'python3-sklearn'],
}

/** The Python that has a module, and the module's version there; no Python if none has it. */
const found = new Map()

function pythonWith(module) {
  const program = `import numpy, ${module}; print(${module}.__version__)`
  if (!found.has(module)) {
    const none = { python: undefined, version: '' }
    found.set(module, none)
    for (const python of [process.env.PYTHON, 'python3', '/usr/bin/python3'].filter(Boolean)) {
      const { status, stdout } = spawnSync(python, ['-c', program], { encoding: 'utf8' })
      if (status !== 0) continue
      found.set(module, { python, version: stdout.trim() })
      break
    }
  }
  return found.get(module)
}

/** Runs bench/peers/SCRIPT on a folder of arrays (see inputs.mjs) by the Python that has NumPy and `module`. */
function ask(module, script, folder, words, threads = 1) {
  const { python } = pythonWith(module)
  if (python === undefined) return { version: `no ${NAMES[module][0]}`, rows: [] }
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

/**
 * Runs bench/peers/SCRIPT on a folder of arrays.
 * @param {{ threads?: number }} [options]
 * @returns {{ version: string, rows: object[] }} rows { name, median, least, … }; empty, with the reason, if no Python has NumPy
 */
export const numpy = (script, folder, words, { threads } = {}) => ask('numpy', script, folder, words, threads)

/** As `numpy`, with FAISS too. */
export const faiss = (script, folder, words) => ask('faiss', script, folder, words)

/** As `numpy`, with PyTorch too. */
export const torch = (script, folder, words) => ask('torch', script, folder, words)

/** As `numpy`, with scikit-learn too. */
export const sklearn = (script, folder, words) => ask('sklearn', script, folder, words)

/** A line below a table: their versions, and which were not found. */
export function peersNote(...modules) {
  const [present, missing] = [true, false].map((here) =>
    modules.filter((module) => (pythonWith(module).python !== undefined) === here),
  )
  const versions = present.map((module) => `${NAMES[module][0]} ${pythonWith(module).version}`)
  return [
    ...(versions.length === 0 ? [] : [`${versions.join(', ')}: one thread unless a row says otherwise.`]),
    ...missing.map((module) => {
      const [name, debian] = NAMES[module]
      return `No Python with ${name} was found (PYTHON names one; Debian has ${debian}): its rows are left out.`
    }),
  ].join(' ')
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
