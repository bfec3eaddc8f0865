// What ../batch-measures.ts exports, for an entry that measures one state at a time.
import { leftOut } from '../../../errors.js'

type Full = typeof import('../batch-measures.js')

export const energies: Full['energies'] = () => {
  throw leftOut('energyBatch')
}

export const overlapTable: Full['overlapTable'] = () => {
  throw leftOut('overlapsBatch')
}

export const nearest: Full['nearest'] = () => {
  throw leftOut('nearest')
}
