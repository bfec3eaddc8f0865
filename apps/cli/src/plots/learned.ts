import type { Command } from 'commander'
import { Option } from 'commander'
import { HopfieldNetwork } from 'hopfield-native'
import { UsageError } from '../errors.js'
import { runExperiment } from '../experiment.js'
import { learningRule, type NamedRule } from '../learning.js'
import type { Grid, PatternSet } from '../patterns.js'
import { isUnifont, readPatterns } from '../readers/index.js'
import { arrayOption, invertOption, rangeOption, sizeOption } from '../readers/options.js'
import type { CodePoints } from '../readers/ranges.js'
import { storeAll } from '../storing.js'
import { collect } from '../values.js'
import type { Watching } from '../watched.js'

/** Which patterns a network learns, and how. */
export interface LearnedFlags {
  readonly store?: string[]
  readonly range?: CodePoints
  readonly invert?: true
  readonly size?: Grid
  readonly array?: string
  readonly learning?: NamedRule
}

export function learnedOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--store <files...>', 'patterns to store (default: the letters of the demo)').argParser(
        collect,
      ),
    )
    .addOption(rangeOption())
    .addOption(invertOption('+1'))
    .addOption(sizeOption())
    .addOption(arrayOption())
    .addOption(
      new Option(
        '--learning <rule>',
        'the learning rule, written as for hopfield rules (default: hebbian)',
      ).argParser((text) => learningRule(text)),
    )
}

/** The patterns that were named, or the letters of the demo. */
async function patternsOf({ store, range, invert, size, array }: LearnedFlags): Promise<PatternSet> {
  if (range !== undefined && !store?.some(isUnifont)) {
    throw new UsageError('--range chooses glyphs of a .hex file, but --store names none')
  }
  if (store !== undefined) return readPatterns(store, { range, invert: invert ?? false, size, array })
  const { patterns, names } = runExperiment()
  const states = Int8Array.from(patterns.flatMap((letter) => Array.from(letter)))
  return { neurons: patterns[0].length, names, states, grid: { width: 5, height: 5 } }
}

/** A network that has learned the patterns. @param most neurons it may have */
export async function learned(
  flags: LearnedFlags,
  most: number,
  watching: Watching,
): Promise<{ set: PatternSet; network: HopfieldNetwork; rule: string }> {
  const set = await patternsOf(flags)
  if (set.neurons > most) {
    throw new UsageError(
      `patterns of ${set.neurons} neurons cannot be drawn here: at most ${most}; --size scales images`,
    )
  }
  const { name: rule, learning } = flags.learning ?? learningRule('hebbian')
  const network = new HopfieldNetwork({ neurons: set.neurons, learning })
  await storeAll(network, set, undefined, watching)
  return { set, network, rule }
}
