// Memories

export { type AnyMemory, fromBytes, fromShared, load } from './memories/any/load.js'
export {
  type BackendOptions,
  backend,
  type ReadyOptions,
  ready,
  wasmBytes,
} from './memories/backend-option.js'
export {
  type BidirectionalAsyncOptions,
  type BidirectionalBatchOptions,
  BidirectionalMemory,
  type BidirectionalMemoryOptions,
  type BidirectionalOptions,
} from './memories/bidirectional/bidirectional-memory.js'
export type {
  BidirectionalBatchResult,
  BidirectionalCue,
  BidirectionalCues,
  BidirectionalResult,
} from './memories/bidirectional/pair-job.js'
export type { Classification, MixtureMember } from './memories/bipolar/classify.js'
export type { NearestAsyncOptions } from './memories/bipolar/nearest-options.js'
export type {
  RecallAsyncOptions,
  RecallBatchOptions,
  RecallOptions,
  StateAsyncOptions,
  StateOptions,
} from './memories/bipolar/recall-options.js'
export type { BatchResult, RecallResult, RecallTrace, Traced } from './memories/bipolar/recall-result.js'
export type { Temperature, TemperatureSchedule } from './memories/bipolar/temperature.js'
export { type BoltzmannGradient, BoltzmannMachine } from './memories/boltzmann/boltzmann-machine.js'
export type {
  BoltzmannFitAsyncOptions,
  BoltzmannFitOptions,
  BoltzmannMachineOptions,
  BoltzmannRecallAsyncOptions,
  BoltzmannRecallOptions,
  BoltzmannSampleAsyncOptions,
  BoltzmannSampleOptions,
} from './memories/boltzmann/boltzmann-options.js'
export type { CompletionBatchResult, CompletionResult } from './memories/boltzmann/completion-job.js'
export type { BoltzmannSamples } from './memories/boltzmann/coupled-chains.js'
export type { Gradient } from './memories/boltzmann/exact-gradient.js'
export type { FitAsyncOptions, FitOptions, FitReport } from './memories/boltzmann/fit-options.js'
export type { LogLikelihood } from './memories/boltzmann/likelihood.js'
export type { LogPartition } from './memories/boltzmann/partition.js'
export { RestrictedBoltzmannMachine } from './memories/boltzmann/restricted-boltzmann-machine.js'
export type {
  CompletionAsyncOptions,
  CompletionOptions,
  PartitionAsyncOptions,
  PartitionOptions,
  RestrictedBoltzmannMachineOptions,
} from './memories/boltzmann/restricted-options.js'
export type {
  UnitSampleAsyncOptions,
  UnitSampleOptions,
  UnitSamples,
} from './memories/boltzmann/walking.js'
export {
  ContinuousHopfield,
  type ContinuousHopfieldOptions,
  type OutputOptions,
} from './memories/continuous/continuous-hopfield.js'
export type {
  ContinuousBatchResult,
  ContinuousResult,
  ContinuousTrace,
} from './memories/continuous/integration-job.js'
export type {
  IntegrationAsyncOptions,
  IntegrationOptions,
} from './memories/continuous/integration-options.js'
export type { BallExactness, BallMinimum } from './memories/dense/ball.js'
export {
  DenseAssociativeMemory,
  type DenseAssociativeMemoryOptions,
} from './memories/dense/dense-associative-memory.js'
export type { Interaction } from './memories/dense/interaction-options.js'
export type {
  FeatureRecallAsyncOptions,
  FeatureRecallOptions,
  FeatureVectors,
  RandomFeatureMemoryOptions,
} from './memories/features/feature-options.js'
export type { FeatureRecallBatchResult, FeatureRecallResult } from './memories/features/feature-recall-job.js'
export { RandomFeatureMemory } from './memories/features/random-feature-memory.js'
export {
  HopfieldNetwork,
  type HopfieldNetworkOptions,
  type WeightsOut,
} from './memories/hopfield/hopfield-network.js'
export type { SampleAsyncOptions, SampleOptions, SampleResult } from './memories/hopfield/sampling.js'
export type { Id, PatternKey } from './memories/ids/ids.js'
export type { FromBytesOptions, LoadOptions, SaveOptions } from './memories/keeping.js'
export type { Kept } from './memories/kept.js'
export type { KeptMemory } from './memories/kept-memory.js'
export {
  AssociativeMemory,
  type ForgetOptions,
  type StoreAsyncOptions,
  type StoreOptions,
} from './memories/memory.js'
export { type AttentionOptions, attention } from './memories/modern/attention.js'
export type { Separation } from './memories/modern/comparing-options.js'
export type { Exactness } from './memories/modern/exactness.js'
export type { Minimum } from './memories/modern/minima.js'
export { ModernHopfield } from './memories/modern/modern-hopfield.js'
export type {
  FixedPointKind,
  ModernHopfieldOptions,
  StoreKeysAsyncOptions,
  StoreKeysOptions,
  TopAsyncOptions,
  TopBatch,
  TopOptions,
  TopPatterns,
} from './memories/modern/modern-options.js'
export type { KeyFacts, KeyStep, KeySums, PartialOptions, PeaksOptions } from './memories/modern/partial.js'
export type { RetrievalBatchResult, RetrievalResult } from './memories/modern/retrieval-job.js'
export type { RetrievalAsyncOptions, RetrievalOptions } from './memories/modern/retrieval-options.js'
export type {
  FromSharedOptions,
  ShareAsyncOptions,
  SharedMemory,
  ShareOptions,
} from './memories/sharing.js'
export { SimilarityMap } from './memories/similarity/similarity-map.js'
export type {
  SimilarityFitAsyncOptions,
  SimilarityFitOptions,
  SimilarityMapOptions,
  SimilarityReport,
} from './memories/similarity/similarity-options.js'
export type { SparseBatchResult, SparseRecallResult } from './memories/sparse/code-job.js'
export {
  type ExpandAsyncOptions,
  type ExpandBatchOptions,
  Expansion,
  type ExpansionInput,
  type ExpansionInputs,
  type ExpansionOptions,
} from './memories/sparse/expansion.js'
export {
  SparseAssociativeMemory,
  type SparseAssociativeMemoryOptions,
  type SparseAsyncOptions,
  type SparseBatchOptions,
  type SparseRecallOptions,
  type SparseRule,
} from './memories/sparse/sparse-associative-memory.js'
export type { MinimaAsyncOptions, MinimaOptions } from './memories/subsets.js'

