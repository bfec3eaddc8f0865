import fc from 'fast-check'
import {
  type AssociativeMemory,
  BidirectionalMemory,
  BoltzmannMachine,
  ContinuousHopfield,
  DenseAssociativeMemory,
  type DenseAssociativeMemoryOptions,
  HopfieldNetwork,
  type HopfieldNetworkOptions,
  ModernHopfield,
  type ModernHopfieldOptions,
  type PatternKey,
  RandomFeatureMemory,
  type RandomFeatureMemoryOptions,
  RestrictedBoltzmannMachine,
  type RestrictedBoltzmannMachineOptions,
  randomCodes,
  randomPatterns,
  SparseAssociativeMemory,
  type SparseAssociativeMemoryOptions,
} from '../../src/index.js'
import type { Backend } from './backends.js'

// Every memory with every rule, form and option that changes what it has to know: for tests of what keeps or shares them.

const N = 24
const M = 20
/** As many patterns, and as many cues, as each kind has. */
export const PATTERNS = 10
const ALL = 2 * PATTERNS

const spins = randomPatterns({ count: ALL, neurons: N, seed: 3 })
const others = randomPatterns({ count: ALL, neurons: M, seed: 4 })
const codes = randomCodes({ count: ALL, neurons: N, active: 6, seed: 5 })
const otherCodes = randomCodes({ count: ALL, neurons: M, active: 4, seed: 6 })
const reals = Float32Array.from({ length: ALL * N }, (_, k) => Math.sin(k * k))
const otherReals = Float32Array.from({ length: ALL * M }, (_, k) => Math.cos(k * k))

const row = <T extends { slice(from: number, to: number): T }>(all: T, k: number, width = N): T =>
  all.slice(k * width, (k + 1) * width)

/** What all memories can do, with arguments of any type. */
export interface AnyMemory extends AssociativeMemory {
  store(...args: unknown[]): this
  replace(which: PatternKey, ...args: unknown[]): this
  pattern(which: PatternKey): unknown
  recall(cue: unknown, options?: object): unknown
  recallBatch(cues: unknown, options?: object): unknown
  weights?(): ArrayLike<number>
  readonly learningReport?: object | undefined
}

export interface EveryMemory {
  readonly name: string
  readonly Class: new (options: never) => object
  make(backend: Backend): AnyMemory
  /** Pattern k as `store` and `replace` take it. */
  pattern(k: number): unknown[]
  cue(b: number): unknown
  readonly cues: unknown
  /** Options of a recall that make it depend on as much as can be. */
  readonly options: readonly object[]
  /** Whether patterns may come. */
  readonly stores: boolean
  /** Whether single patterns may go. */
  readonly forgets: boolean
  /** Lesson k, where a memory learns from data and stores no pattern. */
  readonly teach?: (memory: AnyMemory, k: number) => void
  /** What else can be seen of it. */
  readonly more?: (memory: AnyMemory) => unknown
}

/** Whether anything can be learned. */
export function learns(kind: EveryMemory): boolean {
  return kind.stores || kind.teach !== undefined
}

/** Pattern k comes, or lesson k. */
export function learn(memory: AnyMemory, kind: EveryMemory, k: number, options: object = {}): void {
  if (kind.teach === undefined) memory.store(...kind.pattern(k), options)
  else kind.teach(memory, k)
}

const symmetric = (make: (length: number) => Int32Array | Float32Array | Float64Array): ArrayLike<number> => {
  const out = make(N * N)
  for (let i = 0; i < N; i++) {
    for (let j = 0; j < i; j++) out[i * N + j] = out[j * N + i] = ((i * 7 + j * 13) % 11) - 5
  }
  return out
}

const dynamics = [{}, { dynamics: 'synchronous' }, { temperature: 0.3, maxSweeps: 5, seed: 9 }]
const plain = {
  pattern: (k: number) => [row(spins, k)],
  cue: (b: number) => row(spins, PATTERNS + b),
  cues: spins.slice(PATTERNS * N),
  options: dynamics as readonly object[],
  stores: true,
  forgets: true,
}

function network(name: string, options: Omit<HopfieldNetworkOptions, 'neurons'>): EveryMemory {
  const make = (backend: Backend): AnyMemory =>
    new HopfieldNetwork({ neurons: N, ...options, backend }) as unknown as AnyMemory
  const given = options.weights !== undefined && typeof options.weights !== 'string'
  return {
    ...plain,
    name: `HopfieldNetwork, ${name}`,
    Class: HopfieldNetwork,
    make,
    stores: !given,
    forgets: !given,
  }
}

