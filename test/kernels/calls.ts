// The addon's functions as JavaScript might call them, each with right arguments: tests spoil them.
import { rowWords } from '../../src/kernels/contract/layout.js'
import { type Addon, loadAddon } from '../../src/kernels/native/load.js'

export const addon = loadAddon() as Addon
export const present = 'tiers' in addon
if (!present && process.env['CI']) throw new Error('CI needs the addon')

export type Call = (...all: unknown[]) => unknown
export type Table = Readonly<Record<string, Call>>

/** A handle, which keeps its arrays. */
export interface Kept {
  readonly id: number
}

/** A block of numbers that calls of kernels begin with. */
export function newBlock(): Float64Array {
  return new Float64Array(new SharedArrayBuffer(8 * 408))
}

/** The names of the tiers that run here, best first. */
export const TIERS: string[] = present
  ? addon.tiers().flatMap((tier) => (tier.usable ? [tier.name] : []))
  : []

export function tableOf(tier: string, block: Float64Array): Table {
  return addon.kernels(tier, block) as unknown as Table
}

/** What kernels take of a handle. */
export function taken(handle: Kept | undefined): [id: number | undefined, handle: Kept | undefined] {
  return [handle?.id, handle]
}

export const [N, P] = [25, 3]
/** Words of a row of N neurons. */
export const ROW: number = rowWords(N)
/** Rows with clean padding. */
export const cleanRows = (count: number): Uint32Array =>
  new Uint32Array(ROW * count).map((_, k) => (k % ROW === 0 ? (k * 2654435761) >>> 8 : 0))
const cleanColumns = (): Uint32Array =>
  Uint32Array.from({ length: 2 * N }, (_, k) =>
    k % 2 === 1
      ? 0
      : [0, 1, 2].reduce((word, mu) => word | (((cleanRows(P)[ROW * mu] >>> (k / 2)) & 1) << mu), 0),
  )
export const numbers = (length: number, value = 0.1): Float64Array => new Float64Array(length).fill(value)
const lists = [new Uint32Array(41).fill(1, 1), Uint32Array.of(0), Uint32Array.of(0, 2), Uint32Array.of(0, 3)]

export const PAIRWISE = ['implicit', 'coupled', 'int32', 'float32', 'bits', 'sparse', 'interaction']

