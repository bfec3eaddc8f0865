// Runs work in its own process: with another tier, or to measure memory from the start.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { nativeTiers } from '../dist/kernels/select.js'

/** The tiers of the addon that this processor runs, best first. */
export function usableTiers() {
  return nativeTiers()
    .filter(({ usable }) => usable)
    .map(({ name }) => name)
}

/** Environment variables that make a process use one tier, or the TypeScript backend. */
export function tierEnvironment(tier) {
  const { HOPFIELD_TIER: _tier, HOPFIELD_BACKEND: _backend, ...rest } = process.env
  return tier === 'typescript'
    ? { ...rest, HOPFIELD_BACKEND: 'typescript' }
    : { ...rest, HOPFIELD_TIER: tier }
}

/**
 * Calls the exported function `work` of a benchmark with `input` in its own process. Input and result are JSON.
 * @param {string} module import.meta.url of the benchmark
 */
export function apart(module, work, input, env = process.env) {
  const worker = fileURLToPath(new URL('worker.mjs', import.meta.url))
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [worker, module, work, JSON.stringify(input)],
    { env, encoding: 'utf8', maxBuffer: 1 << 26 },
  )
  if (status !== 0) throw new Error(`${work} failed: ${stderr}`)
  return JSON.parse(stdout)
}