function dense(name: string, interaction: DenseAssociativeMemoryOptions['interaction']): EveryMemory {
  const make = (backend: Backend): AnyMemory =>
    new DenseAssociativeMemory({ neurons: N, interaction, backend }) as unknown as AnyMemory
  const options = dynamics.slice(0, 2)
  return { ...plain, name: `DenseAssociativeMemory, ${name}`, Class: DenseAssociativeMemory, make, options }
}

function modern(name: string, options: Omit<ModernHopfieldOptions, 'dimension'>): EveryMemory {
  const values = options.valueDimension !== undefined
  return {
    name: `ModernHopfield, ${name}`,
    Class: ModernHopfield,
    make: (backend) => new ModernHopfield({ dimension: N, ...options, backend }) as unknown as AnyMemory,
    pattern: (k) => (values ? [row(reals, k), row(otherReals, k, M)] : [row(reals, k)]),
    cue: (b) => row(reals, PATTERNS + b),
    cues: reals.slice(PATTERNS * N),
    options: values ? [{}] : [{}, { maxSteps: 4 }],
    stores: true,
    forgets: true,
  }
}

function continuous(name: string, options: object): EveryMemory {
  const given = 'weights' in options
  return {
    ...plain,
    name: `ContinuousHopfield, ${name}`,
    Class: ContinuousHopfield,
    make: (backend) => new ContinuousHopfield({ neurons: N, ...options, backend }) as unknown as AnyMemory,
    options: [{ maxSteps: 12, from: 'potentials' }],
    stores: !given,
    forgets: !given,
  }
}

function sparse(name: string, options: Omit<SparseAssociativeMemoryOptions, 'neurons'>): EveryMemory {
  const hetero = options.outputs !== undefined
  return {
    name: `SparseAssociativeMemory, ${name}`,
    Class: SparseAssociativeMemory,
    make: (backend) =>
      new SparseAssociativeMemory({ neurons: N, ...options, backend }) as unknown as AnyMemory,
    pattern: (k) => (hetero ? [row(codes, k), row(otherCodes, k, M)] : [row(codes, k)]),
    cue: (b) => row(codes, PATTERNS + b),
    cues: codes.slice(PATTERNS * N),
    options: [{}, { winners: 4 }],
    stores: true,
    forgets: typeof options.rule === 'object',
  }
}

function machine(
  name: string,
  options: Omit<RestrictedBoltzmannMachineOptions, 'visible' | 'hidden'>,
): EveryMemory {
  const bipolar = options.visibleUnits === 'bipolar'
  const rows = Float32Array.from(spins, (spin) => (bipolar || spin === 1 ? spin : 0))
  const clamp = Uint8Array.from({ length: N }, (_, i) => i % 2)
  const asked = (memory: AnyMemory): RestrictedBoltzmannMachine =>
    memory as unknown as RestrictedBoltzmannMachine
  return {
    ...plain,
    name: `RestrictedBoltzmannMachine, ${name}`,
    Class: RestrictedBoltzmannMachine,
    make: (backend) =>
      new RestrictedBoltzmannMachine({ visible: N, hidden: 19, ...options, backend }) as unknown as AnyMemory,
    cue: (b) => row(rows, PATTERNS + b),
    cues: rows.slice(PATTERNS * N),
    options: [{ maxSteps: 5 }, { clamp, maxSteps: 5 }],
    stores: false,
    forgets: false,
    teach(memory, k) {
      const [one, from] = [asked(memory), k % PATTERNS]
      one.fit(rows.slice(from * N, (from + 3) * N), { epochs: 2, batchSize: 2, seed: k })
    },
    more(memory) {
      const one = asked(memory)
      const some = row(rows, 1)
      const drawn = one.sample({ count: 2, steps: 3 })
      return [one.visibleBiases(), one.hiddenBiases(), drawn, one.transform(some), one.freeEnergy(some)]
    },
  }
}

