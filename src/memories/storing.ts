import { isRevoked } from '../errors.js'

/** Whether the second argument of `store` is more patterns rather than options: it has a length, or one of these properties. */
export function arePatterns(given: unknown, ...names: string[]): boolean {
  if (given === undefined) return false
  if (given === null || typeof given !== 'object' || isRevoked(given)) return true
  return ['length', ...names].some((name) => name in given)
}
