// What ../sharing.ts exports, for an entry without shared memory.
import { leftOut } from '../../errors.js'

export type * from '../sharing.js'

export const GROW: unique symbol = Symbol('grow')
export const SHARES: unique symbol = Symbol('shares')

/** No memory is ever shared. */
export class Sharing {
  changed(): void {}

  refreshed(): void {}

  opened(): void {}

  share(): never {
    throw leftOut('share')
  }

  async shareAsync(): Promise<never> {
    throw leftOut('shareAsync')
  }
}

export const openShared: typeof import('../sharing.js')['openShared'] = () => {
  throw leftOut('fromShared')
}
