// What a scene is made of; README.md says it in words.
import type { AnyValues, Parameters, Values } from '../state/parameters.js'

/** The half of a scene that computes, in the worker. */
export interface Model<P extends Parameters, Command, Frame extends object> {
  /** Takes new values, and says whether it can go on with them; where it cannot, a new model is made. */
  change?(values: Values<P>, before: Values<P>): boolean
  /** Does what the view asked for. */
  command?(command: Command): void
  /** Goes on for a few milliseconds. Says whether there is more to do. */
  advance(): boolean | Promise<boolean>
  /** What the view draws. Arrays in it are moved to the page, so they are copies. */
  frame(): Frame
}

export interface ModelModule<P extends Parameters, Command, Frame extends object> {
  create(values: Values<P>): Model<P, Command, Frame> | Promise<Model<P, Command, Frame>>
}

/** What the page gives to a view. */
export interface Stage<P extends Parameters, Command> {
  /** An empty element, for the view to fill. */
  readonly root: HTMLElement
  /** The parameters as they are now. */
  values(): Values<P>
  /** Changes parameters, as their controls do. */
  set(values: Partial<Values<P>>): void
  /** Sends a command to the model, with the next turn. */
  send(command: Command): void
  /** Runs or stops, as the button does; who asks for less motion presses it. */
  play(on: boolean): void
  /** Reads a sentence to screen readers. */
  say(text: string): void
  /** Shows a sentence on what went wrong and what to do. */
  warn(text: string): void
}

/** The half of a scene that draws, on the page. */
export interface View<Frame> {
  draw(frame: Frame): void
  /** The frame in a sentence or two, for those who do not see it. */
  describe(frame: Frame): string
  /** Draws again, in the colours that the page has now. */
  recolor?(): void
  /** Lets go of what is not on the page: timers, cameras. */
  close?(): void
}

/** The half of a scene that the page loads. */
export interface PageModule<P extends Parameters, Command, Frame extends object> {
  readonly parameters: P
  view(stage: Stage<P, Command>): View<Frame>
  /** What else changes where a visitor has changed something: a start that was painted makes way for one that is chosen. */
  also?(values: Values<P>, before: Values<P>): Partial<Values<P>>
  /** How many times a second the model goes on; without it, with every refresh of the screen. */
  rate?(values: Values<P>): number
  /** A program that does the same with the published package, under Node. */
  program(values: Values<P>): string | Promise<string>
}

/** The same with the types of one scene forgotten: the frame knows none. */
export interface AnyModelModule {
  create(values: AnyValues): Model<Parameters, unknown, object> | Promise<Model<Parameters, unknown, object>>
}
export interface AnyPageModule {
  readonly parameters: Parameters
  view(stage: Stage<Parameters, unknown>): View<object>
  also?(values: AnyValues, before: AnyValues): AnyValues
  rate?(values: AnyValues): number
  program(values: AnyValues): string | Promise<string>
}

/** Every model and page passes through here, so that its own types are checked and the frame need not know them. */
export function model<P extends Parameters, Command, Frame extends object>(
  module: ModelModule<P, Command, Frame>,
): AnyModelModule {
  return module as unknown as AnyModelModule
}
export function page<P extends Parameters, Command, Frame extends object>(
  module: PageModule<P, Command, Frame>,
): AnyPageModule {
  return module as unknown as AnyPageModule
}