// Learning rules and connections

export { type CapacityRule, capacity } from './learning/capacity.js'
export type { CustomRule } from './learning/custom.js'
export type { Capacity } from './learning/rule.js'
export {
  type LearningReport,
  type LearningRule,
  type LearningRuleInfo,
  type LearningRuleName,
  learningRules,
} from './learning/rules.js'
export type { SparseMatrix, WeightsOptions } from './learning/weights-options.js'
export type { Connections } from './storage/connections.js'

// Patterns, states and codes

export { type CodeLike, type CodesLike, type RandomCodesOptions, randomCodes } from './input/codes.js'
export { binary, bipolar, formatGlyph } from './input/glyphs.js'
export type { Nearest, NearestOptions } from './input/nearest-patterns.js'
export { PackedPatterns } from './input/packed-patterns.js'
export type { StateLike, StatesLike } from './input/states.js'
export type { NumbersLike } from './input/typed-arrays.js'
export type { UnitRowLike, UnitRowsLike } from './input/unit-rows.js'
export type { VectorLike, VectorsLike } from './input/vectors.js'
export type {
  Activation,
  Order,
  Precision,
  Separator,
  Similarity,
  Tie,
  UnitKind,
} from './kernels/contract/kernels.js'
export { addNoise, type MaskOptions, mask, type NoiseOptions } from './patterns/corruption.js'
export { type RandomPatternsOptions, randomPatterns } from './patterns/random-patterns.js'
export { type VisitingOrderOptions, visitingOrder } from './patterns/visiting-order.js'

// Long calls

export type { AsyncOptions, WholeOptions } from './async/async-options.js'
export type { Progress } from './async/progress.js'
export type { BatchedRecallOptions, Gathered, GathererOptions } from './memories/batcher/cue-queue.js'
export type { AsyncMemory } from './memories/batcher/foreign-memory.js'
export { Gatherer } from './memories/batcher/gatherer.js'
export { RecallBatcher, type RecallBatcherOptions } from './memories/batcher/recall-batcher.js'
export type { Answers } from './memories/batcher/waiting-batch.js'

// Measures and theory

export { type Basin, type BasinAsyncOptions, type BasinOptions, basin, basinAsync } from './analysis/basin.js'
export {
  type FixedPoints,
  type FixedPointsAsyncOptions,
  fixedPoints,
  fixedPointsAsync,
} from './analysis/fixed-points.js'
export { type LoadedNetwork, type LoadReport, loadReport } from './analysis/load-report.js'
export type {
  AsyncRecallNetwork,
  FieldNetwork,
  RecallNetwork,
  StateNetwork,
  StoredPatterns,
} from './analysis/networks.js'
export {
  type RetrievalErrors,
  type RetrievalErrorsAsyncOptions,
  type RetrievalErrorsOptions,
  retrievalErrors,
  retrievalErrorsAsync,
} from './analysis/retrieval-errors.js'
export { type Crosstalk, crosstalk, type Stability, stability } from './analysis/stability.js'
export {
  type ExpansionOverlapLimitOptions,
  type ExpansionOverlapOptions,
  expansionOverlap,
  expansionOverlapLimit,
} from './analysis/theory/expansion-overlap.js'
export { type OneStepErrorOptions, oneStepError, oneStepErrorLimit } from './analysis/theory/one-step.js'
export {
  dilutedOverlap,
  retrievalOverlap,
  sequenceOverlap,
  thermalOverlap,
} from './analysis/theory/overlaps.js'
export {
  type CriticalLoads,
  type CriticalTemperatures,
  criticalLoads,
  criticalTemperatures,
} from './analysis/theory/phases.js'
export { perceptronCapacity, type WillshawOptions, willshawFill } from './analysis/theory/synapse-capacity.js'

// Errors, backends, files

export { HopfieldError, type HopfieldErrorCode } from './errors.js'
export type { BackendChoice, BackendInfo } from './kernels/select.js'
export { formatNpy, type NpyArray, parseNpy } from './storage/npy.js'
export type { NpyData } from './storage/npy-types.js'
export { formatNpz, type NpzOptions, parseNpz } from './storage/npz.js'
