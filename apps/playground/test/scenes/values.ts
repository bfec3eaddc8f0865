import { defaultsOf, type Parameters, type Values } from '../../src/state/parameters.js'

/** The values of a scene, of which some are not the usual ones. */
export function valuesOf<P extends Parameters>(parameters: P, some: Partial<Values<P>> = {}): Values<P> {
  return { ...defaultsOf(parameters), ...some }
}

interface Running<Frame> {
  advance(): boolean
  frame(): Frame
}

/** The frame after so many turns, or when there is no more to do. */
export function frameAfter<Frame>(model: Running<Frame>, turns = Number.POSITIVE_INFINITY): Frame {
  let more = true
  for (let k = 0; k < turns && more; k++) more = model.advance()
  return model.frame()
}
