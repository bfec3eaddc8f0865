// What ../ids.ts exports, for an entry whose patterns have no ids.
import { leftOut } from '../../../errors.js'
import type { ComingIds } from '../ids.js'

export type * from '../ids.js'

/** No pattern has an id. */
export class Ids {
  // biome-ignore lint/correctness/useYield: there is nothing to read.
  *reading(given: unknown): Generator<void, ComingIds | undefined> {
    if (given !== undefined) throw leftOut('ids')
    return undefined
  }

  record(): void {}

  restore(): void {}

  settle(): void {}

  append(): void {}

  forget(): void {}

  clear(): void {}

  at(): undefined {}

  indexOf(): number {
    return -1
  }

  of(): undefined {}

  lend(): () => undefined {
    return () => undefined
  }

  all(): undefined {}
}

export const copyIds: typeof import('../ids.js')['copyIds'] = () => {
  throw leftOut('ids')
}

export function checkId(): never {
  throw leftOut('id')
}
