import {
  BidirectionalMemory,
  BoltzmannMachine,
  ContinuousHopfield,
  DenseAssociativeMemory,
  Expansion,
  formatNpy,
  formatNpz,
  Gatherer,
  HopfieldNetwork,
  type Interaction,
  ModernHopfield,
  PackedPatterns,
  RandomFeatureMemory,
  RecallBatcher,
  RestrictedBoltzmannMachine,
  randomCodes,
  randomPatterns,
  SimilarityMap,
  SparseAssociativeMemory,
} from '../../src/index.js'
import { rowWords } from '../../src/kernels/contract/layout.js'
import {
  formatGset,
  formatIsing,
  formatQubo,
  formatTsplib,
  IsingProblem,
  maxCut,
  qubo,
  tsp,
} from '../../src/optimization.js'
import type { Backend } from '../helpers/backends.js'

// Good arguments of every door, small enough that thousands of calls take a second.

const N = 12
const M = 9

const rows = randomPatterns({ count: 6, neurons: N, seed: 3 })
const others = randomPatterns({ count: 6, neurons: M, seed: 4 })
const codes = randomCodes({ count: 6, neurons: N, active: 3, seed: 5 })
const reals = Float32Array.from({ length: 6 * N }, (_, k) => Math.sin(k * k))
const row = <T extends { slice(from: number, to: number): T }>(all: T, k: number, width = N): T =>
  all.slice(k * width, (k + 1) * width)
const some = <T extends { slice(from: number, to: number): T }>(all: T, width = N): T =>
  all.slice(3 * width, 5 * width)
const flags = () => Uint8Array.from({ length: N }, (_, i) => i % 2)
const field = () => Float64Array.from({ length: N }, (_, i) => i / 16 - 0.25)

/** What a Gatherer may gather: searches. */
const searches = {
  take: (_: string, cue: Int8Array) => PackedPatterns.from(cue, { neurons: N }),
  run: (cues: readonly PackedPatterns[]) => ({ at: (k: number) => network('typescript').nearest(cues[k]) }),
}
/** Of a memory of three keys, and what two queries have gathered from it. */
const WHOLE = { count: 3, largestNorm: 4, leastLog: 0, mostLog: 0, total: 3 }
const sums = (count: number) => ({
  count,
  width: 2,
  sums: Float64Array.of(1, 2, 3, 4),
  weights: new Float64Array(16).fill(0.5),
  reached: new Float64Array(2),
  active: Uint32Array.of(1, 1),
})

type Make = () => unknown
/** By the name of a parameter, the good values that it is tried with. */
type Goods = Readonly<Record<string, readonly Make[]>>

/** What stands before the dot, and good arguments of its methods. */
interface World {
  readonly make: (backend: Backend) => unknown
  /** For methods that only some such objects have. */
  readonly makeFor?: Readonly<Record<string, (backend: Backend) => unknown>>
  readonly goods: Goods
  /** Where a parameter of one method means something else than in the others. */
  readonly own?: Readonly<Record<string, Goods>>
}

const KEYS: Goods = { which: [() => 1, () => ({ id: 'b' })], index: [() => 1], id: [() => 'b'] }
const IDS = { ids: ['a', 'b', 'c'] }
const ASYNC = () => ({
  threads: 1,
  signal: new AbortController().signal,
  onProgress: () => {},
})

const RECALLS = () => ({
  dynamics: 'synchronous',
  order: 'cyclic',
  seed: 5,
  maxSweeps: 4,
  temperature: { from: 1, to: 0, sweeps: 3, schedule: 'linear' },
  tie: 'keep',
  externalField: field(),
  clamp: flags(),
})
/** Packed patterns of two states to write into. */
const roomPacked = (neurons: number) => PackedPatterns.from(new Int8Array(2 * neurons).fill(1), { neurons })
const without = (options: object, ...names: string[]): object =>
  Object.fromEntries(Object.entries(options).filter(([name]) => !names.includes(name)))

function bipolarWorld(
  make: World['make'],
  recalls: () => object,
  measure: readonly Make[],
  makeFor: World['makeFor'] = {},
): World {
  return {
    make,
    makeFor,
    goods: {
      ...KEYS,
      pattern: [() => row(rows, 4)],
      patterns: [() => some(rows)],
      state: [() => row(rows, 0)],
      states: [() => some(rows)],
      cue: [() => row(rows, 3)],
      cues: [() => some(rows)],
      starts: [() => some(rows)],
      options: measure,
    },
    own: {
      recall: {
        options: [
          () => ({ out: new Int8Array(N) }),
          () => ({ ...recalls(), trace: true, stream: 3, out: new Int8Array(N) }),
        ],
      },
      recallBatch: {
        options: [
          () => ({ out: new Int8Array(2 * N) }),
          () => ({ ...recalls(), packed: true, streams: [7, 8], out: roomPacked(N) }),
        ],
      },
      recallAsync: {
        options: [() => ({ ...recalls(), ...ASYNC(), chunk: 1, streams: Float64Array.of(7, 8) })],
      },
      nearest: { options: [() => ({ k: 2 })] },
      nearestAsync: { options: [() => ({ ...ASYNC(), chunk: 1, k: 2 })] },
      overlapsBatchAsync: { options: [() => ({ ...ASYNC(), chunk: 1 })] },
      energyBatchAsync: { options: [() => ({ ...ASYNC(), chunk: 1 })] },
      classifyAsync: { options: [ASYNC] },
      sample: { options: [SAMPLES] },
      sampleAsync: { options: [() => ({ ...SAMPLES(), ...without(ASYNC(), 'threads') })] },
      weights: { options: [() => ({ normalize: true })] },
    },
  }
}

