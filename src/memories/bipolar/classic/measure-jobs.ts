// What ../measure-jobs.ts exports, for an entry that measures one state at a time.
import { leftOut } from '../../../errors.js'

export type { Measured, Rows } from '../measure-jobs.js'

export class OverlapsJob {
  constructor() {
    throw leftOut('overlapsBatchAsync')
  }
}

export class EnergiesJob {
  constructor() {
    throw leftOut('energyBatchAsync')
  }
}