/** What `memory` takes, of each kind, as right arguments. */
export function memoriesOf(kernels: Table): Record<string, () => unknown[]> {
  return {
    implicit: () => [0, Float64Array.of(N, P, 0, 0, 0), cleanRows(P), cleanColumns()],
    coupled: () => [
      1,
      Float64Array.of(N, P, 1, 1, 1),
      cleanRows(P),
      cleanColumns(),
      numbers(8 * P),
      numbers(N),
      numbers(8 * N),
      numbers(N, 3),
      2,
    ],
    int32: () => [2, Float64Array.of(N, P, 1, 0, 0), cleanRows(P), new Int32Array(N * 32).fill(-(2 ** 31))],
    float32: () => [2, Float64Array.of(N, P, 0, 0, 0), cleanRows(P), new Float32Array(N * 32)],
    bits: () => [3, Float64Array.of(N, P, 0, 0, 0), cleanRows(P), cleanRows(N)],
    sparse: () => {
      const starts = Uint32Array.from({ length: N + 1 }, (_, i) => 2 * i)
      const targets = [starts, new Uint32Array(2 * N).fill(N - 1), new Int32Array(2 * N).fill(2 ** 31 - 1)]
      return [
        4,
        Float64Array.of(N, P, 0, 0, 0),
        cleanRows(P),
        starts,
        new Uint32Array(2 * N),
        new Int32Array(2 * N).fill(1),
        ...targets,
        numbers(N, 3),
        2,
      ]
    },
    connections: () => [
      4,
      Float64Array.of(N, P, 0, 0, 0),
      cleanRows(P),
      Uint32Array.from({ length: N + 1 }, (_, i) => 2 * i),
      new Uint32Array(2 * N),
      new Int32Array(2 * N).fill(1),
      ...[new Uint32Array(0), new Uint32Array(0), new Int32Array(0)],
    ],
    interaction: () => [
      5,
      Float64Array.of(N, P, 0, 0, 0),
      cleanRows(P),
      cleanColumns(),
      numbers(N + 2),
      numbers(N + 1),
    ],
    keys: () => [
      6,
      Float64Array.of(320, 9, 9, 3, -1, 1),
      ...[0, 1].map(() => Float32Array.from({ length: 320 * 9 }, (_, k) => Math.sin(k))),
      undefined,
      undefined,
      new Uint8Array(5 * (kernels['quantizedBytes'](9) as number)),
      Float64Array.from({ length: 320 }, (_, k) => Math.sin(k)),
    ],
    graded: () => [7, Float64Array.of(5, 0, 3, 1, 0), numbers(40), numbers(5)],
    heard: () => [
      7,
      Float64Array.of(5, 0, 3, 1, 0),
      numbers(9),
      numbers(5),
      Uint32Array.of(0, 2, 2, 4, 8, 9),
      new Uint32Array(9).fill(4),
    ],
    pairs: () => [
      8,
      Float64Array.of(3, 70, 33, 0, 0),
      new Uint32Array(3 * rowWords(70)).map((_, k) => (k % rowWords(70) < 2 ? 1 : 0)),
      new Uint32Array(3 * rowWords(33)).fill(1),
    ],
    synapses: () => [9, Float64Array.of(40, 40, 1, 0, 0), new Uint32Array(40 * rowWords(40)).fill(7)],
    covariance: () => [10, Float64Array.of(40, 33, 0, 1, 0.1), ...lists, new Float64Array(33)],
  }
}

/**
 * Right calls of kernels that take a memory: which kernel, names of memories, and what comes behind the memory.
 * @param block the control block of these kernels.
 */
