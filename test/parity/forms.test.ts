import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type ConstantField,
  type CoupledMemory,
  type Memory,
  OUTCOME,
  type RecallPlan,
  type SparseMemory,
} from '../../src/kernels/contract/kernels.js'
import { paddedStride, rowWords, spin } from '../../src/kernels/contract/layout.js'
import { typescriptKernels as reference } from '../../src/kernels/reference/index.js'
import { expectSame } from '../helpers/bytes.js'
import { NATIVE_TIERS, EVERY_TIER as tier } from '../helpers/tiers.js'
import {
  columnsOf,
  cueRow,
  EDGES,
  hebbianMatrix,
  implicitMemory,
  type PlanChoice,
  patternRows,
  planChoices,
  planOf,
  randomRow,
  type Shape,
} from './inputs.js'

const SEED = 20261126

const KINDS = [
  'diagonal',
  'matrix',
  'centred',
  'shift',
  'int32',
  'float32',
  'float64',
  'bits',
  'sparse-int32',
  'sparse-float64',
  'centred-constant',
  'sparse-constant',
] as const
type FormKind = (typeof KINDS)[number]

/** Words of no order, as many as asked. */
function words(seed: number, stream: number, length: number): Uint32Array {
  const out = new Uint32Array(Math.max(1, length))
  reference.philox(seed, 1, 0x80000001, stream, 0, out)
  return out
}

/** Few whole numbers, so that fields tie; or reals of many sizes. */
function numbers(seed: number, length: number, whole: boolean): Float64Array {
  const w = words(seed, 11, length)
  return Float64Array.from({ length }, (_, k) =>
    whole ? (w[k] % 7) - 3 : ((w[k] >>> 8) - 2 ** 23) * 2 ** ((w[k] % 40) - 40),
  )
}

function padded<Numbers extends Int32Array | Float32Array | Float64Array>(
  out: Numbers,
  values: Float64Array,
  neurons: number,
  symmetric: boolean,
): Numbers {
  const stride = paddedStride(neurons)
  for (let i = 0; i < neurons; i++) {
    for (let j = 0; j < neurons; j++) {
      const at = symmetric && j < i ? j * neurons + i : i * neurons + j
      out[i * stride + j] = i === j ? 0 : values[at]
    }
  }
  return out
}

function votes(shape: Shape, coupling: CoupledMemory['coupling']): CoupledMemory {
  const { neurons, count, seed } = shape
  const rows = patternRows(shape)
  const columns = columnsOf(shape, rows)
  const stride = paddedStride(count)
  const couplings =
    coupling === 'diagonal'
      ? numbers(seed, count, true).map((x) => x * 123_456_789)
      : coupling === 'matrix'
        ? padded(new Float64Array(count * stride), numbers(seed, count * count, true), count, true)
        : new Float64Array(0)
  const responses = new Float64Array(coupling === 'matrix' ? neurons * stride : 0)
  const height = neurons === 0 ? 0 : columns.length / neurons
  for (let i = 0; i < neurons && responses.length > 0; i++) {
    for (let mu = 0; mu < count; mu++) {
      for (let nu = 0; nu < count; nu++) {
        responses[i * stride + mu] += couplings[mu * stride + nu] * spin(columns, nu, i * height)
      }
    }
  }
  const w = words(seed, 3, 4)
  return {
    form: 'coupled',
    neurons,
    count,
    rows,
    columns,
    coupling,
    couplings,
    lag: count === 0 ? 0 : w[0] % (count + 1),
    cyclic: w[1] % 2 === 0,
    selfWeights: numbers(seed + 1, neurons, true),
    responses,
  }
}

/** Small enough that fields tie. */
function constantOf({ neurons, seed }: Shape): ConstantField {
  return { unit: 1 + (seed % 3), values: numbers(seed + 2, neurons, true) }
}