const SAMPLES = () => ({
  temperature: 1,
  samples: 3,
  burnIn: 2,
  thinning: 2,
  series: true,
  dynamics: 'asynchronous',
  order: Uint32Array.of(2, 1),
  externalField: field(),
  clamp: flags(),
  seed: 4n,
})
const STATE = [() => ({ externalField: field() })]
const INTEGRATION = () => ({
  from: 'outputs',
  method: 'euler',
  step: 0.1,
  adaptive: true,
  accuracy: 0.001,
  tolerance: 0.01,
  maxSteps: 20,
  externalField: field(),
})
const RETRIEVAL = { maxSteps: 2, tolerance: 0.5, energy: true }

const network = (backend: Backend): HopfieldNetwork =>
  new HopfieldNetwork({ neurons: N, backend }).store(rows.slice(0, 3 * N), IDS)
const modern = (backend: Backend): ModernHopfield =>
  new ModernHopfield({ dimension: N, valueDimension: 2, backend }).store(
    reals.slice(0, 3 * N),
    Float32Array.of(1, 2, 3, 4, 5, 6),
    IDS,
  )
const dense =
  (interaction: Interaction) =>
  (backend: Backend): DenseAssociativeMemory =>
    new DenseAssociativeMemory({ neurons: N, interaction, backend }).store(rows.slice(0, 3 * N), IDS)
const ball = dense({ kind: 'epanechnikov', radius: 3 })
const balls = (backend: Backend): ModernHopfield =>
  new ModernHopfield({ dimension: N, separation: { kind: 'epanechnikov', radius: 2 }, backend }).store(
    reals.slice(0, 3 * N),
    IDS,
  )
const pairs = (backend: Backend): BidirectionalMemory =>
  new BidirectionalMemory({ inputs: N, outputs: M, backend }).store(
    rows.slice(0, 3 * N),
    others.slice(0, 3 * M),
    IDS,
  )
const EXPANSION = (backend: Backend) => ({
  neurons: N,
  outputs: 20,
  sources: 3,
  winners: 2,
  units: 'bipolar' as const,
  seed: 3,
  backend,
})
const sparse = (backend: Backend): SparseAssociativeMemory =>
  new SparseAssociativeMemory({
    neurons: N,
    rule: { kind: 'tsodyks-feigelman', activity: 0.25 },
    backend,
  }).store(codes.slice(0, 3 * N), IDS)
const graded = (backend: Backend): ContinuousHopfield =>
  new ContinuousHopfield({ neurons: N, backend }).store(rows.slice(0, 3 * N), IDS)
const bits = Uint8Array.from({ length: 6 * N }, (_, k) => ((k * k) % 3) % 2)
const machine = (backend: Backend): RestrictedBoltzmannMachine =>
  new RestrictedBoltzmannMachine({ visible: N, hidden: 3, weightScale: 1, backend })
/** So many vectors that those of hundreds of calls can be forgotten. */
const features = (backend: Backend): RandomFeatureMemory => {
  const memory = new RandomFeatureMemory({ dimension: N, frequencies: 40, vectors: 'bipolar', backend })
  memory.store(rows)
  for (let k = 0; k < 12; k++) memory.merge(memory)
  return memory
}
const coupled = (backend: Backend): BoltzmannMachine =>
  new BoltzmannMachine({ visible: N, hidden: 2, biases: reals.slice(0, N + 2), backend })
const LESSONS = () => ({
  method: 'sampled',
  epochs: 2,
  learningRate: 0.1,
  start: 'current',
  ridge: 0.1,
  chains: 2,
  sweeps: 2,
  seed: 3n,
})
const SEPARATION = () => ({
  kind: 'separating',
  ridge: 0.1,
  beta: 2,
  noise: 0.1,
  epochs: 2,
  batchSize: 2,
  learningRate: 0.1,
  seed: 3n,
})
const CHAINS = () => ({ sweeps: 3, starts: some(rows), clamp: flags(), temperature: 2, seed: 3, stream: 2 })
const FIT = () => ({
  method: 'tempering',
  epochs: 2,
  batchSize: 2,
  steps: 2,
  learningRate: 0.1,
  momentum: 0.5,
  weightDecay: 0.01,
  centring: 0.1,
  temperatures: 3,
  shuffle: true,
  seed: 3n,
  heldOut: some(bits),
  measure: 'exact',
  patience: 2,
})
const WALKS = () => ({ steps: 3, starts: some(bits), clamp: flags(), temperature: 2, seed: 3, stream: 2 })
const PARTS = () => ({ method: 'annealed', chains: 2, temperatures: 3, seed: 4 })
const later = (options: object) => ({ ...options, ...without(ASYNC(), 'threads') })
const EDGES = (): [number, number, number][] =>
  Array.from({ length: 20 }, (_, k) => [k % N, (k * 5 + 1) % N, (k % 4) - 2])
const problem = (): IsingProblem => IsingProblem.from({ edges: EDGES(), fields: field(), offset: 2 })
const trip = () =>
  tsp([
    [0, 0],
    [3, 0],
    [3, 4],
    [0, 4],
    [1, 1],
  ])
