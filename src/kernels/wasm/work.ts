/** Operations that take about as long as a trip to another thread. */
const TRIP = 2 ** 21

/** Whether a call beside this thread takes longer than the trip. Who calls one of `beside` has looked already. */
export function isLong(name: string, given: readonly unknown[]): boolean {
  if (name === 'ready') return true
  if (!name.endsWith('Async')) return true
  return operationsOf(given) > TRIP
}

/**
 * About how many operations a call on a memory takes at most: every element of the memory, or every bit of a word, for each cue in each
 * sweep or step.
 */
function operationsOf([memory, ...rest]: readonly unknown[]): number {
  let sum = 1
  for (const array of Object.values(memory as object)) sum += elementsOf(array)
  for (const value of rest) {
    if (typeof value === 'number') sum *= Math.max(value, 1)
    else if (isPlan(value)) sum *= Math.max(value.maxSweeps ?? value.maxSteps ?? value.steps ?? 1, 1)
  }
  return sum
}

interface Plan {
  readonly maxSweeps?: number
  readonly maxSteps?: number
  readonly steps?: number
}

function isPlan(value: unknown): value is Plan {
  return typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)
}

function elementsOf(array: unknown): number {
  if (!ArrayBuffer.isView(array)) return 0
  return array instanceof Uint32Array ? 32 * array.length : (array as Uint8Array).length
}
