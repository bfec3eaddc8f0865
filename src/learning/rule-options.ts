import { checkBoolean, checkChoice, checkInteger, checkNumber, seedWords } from '../input/validate.js'
import type { RuleOption } from './rule.js'

export function integer(usual: number, least: number, most: number): RuleOption<number> {
  return { default: usual, read: (name, value) => checkInteger(name, value, least, most) }
}

export function number(usual: number, least: number, most: number): RuleOption<number> {
  return { default: usual, read: (name, value) => checkNumber(name, value, least, most) }
}

export function boolean(usual: boolean): RuleOption<boolean> {
  return { default: usual, read: checkBoolean }
}

export function choice<T extends string>(usual: T, choices: readonly T[]): RuleOption<T> {
  return { default: usual, read: (name, value) => checkChoice(name, value, choices) }
}

export function seed(): RuleOption<number | bigint> {
  return {
    default: 0,
    read(_, value) {
      seedWords(value)
      return value as number | bigint
    },
  }
}

/** The same option with a default that the rule computes. @param usual the default in words. */
export function optional<T>(option: RuleOption<T>, usual: string): RuleOption<T | undefined> {
  return { ...option, default: undefined, usual }
}