const TANK = (backend: Backend) => ({
  ...without(SOLVE(backend), 'initialStates'),
  parameters: 'subspace',
  constants: { A: 2, B: 2, C: 0.1, D: 1, count: 5 },
  decode: 'argmax',
  numSweeps: 3,
  step: 0.01,
})
const ANNEAL = (backend: Backend) => ({
  ...SOLVE(backend),
  numSweeps: 3,
  betaRange: [0.1, 2],
  schedule: 'geometric',
  // Near enough to be met: without `numSweeps` reads go on until it is.
  target: -18.75,
})
const BIFURCATE = (backend: Backend) => ({
  ...SOLVE(backend),
  numSteps: 3,
  variant: 'generalised',
  timeStep: 0.5,
})
const TEMPER = (backend: Backend) => ({
  ...SOLVE(backend),
  numSweeps: 5,
  betaRange: [0.1, 2],
  numTemperatures: 3,
  clusterMoves: 'always',
})
const SOLVE = (backend: Backend) => ({
  numReads: 2,
  seed: 3,
  initialStates: some(rows),
  target: -1e6,
  maxTime: 1e6,
  backend,
})
const batch: Goods = { b: [() => 1] }

/** What methods of these names take, whichever memory has them. */
export const EVERYWHERE: Readonly<Record<string, Goods>> = {
  exactnessAsync: { options: [() => ({ ...ASYNC(), chunk: 1 })] },
  minima: { options: [() => ({ samples: 3, seed: 2 })] },
  minimaAsync: { options: [() => ({ samples: 3, seed: 2, ...without(ASYNC(), 'threads') })] },
  store: { options: [() => ({ ids: ['x', 'y'] })] },
  forget: { options: [() => ({ swap: false })] },
  share: { options: [() => ({})] },
  shareAsync: { options: [() => without(ASYNC(), 'threads')] },
  storeAsync: { options: [() => ({ ids: ['x', 'y'], ...ASYNC() })] },
}

const LOADED = (backend: Backend): object => ({
  neurons: N,
  loads: [0.1, 0.25],
  learning: 'hebbian',
  patterns: ({ patternCount }: { patternCount: number }) => rows.slice(0, patternCount * N),
  networks: 2,
  cues: 2,
  backend,
  ...without(RECALLS(), 'clamp'),
  ...ASYNC(),
})

