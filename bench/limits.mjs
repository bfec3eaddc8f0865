// Builds and runs limits.cc; an empty object where there is no compiler or the processor has no AVX-512.
import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/** @returns {{ popcountL1?: number, popcountL2?: number, maskedAddL1?: number, maskedAddL2?: number }} bits a second */
export function limits() {
  mkdirSync(`${root}/build`, { recursive: true })
  const program = `${root}/build/limits`
  const compiled = spawnSync(process.env.CXX ?? 'c++', [
    '-O3',
    '-march=native',
    '-std=c++17',
    `${root}/bench/limits.cc`,
    '-o',
    program,
  ])
  if (compiled.status !== 0) return {}
  return JSON.parse(spawnSync(program, { encoding: 'utf8' }).stdout || '{}')
}
