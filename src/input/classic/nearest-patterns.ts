// What ../nearest-patterns.ts exports, for an entry that searches nothing: reading the options is where it ends.
import { leftOut } from '../../errors.js'

export type * from '../nearest-patterns.js'

export const NEAREST = {}

export const NEAREST_OPTIONS = {
  read(method: string): never {
    throw leftOut(method)
  },
}

export const nearestRow: typeof import('../nearest-patterns.js')['nearestRow'] = () => {
  throw leftOut('nearest')
}

export const noPatterns: typeof import('../nearest-patterns.js')['noPatterns'] = leftOut
