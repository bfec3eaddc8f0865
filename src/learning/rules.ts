import { describe, HopfieldError } from '../errors.js'
import { checkChoice, isPlainObject, ownProperties } from '../input/validate.js'
import * as registry from './registry.js'
import type { Learners, Rule, RuleOption, Site } from './rule.js'

type Registered = (typeof registry)[keyof typeof registry]

type OptionsOf<R> = R extends Rule<infer Options, infer _> ? Options : never
type ReportOf<R> = R extends { learners(...given: never): Learners<infer Report> } ? Report : never
type Every<Union> = (Union extends unknown ? (each: Union) => void : never) extends (every: infer All) => void
  ? All
  : never

/** A learning rule with its options. A bare name stands for the rule with default options. */
export type LearningRule = OptionsOf<Registered>

/** The name of a learning rule. */
export type LearningRuleName = LearningRule['kind']

type Reports = Every<ReportOf<Registered>>

/** Report of the last learning run. Each field belongs to one rule or some; it is absent for the others. */
export type LearningReport = { readonly [Key in keyof Reports]?: Reports[Key] }

/** The default rule first, then the others by name. */
const RULES: readonly Rule[] = [...new Set([registry.hebbian, ...Object.values(registry)])]
const KINDS = RULES.map(({ kind }) => kind as LearningRuleName)

/** Facts about a rule, for lists. */
export interface LearningRuleInfo {
  readonly kind: LearningRuleName
  /** What it does, in one line. */
  readonly title: string
  /** Capacity for random patterns, in words. */
  readonly holds: string
  /** Its options and their defaults, in words. */
  readonly options: Readonly<Record<string, string>>
}

/** All learning rules: the default first, then the others by name. */
export const learningRules: readonly LearningRuleInfo[] = RULES.map(({ kind, title, holds, options }) => ({
  kind: kind as LearningRuleName,
  title,
  holds,
  options: Object.fromEntries(
    Object.entries<RuleOption<unknown>>(options).map(([name, option]) => [
      name,
      option.usual ?? String(option.default),
    ]),
  ),
}))

/** The registered rule with this name, if there is one. */
export function ruleOf(kind: string | undefined): Rule | undefined {
  return RULES.find((rule) => rule.kind === kind)
}

/** A rule and its options, checked. */
export interface CheckedRule {
  readonly kind: LearningRuleName
  /** Its options after the check, all of them. */
  readonly settings: Readonly<Record<string, unknown>>
  learners(site: Site): Learners
}

/** A rule by name or with options. Throws HopfieldError naming the option that is wrong. */
export function readRule(given: unknown): CheckedRule {
  if (typeof given === 'string') return readRule({ kind: given })
  if (!isPlainObject(given)) {
    throw new HopfieldError(
      'ERR_HOPFIELD_TYPE',
      `learning: expected a rule's name, options or a function, got ${describe(given)}`,
    )
  }
  const options = ownProperties(given)
  if (options['kind'] === undefined && options['rule'] !== undefined) {
    throw new HopfieldError(
      'ERR_HOPFIELD_OPTION',
      `learning.rule: it is now called kind; write { kind: ${describe(options['rule'])}, … }`,
    )
  }
  const kind = checkChoice('learning', options['kind'], KINDS)
  const rule = ruleOf(kind) as Rule
  const names = ['kind', ...Object.keys(rule.options)]
  const strange = Object.keys(options).find((name) => !names.includes(name))
  if (strange !== undefined) {
    throw new HopfieldError(
      'ERR_HOPFIELD_OPTION',
      `learning: unknown option ${JSON.stringify(strange)}; known: ${names.join(', ')}`,
    )
  }
  const settings = Object.fromEntries(
    Object.entries<RuleOption<unknown>>(rule.options).map(([name, option]) => {
      const value = options[name]
      return [name, value === undefined ? option.default : option.read(`learning.${name}`, value)]
    }),
  )
  return { kind, settings, learners: (site) => rule.learners(site, settings as never) }
}
