import { type AnyMemory, HopfieldError } from 'hopfield-native'
import { BIDIRECTIONAL } from './kinds/bidirectional.js'
import { CONTINUOUS } from './kinds/continuous.js'
import { FEATURES } from './kinds/features.js'
import type { Kind } from './kinds/kind.js'
import { COUPLED, RESTRICTED } from './kinds/machines.js'
import { MODERN } from './kinds/modern.js'
import { SPARSE } from './kinds/sparse.js'
import { DENSE, HOPFIELD } from './kinds/spins.js'
import type { QuestionTable, ServedMemory } from './served-memory.js'

/** All classes that `load` opens. */
export const KINDS: readonly Kind[] = [
  HOPFIELD,
  DENSE,
  MODERN,
  FEATURES,
  CONTINUOUS,
  BIDIRECTIONAL,
  SPARSE,
  RESTRICTED,
  COUPLED,
]

/** Names of the classes that answer a question. */
export function answering(name: keyof QuestionTable): string[] {
  return KINDS.filter(({ questions }) => questions[name] !== undefined).map(({ Class }) => Class.name)
}

/**
 * The memory as the wire has it.
 * @throws HopfieldError ERR_HOPFIELD_OPTION for a memory that is not served.
 */
export function served(memory: AnyMemory): ServedMemory {
  const found = KINDS.find(({ Class }) => memory instanceof Class)
  if (found === undefined) {
    const known = KINDS.map(({ Class }) => Class.name).join(', ')
    throw new HopfieldError(
      'ERR_HOPFIELD_OPTION',
      `expected a memory of ${known}; this file holds a ${memory.constructor.name}`,
    )
  }
  const { Class, facts, count } = found
  const questions = Object.fromEntries(
    Object.entries(found.questions).map(([name, make]) => [name, make(memory)]),
  ) as unknown as QuestionTable
  const changes = found.changes?.(memory)
  return {
    kind: Class.name,
    questions,
    changes,
    get patternCount() {
      return count?.(memory) ?? memory.patternCount
    },
    facts: () => ({
      class: Class.name,
      ...Object.fromEntries(facts.map((name) => [name, memory[name]])),
      cue: questions.recall.cue.says,
      questions: Object.keys(questions),
      ...(changes && { pattern: changes.pattern.says }),
    }),
    save: (path) => memory.save(path),
  }
}
