import { afterAll, describe, expect, it } from 'vitest'
import { BACKENDS, type Backend } from '../helpers/backends.js'
import { type Door, publicDoors } from './doors.js'
import { call, canonical, digest, goodsOf, isSound, outcomeOf, subjectOf, trialsOf } from './trials.js'

// Every public function, constructor and method, on every backend: each argument and each option in turn is replaced by everything
// hostile. Each call ends in a HopfieldError, in the caller's own error, or in an answer that is the same on all backends; where the
// argument means the same as a good one, in the good answer. On an error nothing has changed.

/** Doors that are not tried, or methods of every class, and why. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  'AssociativeMemory.fromBytes': 'asks to be called on the class of a memory',
  'Kept.fromBytes': 'asks to be called on the class of a memory',
  'KeptMemory.fromBytes': 'asks to be called on the class of a memory',
  'AssociativeMemory.fromShared': 'asks to be called on the class of a memory',
  'Kept.fromShared': 'asks to be called on the class of a memory',
  'KeptMemory.fromShared': 'asks to be called on the class of a memory',
  'new HopfieldError': 'an Error, which takes whatever Error takes',
  load: 'reads files: test/memories/keeping.test.ts has what it refuses',
  save: 'writes files: test/memories/keeping.test.ts has what it refuses',
}

/** Methods whose answers need not be the same on all backends, and why. */
const DIFFERENT: Readonly<Record<string, string>> = {
  share: 'a handle has coarse keys, which are the backend’s own',
  shareAsync: 'as share',
  fromShared: 'as share',
}

/** What a time limit leaves undone depends on how busy the machine is. */
const isClocked = (what: string): boolean => what.startsWith('options.maxTime')

const doors = publicDoors()
const isLeftOut = ({ name, method }: Door): boolean => name in LEFT_OUT || method in LEFT_OUT
const tried = doors.filter((door) => !isLeftOut(door))

describe('the public surface', () => {
  it('has the doors that are left out', () => {
    const names = doors.flatMap(({ name, method }) => [name, method])
    for (const name of Object.keys({ ...LEFT_OUT, ...DIFFERENT })) expect(names).toContain(name)
  })

  it('is read from the types', () => {
    expect(doors.length).toBeGreaterThan(150)
  })

  it.each(tried)('$name ends in an error or an answer, whatever it is given', async (door) => {
    const byBackend = []
    for (const backend of BACKENDS) byBackend.push(await outcomes(door, backend))
    const faults = byBackend.flatMap(({ faults }) => faults)
    const [one, ...others] = door.method in DIFFERENT ? [new Map()] : byBackend.map(({ all }) => all)
    for (const other of others) {
      for (const [what, outcome] of one) {
        if (other.get(what) !== outcome && !isClocked(what))
          faults.push(`${what}: ${outcome} against ${other.get(what)}`)
      }
    }
    expect(faults.map((fault) => `${door.name}(${fault}`.slice(0, 400)).slice(0, 12)).toEqual([])
  })

  it.each(tried)('$name is untouched by what is added to Object.prototype', async (door) => {
    for (const backend of BACKENDS) {
      const [clean, polluted] = [false, true].map((pollutes) => {
        const subject = subjectOf(door, backend)
        const args = goodsOf(door, backend).map(([make]) => make())
        return polluting(pollutes ? names : [], () => call(door, subject, args))
      })
      expect(canonical(await polluted)).toBe(canonical(await clean))
    }
  })
})

const names = [...new Set(doors.flatMap(({ parameters }) => parameters.flatMap(({ keys }) => keys)))]

/** Runs something while Object.prototype has these properties. */
function polluting<T>(keys: readonly string[], run: () => T): T {
  try {
    for (const key of keys) {
      Object.defineProperty(Object.prototype, key, {
        value: 'added by another',
        configurable: true,
        enumerable: true,
        writable: true,
      })
    }
    return run()
  } finally {
    for (const key of keys) delete (Object.prototype as Record<string, unknown>)[key]
  }
}

interface Outcomes {
  readonly all: ReadonlyMap<string, string>
  readonly faults: string[]
}

async function outcomes(door: Door, backend: Backend): Promise<Outcomes> {
  const all = new Map<string, string>()
  const faults: string[] = []
  let good = ''
  let subject = subjectOf(door, backend)
  let before = digest(subject)
  for (const { what, same, meddles, args } of trialsOf(door, doors.indexOf(door), backend)) {
    const started = process.cpuUsage().user
    const outcome = await outcomeOf(door, subject, () => args(subject))
    const seconds = (process.cpuUsage().user - started) / 1e6
    const fault = (why: string): number => faults.push(`${what}: ${why}: ${outcome}`)
    all.set(what, outcome)
    if (seconds > 2) fault(`took ${seconds} s`)
    if (/^(raw|thrown)/.test(outcome)) fault('no HopfieldError')
    if (outcome.startsWith('error') && !isNamed(door, outcome)) fault('does not begin with the called method')
    if (same && !/: /.test(what)) {
      good = outcome
      if (!good.startsWith('value')) fault('good arguments are refused')
    } else if (same && outcome.startsWith('value') && outcome !== good) fault(`expected ${good}`)
    if (outcome.startsWith('value') && /NaN/.test(outcome) && !/NaN/.test(good)) fault('not a number')
    if (meddles && !isSound(subject)) fault('the memory is not sound')
    const after = digest(subject)
    if (!meddles && !outcome.startsWith('value') && after !== before) fault('the memory has changed')
    if (after === before) continue
    subject = subjectOf(door, backend)
    before = digest(subject)
  }
  return { all, faults }
}

function isNamed({ kind, owner, method }: Door, outcome: string): boolean {
  const [, code, message] = /^error (\S+) (.*)$/s.exec(outcome) ?? []
  // Where memory is short the error names what was to be made.
  if (code === 'ERR_HOPFIELD_MEMORY') return true
  const who = kind === 'constructor' ? [owner] : kind === 'static' ? [method, `${owner}.${method}`] : [method]
  return who.some((name) => message.startsWith(`${name}: `))
}

afterAll(() => {
  // Whoever fails here has left something behind for the tests of other files.
  for (const name of names) expect(Object.hasOwn(Object.prototype, name)).toBe(false)
})