function sparse(shape: Shape, real: boolean): SparseMemory {
  const { neurons, count, seed } = shape
  const rows = patternRows(shape)
  const w = words(seed, 5, neurons)
  const starts = new Uint32Array(neurons + 1)
  for (let i = 0; i < neurons; i++) starts[i + 1] = starts[i] + (w[i] % 3 === 0 ? 0 : w[i] % 37)
  const sources = words(seed, 6, starts[neurons]).map((x) => x % neurons)
  const values = numbers(seed, starts[neurons], !real)
  const plain = { form: 'sparse', neurons, count, rows, starts, sources } as const
  const empty = new Uint32Array(0)
  if (real || seed % 3 === 0) {
    const weights = real ? values : new Int32Array(values)
    return { ...plain, weights, targetStarts: empty, targets: empty, targetWeights: new Int32Array(0) }
  }
  const heard = Array.from({ length: neurons }, (): [number, number][] => [])
  for (let i = 0; i < neurons; i++) {
    for (let k = starts[i]; k < starts[i + 1]; k++) heard[sources[k]].push([i, values[k]])
  }
  const targetStarts = new Uint32Array(neurons + 1)
  for (let j = 0; j < neurons; j++) targetStarts[j + 1] = targetStarts[j] + heard[j].length
  return {
    ...plain,
    weights: new Int32Array(values),
    targetStarts,
    targets: Uint32Array.from(heard.flat(), ([i]) => i),
    targetWeights: Int32Array.from(heard.flat(), ([, x]) => x),
  }
}

function memoryOf(shape: Shape, kind: FormKind): Memory {
  const { neurons, count, seed } = shape
  const symmetric = seed % 2 === 0
  const plain = { neurons, count, rows: patternRows(shape) }
  const size = neurons * paddedStride(neurons)
  switch (kind) {
    case 'int32':
      return {
        form: 'matrix',
        ...plain,
        weights: padded(new Int32Array(size), numbers(seed, neurons ** 2, true), neurons, symmetric),
        symmetric,
      }
    case 'float32':
      return {
        form: 'matrix',
        ...plain,
        weights: padded(new Float32Array(size), numbers(seed, neurons ** 2, false), neurons, symmetric),
        symmetric,
      }
    case 'float64':
      return {
        form: 'matrix',
        ...plain,
        weights: padded(new Float64Array(size), numbers(seed, neurons ** 2, false), neurons, symmetric),
        symmetric,
      }
    case 'bits': {
      const weights = new Uint32Array(neurons * rowWords(neurons))
      for (let i = 0; i < neurons; i++) weights.set(randomRow(seed, 77 + i, neurons), i * rowWords(neurons))
      return { form: 'bits', ...plain, weights }
    }
    case 'sparse-int32':
      return sparse(shape, false)
    case 'centred-constant':
      return { ...votes(shape, 'centred'), constant: constantOf(shape) }
    case 'sparse-constant': {
      const whole = sparse(shape, false)
      const weights = seed % 5 === 0 ? Float64Array.from(whole.weights) : whole.weights
      return { ...whole, weights, constant: constantOf(shape) }
    }
    case 'sparse-float64':
      return sparse(shape, true)
    default:
      return votes(shape, kind)
  }
}

type Heat = 'none' | 'heating' | 'constant' | 'cooling' | 'quenched' | 'tiny'

function heated(plan: RecallPlan, heat: Heat, neurons: number, firstSweep: number): RecallPlan {
  const at = {
    none: undefined,
    heating: Float64Array.of(0.5, 2, 30),
    constant: Float64Array.of(0.7 * neurons),
    cooling: Float64Array.of(3, 1, 0),
    quenched: Float64Array.of(0, 2, 0, 0),
    tiny: Float64Array.of(1e-300),
  }[heat]
  return { ...plan, temperatures: at, firstSweep, maxSweeps: Math.min(plan.maxSweeps, 12) }
}

const sizes = fc.record<Shape>({
  neurons: fc.oneof(fc.constantFrom(...EDGES.filter((n) => n < 300)), fc.integer({ min: 1, max: 140 })),
  count: fc.oneof(fc.constantFrom(0, 1, 2, 7, 8, 9, 31, 32, 33, 63, 64, 65), fc.integer({ min: 0, max: 90 })),
  kind: fc.constantFrom('random', 'random', 'equal', 'complement'),
  seed: fc.integer({ min: 0, max: 2 ** 32 - 3 }),
})
const heats = fc.constantFrom<Heat>('none', 'none', 'constant', 'cooling', 'quenched', 'tiny')
const firsts = fc.constantFrom(0, 0, 1, 1000, 2 ** 30)