function coupledMachine(name: string, hidden: number): EveryMemory {
  const asked = (memory: AnyMemory): BoltzmannMachine => memory as unknown as BoltzmannMachine
  return {
    ...plain,
    name: `BoltzmannMachine, ${name}`,
    Class: BoltzmannMachine,
    make: (backend) => new BoltzmannMachine({ visible: N, hidden, backend }) as unknown as AnyMemory,
    options: [{ maxSteps: 3 }, { clamp: Uint8Array.from({ length: N }, (_, i) => i % 2), maxSteps: 3 }],
    stores: false,
    forgets: false,
    teach(memory, k) {
      const [one, from] = [asked(memory), k % PATTERNS]
      one.fit(spins.slice(from * N, (from + 2) * N), { epochs: 2, chains: 3, sweeps: 1, seed: k })
    },
    more: (memory) => [asked(memory).biases(), asked(memory).sample({ count: 2, sweeps: 2 })],
  }
}

function features(name: string, options: Partial<RandomFeatureMemoryOptions>): EveryMemory {
  const [rows, given] = options.vectors === 'bipolar' ? [spins, plain] : [reals, modern('', {})]
  const asked = (memory: AnyMemory): RandomFeatureMemory => memory as unknown as RandomFeatureMemory
  return {
    ...given,
    name: `RandomFeatureMemory, ${name}`,
    Class: RandomFeatureMemory,
    make: (backend) =>
      new RandomFeatureMemory({
        dimension: N,
        frequencies: 100,
        ...options,
        backend,
      }) as unknown as AnyMemory,
    options: [{}, { maxSteps: 3, tolerance: 0.1 }],
    stores: false,
    forgets: false,
    teach(memory, k) {
      const [one, from] = [asked(memory), k % PATTERNS]
      if (k % 7 === 3 && one.vectorCount > 0) one.forget(row(rows, from))
      else one.store(rows.slice(from * N, (from + 3) * N))
    },
    more: (memory) => [asked(memory).density(row(rows, 2)), asked(memory).energy(row(rows, 2))],
  }
}

const sign = (x: number): number => (x > 0 ? 1 : x < 0 ? -1 : 0)

export const EVERY_MEMORY: readonly EveryMemory[] = [
  network('hebbian', {}),
  network('hebbian, dense', { weights: 'dense', normalize: 'none' }),
  network('hebbian, self-weights', { selfWeights: true }),
  network('hebbian, 0/1 units', {
    units: 'binary',
    thresholds: Float64Array.from({ length: N }, (_, i) => (i % 5) / 8),
  }),
  network('hebbian, ring', { connections: { kind: 'ring', neighbours: 6 } }),
  network('hebbian, random connections', { connections: { kind: 'random', degree: 9, seed: 2n ** 63n } }),
  network('clipped', { learning: 'clipped' }),
  network('covariance', { learning: 'covariance' }),
  network('daydreaming', { learning: { kind: 'daydreaming', dreams: 9, seed: 2n ** 60n } }),
  network('minimal-overlap', { learning: { kind: 'minimal-overlap', bound: 2 } }),
  network('palimpsest, bounded', { learning: { kind: 'palimpsest', limit: 2 } }),
  network('palimpsest, decaying', { learning: { kind: 'palimpsest', decay: 0.8 } }),
  network('perceptron', { learning: { kind: 'perceptron', margin: 0.1 } }),
  network('pseudo-inverse', { learning: 'pseudoinverse' }),
  network('pseudo-inverse, skipping', { learning: { kind: 'pseudoinverse', dependent: 'skip' } }),
  network('pseudo-inverse, ring', {
    learning: 'pseudoinverse',
    connections: { kind: 'small-world', neighbours: 8, rewire: 0.2, seed: 3 },
  }),
  network('sequence', { learning: { kind: 'sequence', lag: 2, cyclic: true } }),
  network('storkey', { learning: 'storkey' }),
  network('unlearning', { learning: { kind: 'unlearning', dreams: 9, rate: 0.02 } }),
  network('weights of its own, integers', { weights: symmetric((length) => new Int32Array(length)) }),
  network('weights of its own, f32', { weights: symmetric((length) => new Float32Array(length)) }),
  network('weights of its own, f64', { weights: symmetric((length) => new Float64Array(length)) }),
  network('weights of its own, compressed rows', {
    weights: {
      indptr: Uint32Array.from({ length: N + 1 }, (_, i) => 2 * i),
      indices: Uint32Array.from({ length: 2 * N }, (_, k) => ((k >> 1) + 1 + (k % 2)) % N),
      data: Float64Array.from({ length: 2 * N }, (_, k) => (k % 7) - 2.5),
    },
  }),
  dense('polynomial', { kind: 'polynomial', degree: 3 }),
  dense('rectified', { kind: 'rectified', degree: 4 }),
  dense('exponential', { kind: 'exponential', beta: 0.25 }),
  dense('epanechnikov', { kind: 'epanechnikov', radius: 9 }),
  dense('table', { kind: 'table', values: (v) => sign(v) * Math.abs(v) ** 1.5 }),
  modern('dot', { beta: 2 }),
  modern('cosine, values', { beta: 4, similarity: 'cosine', valueDimension: M }),
  modern('epanechnikov', { separation: { kind: 'epanechnikov', radius: 3 } }),
  modern('euclidean, entmax', { similarity: 'euclidean', separation: 'entmax15' }),
  continuous('learned', { gain: 8, timeConstant: 0.5 }),
  continuous('weights of its own', {
    activation: 'logistic',
    weights: symmetric((length) => new Float64Array(length)),
    externalField: Float64Array.from({ length: N }, (_, i) => i / 100 - 0.2),
  }),
  {
    name: 'BidirectionalMemory',
    Class: BidirectionalMemory,
    make: (backend) => new BidirectionalMemory({ inputs: N, outputs: M, backend }) as unknown as AnyMemory,
    pattern: (k) => [row(spins, k), row(others, k, M)],
    cue: (b) => ({ x: row(spins, PATTERNS + b) }),
    cues: { xs: spins.slice(PATTERNS * N) },
    options: [{}],
    stores: true,
    forgets: true,
  },
  sparse('willshaw', { rule: 'willshaw' }),
  sparse('willshaw, pairs', { rule: 'willshaw', outputs: M }),
  sparse('covariance', { rule: { kind: 'tsodyks-feigelman', activity: 6 / N } }),
  sparse('covariance, pairs', { rule: { kind: 'tsodyks-feigelman', activity: 6 / N }, outputs: M }),
  machine('0/1 units', {}),
  machine('±1 units', { visibleUnits: 'bipolar', hiddenUnits: 'bipolar', seed: 5 }),
  machine('Gaussian hidden units', { hiddenUnits: 'gaussian', weightScale: 0.1 }),
  features('unit vectors', { beta: 4 }),
  features('±1', { vectors: 'bipolar', seed: 2n ** 63n }),
  coupledMachine('visible', 0),
  coupledMachine('with hidden units', 9),
]

