import { DenseAssociativeMemory, HopfieldNetwork, type Interaction, ModernHopfield } from 'hopfield-native'
import { UsageError } from './errors.js'
import type { NamedRule } from './learning.js'
import type { PatternSet } from './patterns.js'

export type ModelName = 'classical' | 'dense' | 'modern'
export const MODELS: readonly ModelName[] = ['classical', 'dense', 'modern']

/** Memories that recall ±1 states in sweeps. */
export type SweepingMemory = HopfieldNetwork | DenseAssociativeMemory

/** Options of the command line that choose the model. */
export interface ModelFlags {
  model: ModelName
  beta?: number
  degree?: number
  rectified?: true
  weights?: 'implicit' | 'dense'
  learning?: NamedRule
}

/** Large enough that a picture a few pixels nearer weighs more than thousands of others. */
const DEFAULT_BETA = 1

/** Refuses options that the model does not have. `given` says whether the user typed an option. */
export function checkModel(flags: ModelFlags, given: (name: string) => boolean): void {
  const { model } = flags
  const refuse = (name: string, why: string): void => {
    if (given(name)) throw new UsageError(`--${name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)} ${why}`)
  }
  if (model === 'classical') {
    refuse('beta', 'is an option of --model dense and modern only')
    refuse('degree', 'is an option of --model dense only')
  }
  if (model !== 'dense') refuse('rectified', 'is an option of --model dense only')
  if (model !== 'classical') refuse('learning', 'is an option of --model classical only')
  if (model !== 'classical')
    refuse('weights', `is an option of --model classical only; ${model} has no matrix`)
  if (model === 'modern') {
    refuse('degree', 'is an option of --model dense only; modern has --beta')
    for (const name of ['dynamics', 'order', 'tie'])
      refuse(name, 'is an option of --model classical and dense only')
  }
  if (given('beta') && given('degree')) {
    throw new UsageError(
      '--beta and --degree exclude each other: the interaction is an exponential or a power',
    )
  }
  if (flags.rectified && flags.degree === undefined) throw new UsageError('--rectified needs --degree')
}

/** A memory for these patterns, still empty. */
export function emptyMemory(
  flags: ModelFlags,
  { neurons, names }: PatternSet,
): SweepingMemory | ModernHopfield {
  const { model, beta = DEFAULT_BETA, weights, learning } = flags
  if (model === 'modern') return new ModernHopfield({ dimension: neurons, beta, capacity: names.length })
  if (model === 'dense') return new DenseAssociativeMemory({ neurons, interaction: interactionOf(flags) })
  if (learning !== undefined) {
    const form = weights === undefined ? {} : { weights }
    return new HopfieldNetwork({ neurons, learning: learning.learning, ...form })
  }
  return new HopfieldNetwork({ neurons, weights: weights ?? formFor(neurons, names.length) })
}

/** The model's settings for the report. */
export function settingsOf(
  flags: ModelFlags,
  { neurons, names }: PatternSet,
): Record<string, string | number> {
  const { weights, learning } = flags
  if (learning !== undefined)
    return { learning: learning.name, ...(weights === undefined ? {} : { weights }) }
  if (flags.model === 'classical') return { weights: weights ?? formFor(neurons, names.length) }
  if (flags.degree === undefined) return { beta: flags.beta ?? DEFAULT_BETA }
  return { degree: flags.degree, interaction: flags.rectified ? 'rectified' : 'polynomial' }
}

function interactionOf({ beta = DEFAULT_BETA, degree, rectified }: ModelFlags): Interaction {
  if (degree === undefined) return { kind: 'exponential', beta }
  return { kind: rectified ? 'rectified' : 'polynomial', degree }
}

/** For P > N the matrix is smaller and faster than the patterns, as long as it fits well into memory. */
function formFor(neurons: number, patterns: number): 'implicit' | 'dense' {
  return patterns > neurons && neurons <= 8192 ? 'dense' : 'implicit'
}
