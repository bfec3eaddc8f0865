import * as E from '../../src/experiments.js'
import * as H from '../../src/index.js'
import { AssociativeMemory, HopfieldError } from '../../src/index.js'
import * as O from '../../src/optimization.js'
import type { Backend } from '../helpers/backends.js'
import type { Door } from './doors.js'
import { GUISES, isPlain, JUNK, SENTINEL, trapped } from './hostile.js'
import { CONSTRUCTORS, EVERYWHERE, FUNCTIONS, STATICS, WORLDS } from './worlds.js'

/** One call: the arguments, and whether they mean the same as good ones. */
export interface Trial {
  readonly what: string
  readonly same: boolean
  /** Whether arguments change what they are called on or with: then the state need not be what it was. */
  readonly meddles: boolean
  args(subject: unknown): unknown[]
}

type Make = () => unknown

const PARTS = 8

/** The good arguments of a door: the values to try for each parameter. */
export function goodsOf(door: Door, backend: Backend): Make[][] {
  return door.parameters.map(({ name }) => {
    const all = named(door, backend)
    const own = all?.own?.[door.method]?.[name] ?? EVERYWHERE[door.method]?.[name] ?? all?.goods[name]
    if (own !== undefined && own.length > 0) return [...own]
    throw new Error(`test/surface/worlds.ts: say what a good '${name}' of ${door.name} is`)
  })
}

type Goods = Readonly<Record<string, readonly Make[]>>

function named(
  { kind, name, owner, method }: Door,
  backend: Backend,
): { goods: Goods; own?: Readonly<Record<string, Goods>> | undefined } | undefined {
  if (kind === 'function') return wrapped(FUNCTIONS(backend)[method])
  if (kind === 'constructor') return wrapped(CONSTRUCTORS[owner ?? '']?.(backend))
  const statics = kind === 'static' ? STATICS(backend)[name] : undefined
  return statics === undefined ? WORLDS[owner ?? ''] : wrapped(statics)
}

const wrapped = (goods: Goods | undefined): { goods: Goods } | undefined => goods && { goods }

/** What a door is called on; undefined where it is nothing. */
export function subjectOf({ kind, owner, method }: Door, backend: Backend): unknown {
  if (kind !== 'method') return undefined
  const world = WORLDS[owner ?? '']
  return (world?.makeFor?.[method] ?? world?.make)?.(backend)
}

export function call({ kind, owner, method }: Door, subject: unknown, args: unknown[]): unknown {
  const all = { ...H, ...E, ...O } as unknown as Record<string, never>
  if (kind === 'constructor') return new (all[owner ?? ''] as new (...a: unknown[]) => unknown)(...args)
  const of = (kind === 'function' ? all : kind === 'static' ? all[owner ?? ''] : subject) as Record<
    string,
    (...a: unknown[]) => unknown
  >
  return of[method](...args)
}

/**
 * All calls of a door: each argument replaced by everything hostile, and each of its options by a part of it. Most options are those of
 * several doors, which take the parts in turn.
 */
export function* trialsOf(door: Door, turn: number, backend: Backend): Generator<Trial> {
  const goods = goodsOf(door, backend)
  const first = goods.map(([make]) => make)
  yield { what: 'nothing', same: false, meddles: false, args: () => [] }
  for (const [place, { name, keys }] of door.parameters.entries()) {
    for (const [variant, make] of goods[place].entries()) {
      const base = first.with(place, make)
      const good = make()
      const paths = isPlain(good) ? pathsOf(good, keys) : []
      for (const path of [[], ...paths]) {
        const at = [`${name}${variant === 0 ? '' : ` ${variant + 1}`}`, ...path].join('.')
        const put =
          (value: (good: unknown, args: unknown[], subject: unknown) => unknown) => (subject: unknown) => {
            const args = base.map((one) => one())
            args[place] = replaced(args[place], path, (old) => value(old, args, subject))
            return args
          }
        const given = path.reduce((object, key) => (object as Record<string, unknown>)?.[key], good)
        if (path.length === 0) yield { what: at, same: true, meddles: false, args: put((old) => old) }
        const junks =
          path.length > 0 ? JUNK.filter((_, k) => k % PARTS === turn % PARTS) : variant === 0 ? JUNK : []
        for (const [what, junk] of junks) {
          yield { what: `${at}: ${what}`, same: false, meddles: false, args: put(junk) }
        }
        if (given === undefined) continue
        for (const [what, guise] of GUISES) {
          if (guise(given) === given) continue
          yield { what: `${at}: ${what}`, same: true, meddles: false, args: put((old) => guise(old)) }
        }
        if (trapped(given, () => {}) === undefined) continue
        yield {
          what: `${at}: detaches the other arguments`,
          same: false,
          meddles: false,
          args: put((old, args) => trapped(old, () => detachAll(args))),
        }
        if (!(subjectOf(door, backend) instanceof AssociativeMemory)) continue
        yield {
          what: `${at}: clears the memory`,
          same: false,
          meddles: true,
          args: put((old, _, subject) => trapped(old, () => (subject as AssociativeMemory).clear())),
        }
        yield {
          what: `${at}: tries to clear the memory`,
          same: false,
          meddles: true,
          args: put((old, _, subject) =>
            trapped(old, () => attempt(() => (subject as AssociativeMemory).forget(0))),
          ),
        }
      }
    }
  }
}

