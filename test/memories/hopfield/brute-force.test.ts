import { describe, expect, it } from 'vitest'
import { HopfieldNetwork, randomPatterns, type Tie } from '../../../src/index.js'
import { VARIANTS } from '../../helpers/backends.js'
import { expectSame } from '../../helpers/bytes.js'

// An independent Hopfield network in a few lines: the matrix J by its definition, plain arrays, nothing shared with
// src. At these sizes every state is a cue, so what is compared is the whole dynamics and not a sample of it.

const TIES: readonly Tie[] = ['positive', 'negative', 'keep']

interface World {
  n: number
  J: number[][]
  b: number[]
  clamp: number[]
}

function couplings(patterns: number[][], n: number): number[][] {
  const J = Array.from({ length: n }, () => Array.from({ length: n }, () => 0))
  for (const xi of patterns)
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) if (i !== j) J[i][j] += xi[i] * xi[j]
  return J
}

function field({ n, J }: World, s: number[], i: number): number {
  let h = 0
  for (let j = 0; j < n; j++) h += J[i][j] * s[j]
  return h
}

function energy(world: World, s: number[]): number {
  let quadratic = 0
  let linear = 0
  for (let i = 0; i < world.n; i++) {
    for (let j = 0; j < world.n; j++) quadratic += world.J[i][j] * s[i] * s[j]
    linear += world.b[i] * s[i]
  }
  return (0 - quadratic / 2) / world.n - linear
}

function next(world: World, s: number[], i: number, tie: Tie): number {
  if (world.clamp[i]) return s[i]
  const total = field(world, s, i) / world.n + world.b[i]
  if (total > 0) return 1
  if (total < 0) return -1
  return { positive: 1, negative: -1, keep: s[i] }[tie]
}

interface End {
  state: number[]
  alternate: number[] | undefined
  cycle: number
  sweeps: number
  flips: number
}

/** The ends of all cues. */
interface Ends {
  states: Int8Array
  alternates: Int8Array | undefined
  cycles: Uint32Array
  sweeps: Uint32Array
  flips: Uint32Array
  energies: Float64Array
}

function same(a: number[], b: number[]): boolean {
  return a.every((value, i) => value === b[i])
}

function synchronous(world: World, cue: number[], tie: Tie, maxSweeps: number): End {
  const history = [cue]
  let flips = 0
  for (let sweeps = 1; sweeps <= maxSweeps; sweeps++) {
    const s = history[sweeps - 1]
    const t = s.map((_, i) => next(world, s, i, tie))
    flips += t.filter((value, i) => value !== s[i]).length
    history.push(t)
    if (same(s, t)) return { state: t, alternate: undefined, cycle: 1, sweeps, flips }
    if (sweeps > 1 && same(history[sweeps - 2], t)) return { state: t, alternate: s, cycle: 2, sweeps, flips }
  }
  return { state: history[maxSweeps], alternate: undefined, cycle: 0, sweeps: maxSweeps, flips }
}

function cyclic(world: World, cue: number[], tie: Tie, maxSweeps: number): End {
  const s = [...cue]
  let flips = 0
  for (let sweeps = 1; sweeps <= maxSweeps; sweeps++) {
    const before = flips
    for (let i = 0; i < world.n; i++) {
      const value = next(world, s, i, tie)
      if (value !== s[i]) flips++
      s[i] = value
    }
    if (flips === before) return { state: s, alternate: undefined, cycle: 1, sweeps, flips }
  }
  return { state: s, alternate: undefined, cycle: 0, sweeps: maxSweeps, flips }
}

function allStates(n: number): number[][] {
  return Array.from({ length: 2 ** n }, (_, code) =>
    Array.from({ length: n }, (_, i) => ((code >> i) & 1 ? 1 : -1)),
  )
}

// N even with P odd has no ties; the others are full of them. N = 1 has no neighbours at all, P = 0 no weights.
const SIZES = [
  { n: 1, p: 3 },
  { n: 2, p: 1 },
  { n: 3, p: 4 },
  { n: 4, p: 0 },
  { n: 7, p: 2 },
  { n: 8, p: 3 },
  { n: 8, p: 4 },
  { n: 9, p: 30 },
  { n: 11, p: 2 },
  { n: 12, p: 5 },
  { n: 12, p: 2 },
]

