import { type Memory, OUTCOME, type RecallPlan } from '../../src/kernels/contract/kernels.js'
import { columnWords, paddedStride, rowWords, spin } from '../../src/kernels/contract/layout.js'
import { typescriptKernels as kernels } from '../../src/kernels/reference/index.js'
import { digest, patterns, row } from './cases.js'

/** Recalls from weights of every form, warm and cold, by digest. Repeated in native/test/vectors_test.cc. */
export interface FormCase {
  neurons: number
  count: number
  seed: number
  recalls: FormRecall[]
}

interface FormRecall {
  form: string
  fields: string
  quadratics: string
  /** Of seven cues: cold and asynchronous, warm and synchronous, cooling in cyclic order. */
  ends: string[]
  /** The same plans, three times two sweeps of each cue. */
  samples: string[]
}

const FORMS = [
  'implicit',
  'diagonal',
  'matrix',
  'centred',
  'shift',
  'int32',
  'float32',
  'float64',
  'bits',
  'sparse32',
  'sparse64',
  'constant',
  'sparse-constant',
]
const SIZES: [neurons: number, count: number][] = [
  [1, 1], [7, 3], [8, 2], [33, 9], [65, 8], [130, 65], [129, 9], [192, 20], [256, 8],
] // biome-ignore format: a table
const CUES = 7

export function makeFormCases(): FormCase[] {
  return SIZES.map(([neurons, count], index) => ({
    neurons,
    count,
    seed: 7000 + index,
    recalls: FORMS.map((form) => makeRecall(form, neurons, count, 7000 + index)),
  }))
}

/** A whole number from −5 to 5, and a real one. */
const whole = (i: number, j: number): number => ((7 * i + 3 * j + i * j) % 11) - 5
const real = (i: number, j: number): number => whole(i, j) / (1 + ((i + 2 * j) % 13))

function makeMemory(form: string, neurons: number, count: number, seed: number): Memory {
  const rows = patterns(neurons, count, 'random', seed)
  const columns = new Uint32Array(neurons * columnWords(count))
  kernels.transpose(rows, count, neurons, columns)
  const plain = { neurons, count, rows }
  const stride = paddedStride(neurons)
  const filled = <Numbers extends Int32Array | Float32Array | Float64Array>(
    out: Numbers,
    at: (i: number, j: number) => number,
  ): Numbers => {
    for (let i = 0; i < neurons; i++) for (let j = 0; j < neurons; j++) out[i * stride + j] = at(i, j)
    return out
  }
  switch (form) {
    case 'implicit':
      return { form, ...plain, columns }
    case 'int32':
      return { form: 'matrix', ...plain, weights: filled(new Int32Array(neurons * stride), whole), symmetric: false }
    case 'float32':
      return { form: 'matrix', ...plain, weights: filled(new Float32Array(neurons * stride), real), symmetric: false }
    case 'float64':
      return { form: 'matrix', ...plain, weights: filled(new Float64Array(neurons * stride), real), symmetric: false }
    case 'bits': {
      const weights = new Uint32Array(neurons * rowWords(neurons))
      for (let i = 0; i < neurons; i++) weights.set(row(neurons, seed, 9, i), i * rowWords(neurons))
      return { form, ...plain, weights }
    }
    case 'constant':
    case 'sparse-constant': {
      const values = Float64Array.from({ length: neurons }, (_, i) => whole(i, 3))
      const weights = makeMemory(form === 'constant' ? 'centred' : 'sparse32', neurons, count, seed)
      return { ...weights, constant: { unit: 3, values } } as Memory
    }
    case 'sparse32':
    case 'sparse64': {
      // Neuron i hears i + 1, i + 3, … of all; who is heard by whom is left out, which changes nothing.
      const degree = Math.min(5, neurons)
      const starts = Uint32Array.from({ length: neurons + 1 }, (_, i) => i * degree)
      const sources = Uint32Array.from(
        { length: neurons * degree },
        (_, k) => (Math.floor(k / degree) + 1 + 2 * (k % degree)) % neurons,
      )
      const at = (k: number): number => (form === 'sparse32' ? whole : real)(Math.floor(k / degree), k % degree)
      const values = Float64Array.from(sources, (_, k) => at(k))
      return {
        form: 'sparse',
        ...plain,
        starts,
        sources,
        weights: form === 'sparse32' ? Int32Array.from(values) : values,
        targetStarts: new Uint32Array(0),
        targets: new Uint32Array(0),
        targetWeights: new Int32Array(0),
      }
    }
    default: {
      const width = paddedStride(count)
      const symmetric = (mu: number, nu: number): number => whole(Math.min(mu, nu), Math.max(mu, nu))
      const couplings = new Float64Array(form === 'diagonal' ? count : form === 'matrix' ? count * width : 0)
      const responses = new Float64Array(form === 'matrix' ? neurons * width : 0)
      for (let mu = 0; mu < count && form !== 'centred' && form !== 'shift'; mu++) {
        if (form === 'diagonal') couplings[mu] = whole(mu, 1)
        for (let nu = 0; nu < count && form === 'matrix'; nu++) {
          couplings[mu * width + nu] = symmetric(mu, nu)
          for (let i = 0; i < neurons; i++) {
            responses[i * width + mu] += symmetric(mu, nu) * spin(columns, nu, i * columnWords(count))
          }
        }
      }
      return {
        form: 'coupled',
        ...plain,
        columns,
        coupling: form as 'diagonal' | 'matrix' | 'centred' | 'shift',
        couplings,
        lag: 1,
        cyclic: true,
        selfWeights: Float64Array.from({ length: neurons }, (_, i) => whole(i, 2)),
        responses,
      }
    }
  }
}

