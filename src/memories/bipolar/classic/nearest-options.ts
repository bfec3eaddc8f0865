// What ../nearest-options.ts exports, for an entry that searches nothing.
import { leftOut } from '../../../errors.js'

export type * from '../nearest-options.js'

export const NEAREST_ASYNC = {
  read(method: string): never {
    throw leftOut(method)
  },
}
