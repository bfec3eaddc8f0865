import { ClusterError } from '../errors.js'
import type { RecallOptions } from './coordinator.js'
import type { RetrievalOptions } from './modern.js'

// Options come from callers, and through a front from anywhere.

export function checkWhole(name: string, value: unknown, least: number): void {
  if (!Number.isSafeInteger(value) || (value as number) < least)
    throw wrong(name, `an integer of at least ${least}`, value)
}

function checkObject(name: string, value: unknown): void {
  if (typeof value !== 'object' || value === null) throw wrong(name, 'an object', value)
}

function checkChoice(name: string, value: unknown, choices: readonly string[]): void {
  if (value !== undefined && !choices.includes(value as string))
    throw wrong(name, choices.map((one) => `'${one}'`).join(' or '), value)
}

const wholes = (list: ArrayLike<number>, below: number): boolean =>
  Array.from(list).every((one) => Number.isSafeInteger(one) && one >= 0 && one < below)

const listed = (value: unknown): value is ArrayLike<number> =>
  Array.isArray(value) || ArrayBuffer.isView(value)

/** @throws ClusterError ERR_CLUSTER_VALUE for an option that no recall of B cues of N neurons has. */
export function checkRecall(options: RecallOptions, neurons: number, cues: number): void {
  checkObject('recall: options', options)
  const { dynamics, tie, maxSweeps = 0, order, seed = 0, stream = 0, streams, clamp } = options
  checkChoice('recall: dynamics', dynamics, ['asynchronous', 'synchronous'])
  checkChoice('recall: tie', tie, ['positive', 'negative', 'keep'])
  checkWhole('recall: maxSweeps', maxSweeps, 0)
  if (!listed(order)) checkChoice('recall: order', order, ['random', 'cyclic', 'random-site'])
  else if (order.length === 0 || !wholes(order, neurons))
    throw wrong('recall: order', `numbers of neurons below ${neurons}`, 'others')
  if (typeof seed !== 'bigint') checkWhole('recall: seed', seed, 0)
  checkWhole('recall: stream', stream, 0)
  if (streams !== undefined && !(listed(streams) && streams.length === cues && wholes(streams, 2 ** 32)))
    throw wrong('recall: streams', `${cues} integers from 0 to 2^32 − 1`, streams)
  if (clamp !== undefined && !(listed(clamp) && clamp.length === neurons))
    throw wrong('recall: clamp', `${neurons} flags`, clamp)
}

/** @throws ClusterError ERR_CLUSTER_VALUE for an option that no retrieval has. */
export function checkRetrieval(options: RetrievalOptions): void {
  checkObject('retrieve: options', options)
  const { maxSteps, tolerance } = options
  if (maxSteps !== undefined) checkWhole('retrieve: maxSteps', maxSteps, 1)
  if (tolerance !== undefined && !(typeof tolerance === 'number' && tolerance >= 0))
    throw wrong('retrieve: tolerance', 'a number of at least 0', tolerance)
}

function wrong(name: string, expected: string, value: unknown): ClusterError {
  const got = typeof value === 'object' ? 'something else' : String(value)
  return new ClusterError('ERR_CLUSTER_VALUE', `${name}: expected ${expected}, got ${got}`)
}
