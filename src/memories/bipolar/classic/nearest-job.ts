// What ../nearest-job.ts exports, for an entry that searches nothing.
import { leftOut } from '../../../errors.js'

export class NearestJob {
  constructor() {
    throw leftOut('nearestAsync')
  }
}
