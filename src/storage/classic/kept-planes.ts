// What ../kept-planes.ts exports, for an entry that searches nothing.
import { leftOut } from '../../errors.js'

/** Nobody asks for them. */
export class KeptPlanes {
  gone(): void {}

  came(): void {}

  moved(): void {}

  of(): never {
    throw leftOut('nearest')
  }

  async later(): Promise<never> {
    throw leftOut('nearestAsync')
  }
}
