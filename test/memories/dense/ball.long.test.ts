import { it } from 'vitest'
import { BACKENDS } from '../../helpers/backends.js'
import { expectAllAlone } from '../../helpers/balls.js'

// Half a million million pairs: a quarter of an hour with the addon where nothing else runs, a day with the reference.
it.runIf(BACKENDS.includes('native'))(
  'a ball recalls a million patterns of 256 neurons alone, and from every noise that the least distance allows',
  () => expectAllAlone(1_000_000, 10_000, 'native'),
  4 * 3_600_000,
)