/** By class: what a method is called on. A constructor takes the goods of `new`. */
export const WORLDS: Readonly<Record<string, World>> = {
  HopfieldNetwork: bipolarWorld(network, RECALLS, STATE),
  DenseAssociativeMemory: bipolarWorld(dense({ kind: 'exponential' }), RECALLS, STATE, {
    exactness: ball,
    exactnessAsync: ball,
    minima: ball,
    minimaAsync: ball,
  }),
  ContinuousHopfield: {
    make: graded,
    goods: {
      ...KEYS,
      pattern: [() => row(rows, 4)],
      patterns: [() => some(rows)],
      potentials: [field],
      outputs: [field],
      cue: [field],
      cues: [() => Float64Array.of(...field(), ...field())],
      options: STATE,
    },
    own: {
      energyBatch: { outputs: [() => Float64Array.of(...field(), ...field())] },
      overlapsBatch: { outputs: [() => Float64Array.of(...field(), ...field())] },
      recall: { options: [() => ({ ...INTEGRATION(), trace: 'states', out: new Float64Array(N) })] },
      recallBatch: { options: [() => ({ ...INTEGRATION(), trace: true, out: new Float64Array(2 * N) })] },
      recallAsync: { options: [() => ({ ...INTEGRATION(), ...ASYNC(), chunk: 1 })] },
    },
  },
  ModernHopfield: {
    make: modern,
    makeFor: { minima: balls, minimaAsync: balls },
    goods: {
      ...KEYS,
      keys: [() => some(reals)],
      key: [() => row(reals, 4)],
      value: [() => Float32Array.of(7, 8)],
      values: [() => Float32Array.of(7, 8, 9, 10)],
      query: [() => row(reals, 4)],
      queries: [() => some(reals)],
      state: [() => row(reals, 4)],
      states: [() => some(reals)],
      k: [() => 2],
      options: [() => ({})],
    },
    own: {
      store: { options: [() => ({ weights: [1, 2] })] },
      recall: { options: [() => ({ ...RETRIEVAL, out: new Float32Array(2) }), () => ({ only: [0, 2] })] },
      recallBatch: {
        options: [() => RETRIEVAL, () => ({ mask: [1, 0, true], out: new Float32Array(4) })],
      },
      recallAsync: { options: [() => ({ ...RETRIEVAL, ...ASYNC(), chunk: 1 })] },
      overlapsBatchAsync: { options: [() => ({ ...ASYNC(), chunk: 1 })] },
      associationBatchAsync: { options: [() => ({ ...ASYNC(), chunk: 1 })] },
      top: { options: [() => ({ values: true, mask: [1, 0, true] }), () => ({ only: [0, 2] })] },
      topBatch: { options: [() => ({ only: Uint8Array.of(1, 2) })] },
      topAsync: { options: [() => ({ ...ASYNC(), chunk: 1, only: [2, 0] })] },
      energyBatchAsync: { options: [() => ({ ...ASYNC(), chunk: 1 })] },
      peaks: { options: [() => ({ whole: WHOLE })] },
      partial: { options: [() => ({ whole: WHOLE, peaks: [2, 3], before: sums(0) })] },
      complete: { options: [() => ({ whole: WHOLE, peaks: [2, 3], before: sums(3) })] },
      retrieve: { options: [() => RETRIEVAL] },
      retrieveBatch: { options: [() => RETRIEVAL] },
      retrieveAsync: { options: [() => ({ ...RETRIEVAL, ...ASYNC(), chunk: 1 })] },
      fixedPoint: { options: [() => ({ mass: 0.5 })] },
    },
  },
  BidirectionalMemory: {
    make: pairs,
    goods: {
      ...KEYS,
      xs: [() => some(rows)],
      ys: [() => some(others, M)],
      x: [() => row(rows, 3)],
      y: [() => row(others, 3, M)],
      from: [() => 1],
      to: [() => 2],
      state: [() => ({ x: row(rows, 3), y: row(others, 3, M) })],
      states: [() => ({ xs: some(rows), ys: some(others, M) })],
      cue: [() => ({ x: row(rows, 3), y: row(others, 3, M) })],
      cues: [
        () => ({ xs: some(rows), ys: some(others, M) }),
        () => [{ x: row(rows, 3) }, { y: row(others, 3, M) }],
      ],
      options: [() => ({ maxSteps: 3, out: { x: new Int8Array(N), y: new Int8Array(M) } })],
    },
    own: {
      recallBatch: {
        options: [
          () => ({ maxSteps: 3, packed: true, out: { xs: roomPacked(N) } }),
          () => ({ out: { xs: new Int8Array(2 * N), ys: new Int8Array(2 * M) } }),
        ],
      },
      recallAsync: { options: [() => ({ maxSteps: 3, packed: false, ...ASYNC(), chunk: 1 })] },
    },
  },
  Expansion: {
    make: (backend) => new Expansion(EXPANSION(backend)),
    goods: {
      input: [() => row(rows, 3)],
      inputs: [() => some(rows)],
      options: [() => ({ packed: true })],
    },
    own: { expandAsync: { options: [() => ({ packed: true, ...ASYNC(), chunk: 1 })] } },
  },
  SparseAssociativeMemory: {
    make: sparse,
    goods: {
      ...KEYS,
      inputs: [() => some(codes), () => [{ active: Uint32Array.of(3, 1) }, { active: [2] }]],
      outputs: [() => undefined],
      input: [() => row(codes, 3)],
      output: [() => undefined],
      cue: [() => row(codes, 3), () => ({ active: Uint32Array.of(3, 1) })],
      cues: [() => some(codes)],
      options: [() => ({ winners: 3, out: new Uint8Array(N).fill(1) })],
    },
    own: {
      recallBatch: {
        options: [() => ({ threshold: 0.25, maxSteps: 2, packed: true, out: roomPacked(N) })],
      },
      recallAsync: { options: [() => ({ threshold: 0.25, maxSteps: 2, ...ASYNC(), chunk: 1 })] },
    },
  },
  RestrictedBoltzmannMachine: {
    make: machine,
    goods: {
      data: [() => bits.slice(), () => PackedPatterns.from(some(rows), { neurons: N })],
      row: [() => row(bits, 1)],
      cue: [() => row(bits, 3)],
      cues: [() => some(bits)],
      options: [() => ({ clamp: flags(), maxSteps: 3, tolerance: 0.01 })],
    },
    own: {
      recall: {
        options: [() => ({ clamp: flags(), maxSteps: 3, tolerance: 0.01, out: new Float32Array(N) })],
      },
      recallBatch: {
        options: [() => ({ clamp: flags(), maxSteps: 3, tolerance: 0.01, out: new Float32Array(2 * N) })],
      },
      fit: { options: [FIT] },
      fitAsync: { options: [() => later(FIT())] },
      recallAsync: { options: [() => ({ clamp: flags(), maxSteps: 3, ...ASYNC(), chunk: 1 })] },
      sample: { options: [WALKS, () => ({ count: 2, steps: 1 })] },
      sampleAsync: { options: [() => later(WALKS())] },
      transformAsync: { options: [ASYNC] },
      reconstructAsync: { options: [ASYNC] },
      logPartition: { options: [PARTS] },
      logPartitionAsync: { options: [() => later(PARTS())] },
      logLikelihood: { options: [PARTS] },
      logLikelihoodAsync: { options: [() => later(PARTS())] },
    },
  },
  RandomFeatureMemory: {
    make: features,
    goods: {
      vectors: [() => some(rows), () => PackedPatterns.from(some(rows), { neurons: N })],
      other: [() => features('typescript')],
      state: [() => row(rows, 0)],
      states: [() => some(rows)],
      cue: [() => row(rows, 3)],
      cues: [() => some(rows)],
      options: [() => ({ maxSteps: 3, tolerance: 0.01 })],
    },
    own: {
      recall: { options: [() => ({ maxSteps: 3, tolerance: 0.01, out: new Float32Array(N) })] },
      recallBatch: { options: [() => ({ maxSteps: 3, tolerance: 0.01, out: new Float32Array(2 * N) })] },
      storeAsync: { options: [ASYNC] },
      forgetAsync: { options: [ASYNC] },
      recallAsync: { options: [() => ({ maxSteps: 3, ...ASYNC(), chunk: 1 })] },
      energyBatchAsync: { options: [() => ({ ...ASYNC(), chunk: 1 })] },
      densityBatchAsync: { options: [() => ({ ...ASYNC(), chunk: 1 })] },
    },
  },
  SimilarityMap: {
    make: (backend) => new SimilarityMap({ dimension: N, outputs: 5, backend }),
    goods: {
      data: [() => some(reals)],
      vectors: [() => some(reals)],
      options: [ASYNC],
    },
    own: {
      fit: { options: [SEPARATION] },
      fitAsync: { options: [() => later(SEPARATION())] },
    },
  },
  FeatureRecallBatchResult: { make: (backend) => features(backend).recallBatch(some(rows)), goods: batch },
  BoltzmannMachine: {
    make: coupled,
    goods: {
      data: [() => some(rows), () => PackedPatterns.from(some(rows), { neurons: N })],
      state: [() => rows.slice(0, N + 2)],
      cue: [() => row(rows, 3)],
      cues: [() => some(rows)],
      options: [() => ({ clamp: flags(), maxSteps: 3, tolerance: 0.01 })],
    },
    own: {
      recall: {
        options: [() => ({ clamp: flags(), maxSteps: 3, tolerance: 0.01, out: new Float32Array(N) })],
      },
      recallBatch: {
        options: [() => ({ clamp: flags(), maxSteps: 3, tolerance: 0.01, out: new Float32Array(2 * N) })],
      },
      fit: { options: [LESSONS] },
      fitAsync: { options: [() => later(LESSONS())] },
      recallAsync: { options: [() => later({ clamp: flags(), maxSteps: 3 })] },
      sample: { options: [CHAINS, () => ({ count: 2, sweeps: 1 })] },
      sampleAsync: { options: [() => later(CHAINS())] },
      logPartitionAsync: { options: [ASYNC] },
    },
  },
  CompletionBatchResult: { make: (backend) => machine(backend).recallBatch(some(bits)), goods: batch },
  PackedPatterns: {
    make: () => PackedPatterns.from(rows, { neurons: N }),
    goods: {
      index: [() => 1],
      states: [() => some(rows), () => PackedPatterns.from(some(rows), { neurons: N })],
      patterns: [() => some(rows)],
      bytes: [() => Uint8Array.of(1, 2, 3, 4)],
      options: [() => ({ neurons: N })],
    },
    own: { nearest: { options: [() => ({ k: 2 })] } },
  },
  RecallBatcher: {
    make: (backend) => new RecallBatcher(network(backend), { maxWait: 0, tie: 'keep', clamp: flags() }),
    goods: {
      cue: [() => row(rows, 3)],
      options: [() => ({ stream: 2, signal: new AbortController().signal })],
    },
  },
  Gatherer: {
    make: () => new Gatherer(searches, { maxWait: 0 }),
    goods: {
      cue: [() => row(rows, 3)],
      options: [() => ({ stream: 2, signal: new AbortController().signal })],
    },
  },
  AssociativeMemory: { make: network, goods: KEYS },
  Kept: { make: network, goods: KEYS },
  KeptMemory: { make: network, goods: KEYS },
  IsingProblem: { make: () => problem(), goods: { state: [() => row(rows, 0)], states: [() => some(rows)] } },
  BatchResult: { make: (backend) => network(backend).recallBatch(some(rows)), goods: batch },
  BidirectionalBatchResult: {
    make: (backend) => pairs(backend).recallBatch({ xs: some(rows) }),
    goods: batch,
  },
  ContinuousBatchResult: { make: (backend) => graded(backend).recallBatch([field(), field()]), goods: batch },
  RetrievalBatchResult: { make: (backend) => modern(backend).recallBatch(some(reals)), goods: batch },
  SparseBatchResult: { make: (backend) => sparse(backend).recallBatch(some(codes)), goods: batch },
}