/** All that can be seen of a memory, but the backend. */
export function everythingOf(memory: AnyMemory, kind: EveryMemory): unknown {
  // A memory of keys without keys has nothing to recall.
  const empty = memory.patternCount === 0 && memory instanceof ModernHopfield
  const recalls = empty ? [] : kind.options.map((options) => memory.recallBatch(kind.cues, options))
  return {
    patterns: Array.from({ length: memory.patternCount }, (_, mu) => memory.pattern(mu)),
    ids: memory.ids,
    recalls,
    weights: memory.weights?.(),
    // Of a lesson it is not kept.
    report: kind.teach === undefined ? memory.learningReport : undefined,
    more: kind.more?.(memory),
  }
}

/** What is done, and by which patterns. */
export type Change = readonly [what: number, one: number, other: number]

/** One change, by numbers of any size. */
export function change(memory: AnyMemory, kind: EveryMemory, [what, a, b]: Change): void {
  if (kind.teach !== undefined) {
    kind.teach(memory, a)
    return
  }
  const count = memory.patternCount
  const fresh = kind.pattern(a % PATTERNS)
  try {
    if (what < 4 || count === 0) memory.store(...fresh, b % 2 === 0 ? { ids: [`${a}/${b}/${count}`] } : {})
    else if (what < 6) memory.forget(b % count)
    else if (what < 8) memory.replace(b % count, ...fresh)
    else if (b % 4 === 0) memory.clear()
  } catch (error) {
    // Dependent patterns and ids that are in use: both memories refuse them.
    if ((error as { code?: string }).code === undefined) throw error
  }
}

/** Some changes, as numbers. */
export const changes: fc.Arbitrary<Change[]> = fc.array(fc.tuple(fc.nat(8), fc.nat(1000), fc.nat(1000)), {
  minLength: 1,
  maxLength: 6,
})

/** A memory with some patterns, if it takes any. */
export function filled(kind: EveryMemory, backend: Backend): AnyMemory {
  const memory = kind.make(backend)
  for (let k = 0; k < 5 && learns(kind); k++) learn(memory, kind, k, { ids: [k === 2 ? -0.5 : `p${k}`] })
  return memory
}
