import type { WholeLimits } from '../async/async-options.js'
import { allBeside, allHere, type Steps } from '../async/steps.js'
import { type AsyncRecallNetwork, checkStored, type RecallNetwork } from './networks.js'

/** A measurement that recalls: with `recallBatch` if it is without limits, with `recallAsync` otherwise. */
export type Measurement<Options, Result> = (
  method: string,
  network: RecallNetwork & Partial<AsyncRecallNetwork>,
  options: Options,
  limits: WholeLimits | undefined,
) => Steps<Result>

/** Measures here and now. The network is checked before its options are read. */
export function measureHere<Options, Result>(
  method: string,
  network: RecallNetwork,
  read: () => Options,
  measure: Measurement<Options, Result>,
): Result {
  checkStored(method, network, ['recallBatch'])
  return allHere(measure(method, network, read(), undefined))
}

/** The same beside other work. */
export async function measureBeside<Options extends WholeLimits, Result>(
  method: string,
  network: AsyncRecallNetwork,
  read: () => Options,
  measure: Measurement<Options, Result>,
): Promise<Result> {
  checkStored(method, network, ['recallAsync'])
  const options = read()
  return allBeside(measure(method, network, options, options), options)
}