for (const { n, p } of SIZES) {
  const patterns = randomPatterns({ count: p, neurons: n, seed: 100 * n + p })
  const rows = Array.from({ length: p }, (_, mu) => Array.from(patterns.subarray(mu * n, (mu + 1) * n)))
  const none = Array.from({ length: n }, () => 0)
  // Multiples of 1/8: exact in a sum, and at N = 8 some of them cancel a field exactly, which makes ties.
  const b = Array.from({ length: n }, (_, i) => ((i * 5) % 7) / 8 - 0.375)
  const clamp = Array.from({ length: n }, (_, i) => (i % 3 === 1 ? 1 : 0))
  const plain: World = { n, J: couplings(rows, n), b: none, clamp: none }
  const pulled: World = { ...plain, b }
  const held: World = { ...pulled, clamp }
  const WORLDS: readonly [where: string, world: World][] = [
    ['', plain],
    [' in an external field', pulled],
    [' with clamped neurons', held],
  ]
  const cues = allStates(n)
  const flat = Int8Array.from(cues.flat())

  // Each run of the reference serves every backend and form.
  const known = new Map<string, unknown>()
  function once<T>(key: string, make: () => T): T {
    const found = known.has(key) ? (known.get(key) as T) : make()
    known.set(key, found)
    return found
  }
  const nameOf = (world: World): number => [plain, pulled, held].indexOf(world)
  function expected(
    world: World,
    tie: Tie,
    dynamics: 'synchronous' | 'asynchronous',
    maxSweeps: number,
  ): Ends {
    const run = dynamics === 'synchronous' ? synchronous : cyclic
    return once(`${nameOf(world)} ${tie} ${dynamics} ${maxSweeps}`, () => {
      const ends = cues.map((cue) => run(world, cue, tie, maxSweeps))
      return {
        states: Int8Array.from(ends.flatMap(({ state }) => state)),
        alternates: ends.some(({ cycle }) => cycle === 2)
          ? Int8Array.from(ends.flatMap(({ state, alternate }) => alternate ?? state))
          : undefined,
        cycles: Uint32Array.from(ends, ({ cycle }) => cycle),
        sweeps: Uint32Array.from(ends, ({ sweeps }) => sweeps),
        flips: Uint32Array.from(ends, ({ flips }) => flips),
        energies: Float64Array.from(ends, ({ state }) => energy(world, state)),
      }
    })
  }

  for (const { backend, weights } of VARIANTS) {
    describe(`all ${2 ** n} states of ${n} neurons with ${p} patterns, ${backend}, ${weights}`, () => {
      const net = new HopfieldNetwork({ neurons: n, backend, weights }).store(patterns)

      function compare(
        world: World,
        tie: Tie,
        dynamics: 'synchronous' | 'asynchronous',
        maxSweeps: number,
      ): void {
        const end = expected(world, tie, dynamics, maxSweeps)
        const { b: externalField, clamp } = world
        const result = net.recallBatch(flat, {
          dynamics,
          order: 'cyclic',
          tie,
          maxSweeps,
          externalField,
          clamp,
        })
        expectSame(result.states, end.states, `tie ${tie}`)
        expectSame(result.cycles, end.cycles)
        expectSame(result.sweeps, end.sweeps)
        expectSame(result.flips, end.flips)
        expectSame(result.energies, end.energies)
        if (end.alternates === undefined) expect(result.alternates).toBeUndefined()
        else expectSame(result.alternates, end.alternates)
      }

      it('has the weights of the definition', () => {
        expectSame(net.weights(), Int32Array.from(plain.J.flat()))
      })

      it('has the local fields of the definition', () => {
        const fields = once('fields', () => cues.flatMap((s) => s.map((_, i) => field(plain, s, i) / n)))
        const found = cues.flatMap((s) => Array.from(net.localField(s)))
        expectSame(Float64Array.from(found), Float64Array.from(fields))
      })

      it('has the energies of the definition', () => {
        const energies = once('energies', () => Float64Array.from(cues, (s) => energy(plain, s)))
        expectSame(
          Float64Array.from(cues, (s) => net.energy(s)),
          energies,
        )
      })

      it('has the energies of the definition in an external field', () => {
        const energies = once('pulled energies', () => Float64Array.from(cues, (s) => energy(pulled, s)))
        const found = Float64Array.from(cues, (s) => net.energy(s, { externalField: b }))
        expectSame(found, energies)
      })

      it('has the fixed points of the definition', () => {
        for (const tie of TIES) {
          for (const world of [plain, pulled]) {
            const fixed = once(`${nameOf(world)} ${tie} fixed`, () =>
              Uint8Array.from(cues, (s) => Number(s.every((value, i) => next(world, s, i, tie) === value))),
            )
            const found = cues.map((s) => Number(net.isFixedPoint(s, { tie, externalField: world.b })))
            expectSame(Uint8Array.from(found), fixed)
          }
        }
      })

      for (const [where, world] of WORLDS) {
        it(`falls from every state to the same end one neuron at a time${where}`, () => {
          for (const tie of TIES) compare(world, tie, 'asynchronous', 100)
        })

        it(`ends in the same fixed point or two-cycle all at once${where}`, () => {
          for (const tie of TIES) compare(world, tie, 'synchronous', 100)
        })
      }

      it('stops where maxSweeps says', () => {
        for (const tie of TIES) {
          compare(plain, tie, 'asynchronous', 1)
          compare(plain, tie, 'synchronous', 2)
        }
      })
    })
  }
}
