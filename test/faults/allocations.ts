import { openSync, readSync, writeSync } from 'node:fs'

// The addon's allocations, as native/test/faults.cc counts them.

const path = process.env['HOPFIELD_FAULTS']
if (path === undefined) throw new Error('scripts/test-faults.sh runs these tests')
const file = openSync(path, 'r+')
const words = new BigInt64Array(3)

function read(): { made: number; alive: number } {
  readSync(file, words, 0, 24, 0)
  return { made: Number(words[1]), alive: Number(words[2]) }
}

/** From now on the k-th allocation fails; if `lasting`, all from there on; 0: none. */
export function failAt(k: number, lasting = false): void {
  words[0] = BigInt(lasting ? -k : k)
  words[1] = 0n
  writeSync(file, words, 0, 16, 0)
}

/** How many allocations there were since, failed ones included. No further one fails. */
export function stopFailing(): number {
  const { made } = read()
  failAt(0)
  return made
}

/** Allocations that nobody has freed. */
export function alive(): number {
  return read().alive
}

/** Collects garbage and lets finalizers run. */
export async function collect(): Promise<void> {
  for (let k = 0; k < 4; k++) {
    ;(globalThis as { gc?: () => void }).gc?.()
    await new Promise(setImmediate)
  }
}