function makeRecall(form: string, neurons: number, count: number, seed: number): FormRecall {
  const memory = makeMemory(form, neurons, count, seed)
  const stride = rowWords(neurons)
  const cues = new Uint32Array(CUES * stride)
  for (let b = 0; b < CUES; b++) cues.set(row(neurons, seed, 8, b), b * stride)
  const fields = new Float64Array(neurons)
  kernels.localFields(memory, cues.subarray(0, stride), fields)
  const quadratics = new Float64Array(CUES)
  kernels.quadratics(memory, cues, CUES, quadratics)
  const plan: RecallPlan = {
    dynamics: 'asynchronous',
    order: 'random',
    tie: 'keep',
    maxSweeps: 6,
    temperatures: undefined,
    firstSweep: 3,
    seedLow: seed,
    seedHigh: 1,
    stream: 5,
    streams: undefined,
    scale: 3,
    externalField: undefined,
    clamp: undefined,
  }
  const plans: RecallPlan[] = [
    plan,
    { ...plan, dynamics: 'synchronous', temperatures: Float64Array.of(2, 0.5) },
    { ...plan, order: 'cyclic', temperatures: Float64Array.of(4, 1, 0) },
    { ...plan, order: 'cyclic', temperatures: Float64Array.of(1.5) },
  ]
  const ends = plans.map((own) => {
    const states = new Uint32Array(cues.length)
    const outcomes = new Float64Array(CUES * OUTCOME.length)
    kernels.recall(memory, cues, CUES, own, states, outcomes)
    return digest(states) + digest(outcomes)
  })
  const samples = plans.map((own) => {
    const rows = cues.slice()
    const states = new Uint32Array(3 * cues.length)
    const outcomes = new Float64Array(3 * CUES * OUTCOME.length)
    const sums = new Int32Array(CUES * neurons).fill(1)
    kernels.sample(memory, rows, CUES, { ...own, maxSweeps: 2 }, 3, states, outcomes, sums)
    return digest(rows) + digest(states) + digest(outcomes) + digest(sums)
  })
  return { form, fields: digest(fields), quadratics: digest(quadratics), ends, samples }
}
