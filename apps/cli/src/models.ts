import { DenseAssociativeMemory, HopfieldNetwork, type Interaction, ModernHopfield } from 'hopfield-native'
import { UsageError } from './errors.js'
import type { NamedRule } from './learning.js'
import type { PatternSet } from './patterns.js'

export type ModelName = 'classical' | 'dense' | 'modern'
export const MODELS: readonly ModelName[] = ['classical', 'dense', 'modern']

/** The memories that recall ±1 states by sweeps. */
export type SweepingMemory = HopfieldNetwork | DenseAssociativeMemory

/** What of the command line makes a model. */
export interface ModelFlags {
  model: ModelName
  beta?: number
  degree?: number
  rectified?: true
  weights?: 'implicit' | 'dense'
  learning?: NamedRule
}

/** Steep enough that a picture a few pixels nearer outvotes thousands of others. */
const DEFAULT_BETA = 1

/** Options that say nothing to a model are mistakes. `given` are those that the user typed. */
export function checkModel(flags: ModelFlags, given: (name: string) => boolean): void {
  const { model } = flags
  const refuse = (name: string, why: string): void => {
    if (given(name)) throw new UsageError(`--${name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)} ${why}`)
  }
  if (model === 'classical') {
    refuse('beta', 'says how sharply --model dense and modern choose; the classical network has none')
    refuse('degree', 'is of --model dense')
  }
  if (model !== 'dense') refuse('rectified', 'is of --model dense')
  if (model !== 'classical') refuse('learning', 'is of --model classical')
  if (model !== 'classical') refuse('weights', `is of --model classical; ${model} has no matrix`)
  if (model === 'modern') {
    refuse('degree', 'is of --model dense; modern has --beta')
    for (const name of ['dynamics', 'order', 'tie'])
      refuse(name, 'is of networks whose neurons flip; modern has none')
  }
  if (given('beta') && given('degree')) {
    throw new UsageError('--beta makes the interaction exponential and --degree a power: give one of them')
  }
  if (flags.rectified && flags.degree === undefined) throw new UsageError('--rectified needs --degree')
}

/** A memory that flips neurons, with the patterns in it. */
export function sweepingMemory(flags: ModelFlags, { neurons, states, names }: PatternSet): SweepingMemory {
  if (flags.model === 'dense')
    return new DenseAssociativeMemory({ neurons, interaction: interactionOf(flags) }).store(states)
  const { weights, learning } = flags
  if (learning !== undefined) {
    const form = weights === undefined ? {} : { weights }
    return new HopfieldNetwork({ neurons, learning: learning.learning, ...form }).store(states)
  }
  return new HopfieldNetwork({ neurons, weights: weights ?? formFor(neurons, names.length) }).store(states)
}

export function modernMemory(
  { beta = DEFAULT_BETA }: ModelFlags,
  { neurons, states }: PatternSet,
): ModernHopfield {
  const capacity = states.length / neurons
  return new ModernHopfield({ dimension: neurons, beta, capacity }).store(Float32Array.from(states))
}

/** What the report says of a model beside its name. */
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

/** Beyond P = N the matrix is the smaller and the faster form, as long as it fits in memory with ease. */
function formFor(neurons: number, patterns: number): 'implicit' | 'dense' {
  return patterns > neurons && neurons <= 8192 ? 'dense' : 'implicit'
}