describe.runIf(NATIVE_TIERS.length > 0)('every tier', () => {
  const sameMeasures = (memory: Memory, shape: Shape): void => {
    const stride = rowWords(shape.neurons)
    const states = new Uint32Array(3 * stride)
    for (let b = 0; b < 3; b++) states.set(cueRow(shape, b), b * stride)
    const [x, y] = [new Float64Array(shape.neurons), new Float64Array(shape.neurons)]
    tier.localFields(memory, states.subarray(0, stride), x)
    reference.localFields(memory, states.subarray(0, stride), y)
    expectSame(x, y)
    const [q, r] = [new Float64Array(3), new Float64Array(3)]
    tier.quadratics(memory, states, 3, q)
    reference.quadratics(memory, states, 3, r)
    expectSame(q, r)
  }

  const sameRecalls = (memory: Memory, shape: Shape, plan: RecallPlan, count: number): void => {
    const stride = rowWords(shape.neurons)
    const cues = new Uint32Array(count * stride)
    for (let b = 0; b < count; b++) cues.set(cueRow(shape, b), b * stride)
    const [a, b] = [new Uint32Array(cues.length), new Uint32Array(cues.length)]
    const [x, y] = [new Float64Array(count * OUTCOME.length), new Float64Array(count * OUTCOME.length)]
    expect(tier.recall(memory, cues, count, plan, a, x)).toBe(-1)
    reference.recall(memory, cues, count, plan, b, y)
    expectSame(a, b)
    expectSame(x, y)
    const cue = cues.subarray(0, stride)
    const [c, d] = [cue.slice(), cue.slice()]
    const [z, w] = [new Float64Array(OUTCOME.length), new Float64Array(OUTCOME.length)]
    const s = tier.recallTraced(memory, cue, plan, c, z)
    const t = reference.recallTraced(memory, cue, plan, d, w)
    expectSame(c, d)
    expectSame(z, w)
    expectSame(s.energies, t.energies)
    expectSame(s.overlaps, t.overlaps)
    expectSame(s.flips, t.flips)
  }

  test.each(
    KINDS,
  )('computes fields and energies of %s weights of every size as the reference does', (kind) => {
    for (const neurons of EDGES) {
      for (const count of [0, 1, 8, 63, 64, 65]) {
        const shape: Shape = { neurons, count, kind: 'random', seed: neurons * 1000 + count }
        sameMeasures(memoryOf(shape, kind), shape)
      }
    }
  })

  function agree<Kind>(make: (shape: Shape, kind: Kind) => Memory) {
    return (shape: Shape, kind: Kind, choice: PlanChoice, heat: Heat, first: number, count: number): void => {
      const memory = make(shape, kind)
      sameMeasures(memory, shape)
      sameRecalls(memory, shape, heated(planOf(choice, shape), heat, shape.neurons, first), count)
    }
  }

  test('recalls from every form of weights, at every temperature, as the reference does', () => {
    const some = fc.integer({ min: 1, max: 5 })
    const kinds = fc.constantFrom(...KINDS)
    fc.assert(fc.property(sizes, kinds, planChoices, heats, firsts, some, agree(memoryOf)), {
      seed: SEED,
      numRuns: 400,
    })
  })

  test('recalls from Hebbian weights at every temperature as the reference does', () => {
    const some = fc.integer({ min: 1, max: 20 })
    const hebbian = (shape: Shape, dense: boolean): Memory =>
      dense ? hebbianMatrix(shape) : implicitMemory(shape)
    fc.assert(fc.property(sizes, fc.boolean(), planChoices, heats, firsts, some, agree(hebbian)), {
      seed: SEED,
      numRuns: 200,
    })
  })

  test('runs many chains side by side as the reference runs them one by one', () => {
    const check = (
      shape: Shape,
      kind: FormKind,
      choice: PlanChoice,
      heat: Heat,
      first: number,
      count: number,
    ): void => {
      const plan = heated(
        planOf({ ...choice, external: 'none', clamped: false }, shape),
        heat,
        shape.neurons,
        first,
      )
      // Enough for some chains to rest, to repeat, and to be left over.
      const maxSweeps = shape.seed % 3 === 0 ? 40 : 1 + (shape.seed % 7)
      sameRecalls(memoryOf(shape, kind), shape, { ...plan, maxSweeps }, count)
    }
    const many = fc.constantFrom(6, 7, 63, 64, 65, 130)
    const hot = fc.constantFrom<Heat>('none', 'constant', 'heating', 'cooling', 'quenched', 'tiny')
    const kinds = fc.constantFrom<FormKind>('sparse-int32', 'sparse-int32', 'sparse-float64', 'int32')
    fc.assert(fc.property(sizes, kinds, planChoices, hot, firsts, many, check), { seed: SEED, numRuns: 50 })
  })

  // From 65,536 connections on, the addon keeps a copy of those that fit into three bytes.
  test.each([
    { neurons: 2000, degree: 33, most: 127 },
    { neurons: 2000, degree: 33, most: 128 },
    { neurons: 700, degree: 101, most: 3 },
    { neurons: 65_536, degree: 1, most: 2 },
    { neurons: 65_537, degree: 1, most: 2 },
  ])('computes with $degree connections of $neurons neurons, of weights to $most', (given) => {
    const { neurons, degree, most } = given
    const shape: Shape = { neurons, count: 1, kind: 'random', seed: 3 }
    const starts = Uint32Array.from({ length: neurons + 1 }, (_, i) => i * degree)
    const sources = words(5, 6, neurons * degree).map((x) => x % neurons)
    sources[0] = neurons - 1
    const weights = Int32Array.from(words(5, 7, neurons * degree), (x) => (x % (2 * most + 1)) - most)
    weights.set([most, -most, most === 127 ? -128 : -most])
    const targets = Array.from({ length: neurons }, (): number[] => [])
    for (let k = 0; k < sources.length; k++) targets[sources[k]].push(k)
    const targetStarts = new Uint32Array(neurons + 1)
    for (let j = 0; j < neurons; j++) targetStarts[j + 1] = targetStarts[j] + targets[j].length
    const memory: Memory = {
      form: 'sparse',
      neurons,
      count: 1,
      rows: patternRows(shape),
      starts,
      sources,
      weights,
      targetStarts,
      targets: Uint32Array.from(targets.flat(), (k) => Math.floor(k / degree)),
      targetWeights: Int32Array.from(targets.flat(), (k) => weights[k]),
    }
    sameMeasures(memory, shape)
    const choice: PlanChoice = {
      dynamics: 'asynchronous',
      order: 'random',
      tie: 'keep',
      maxSweeps: 2,
      seedLow: 0,
      seedHigh: 0,
      stream: 0,
      normalized: false,
      external: 'none',
      clamped: false,
    }
    const order = words(5, 8, 20).map((x) => x % neurons)
    order[0] = neurons - 1
    sameRecalls(memory, shape, { ...planOf(choice, shape), order }, 1)
  })

  test('finds cycles of any length in asymmetric weights, in both dynamics', () => {
    // A ring of neurons, each the copy of the one before: states go round in as many sweeps as there are neurons.
    for (const neurons of [3, 5, 12, 33]) {
      const starts = Uint32Array.from({ length: neurons + 1 }, (_, i) => i)
      const sources = Uint32Array.from({ length: neurons }, (_, i) => (i + neurons - 1) % neurons)
      const memory: Memory = {
        form: 'sparse',
        neurons,
        count: 0,
        rows: new Uint32Array(0),
        starts,
        sources,
        weights: new Int32Array(neurons).fill(1),
        targetStarts: new Uint32Array(0),
        targets: new Uint32Array(0),
        targetWeights: new Int32Array(0),
      }
      const shape: Shape = { neurons, count: 0, kind: 'random', seed: 1 }
      const choice: PlanChoice = {
        dynamics: 'synchronous',
        order: 'cyclic',
        tie: 'keep',
        maxSweeps: 20,
        seedLow: 0,
        seedHigh: 0,
        stream: 0,
        normalized: false,
        external: 'none',
        clamped: false,
      }
      const plan = { ...planOf(choice, shape), maxSweeps: 200 }
      const cue = new Uint32Array(rowWords(neurons))
      cue[0] = 1
      const outcome = new Float64Array(OUTCOME.length)
      tier.recall(memory, cue, 1, plan, cue.slice(), outcome)
      expect(outcome[OUTCOME.cycle]).toBe(neurons)
      for (const cues of [3, 70]) {
        sameRecalls(memory, shape, plan, cues)
        sameRecalls(memory, shape, { ...plan, dynamics: 'asynchronous' }, cues)
        // A neuron that is visited twice may come back within one sweep.
        const order = Uint32Array.from({ length: 2 * neurons }, (_, u) => (u * 5) % neurons)
        sameRecalls(memory, shape, { ...plan, dynamics: 'asynchronous', order }, cues)
      }
    }
  })
})
