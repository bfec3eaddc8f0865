// Measures

// Analysis
export { type Basin, type BasinOptions, basin } from './analysis/basin.js'
export type { Classification, MixtureMember } from './analysis/classify.js'
export { type FixedPoints, fixedPoints } from './analysis/fixed-points.js'
export { type LoadedNetwork, type LoadReport, loadReport } from './analysis/load-report.js'
export type { FieldNetwork, RecallNetwork, StateNetwork, StoredPatterns } from './analysis/network.js'
export {
  type RetrievalErrors,
  type RetrievalErrorsOptions,
  retrievalErrors,
} from './analysis/retrieval-errors.js'
export { type Crosstalk, crosstalk, type Stability, stability } from './analysis/stability.js'
export {
  type Capacity,
  type CapacityRule,
  capacity,
  perceptronCapacity,
  type WillshawOptions,
  willshawFill,
} from './analysis/theory/capacity.js'
export { type OneStepErrorOptions, oneStepError, oneStepErrorLimit } from './analysis/theory/one-step.js'
export {
  dilutedOverlap,
  retrievalOverlap,
  sequenceOverlap,
  thermalOverlap,
} from './analysis/theory/overlaps.js'
// Long calls
export type { Progress } from './async/chunks.js'
export type { AsyncOptions } from './async/options.js'
// Errors
export { HopfieldError, type HopfieldErrorCode } from './errors.js'
// Files
export { formatNpy, type NpyArray, type NpyData, parseNpy } from './io/npy.js'
export type { Activation, Order, Separator, Similarity, Tie } from './kernels/kernels.js'
// Backend
export { type BackendChoice, type BackendInfo, backend } from './kernels/select.js'
// Learning
export type { CustomRule } from './learning/custom.js'
export type { SparseMatrix, WeightsOptions } from './learning/options.js'
export type { LearningReport } from './learning/report.js'
export type { LearningRule } from './learning/rules.js'
// Networks
export { type AttentionOptions, attention } from './networks/attention.js'
export {
  BidirectionalMemory,
  type BidirectionalMemoryOptions,
  type BidirectionalOptions,
} from './networks/bidirectional-memory.js'
export {
  type ContinuousBatchResult,
  ContinuousHopfield,
  type ContinuousHopfieldOptions,
  type ContinuousResult,
  type ContinuousTrace,
} from './networks/continuous-hopfield.js'
export {
  DenseAssociativeMemory,
  type DenseAssociativeMemoryOptions,
} from './networks/dense-associative-memory.js'
export { HopfieldNetwork, type HopfieldNetworkOptions, type StateOptions } from './networks/hopfield.js'
export type { IntegrationAsyncOptions, IntegrationOptions } from './networks/integration-options.js'
export type { Interaction } from './networks/interaction.js'
export {
  type FixedPointKind,
  ModernHopfield,
  type ModernHopfieldOptions,
  type RetrievalBatchResult,
  type RetrievalResult,
  type TopPatterns,
} from './networks/modern-hopfield.js'
export type { BidirectionalCue, BidirectionalResult } from './networks/pair-batch.js'
export {
  type AsyncMemory,
  type BatchedRecallOptions,
  RecallBatcher,
  type RecallBatcherOptions,
} from './networks/recall-batcher.js'
export type { RecallAsyncOptions, RecallBatchOptions, RecallOptions } from './networks/recall-options.js'
export type { BatchResult, RecallResult, RecallTrace } from './networks/results.js'
export type { RetrievalAsyncOptions, RetrievalOptions } from './networks/retrieval-options.js'
export type { SampleAsyncOptions, SampleOptions, SampleResult } from './networks/sampling.js'
export type { SharedNetwork } from './networks/shared-network.js'
export {
  SparseAssociativeMemory,
  type SparseAssociativeMemoryOptions,
  type SparseRecallOptions,
  type SparseRecallResult,
  type SparseRule,
} from './networks/sparse-associative-memory.js'
export type { Temperature, TemperatureSchedule } from './networks/temperature.js'
export { type CodeLike, type CodesLike, type RandomCodesOptions, randomCodes } from './patterns/codes.js'
// Patterns
export { addNoise, type MaskOptions, mask, type NoiseOptions } from './patterns/corruption.js'
export { binary, bipolar, formatGlyph } from './patterns/glyphs.js'
export type { Nearest } from './patterns/nearest.js'
export { PackedPatterns } from './patterns/packed-patterns.js'
export { type RandomPatternsOptions, randomPatterns } from './patterns/random.js'
export type { StateLike, StatesLike } from './patterns/states.js'
export type { VectorLike, VectorsLike } from './patterns/vectors.js'
// Weights
export type { Connections } from './weights/connections.js'
