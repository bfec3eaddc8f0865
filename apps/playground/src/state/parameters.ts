import type { Picture } from './picture.js'

/** What all kinds of parameters have. */
interface Common {
  /** Beside the control. */
  readonly label: string
  /** A sentence on what it does, shown under the pointer and read to screen readers. */
  readonly help?: string
  /** A key that moves it: on, or back with Shift. */
  readonly key?: string
}

/** A number on a slider. */
export interface NumberParameter extends Common {
  readonly kind: 'number'
  readonly min: number
  readonly max: number
  /** The distance of its values, from `min` on. */
  readonly step: number
  readonly default: number
  /** Behind the number, as in ' %'. */
  readonly unit?: string
}

/** One of several words. */
export interface ChoiceParameter extends Common {
  readonly kind: 'choice'
  /** Value in the address → words on the page. */
  readonly choices: Readonly<Record<string, string>>
  readonly default: string
}

/** On or off. */
export interface SwitchParameter extends Common {
  readonly kind: 'switch'
  readonly default: boolean
}

/** A whole number that chance starts from, with a button for another one. */
export interface SeedParameter extends Common {
  readonly kind: 'seed'
  readonly default: number
}

/** Pictures that a visitor made; none by default. Views make them; there is no control. */
export interface PicturesParameter extends Common {
  readonly kind: 'pictures'
  /** The most pictures there can be. */
  readonly most: number
}

export type Parameter =
  | NumberParameter
  | ChoiceParameter
  | SwitchParameter
  | SeedParameter
  | PicturesParameter

/** The parameters of a scene by name. A name is a word in the address. */
export type Parameters = Readonly<Record<string, Parameter>>

type ValueOf<P extends Parameter> = P extends NumberParameter | SeedParameter
  ? number
  : P extends { kind: 'choice'; choices: infer Choices }
    ? `${keyof Choices & (string | number)}`
    : P extends SwitchParameter
      ? boolean
      : readonly Picture[]

/** A value for each parameter. */
export type Values<P extends Parameters> = { readonly [Name in keyof P]: ValueOf<P[Name]> }

/** Values of parameters that are not known in types. */
export type AnyValue = number | string | boolean | readonly Picture[]
export type AnyValues = Readonly<Record<string, AnyValue>>

/** The largest seed: what fits into the box that shows it. */
export const LARGEST_SEED = 999_999

const NO_PICTURES: readonly Picture[] = []

export function defaultOf(parameter: Parameter): AnyValue {
  return parameter.kind === 'pictures' ? NO_PICTURES : parameter.default
}

export function defaultsOf<P extends Parameters>(parameters: P): Values<P> {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, parameter]) => [name, defaultOf(parameter)]),
  ) as Values<P>
}

/** The value of a number parameter that is nearest to the given one. */
export function nearestValue({ min, max, step }: NumberParameter, value: number): number {
  const steps = Math.round((Math.min(max, Math.max(min, value)) - min) / step)
  const most = Math.floor((max - min) / step + 1e-9)
  return rounded(min + Math.min(steps, most) * step)
}

/** Without the dust that multiples of 0.1 collect. */
function rounded(value: number): number {
  return Number(value.toFixed(9))
}

/** The value that a parameter's key gives: the next one, or with `back` the one before. Undefined where a key does not move it. */
export function moved(parameter: Parameter, value: AnyValue, back: boolean): AnyValue | undefined {
  const by = back ? -1 : 1
  switch (parameter.kind) {
    case 'number':
      return nearestValue(parameter, (value as number) + by * keyStep(parameter))
    case 'seed':
      return Math.min(LARGEST_SEED, Math.max(0, (value as number) + by))
    case 'switch':
      return !value
    case 'choice': {
      const names = Object.keys(parameter.choices)
      return names[(names.indexOf(value as string) + by + names.length) % names.length]
    }
    case 'pictures':
      return undefined
  }
}

/** Some twenty presses of a key cross the range. */
function keyStep({ min, max, step }: NumberParameter): number {
  return Math.max(1, Math.round((max - min) / step / 20)) * step
}

/** What the parameter expects, in words. */
export function expectation(parameter: Parameter): string {
  switch (parameter.kind) {
    case 'number':
      return `a number from ${parameter.min} to ${parameter.max} in steps of ${parameter.step}`
    case 'seed':
      return `a whole number from 0 to ${LARGEST_SEED}`
    case 'switch':
      return 'yes or no'
    case 'choice':
      return `one of ${Object.keys(parameter.choices).join(', ')}`
    case 'pictures':
      return `at most ${parameter.most} pictures`
  }
}
