import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { BACKENDS } from '../helpers/backends.js'
import { EVERY_MEMORY, filled } from '../helpers/every-memory.js'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as (options?: { type: 'minor' }) => void
const BALLAST = 2 ** 20

/** Bytes of buffers that are still there after collections of the young generation. */
function left(): number {
  // An object moves to the old generation at its second collection, and buffers are counted one later.
  for (let k = 0; k < 3; k++) collect({ type: 'minor' })
  return process.memoryUsage().arrayBuffers
}

// A memory of a few megabytes that waits for a full collection makes such collections frequent, and a program that makes one memory
// after another takes twice as long.
describe.each(BACKENDS)('a memory on %s', (backend) => {
  // A kind that grows old does so whenever it is asked; what the engine keeps for reasons of its own it keeps now and then.
  it.each(EVERY_MEMORY)('$name is young when nobody holds it any more', { retry: 2 }, (kind) => {
    const drop = (): void => {
      const memory = Object.assign(filled(kind, backend), { ballast: new Uint8Array(BALLAST) })
      memory.recall(kind.cue(0), kind.options[0])
    }
    drop()
    collect()
    const before = left()
    for (let k = 0; k < 12; k++) drop()
    // Of some hundred memories the engine keeps one now and then, of whatever kind is made just then. Of a kind that grows old all are left.
    expect(left() - before).toBeLessThan(2 * BALLAST)
  })
})
