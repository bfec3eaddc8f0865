// Experiments of the field as functions: options in, measured points out.

export {
  type BasinCurve,
  type BasinCurveOptions,
  basinCurve,
} from './experiments/basin-curve.js'
export {
  type CapacityCurve,
  type CapacityCurveOptions,
  capacityCurve,
} from './experiments/capacity-curve.js'
export { type CodeCurve, type CodeCurveOptions, codeCurve } from './experiments/code-curve.js'
export type { Curve, Grid, Line, Points } from './experiments/curve.js'
export {
  type ErrorHistogram,
  type ErrorHistogramOptions,
  errorHistogram,
} from './experiments/error-histogram.js'
export {
  type OverlapCurves,
  type OverlapCurvesOptions,
  overlapCurves,
} from './experiments/overlap-curves.js'
export {
  type PalimpsestCurve,
  type PalimpsestCurveOptions,
  palimpsestCurve,
} from './experiments/palimpsest-curve.js'
export {
  type PhaseDiagram,
  type PhaseDiagramOptions,
  type PhaseLines,
  phaseDiagram,
  phaseLines,
} from './experiments/phase-diagram.js'
export type { ExperimentMemory, Site } from './experiments/population.js'
export {
  type SeparationCurve,
  type SeparationCurveOptions,
  separationCurve,
} from './experiments/separation-curve.js'
export {
  type SequenceCurve,
  type SequenceCurveOptions,
  sequenceCurve,
} from './experiments/sequence-curve.js'
export {
  type SpuriousCensus,
  type SpuriousCensusOptions,
  spuriousCensus,
} from './experiments/spurious-census.js'
