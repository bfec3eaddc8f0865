import type { AnyMemory, Id } from 'hopfield-native'
import type { Row, RowFormat } from '../rows/row-format.js'
import type { Changes, Each, Found, How, Question, QuestionTable, Recalling } from '../served-memory.js'

/** A class of memories as the wire has it. Each part is made of a memory once, when its file is opened. */
export interface Kind<M extends AnyMemory = AnyMemory> {
  readonly Class: abstract new (...args: never) => M
  /** What is told of a memory: names of its properties. */
  readonly facts: readonly (keyof M & string)[]
  readonly questions: { readonly [Name in keyof QuestionTable]: (memory: M) => QuestionTable[Name] }
  readonly changes?: (memory: M) => Changes
  /** How many patterns are stored, where the memory counts them otherwise. */
  readonly count?: (memory: M) => number
}

/** A kind whose rows are checked where they are written, and one of many from there on. */
export function kind<M extends AnyMemory>(made: Kind<M>): Kind {
  return made as unknown as Kind
}

/** A question about rows of one kind. What is asked holds rows of its own format alone: they were read by it. */
export function question<Single, R extends Row>(asked: Question<Single, R>): Question<Single> {
  return asked as unknown as Question<Single>
}

export function recalling<R extends Row>(asked: Recalling<R>): Recalling {
  return asked as unknown as Recalling
}

export function changes<R extends Row>(made: Changes<R>): Changes {
  return made as unknown as Changes
}

/** A batch is one call of a kernel: the server's own batches are what runs side by side. */
export const ONE_THREAD = { threads: 1 } as const

/** Options of the call beside other work. */
export function beside(how: How): { threads: 1; signal?: AbortSignal } {
  return how.signal === undefined ? ONE_THREAD : { ...ONE_THREAD, signal: how.signal }
}

/** A question that one call answers for all rows, here or beside other work. */
export function inOneCall<R extends Row, States, All, Single>(asked: {
  readonly cue: RowFormat<R>
  work(): number
  states(rows: readonly R[]): States
  now(states: States): All
  later(states: States, options: typeof ONE_THREAD): Promise<All>
  told(all: All, count: number): Each<Single>
}): Question<Single> {
  return question<Single, R>({
    cue: asked.cue,
    work: () => asked.work(),
    async run(rows, _, { here }) {
      const states = asked.states(rows)
      const all = here ? asked.now(states) : await asked.later(states, ONE_THREAD)
      return asked.told(all, rows.length)
    },
  })
}

/** Rows of a table. */
export function slices(all: Float64Array, count: number): Each<Float64Array> {
  const width = all.length / count
  return { at: (k) => all.subarray(k * width, (k + 1) * width) }
}

/** Single numbers. */
export function each<Single>(all: ArrayLike<Single>): Each<Single> {
  return { at: (k) => all[k] }
}

/** Row by row, for what has no call beside other work: the event loop turns between two rows. */
export async function byRow<Single, R>(
  rows: readonly R[],
  { here }: How,
  one: (row: R) => Single,
): Promise<Each<Single>> {
  const found: Single[] = []
  for (const row of rows) {
    if (!here && found.length > 0) await new Promise(setImmediate)
    found.push(one(row))
  }
  return each(found)
}

/** k patterns of each row. */
export function neighbours(
  count: number,
  indices: Uint32Array,
  similarities: Int32Array | Float64Array,
  ids: readonly (Id | undefined)[] | undefined,
): Each<Found> {
  const all = { k: indices.length / count, indices, similarities, ids }
  return { at: (b) => ({ all, b }) }
}

/** What all memories that know patterns by ids do in the same way. */
export function keyed<R>(
  memory: { indexOf(id: Id): number; forget(which: { id: Id }): unknown },
  replace: (which: { id: Id }, row: R) => unknown,
) {
  return {
    indexOf: (id: Id) => memory.indexOf(id),
    forget: (id: Id) => memory.forget({ id }),
    replace: (id: Id, row: R) => replace({ id }, row),
  }
}
