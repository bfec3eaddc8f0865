import { type BackendInfo, HopfieldError } from 'hopfield-native'
import type { Figure } from '../figures/index.js'
import { FAMILIES } from './families.js'
import { holds, widened } from './judge.js'
import { Lab } from './lab.js'
import type { Estimate, Family, Published, Row } from './row.js'

/** A row as it came out. */
export interface Outcome {
  readonly id: string
  readonly family: string
  readonly claim: string
  readonly source: string
  readonly published: Published
  readonly rule: string
  /** Undefined where the measurement itself failed. */
  readonly ours: Estimate | undefined
  readonly holds: boolean
  /** Why a row that does not hold does not, as far as it is known. */
  readonly reason?: string
  readonly seed: string
  readonly size: string
  readonly seconds: number
  readonly figure?: Figure
}

/** All rows that were measured, in the order of the list. */
export interface Report {
  readonly seed: string
  readonly quick: boolean
  /** false where it was interrupted. */
  readonly complete: boolean
  readonly backend: BackendInfo
  /** How long it took, and how much of processors: half of that is what two free cores take. */
  readonly seconds: number
  readonly processorSeconds: number
  readonly rows: readonly Outcome[]
}

/** A row and the title of its family. */
export interface Listed extends Row {
  readonly family: string
}

/** The rows with the word in their id, their family's title, their claim or their source; all without one. */
export function listed(word?: string, from: readonly Family[] = FAMILIES): Listed[] {
  const wanted = word?.toLowerCase() ?? ''
  return from
    .flatMap(({ title, rows }) => rows.map((row) => ({ ...row, family: title })))
    .filter(({ id, family, claim, source }) =>
      `${id}\n${family}\n${claim}\n${source}`.toLowerCase().includes(wanted),
    )
}

export interface Running {
  readonly seed: bigint
  readonly quick: boolean
  readonly signal: AbortSignal
  /** Called at the beginning and after each row that has ended. */
  tell(outcome: Outcome, done: number): void
}

/** Rows that are measured at the same time: each is one thread's work. */
const AT_A_TIME = 2

/** Measures rows, two at a time, and tells each as it ends. Rejects where the signal aborts; rows that have been told are done. */
export async function run(rows: readonly Listed[], running: Running): Promise<void> {
  let [next, done] = [0, 0]
  const work = async (): Promise<void> => {
    while (next < rows.length) {
      const outcome = await measured(rows[next++], running)
      running.tell(outcome, ++done)
    }
  }
  await Promise.all(Array.from({ length: AT_A_TIME }, work))
}

async function measured(row: Listed, { seed, quick, signal }: Running): Promise<Outcome> {
  const lab = new Lab(row.id, seed, quick, signal)
  const began = performance.now()
  const { id, family, claim, source, published, rule, failure } = row
  const known = { id, family, claim, source, published, rule, seed: String(lab.seed) }
  const seconds = (): number => (performance.now() - began) / 1000
  try {
    const { ours, size, figure } = await row.measure(lab)
    const right = holds(ours, published, quick)
    return {
      ...known,
      ours: widened(ours, published),
      holds: right,
      ...(right ? {} : { reason: failure ?? 'the reason is not known' }),
      size,
      seconds: seconds(),
      ...(figure === undefined ? {} : { figure }),
    }
  } catch (error) {
    signal.throwIfAborted()
    // What a row asks of the package may be refused; that row has failed, and the others go on.
    if (!(error instanceof HopfieldError)) throw error
    return { ...known, ours: undefined, holds: false, reason: error.message, size: '', seconds: seconds() }
  }
}