function attempt(run: () => unknown): void {
  try {
    run()
  } catch (error) {
    if (!(error instanceof HopfieldError)) throw error
  }
}

/** Where in an object of options something may stand. */
function pathsOf(good: Record<string, unknown>, keys: readonly string[]): string[][] {
  const names = new Set([...keys, ...Object.keys(good), 'polluted'])
  return [...names].flatMap((name) => {
    const inner = good[name]
    return [[name], ...(isPlain(inner) ? Object.keys(inner).map((key) => [name, key]) : [])]
  })
}

/** A copy of a value in which what is at a path is another. */
function replaced(value: unknown, [key, ...rest]: readonly string[], by: (old: unknown) => unknown): unknown {
  if (key === undefined) return by(value)
  const object = value as Record<string, unknown>
  return { ...object, [key]: replaced(object[key], rest, by) }
}

function detachAll(values: readonly unknown[]): void {
  for (const value of values) {
    if (ArrayBuffer.isView(value) && value.buffer instanceof ArrayBuffer) {
      structuredClone(value.buffer, { transfer: [value.buffer] })
    } else if (isPlain(value)) detachAll(Object.values(value))
  }
}

/** What a call came to, in words. */
export async function outcomeOf(door: Door, subject: unknown, make: () => unknown[]): Promise<string> {
  let thrown = true
  try {
    const answer = call(door, subject, make())
    thrown = false
    return `value ${canonical(await answer)}`
  } catch (error) {
    if (thrown && door.method.endsWith('Async')) return `thrown, where a promise was to reject: ${error}`
    if (error === SENTINEL || isOfCallersFunction(error)) return 'sentinel'
    if (!(error instanceof HopfieldError))
      return `raw ${error instanceof Error ? error.stack : String(error)}`
    return `error ${error.code} ${error.message}`
  }
}

/** What calling a function that cannot be called throws: as any error of the caller's function, it comes out. */
function isOfCallersFunction(error: unknown): boolean {
  return (
    error instanceof TypeError &&
    /^Class constructor|'apply' on a proxy that has been revoked/.test(error.message)
  )
}

/** All that can be seen of a value, as text: the same text, the same bits. */
export function canonical(value: unknown, depth = 0): string {
  if (depth > 6) return '…'
  if (value instanceof AssociativeMemory) return digest(value)
  if (ArrayBuffer.isView(value)) {
    const view = new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
    const text = value instanceof DataView || !hasNaN(value) ? '' : ' NaN'
    const kind = Object.prototype.toString.call(value).slice(8, -1)
    return `${kind} ${Buffer.from(view).toString('hex')}${text}`
  }
  if (typeof value === 'object' && value !== null) {
    if (Array.isArray(value)) return `[${Array.from(value, (one) => canonical(one, depth + 1)).join()}]`
    if (value instanceof SharedArrayBuffer) return canonical(new Uint8Array(value))
    // Where a handle begins in its memory follows from an address.
    const { memory, byteOffset, byteLength, ...others } = value as Record<string, never>
    if (memory !== undefined && (memory as unknown) instanceof SharedArrayBuffer) {
      return canonical({ ...others, bytes: new Uint8Array(memory, byteOffset, byteLength) }, depth)
    }
    // When a solver found a state depends on the clock, and what it found does not.
    const entries = Object.entries(value)
      .filter(([key]) => key !== 'history')
      .map(([key, one]) => `${key}:${canonical(one, depth + 1)}`)
    return `{${entries.join()}}`
  }
  return typeof value === 'function' ? 'function' : `${typeof value} ${String(value)}`
}

function hasNaN(view: ArrayBufferView): boolean {
  return view instanceof Float64Array || view instanceof Float32Array ? view.some(Number.isNaN) : false
}

/** Everything a memory tells of itself. */
export function digest(memory: unknown): string {
  if (!(memory instanceof AssociativeMemory)) return ''
  const own = memory as unknown as Record<string, (...args: unknown[]) => unknown>
  const parts: unknown[] = [memory.patternCount, memory.ids]
  if (memory.patternCount > 0) parts.push(own['patterns']())
  return parts.map((part) => canonical(part)).join(' ')
}

/** Whether what a memory says of its patterns fits together. */
export function isSound(memory: unknown): boolean {
  if (!(memory instanceof AssociativeMemory)) return true
  const { patternCount, ids } = memory
  if (!Number.isInteger(patternCount) || patternCount < 0) return false
  if (ids !== undefined && ids.length !== patternCount) return false
  const own = memory as unknown as { pattern(index: number): unknown }
  for (let mu = 0; mu < patternCount; mu++) own.pattern(mu)
  return true
}
