// What page and worker say to each other. The page asks for a frame, and asks again when it has drawn it: at most one question is under
// way, so that nothing piles up behind a tab in the background, a slow view or a slider that moves.
import type { AnyValues } from '../state/parameters.js'

/** From the page. */
export type Question =
  | { readonly kind: 'open'; readonly run: number; readonly scene: string; readonly values: AnyValues }
  | {
      readonly kind: 'turn'
      readonly run: number
      /** Where they changed since the last turn. */
      readonly values?: AnyValues
      /** What the view asked for since then. */
      readonly commands: readonly unknown[]
      /** How many times the model goes on: 0 while it is stopped. */
      readonly advances: number
    }

/** From the worker. `run` says which scene it is for: a scene that was left is answered too. */
export type Answer =
  | {
      readonly kind: 'frame'
      readonly run: number
      readonly frame: object
      /** Whether the model has more to do. */
      readonly more: boolean
      /** Milliseconds it took. */
      readonly spent: number
    }
  | {
      readonly kind: 'ready'
      readonly run: number
      readonly backend: string
      /** Why it is not another one. */
      readonly reason?: string
    }
  | {
      readonly kind: 'failed'
      readonly run: number
      readonly message: string
      /** Whether the model is gone. */
      readonly ended: boolean
    }
