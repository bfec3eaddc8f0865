import { spawnSync } from 'node:child_process'

/** Whether this machine has a Python with NumPy. */
export const hasNumpy: boolean = spawnSync('python3', ['-c', 'import numpy']).status === 0

/** Runs a Python program; what it prints, as JSON. Any error of Python's is one of the test. */
export function python(program: string, ...args: string[]): unknown {
  const { status, stdout, stderr } = spawnSync('python3', ['-c', program, ...args], { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  return JSON.parse(stdout)
}

/** Whether this machine has a Python. CI has one, so there its absence is a failure and not a reason to skip. */
export const hasPython: boolean =
  process.env['CI'] !== undefined || spawnSync('python3', ['-c', '']).status === 0
