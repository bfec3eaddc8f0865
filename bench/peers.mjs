// What a user would run instead: NumPy, and plain JavaScript that forms the matrix. Same inputs, same trajectories.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { formatNpy } from 'hopfield-native'

const SINGLE = { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1', MKL_NUM_THREADS: '1' }

/** A Python that has NumPy, or undefined. */
function findPython() {
  const candidates = [process.env.PYTHON, 'python3', '/usr/bin/python3'].filter(Boolean)
  return candidates.find(
    (python) => spawnSync(python, ['-c', 'import numpy'], { stdio: 'ignore' }).status === 0,
  )
}

/**
 * Runs bench/peers/one_cue.py on the given patterns and cue, if there is a Python with NumPy.
 * @returns {{ version: string, rows: Record<string, { median: number, least: number, ok: boolean }> } | undefined}
 */
export function numpyOneCue(neurons, patterns, cue, works) {
  const python = findPython()
  if (python === undefined) return undefined
  const folder = mkdtempSync(join(tmpdir(), 'hopfield-bench-'))
  try {
    writeFileSync(join(folder, 'patterns.npy'), formatNpy(patterns, [patterns.length / neurons, neurons]))
    writeFileSync(join(folder, 'cue.npy'), formatNpy(cue))
    const script = fileURLToPath(new URL('peers/one_cue.py', import.meta.url))
    // Some machines pin OpenBLAS to an old kernel for other programs' sake; a peer is to run as fast as it can.
    const { OPENBLAS_CORETYPE: _type, OPENBLAS_L2_SIZE: _size, ...environment } = process.env
    const { status, stdout, stderr } = spawnSync(python, [script, folder, ...works], {
      env: { ...environment, ...SINGLE },
      encoding: 'utf8',
      maxBuffer: 1 << 26,
    })
    if (status !== 0) throw new Error(`NumPy peer failed: ${stderr}`)
    return JSON.parse(stdout)
  } finally {
    rmSync(folder, { recursive: true })
  }
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

/** Asynchronous recall, the fields kept and a row of the matrix added at every flip. A fixed scattered order. */
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
