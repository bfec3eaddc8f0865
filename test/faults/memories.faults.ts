import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { fromBytes, HopfieldError, ModernHopfield } from '../../src/index.js'
import {
  type AnyMemory,
  EVERY_MEMORY,
  type EveryMemory,
  everythingOf,
  filled,
  learn,
  learns,
} from '../helpers/every-memory.js'
import { canonical } from '../surface/trials.js'
import { alive, collect, failAt, stopFailing } from './allocations.js'

// Every memory, with each allocation of the addon failing in turn: a call ends as it should, or in ERR_HOPFIELD_MEMORY with everything as
// it was, and then works.

interface Asynchronous {
  recallAsync(cues: unknown, options?: object): Promise<unknown>
  storeAsync(...args: unknown[]): Promise<unknown>
  shareAsync?(): Promise<unknown>
}

type Deed = (memory: AnyMemory, kind: EveryMemory) => unknown

const asynchronous = (memory: AnyMemory): Asynchronous => memory as unknown as Asynchronous

const DEEDS: Readonly<Record<string, Deed>> = {
  learn: (memory, kind) => learn(memory, kind, 7),
  storeAsync: async (memory, kind) => void (await asynchronous(memory).storeAsync(...kind.pattern(7))),
  replace: (memory, kind) => void memory.replace(1, ...kind.pattern(7)),
  forget: (memory) => void memory.forget(1),
  clear: (memory) => void memory.clear(),
  everything: (memory, kind) => everythingOf(memory, kind),
  recallAsync: (memory, kind) => asynchronous(memory).recallAsync(kind.cues, kind.options[0]),
  keeping: (memory, kind) => everythingOf(fromBytes(memory.toBytes()) as unknown as AnyMemory, kind),
}

/** What this kind can do. */
function deedsOf(kind: EveryMemory): { what: string; deed: Deed }[] {
  const names = Object.keys(DEEDS).filter((name) => {
    if (name === 'learn') return learns(kind)
    if (name === 'storeAsync' || name === 'clear') return kind.stores
    if (name === 'replace' || name === 'forget') return kind.forgets
    return true
  })
  return names.map((what) => ({ what, deed: DEEDS[what] }))
}

/** All of them where HOPFIELD_FAULTS_ALL says so: a minute. */
const KINDS = EVERY_MEMORY.filter((_, k) => process.env['HOPFIELD_FAULTS_ALL'] !== undefined || k % 6 === 0)

let failed = 0
afterEach(() => void stopFailing())
afterAll(() => console.log(`${failed} allocations failed`))

describe.each(KINDS)('$name', (kind) => {
  it.each(deedsOf(kind))('$what without memory is refused, and then done', async ({ deed }) => {
    const seen = (memory: AnyMemory): string => canonical(everythingOf(memory, kind))
    const before = seen(filled(kind, 'native'))
    const after = filled(kind, 'native')
    const right = canonical(await deed(after, kind))
    const changed = seen(after)
    for (let k = 1; ; k++) {
      const memory = filled(kind, 'native')
      failAt(k)
      let error: unknown
      try {
        expect(canonical(await deed(memory, kind))).toBe(right)
      } catch (thrown) {
        error = thrown
      }
      const made = stopFailing()
      if (error !== undefined) {
        expect(error, `allocation ${k}`).toBeInstanceOf(HopfieldError)
        expect((error as HopfieldError).code).toBe('ERR_HOPFIELD_MEMORY')
        expect(seen(memory), `allocation ${k}: ${error}`).toBe(before)
        expect(canonical(await deed(memory, kind))).toBe(right)
      }
      expect(seen(memory), `allocation ${k}`).toBe(changed)
      if (made < k) break
      failed++
    }
  })
})

describe('memories', () => {
  it('leave nothing behind', async () => {
    const round = async (): Promise<void> => {
      for (const kind of KINDS) {
        for (let k = 1; k < 6; k++) {
          failAt(k)
          try {
            const memory = filled(kind, 'native')
            everythingOf(memory, kind)
            if (!(memory instanceof ModernHopfield)) await asynchronous(memory).recallAsync(kind.cues)
          } catch {}
        }
      }
      stopFailing()
    }
    await round()
    await collect()
    const before = alive()
    for (let k = 0; k < 3; k++) await round()
    await collect()
    expect(alive()).toBeLessThanOrEqual(before)
  })
})