const MATRIX = () => Float64Array.from({ length: N * N }, (_, k) => (k % (N + 1) === 0 ? 0 : (k % 5) - 2))
const MATRIX_OF_A_GRAPH = () =>
  Float64Array.from({ length: N * N }, (_, k) => ((k % N) + Math.floor(k / N)) % 4)
const COUPLINGS = () => MATRIX_OF_A_GRAPH().map((x, k) => (k % (N + 1) === 0 ? 0 : x))
const RING = () => ({
  indptr: Uint32Array.from({ length: N + 1 }, (_, i) => i),
  indices: Uint32Array.from({ length: N }, (_, i) => (i + 1) % N),
})

/** By class: options and other arguments of its constructor. */
export const CONSTRUCTORS: Readonly<Record<string, (backend: Backend) => Goods>> = {
  Expansion: (backend) => ({ options: [() => EXPANSION(backend)] }),
  HopfieldNetwork: (backend) => ({
    options: [
      () => ({ neurons: N, backend, normalize: 'none' }),
      () => ({ neurons: N, backend, units: 'binary', thresholds: field() }),
      () => ({ neurons: N, backend, learning: { kind: 'palimpsest', limit: 3 } }),
      () => ({ neurons: N, backend, learning: { kind: 'daydreaming', dreams: 4, seed: 3 } }),
      () => ({ neurons: N, backend, learning: () => new Float64Array(N * N) }),
      () => ({ neurons: N, backend, selfWeights: true, weights: MATRIX() }),
      () => ({
        neurons: N,
        backend,
        weights: { ...RING(), data: Int32Array.from({ length: N }, (_, i) => i) },
      }),
      () => ({
        neurons: N,
        backend,
        weights: 'sparse',
        connections: { kind: 'small-world', neighbours: 4, rewire: 0.5, seed: 2 },
      }),
      () => ({ neurons: N, backend, connections: { kind: 'random', degree: 3, symmetric: true, seed: 2n } }),
      () => ({
        neurons: N,
        backend,
        connections: { starts: RING().indptr, sources: RING().indices },
      }),
    ],
  }),
  DenseAssociativeMemory: (backend) => ({
    options: [
      () => ({ neurons: N, backend, interaction: { kind: 'polynomial', degree: 3 } }),
      () => ({ neurons: N, backend, interaction: { kind: 'exponential', beta: 0.5 } }),
      () => ({ neurons: N, backend, interaction: { kind: 'epanechnikov', radius: 3 } }),
      () => ({
        neurons: N,
        backend,
        interaction: { kind: 'table', values: Float64Array.from({ length: 2 * N + 1 }, (_, k) => k) },
      }),
      () => ({ neurons: N, backend, interaction: { kind: 'table', values: (v: number) => v * v } }),
    ],
  }),
  ContinuousHopfield: (backend) => ({
    options: [
      () => ({
        neurons: N,
        backend,
        activation: 'logistic',
        gain: 2,
        timeConstant: 3,
        externalField: field(),
        weights: MATRIX(),
      }),
    ],
  }),
  ModernHopfield: (backend) => ({
    options: [
      () => ({
        dimension: N,
        backend,
        valueDimension: 2,
        beta: 'auto',
        similarity: 'cosine',
        separation: 'sparsemax',
        capacity: 3,
      }),
    ],
  }),
  BidirectionalMemory: (backend) => ({ options: [() => ({ inputs: N, outputs: M, backend })] }),
  SparseAssociativeMemory: (backend) => ({
    options: [
      () => ({ neurons: N, outputs: M, backend, rule: 'willshaw' }),
      () => ({ neurons: N, backend, rule: { kind: 'tsodyks-feigelman', activity: 0.25 } }),
    ],
  }),
  BoltzmannMachine: (backend) => ({
    options: [() => ({ visible: N, hidden: 0, weights: COUPLINGS(), biases: field(), backend })],
  }),
  RestrictedBoltzmannMachine: (backend) => ({
    options: [
      () => ({ visible: N, hidden: 3, visibleUnits: 'bipolar', weightScale: 0.1, seed: 3, backend }),
      () => ({
        visible: N,
        hidden: 2,
        hiddenUnits: 'gaussian',
        weights: reals.slice(0, 2 * N),
        visibleBiases: field(),
        hiddenBiases: [1, 2],
        backend,
      }),
    ],
  }),
  RandomFeatureMemory: (backend) => ({
    options: [() => ({ dimension: N, frequencies: 9, beta: 2, vectors: 'bipolar', seed: 3n, backend })],
  }),
  SimilarityMap: (backend) => ({ options: [() => ({ dimension: N, outputs: 3, seed: 3n, backend })] }),
  PackedPatterns: () => ({ options: [() => ({ neurons: N, words: new Uint32Array(2 * rowWords(N)) })] }),
  RecallBatcher: (backend) => ({
    memory: [
      () => network(backend),
      () => ({ neurons: N, recallAsync: async () => network(backend).recallBatch(some(rows)) }),
    ],
    options: [
      () => ({ maxSize: 3, maxWait: 0, maxQueue: 9, threads: 1, stream: 2, packed: true, ...RECALLS() }),
    ],
  }),
  Gatherer: () => ({
    of: [() => searches],
    options: [() => ({ maxSize: 3, maxWait: 0, maxQueue: 9, threads: 1, stream: 2 })],
  }),
}

