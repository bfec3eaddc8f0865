// What ../sampling.ts exports, for an entry without samples: reading their options is where it ends.
import { leftOut } from '../../../errors.js'

export type * from '../sampling.js'

function refuse(method: string): never {
  throw leftOut(method)
}

export const SAMPLE = { read: refuse }
export const SAMPLE_ASYNC = { read: refuse }

type Full = typeof import('../sampling.js')

export const samplePlan: Full['samplePlan'] = refuse
export const sample: Full['sample'] = () => refuse('sample')
export const sampleAsync: Full['sampleAsync'] = async () => refuse('sampleAsync')