export function callsOf(
  kernels: Table,
  block: Float64Array,
): [kernel: string, memories: string[], rest: () => unknown[]][] {
  const control = (...numbers: number[]): unknown[] => {
    block.set(numbers)
    return []
  }
  return [
    [
      'recall',
      PAIRWISE,
      () => [
        ...control(0, 3, 0, 3, 1, 0, 0, N, 7, 1, 35),
        new Int8Array(N).fill(1),
        new Int8Array(N),
        new Float64Array(5),
        Uint32Array.of(3, 24),
        undefined,
        undefined,
        undefined,
        Float64Array.of(1, 0),
      ],
    ],
    [
      'recall',
      PAIRWISE,
      () => {
        control(0, 1, 0, 3, 1, 0, 0, N, 7, 1, 4)
        new Int8Array(block.buffer, 160, N).fill(1)
        return [undefined, undefined, undefined, undefined, numbers(N)]
      },
    ],
    [
      'recallTraced',
      PAIRWISE,
      () => [
        ...control(1, 0, 0, 3, 1, 0, 0, N, 0, 1, 1),
        new Uint32Array(ROW),
        new Uint32Array(ROW),
        new Float64Array(5),
      ],
    ],
    [
      'sample',
      PAIRWISE,
      () => [
        ...control(1, 0, 0, 3, 1, 0, 0, N, 0, 2, 1, 0, 5),
        new Uint32Array(2 * ROW),
        new Uint32Array(10 * ROW),
        new Float64Array(50),
        undefined,
        undefined,
        undefined,
        undefined,
        undefined,
        new Int32Array(2 * N),
      ],
    ],
    ['localFields', PAIRWISE, () => [new Uint32Array(ROW).fill(0xffffffff), new Float64Array(N)]],
    ['quadratics', PAIRWISE, () => [new Uint32Array(2 * ROW).fill(0xffffffff), 2, new Float64Array(2)]],
    [
      'retrieve',
      ['keys'],
      () => [...control(3, 30, 0, 1, 0), numbers32(27), undefined, new Float32Array(27), new Float64Array(6)],
    ],
    ['logits', ['keys'], () => [...control(3, 30, 0, 1, 0), numbers32(27), new Float64Array(960)]],
    ['associate', ['keys'], () => [...control(3, 30, 0, 1, 1), numbers32(27), new Float64Array(960)]],
    [
      'mostSimilar',
      ['keys'],
      () => [
        ...control(3, 30, 0, 1, 0),
        numbers32(27),
        4,
        new Uint8Array(320).fill(1),
        new Float64Array(3),
        new Uint32Array(12),
        new Float64Array(12),
        new Float64Array(12),
      ],
    ],
    ['quantizeKeys', ['keys'], () => [new Uint8Array(5 * (kernels['quantizedBytes'](9) as number)), 0, 5]],
    [
      'integrate',
      ['graded', 'heard'],
      () => [...control(3, 1, 1, 0.1, 1e-3, 1e-3, 9), numbers(15), numbers(15), numbers(12)],
    ],
    [
      'integrateTraced',
      ['graded', 'heard'],
      () => [...control(1, 1, 1, 0.1, 1e-3, 1e-3, 9), numbers(5), numbers(5), numbers(4), true],
    ],
    ['gradedSlopes', ['graded', 'heard'], () => [numbers(15), 3, numbers(15), numbers(15)]],
    ['gradedEnergies', ['graded', 'heard'], () => [numbers(15), 3, numbers(3)]],
    [
      'bidirectional',
      ['pairs'],
      () => [
        new Uint32Array(3 * rowWords(70)),
        new Uint32Array(3 * rowWords(33)),
        3,
        new Uint8Array(3),
        20,
        numbers(9),
      ],
    ],
    ['formWeights', ['coupled'], () => [3, 20, 2, new Float64Array(17 * N)]],
    [
      'connectionWeights',
      ['coupled'],
      () => [3, Uint32Array.of(2, 4, 5), Uint32Array.of(0, 24, 7), new Int32Array(3)],
    ],
    [
      'descend',
      ['int32', 'float32', 'sparse'],
      () => [numbers(N), new Uint32Array(2 * ROW), 2, 20, new Uint32Array(2)],
    ],
    [
      'tabu',
      ['int32', 'float32', 'sparse'],
      () => [
        undefined,
        new Uint32Array(ROW),
        new Uint32Array(ROW),
        new Uint32Array(N),
        7,
        new Uint32Array(9).fill(3),
        numbers(3, 9),
      ],
    ],
    ['selfWeights', ['coupled'], () => [3, 20, new Float64Array(17)]],
    [
      'anneal',
      ['int32', 'float32', 'connections'],
      () => [...control(7, 1, 2, 3, 1), Float64Array.of(0.1, 1), numbers(N, 3), new Uint32Array(4 * N), 70],
    ],
    [
      'replicaQuadratics',
      ['int32', 'float32', 'connections'],
      () => [numbers(N, 3), new Uint32Array(4 * N), 70, new Float64Array(70)],
    ],
    [
      'exchangeClusters',
      ['int32', 'float32', 'connections'],
      () => [new Uint32Array(35).fill(2), new Uint32Array(4 * N), 70],
    ],
    [
      'bifurcate',
      ['int32', 'float32', 'connections'],
      () => [...control(1, 0.5, 0.5, 3, 4), numbers(N, 3), numbers(2 * N), numbers(2 * N), numbers(2 * N), 2],
    ],
    [
      'recallCodes',
      ['synapses', 'covariance'],
      () => [
        ...control(2, Number.NaN, 3, 1),
        Uint32Array.of(0, 2, 3),
        Uint32Array.of(1, 9, 39),
        new Uint32Array(2 * ROW),
        new Uint32Array(4),
      ],
    ],
  ]
}

function numbers32(length: number): Float32Array {
  return Float32Array.from({ length }, (_, k) => Math.cos(k))
}
