import { allHere } from '../../src/async/steps.js'
import { type HeldRecord, RECORD } from '../../src/memories/opening.js'

/** Everything a memory knows, as data, whole. */
export function heldRecord(memory: object, derived = false): HeldRecord {
  const held = (memory as Record<typeof RECORD, (derived: boolean) => HeldRecord>)[RECORD](derived)
  allHere(held.settling)
  return held
}
