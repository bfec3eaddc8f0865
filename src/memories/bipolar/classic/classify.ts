// What ../classify.ts exports, for an entry that classifies nothing.
import { leftOut } from '../../../errors.js'

export type * from '../classify.js'

export const classifying: typeof import('../classify.js')['classifying'] = () => {
  throw leftOut('classify')
}
