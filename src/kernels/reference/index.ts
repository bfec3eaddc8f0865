import { later } from '../../platform/turn.js'
import {
  BESIDE,
  BESIDE_ON_MEMORIES,
  type Beside,
  type Flag,
  type Kernels,
  stopped,
} from '../contract/kernels.js'
import { anneal, annealSteps, replicaQuadraticSteps, replicaQuadratics } from './annealing.js'
import { associate, associateSteps } from './association.js'
import { bidirectional, bidirectionalAsync } from './bidirectional.js'
import { bifurcate, bifurcateSteps } from './bifurcation.js'
import { bounded, boundedSteps, clipped, clippedSteps } from './bounded.js'
import { exchangeClusterSteps, exchangeClusters } from './clusters.js'
import { recallCodes, recallCodesAsync } from './codes.js'
import { ascend, rewired } from './connecting.js'
import { contrast, contrastSteps } from './contrast.js'
import { descend, descendSteps } from './descent.js'
import { externalDot } from './energy.js'
import { addFeatureSteps, addFeatures, askFeatureSteps, askFeatures } from './features.js'
import {
  connectionWeightSteps,
  connectionWeights,
  correlationSteps,
  correlations,
  formWeights,
  selfWeightSteps,
  selfWeights,
} from './form-weights.js'
import { localFieldSteps, localFields, quadraticSteps, quadratics } from './forms.js'
import { freeEnergies, freeEnergySteps, importance, importanceSteps } from './free-energies.js'
import { gibbs, gibbsSteps, hiddenMeanSteps, hiddenMeans, visibleMeanSteps, visibleMeans } from './gibbs.js'
import { gradedEnergies, gradedSlopes, integrate, integrateAsync, integrateTraced } from './graded.js'
import { hebbian, hebbianSteps, quotientSteps, quotients } from './hebbian.js'
import { border, borderSteps, responseSteps, responses, retire, retireSteps } from './inverse.js'
import { logPartitionSteps, logPartitions } from './log-partitions.js'
import { lowestStateSteps, lowestStates } from './lowest-states.js'
import { minimalOverlap, minimalOverlapSteps } from './minimal-overlap.js'
import { mostSimilar, mostSimilarSteps } from './most-similar.js'
import { interleave, interleaveSteps, nearest, nearestSteps } from './nearest.js'
import { overlapSteps, overlaps } from './overlap.js'
import { pack, transpose, transposeSteps, unpack } from './pack.js'
import { perceptron, perceptronSteps } from './perceptron.js'
import { philox } from './random.js'
import { recall, recallAsync, recallTraced, sample, sampleAsync } from './recall.js'
import { keyNormSteps, keyNorms, logitSteps, logits, retrieve, retrieveAsync } from './retrieval.js'
import { signedSums } from './signed-sums.js'
import { rankOne, rankOneSteps, storkey, storkeySteps } from './storkey.js'
import { tabu, tabuSteps } from './tabu.js'
import { willshawStore } from './willshaw.js'

/** The kernels that compute in later turns of the event loop, in steps. */
const STEPS: {
  readonly [Name in keyof Beside]: (
    ...given: Parameters<Kernels[Name]>
  ) => Generator<void, ReturnType<Kernels[Name]>>
} = {
  transpose: transposeSteps,
  overlaps: overlapSteps,
  interleave: interleaveSteps,
  nearest: nearestSteps,
  keyNorms: keyNormSteps,
  hebbian: hebbianSteps,
  quotients: quotientSteps,
  correlations: correlationSteps,
  storkey: storkeySteps,
  rankOne: rankOneSteps,
  border: borderSteps,
  retire: retireSteps,
  responses: responseSteps,
  perceptron: perceptronSteps,
  minimalOverlap: minimalOverlapSteps,
  bounded: boundedSteps,
  clipped: clippedSteps,
  lowestStates: lowestStateSteps,
  descend: descendSteps,
  tabu: tabuSteps,
  localFields: localFieldSteps,
  quadratics: quadraticSteps,
  connectionWeights: connectionWeightSteps,
  selfWeights: selfWeightSteps,
  logits: logitSteps,
  associate: associateSteps,
  mostSimilar: mostSimilarSteps,
  anneal: annealSteps,
  replicaQuadratics: replicaQuadraticSteps,
  exchangeClusters: exchangeClusterSteps,
  bifurcate: bifurcateSteps,
  hiddenMeans: hiddenMeanSteps,
  visibleMeans: visibleMeanSteps,
  gibbs: gibbsSteps,
  contrast: contrastSteps,
  freeEnergies: freeEnergySteps,
  importance: importanceSteps,
  logPartitions: logPartitionSteps,
  addFeatures: addFeatureSteps,
  askFeatures: askFeatureSteps,
}

type Steps = (...given: unknown[]) => Generator<void, unknown>

const beside = Object.fromEntries(
  [...BESIDE, ...BESIDE_ON_MEMORIES].map((name) => {
    const steps = STEPS[name] as Steps
    return [
      name,
      (...given: unknown[]) => {
        // Behind what the kernel itself takes.
        const flag = given[steps.length] as Flag | undefined
        return later(steps(...given), () => stopped(flag))
      },
    ]
  }),
) as unknown as Beside

/** The reference: written to be read, correct by comparison with theory, and always there. */
export const typescriptKernels: Kernels = {
  tier: 'typescript',
  parallel: false,
  mapFile: () => undefined,
  ready: () => Promise.resolve(),
  beside,
  allocate: (words, shared) =>
    shared ? new Uint32Array(new SharedArrayBuffer(words * 4)) : new Uint32Array(words),
  pack,
  unpack,
  transpose,
  overlaps,
  interleave,
  nearest,
  willshawStore,
  recallCodes,
  recallCodesAsync,
  hebbian,
  quotients,
  localFields,
  quadratics,
  externalDot,
  philox,
  recall,
  recallAsync,
  ascend,
  rewired,
  recallTraced,
  sample,
  sampleAsync,
  bidirectional,
  bidirectionalAsync,
  keyNorms,
  quantizedBytes: () => 0,
  quantizeKeys: () => {},
  logits,
  associate,
  mostSimilar,
  retrieve,
  retrieveAsync,
  gradedSlopes,
  gradedEnergies,
  integrate,
  integrateAsync,
  integrateTraced,
  formWeights,
  connectionWeights,
  selfWeights,
  correlations,
  signedSums,
  storkey,
  rankOne,
  border,
  retire,
  responses,
  perceptron,
  minimalOverlap,
  bounded,
  clipped,
  descend,
  lowestStates,
  tabu,
  anneal,
  replicaQuadratics,
  exchangeClusters,
  bifurcate,
  hiddenMeans,
  visibleMeans,
  gibbs,
  contrast,
  freeEnergies,
  importance,
  logPartitions,
  addFeatures,
  askFeatures,
}
