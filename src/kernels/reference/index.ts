import { oneAtATime } from '../../platform/turn.js'
import { BESIDE, type Beside, type Kernels } from '../contract/kernels.js'
import { associate } from './association.js'
import { bidirectional, bidirectionalAsync } from './bidirectional.js'
import { bounded, clipped } from './bounded.js'
import { recallCodes, recallCodesAsync } from './codes.js'
import { externalDot } from './energy.js'
import { connectionWeights, correlations, formWeights, selfWeights } from './form-weights.js'
import { localFields, quadratics } from './forms.js'
import { gradedEnergies, gradedSlopes, integrate, integrateAsync, integrateTraced } from './graded.js'
import { hebbian, quotients } from './hebbian.js'
import { border, responses, retire } from './inverse.js'
import { minimalOverlap } from './minimal-overlap.js'
import { interleave, nearest } from './nearest.js'
import { overlaps } from './overlap.js'
import { pack, transpose, unpack } from './pack.js'
import { perceptron } from './perceptron.js'
import { philox } from './random.js'
import { recall, recallAsync, recallTraced } from './recall.js'
import { keyNorms, logits, retrieve, retrieveAsync } from './retrieval.js'
import { signedSums } from './signed-sums.js'
import { rankOne, storkey } from './storkey.js'
import { willshawStore } from './willshaw.js'

type Kernel = (...given: unknown[]) => unknown

/** Computes in a later turn of the event loop, and in one piece. */
const beside = Object.fromEntries(
  BESIDE.map((name) => [
    name,
    (...given: unknown[]) => oneAtATime(() => (typescriptKernels[name] as Kernel)(...given)),
  ]),
) as unknown as Beside

/** The reference: written to be read, correct by comparison with theory, and always there. */
export const typescriptKernels: Kernels = {
  tier: 'typescript',
  parallel: false,
  mapFile: () => undefined,
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
  recallTraced,
  bidirectional,
  bidirectionalAsync,
  keyNorms,
  quantizedBytes: () => 0,
  quantizeKeys: () => {},
  logits,
  associate,
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
}