const TRIALS = () => ({ trials: 2, seed: 3, ...without(RECALLS(), 'clamp', 'seed') })

/** By function: good arguments. */
export const FUNCTIONS: (backend: Backend) => Readonly<Record<string, Goods>> = (backend) => ({
  attention: {
    queries: [() => some(reals)],
    keys: [() => reals.slice(0, 3 * N)],
    values: [() => Float32Array.of(1, 2, 3)],
    options: [
      () => ({
        dimension: N,
        beta: 2,
        mask: Uint8Array.of(1, 0, 1, 1, 1, 1),
        similarity: 'dot',
        separation: 'entmax15',
        backend,
      }),
    ],
  },
  addNoise: {
    state: [() => row(rows, 0)],
    options: [() => ({ noise: 0.25, seed: 2, stream: 3 }), () => ({ count: 3 })],
  },
  mask: {
    state: [() => row(rows, 0)],
    options: [() => ({ keep: 0.5, fill: 'random', seed: 2 }), () => ({ keep: flags() })],
  },
  // Where the addon is can be told once, and it has been.
  backend: { options: [() => ({})] },
  // A module without anything: the backend is there already.
  ready: { options: [() => ({ module: Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0) })] },
  binary: { state: [() => row(rows, 0)] },
  bipolar: { bits: [flags, () => '#..\n.#.\n..#'] },
  formatGlyph: { state: [() => row(rows, 0)], options: [() => ({ width: 4, on: 'X', off: '0' })] },
  visitingOrder: { options: [() => ({ neurons: N, order: 'random', seed: 3, stream: 1, sweep: 2 })] },
  randomPatterns: { options: [() => ({ count: 3, neurons: N, seed: 3, activity: 0.25, packed: true })] },
  randomCodes: { options: [() => ({ count: 3, neurons: N, active: 2, seed: 3 })] },
  capacity: { rule: [() => 'storkey'], neurons: [() => 100] },
  basin: {
    network: [() => network(backend)],
    options: [() => ({ noise: [0.1, 0.2], patterns: Uint32Array.of(0, 2), overlap: 0.5, ...TRIALS() })],
  },
  basinAsync: {
    network: [() => network(backend)],
    options: [
      () => ({ noise: [0.1], patterns: Uint32Array.of(0, 2), overlap: 0.5, ...TRIALS(), ...ASYNC() }),
    ],
  },
  retrievalErrorsAsync: {
    network: [() => network(backend)],
    options: [() => ({ noise: 0.1, ...TRIALS(), ...ASYNC() })],
  },
  fixedPointsAsync: {
    network: [() => new HopfieldNetwork({ neurons: 4, backend }).store([1, 1, -1, 1])],
    options: [() => ({ tie: 'keep', ...ASYNC() })],
  },
  retrievalErrors: { network: [() => network(backend)], options: [() => ({ noise: 0.1, ...TRIALS() })] },
  fixedPoints: {
    network: [() => new HopfieldNetwork({ neurons: 4, backend }).store([1, 1, -1, 1])],
    options: [() => ({ tie: 'keep' })],
  },
  loadReport: { network: [() => network(backend)], rule: [() => 'storkey'] },
  crosstalk: { network: [() => network(backend)] },
  stability: { network: [() => network(backend)], options: [() => ({ bins: 3 })] },
  oneStepError: { options: [() => ({ neurons: N, patterns: 3, tie: 'keep' })] },
  oneStepErrorLimit: { alpha: [() => 0.1] },
  dilutedOverlap: { alpha: [() => 0.1] },
  retrievalOverlap: { alpha: [() => 0.1], temperature: [() => 0.2] },
  criticalLoads: { temperature: [() => 0.2] },
  criticalTemperatures: { alpha: [() => 0.06] },
  expansionOverlap: {
    options: [() => ({ neurons: N, active: 5, shared: 3, sources: 4, activity: 0.1 })],
  },
  expansionOverlapLimit: { options: [() => ({ correlation: 0.5, activity: 0.1 })] },
  basinCurve: { options: [() => ({ ...LOADED(backend), noise: [0, 0.25], retrieved: 0.8 })] },
  capacityCurve: {
    options: [
      () => ({ ...LOADED(backend), noise: 0.1, retrieved: 0.8 }),
      () => ({
        neurons: N,
        counts: [2],
        networks: 1,
        memory: () => dense({ kind: 'exponential' })(backend).clear(),
      }),
    ],
  },
  codeCurve: {
    options: [
      () => ({
        neurons: N,
        active: 3,
        counts: [2, 4],
        rule: 'willshaw',
        shown: 2,
        cues: 2,
        winners: 3,
        maxSteps: 2,
        networks: 2,
        seed: 3,
        backend,
        ...ASYNC(),
      }),
    ],
  },
  errorHistogram: {
    options: [() => ({ ...without(LOADED(backend), 'loads'), counts: [2], units: 'binary' })],
  },
  overlapCurves: {
    options: [
      () => ({
        ...without(LOADED(backend), 'loads', 'maxSweeps'),
        patternCount: 3,
        noise: [0, 0.25],
        sweeps: 2,
        target: 'next',
      }),
    ],
  },
  palimpsestCurve: {
    options: [
      () => ({
        ...without(LOADED(backend), 'loads', 'cues'),
        learning: 'palimpsest',
        stored: 4,
        ages: [0, 2],
        noise: 0.1,
        retrieved: 0.8,
      }),
    ],
  },
  phaseDiagram: {
    options: [
      () => ({
        ...without(LOADED(backend), 'maxSweeps', 'temperature'),
        learning: 'storkey',
        temperatures: [0, 0.5],
        sweeps: 2,
      }),
    ],
  },
  phaseLines: { most: [() => 0.1] },
  separationCurve: {
    options: [
      () => ({
        neurons: N,
        active: 4,
        outputs: 20,
        sources: 3,
        winners: 2,
        overlaps: [0.25, 1],
        pairs: 2,
        networks: 2,
        seed: 3,
        backend,
        ...ASYNC(),
      }),
    ],
  },
  sequenceCurve: {
    options: [
      () => ({ ...without(LOADED(backend), 'maxSweeps', 'dynamics'), learning: 'sequence', steps: 2 }),
    ],
  },
  spuriousCensus: { options: [() => ({ ...without(LOADED(backend), 'cues'), starts: 3 })] },
  sequenceOverlap: { alpha: [() => 0.1] },
  thermalOverlap: { temperature: [() => 0.5] },
  perceptronCapacity: { kappa: [() => 0.5] },
  willshawFill: { options: [() => ({ neurons: N, active: 2, patterns: 3 })] },
  fromShared: { handle: [() => network(backend).share()], options: [() => ({ backend })] },
  fromBytes: { bytes: [() => network(backend).toBytes()], options: [() => ({ backend })] },
  maxCut: {
    graph: [EDGES, () => ({ from: [0, 1], to: [1, 2], weights: [2, 3] }), MATRIX_OF_A_GRAPH],
    options: [() => ({ nodes: N })],
  },
  qubo: {
    matrix: [MATRIX, () => ({ from: [0, 1], to: [1, 2], weights: [2, 3] })],
    options: [() => ({ variables: N, offset: 2 })],
  },
  numberPartitioning: { numbers: [() => [5, 4, 3, 2]] },
  graphColouring: { graph: [EDGES], options: [() => ({ colours: 2, nodes: N, penalty: 3 })] },
  tsp: {
    cities: [
      () => [
        [0, 0],
        [3, 0],
        [3, 4],
      ],
      () => ({ distances: [0, 1, 1, 0] }),
    ],
    options: [() => ({ metric: 'EUC_2D', penalty: 9 })],
  },
  distancesOf: { problem: [trip] },
  fromBinaryQuadraticModel: {
    model: [() => ({ vartype: 'BINARY', linear: field(), quadratic: EDGES(), offset: 2 })],
  },
  toBinaryQuadraticModel: { problem: [problem], vartype: [() => 'SPIN'] },
  parseGset: { text: [() => formatGset(maxCut(EDGES()))] },
  formatGset: { problem: [() => maxCut(EDGES())] },
  parseQubo: {
    text: [() => formatQubo(qubo(MATRIX()))],
    options: [() => ({ symmetric: false, sense: 'max' })],
  },
  formatQubo: { problem: [problem] },
  parseIsing: { text: [() => formatIsing(problem())], options: [() => ({ signs: 'dimod' })] },
  formatIsing: { problem: [problem], options: [() => ({ signs: 'dimod' })] },
  parseTsplib: { text: [() => formatTsplib(trip())] },
  formatTsplib: { problem: [trip], options: [() => ({ name: 'trip' })] },
  exact: {
    problem: [problem],
    options: [() => without(SOLVE(backend), 'numReads', 'seed', 'initialStates')],
  },
  exactAsync: {
    problem: [problem],
    options: [() => ({ ...without(SOLVE(backend), 'numReads', 'seed', 'initialStates'), ...ASYNC() })],
  },
  steepestDescent: { problem: [problem], options: [() => SOLVE(backend)] },
  steepestDescentAsync: { problem: [problem], options: [() => ({ ...SOLVE(backend), ...ASYNC() })] },
  anneal: { problem: [problem], options: [() => ANNEAL(backend)] },
  annealAsync: { problem: [problem], options: [() => ({ ...ANNEAL(backend), ...ASYNC() })] },
  tabu: { problem: [problem], options: [() => ({ ...SOLVE(backend), numSweeps: 3, tenure: 2 })] },
  tabuAsync: {
    problem: [problem],
    options: [() => ({ ...SOLVE(backend), numSweeps: 3, tenure: 2, ...ASYNC() })],
  },
  solve: { problem: [problem], options: [() => without(SOLVE(backend), 'numReads', 'initialStates')] },
  solveAsync: {
    problem: [problem],
    options: [
      () => ({ ...without(SOLVE(backend), 'numReads', 'initialStates'), ...without(ASYNC(), 'threads') }),
    ],
  },
  simulatedBifurcation: { problem: [problem], options: [() => BIFURCATE(backend)] },
  simulatedBifurcationAsync: {
    problem: [problem],
    options: [() => ({ ...BIFURCATE(backend), ...ASYNC() })],
  },
  parallelTempering: { problem: [problem], options: [() => TEMPER(backend)] },
  parallelTemperingAsync: {
    problem: [problem],
    options: [() => ({ ...TEMPER(backend), ...ASYNC() })],
  },
  hopfieldTank: { problem: [trip], options: [() => TANK(backend)] },
  hopfieldTankAsync: { problem: [trip], options: [() => ({ ...TANK(backend), ...ASYNC() })] },
  meanField: { problem: [problem], options: [() => ({ ...ANNEAL(backend), step: 0.5 })] },
  meanFieldAsync: { problem: [problem], options: [() => ({ ...ANNEAL(backend), step: 0.5, ...ASYNC() })] },
  lowerBound: { problem: [problem, trip], options: [() => ({ sweeps: 5 })] },
  lowerBoundAsync: {
    problem: [problem, trip],
    options: [() => ({ sweeps: 5, signal: new AbortController().signal })],
  },
  tourSearch: {
    problem: [trip],
    options: [() => ({ ...without(SOLVE(backend), 'initialStates'), numSweeps: 3 })],
  },
  tourSearchAsync: {
    problem: [trip],
    options: [() => ({ ...without(SOLVE(backend), 'initialStates'), numSweeps: 3, ...ASYNC() })],
  },
  parseNpy: { bytes: [() => formatNpy(row(rows, 0), [3, 4])] },
  formatNpy: { data: [() => row(rows, 0)], shape: [() => [3, 4]] },
  parseNpz: { bytes: [() => formatNpz({ a: row(rows, 0) })], options: [() => ({ maxBytes: 1000 })] },
  formatNpz: { arrays: [() => ({ a: row(rows, 0), b: { data: row(rows, 0), shape: [3, 4] } })] },
})

/** By class: arguments of its static methods. */
export const STATICS: (backend: Backend) => Readonly<Record<string, Goods>> = (backend) => ({
  'IsingProblem.from': {
    options: [
      () => ({ couplings: MATRIX_OF_A_GRAPH(), fields: field(), offset: 1 }),
      () => ({ edges: EDGES(), variables: N }),
    ],
  },
  'IsingProblem.of': { network: [() => network(backend)], options: [() => ({ externalField: field() })] },
  ...Object.fromEntries(
    Object.entries(WORLDS).map(([owner, { make }]) => [
      `${owner}.fromShared`,
      { handle: [() => (make(backend) as HopfieldNetwork).share()], options: [() => ({ backend })] },
    ]),
  ),
  ...Object.fromEntries(
    Object.entries(WORLDS).map(([owner, { make }]) => [
      `${owner}.fromBytes`,
      owner === 'PackedPatterns'
        ? { bytes: [() => Uint8Array.of(1, 2, 3, 4)], options: [() => ({ neurons: N })] }
        : { bytes: [() => (make(backend) as HopfieldNetwork).toBytes()], options: [() => ({ backend })] },
    ]),
  ),
})
