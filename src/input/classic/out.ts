// What ../out.ts exports, for an entry that writes into no array of the caller's: reading the option is where it ends.
import { allocate, leftOut } from '../../errors.js'
import type { Typed, TypedClass } from '../typed-arrays.js'

export type * from '../out.js'

type Whole = typeof import('../out.js')

export const into = () => ({
  out: {
    usual: undefined,
    read(name: string): never {
      throw leftOut(name)
    },
  },
})

export const outOf: Whole['outOf'] = () => undefined

export const intoOf: Whole['intoOf'] = outOf as never

export const NO_OUT = {}

export const fresh: Whole['fresh'] = (plain, given = plain as never) => ({ given, plain, check() {} })

export const roomFor = <T extends Typed>(_: undefined, Class: TypedClass<T>, length: number) =>
  fresh(allocate('states', length * Class.BYTES_PER_ELEMENT, () => new Class(length)))

export const packedRoomFor: Whole['packedRoomFor'] = () => {
  throw leftOut('out')
}

export class LoneRoom {
  of(): never {
    throw leftOut('out')
  }
}
