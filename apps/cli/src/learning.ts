import { InvalidArgumentError } from 'commander'
import { HopfieldError, HopfieldNetwork, type LearningRule } from 'hopfield-native'

/** A learning rule and how it was written. */
export interface NamedRule {
  readonly name: string
  readonly learning: LearningRule
}

/** Reads `storkey`, or a rule with options such as `perceptron:margin=0.5,maxEpochs=200`. The package checks name and options. */
export function learningRule(text: string): NamedRule {
  const [kind, ...rest] = text.split(':')
  const options = rest.length === 0 ? [] : rest.join(':').split(',')
  const entries = options.map((option) => {
    const [key, value, ...more] = option.split('=')
    if (key === '' || value === undefined || value === '' || more.length > 0) {
      throw new InvalidArgumentError(
        `Expected rule or rule:option=value,option=value, got ${JSON.stringify(option)} for an option.`,
      )
    }
    return [key, readValue(value)] as const
  })
  const learning = { ...Object.fromEntries(entries), kind } as unknown as LearningRule
  try {
    new HopfieldNetwork({ neurons: 2, learning })
  } catch (error) {
    if (error instanceof HopfieldError) throw new InvalidArgumentError(error.message)
    throw error
  }
  return { name: text, learning }
}

function readValue(text: string): string | number | boolean {
  if (text === 'true' || text === 'false') return text === 'true'
  const number = Number(text)
  return Number.isNaN(number) ? text : number
}

/** `--learning a --learning b` is a and b. */
export function collectRules(text: string, previous: readonly NamedRule[] | undefined): NamedRule[] {
  return [...(previous ?? []), learningRule(text)]
}
