import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const FOLDER = fileURLToPath(new URL('../../../shared/data/', import.meta.url))

/**
 * The path of real inputs, or undefined where this machine has none: they are no part of the repository. Where
 * HOPFIELD_DATA=required, as in .ci/run, their absence is a failure and not a reason to skip.
 */
export function realData(name: string): string | undefined {
  const path = FOLDER + name
  if (existsSync(path)) return path
  const missing = `${path} is absent: real inputs are not part of the repository`
  if (process.env['HOPFIELD_DATA'] === 'required') throw new Error(missing)
  console.warn(missing)
  return undefined
}
