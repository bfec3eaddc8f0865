// What ../keeping.ts exports, for an entry without files.
import { leftOut } from '../../errors.js'

export type * from '../keeping.js'

type Full = typeof import('../keeping.js')

export const saveRecord: Full['saveRecord'] = async () => {
  throw leftOut('save')
}

export const bytesOf: Full['bytesOf'] = ({ release }) => {
  release()
  throw leftOut('toBytes')
}

export const memoryOf: Full['memoryOf'] = () => {
  throw leftOut('fromBytes')
}

export const fromFile: Full['fromFile'] = async () => {
  throw leftOut('load')
}
