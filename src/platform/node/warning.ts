import { getEnvironmentData, setEnvironmentData } from 'node:worker_threads'

/** Warns once, whichever thread is the first: threads that it starts later know. */
export function warnOnce(code: string, message: string): void {
  const key = `hopfield-native ${code}`
  if (getEnvironmentData(key) === true) return
  setEnvironmentData(key, true)
  process.emitWarning(message, { code })
}
