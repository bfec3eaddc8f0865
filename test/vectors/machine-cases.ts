import { CHAINS, hiddenStride, UNIT_KINDS, type UnitKind } from '../../src/kernels/contract/boltzmann.js'
import { paddedStride } from '../../src/kernels/contract/layout.js'
import { typescriptKernels as kernels } from '../../src/kernels/reference/index.js'
import { digest } from './cases.js'

/** What Boltzmann machines compute, by digest. Repeated in native/test/boltzmann_test.cc. */
export interface MachineCase {
  visible: number
  hidden: number
  kinds: [visible: UnitKind, hidden: UnitKind]
  hiddenMeans: string
  visibleMeans: string
  walked: string
  learned: string
  energies: string
  importance: string
  partitions: string
}

// Layers around whole registers and blocks of the potential; every kind of units.
const SIZES: [visible: number, hidden: number][] = [[1, 1], [7, 16], [17, 15], [64, 33], [20, 520]] // biome-ignore format: a table
const KINDS: [UnitKind, UnitKind][] = [
  ['binary', 'binary'], ['bipolar', 'binary'], ['binary', 'bipolar'], ['gaussian', 'bipolar'], ['bipolar', 'gaussian'],
] // biome-ignore format: a table
const ROWS = 5

/** Numbers that f32 holds, of either sign. */
const real = (a: number, b: number): number => (((7 * a + 13 * b + a * b) % 23) - 11) / 32

function unit(kind: UnitKind, a: number, b: number): number {
  const x = (7 * a + 3 * b + a * b) % 5
  if (kind === 'gaussian') return x / 2 - 1
  return x < 2 ? 1 : kind === 'bipolar' ? -1 : 0
}

function makeCase(visible: number, hidden: number, kinds: [UnitKind, UnitKind]): MachineCase {
  const [v, h] = kinds
  const stride = hiddenStride(hidden)
  const shape = Uint32Array.of(visible, hidden, UNIT_KINDS.indexOf(v), UNIT_KINDS.indexOf(h))
  const padded = (count: number, value: (b: number, j: number) => number): Float32Array =>
    Float32Array.from({ length: count * stride }, (_, k) =>
      k % stride < hidden ? value(Math.floor(k / stride), k % stride) : 0,
    )
  const weights = padded(visible, real)
  const a = Float32Array.from({ length: visible }, (_, i) => real(i, 5))
  const c = padded(1, (_, j) => real(3, j))
  const base = a.map((x) => -x)
  const rows = (): Float32Array =>
    Float32Array.from({ length: ROWS * visible }, (_, k) => unit(v, Math.floor(k / visible), k % visible))
  const states = padded(ROWS, (b, j) => unit(h, b, j))

  const hiddenMeans = new Float32Array(ROWS * stride)
  kernels.hiddenMeans(shape, weights, c, rows(), ROWS, hiddenMeans)
  const visibleMeans = new Float32Array(ROWS * visible)
  kernels.visibleMeans(shape, weights, a, states, ROWS, visibleMeans)

  const clamp = Uint8Array.from({ length: visible }, (_, i) => (i % 3 === 1 ? 1 : 0))
  const betas = Float64Array.of(1, 0.25, 0, 1.5, 1)
  const walked = rows()
  const walk = Float64Array.of(5, 6, 2 ** 30, 3, 2 ** 32 - 2)
  kernels.gibbs(shape, weights, a, c, base, clamp, betas, walk, walked, states.slice(), undefined)

  const learned = [weights.slice(), a.slice(), c.slice()] as const
  const velocities = new Float32Array(visible * stride + visible + stride)
  const means = new Float32Array(visible + stride)
  const order = Uint32Array.of(3, 0, 4, 1, 2, 9, 3)
  const lesson = Float64Array.of(3, 4, 9, 3, 2, 0.05, 0.5, 0.01, 0.125, CHAINS.kept)
  const kept = padded(3, (b, j) => unit(h, b + 1, j))
  kernels.contrast(shape, ...learned, velocities, means, kept, rows(), order, lesson)

  const energies = new Float64Array(ROWS)
  kernels.freeEnergies(shape, weights, a, c, base, betas, rows(), ROWS, energies)
  const logs = new Float64Array(ROWS)
  kernels.importance(shape, weights, a, c, base, Float64Array.of(0, 0.25, 0.75, 1), walk, rows(), logs)

  // Eight units in front of the hidden ones.
  const width = paddedStride(hidden)
  const couplings = new Float64Array(8 * width)
  for (let i = 0; i < 8; i++) for (let j = 0; j < hidden; j++) couplings[i * width + j] = 4 * real(i, j)
  const own = Float64Array.from({ length: 8 }, (_, i) => real(i, 2))
  const fields = Float64Array.from({ length: hidden }, (_, j) => real(5, j))
  const partitions = new Float64Array(5)
  const low = v === 'bipolar' ? -1 : 0
  kernels.logPartitions(couplings, own, 8, fields, hidden, UNIT_KINDS.indexOf(h), low, 3, 2, 7, partitions)

  const changed = [...learned, velocities, means, kept].map(digest).join(' ')
  return {
    visible,
    hidden,
    kinds,
    hiddenMeans: digest(hiddenMeans),
    visibleMeans: digest(visibleMeans),
    walked: digest(walked),
    learned: changed,
    energies: digest(energies),
    importance: digest(logs),
    partitions: digest(partitions),
  }
}

export function makeMachineCases(): MachineCase[] {
  return SIZES.flatMap(([visible, hidden]) => KINDS.map((kinds) => makeCase(visible, hidden, kinds)))
}
