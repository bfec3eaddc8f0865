import type { FitReport, LogLikelihood, RestrictedBoltzmannMachine } from 'hopfield-native'
import { unitsOf } from './machines.js'
import type { PatternSet } from './patterns.js'
import type { Watching } from './watched.js'

export interface Lessons {
  readonly method: 'persistent' | 'contrastive' | 'tempering'
  readonly epochs: number
  readonly batch: number
  readonly steps: number
  readonly rate: number
  readonly momentum: number
  readonly decay: number
  readonly centring: boolean
  readonly patience?: number
  readonly seed: bigint
  /** The share of pictures that nothing is learned from. */
  readonly heldOut: number
}

/** Rows to learn from, and rows to measure. */
export interface Split {
  readonly learned: Float32Array
  readonly held: Float32Array
}

/** Pictures are held out evenly, so that sorted ones are of all kinds. */
export function split(set: PatternSet, machine: RestrictedBoltzmannMachine, share: number): Split {
  const { neurons, names, states } = set
  const part = (held: boolean): Float32Array => {
    const rows = names.flatMap((_, k) =>
      Math.floor((k + 1) * share) > Math.floor(k * share) === held ? [k] : [],
    )
    const out = new Int8Array(rows.length * neurons)
    for (const [at, k] of rows.entries())
      out.set(states.subarray(k * neurons, (k + 1) * neurons), at * neurons)
    return unitsOf(out, machine.visibleUnits)
  }
  return { learned: part(false), held: part(true) }
}

/** Layers of so few units are gone through after each epoch, and after the last one. */
const FEW = 12
const FEW_ONCE = 20

function smaller({ visible, hidden }: RestrictedBoltzmannMachine): number {
  return Math.min(visible, hidden)
}

export function measureOf(machine: RestrictedBoltzmannMachine): 'exact' | 'pseudo' {
  return smaller(machine) <= FEW ? 'exact' : 'pseudo'
}

/** Teaches the machine. If the signal aborts, it rejects with the signal's reason, and the machine knows what all whole epochs taught. */
export async function teach(
  machine: RestrictedBoltzmannMachine,
  { learned, held }: Split,
  { method, epochs, batch, steps, rate, momentum, decay, centring, patience, seed }: Lessons,
  { progress, signal }: Watching,
): Promise<FitReport> {
  const batches = epochs * Math.ceil(learned.length / machine.visible / batch)
  progress.stage('learning', batches, 'batches')
  await machine.fitAsync(learned, {
    method,
    epochs,
    batchSize: batch,
    steps,
    learningRate: rate,
    momentum,
    weightDecay: decay,
    centring,
    seed,
    onAbort: 'keep',
    ...(held.length === 0 ? {} : { heldOut: held, measure: measureOf(machine) }),
    ...(patience === undefined ? {} : { patience }),
    signal,
    onProgress: ({ done }) => progress.update(done),
  })
  return machine.learningReport as FitReport
}

/** How likely rows are: exactly where a layer is small enough. */
export function likelihoodOf(
  machine: RestrictedBoltzmannMachine,
  rows: Float32Array,
  seed: bigint,
  { progress, signal }: Watching,
): Promise<LogLikelihood> {
  progress.stage('measuring', 100, 'percent')
  return machine.logLikelihoodAsync(rows, {
    method: smaller(machine) <= FEW_ONCE ? 'exact' : 'annealed',
    seed,
    signal,
    onProgress: ({ done, total }) => progress.update(Math.floor((100 * done) / total)),
  })
}
