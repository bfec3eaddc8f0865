import { dot8Spins } from '../../numerics/dot8.js'
import { energyOf } from '../../numerics/energy.js'
import { UNIFORM_DRAW, WordStream } from '../../numerics/philox.js'
import { logistic } from '../../numerics/tanh.js'
import { Pace } from '../../platform/pace.js'
import { atOnce, later } from '../../platform/turn.js'
import {
  countDone,
  type KernelTrace,
  type Memory,
  OUTCOME,
  type RecallKernels,
  type RecallPlan,
  stopped,
} from '../contract/kernels.js'
import { clearPadding, popcount32, rowWords, spin } from '../contract/layout.js'
import type { FieldState } from './field-state.js'
import { carriesQuadratic, fieldState, mayCycle } from './forms.js'
import { InteractionState } from './interaction.js'
import { overlaps } from './overlap.js'
import { pack, unpack } from './pack.js'

/** What a traced recall writes down; absent otherwise. */
class Recorder {
  readonly #memory: Memory
  readonly #energies: number[] = []
  readonly #flips: number[] = []
  readonly #overlaps: Int32Array[] = []

  constructor(memory: Memory) {
    this.#memory = memory
  }

  energy(value: number): void {
    this.#energies.push(value)
  }

  flip(neuron: number): void {
    this.#flips.push(neuron)
  }

  sweep(state: Uint32Array): void {
    const { rows, count, neurons } = this.#memory
    const row = new Int32Array(count)
    overlaps(rows, count, neurons, state, 1, row)
    this.#overlaps.push(row)
  }

  trace(): KernelTrace {
    const { count } = this.#memory
    const table = new Int32Array(this.#overlaps.length * count)
    for (const [sweep, row] of this.#overlaps.entries()) table.set(row, sweep * count)
    return {
      energies: Float64Array.from(this.#energies),
      overlaps: table,
      flips: Uint32Array.from(this.#flips),
    }
  }
}

/** Finds out that states repeat, whatever the length of the cycle, by keeping one of them at a time (Brent 1980). */
class CycleWatch {
  #kept: Uint32Array
  #since = 0
  #most = 1

  constructor(state: Uint32Array) {
    this.#kept = state.slice()
  }

  /** The length of the cycle that `state`, the next one, closes; 0 if none. */
  closes(state: Uint32Array): number {
    this.#since++
    if (state.every((word, k) => word === this.#kept[k])) return this.#since
    if (this.#since === this.#most) {
      this.#kept = state.slice()
      this.#since = 0
      this.#most *= 2
    }
    return 0
  }
}

/** Operations of a visit, beside those of its field. */
const VISIT = 64

/** One cue under one plan; `state` is the cue before and the outcome after. */
class Run {
  readonly #memory: Memory
  readonly #plan: RecallPlan
  readonly #query: number
  readonly #recorder: Recorder | undefined
  readonly #form: FieldState
  readonly #pace = new Pace()
  #state: Uint32Array
  readonly #uniforms: WordStream
  /** Sweeps from this one on have T = 0. */
  readonly #cold: number
  #sweeps = 0
  #flips = 0
  #cycle = 0

  constructor(memory: Memory, plan: RecallPlan, query: number, state: Uint32Array, recorder?: Recorder) {
    this.#memory = memory
    this.#plan = plan
    this.#query = query
    this.#state = state
    this.#recorder = recorder
    this.#form = fieldState(memory, plan.temperatures !== undefined || plan.externalField !== undefined)
    this.#uniforms = new WordStream(plan.seedLow, plan.seedHigh)
    this.#cold = coldFrom(plan.temperatures)
  }

  /** In steps of about a millisecond. */
  *run(outcome: Float64Array, at: number): Generator<void, void> {
    const out = this.#state
    yield* this.#form.begin(this.#state)
    this.#recorder?.energy(this.#energy(yield* this.#form.quadratic(this.#state)))
    if (this.#plan.dynamics === 'synchronous') yield* this.#synchronous()
    else yield* this.#asynchronous()
    outcome[at + OUTCOME.sweeps] = this.#sweeps
    outcome[at + OUTCOME.flips] = this.#flips
    outcome[at + OUTCOME.energy] = this.#energy(yield* this.#form.quadratic(this.#state))
    outcome[at + OUTCOME.cycle] = this.#cycle
    outcome[at + OUTCOME.active] = this.#form instanceof InteractionState ? this.#form.active() : 0
    out.set(this.#state)
  }

  /** All neurons at once from the same state (Little 1974); a repeated state is a fixed point or a two-cycle. */
  *#synchronous(): Generator<void, void> {
    const fields = new Float64Array(this.#memory.neurons)
    let previous: Uint32Array | undefined
    let watch: CycleWatch | undefined
    while (this.#sweeps < this.#plan.maxSweeps) {
      yield
      const cold = this.#sweeps >= this.#cold
      if (cold && mayCycle(this.#memory, this.#plan)) watch ??= new CycleWatch(this.#state)
      yield* this.#form.fields(this.#state, fields)
      const next = this.#temperature() > 0 ? yield* this.#draws(fields) : this.#signs(fields)
      const changed = this.#difference(this.#state, next)
      const returned =
        this.#sweeps > this.#cold && previous !== undefined && this.#difference(previous, next) === 0
      previous = this.#state
      this.#state = next
      yield* this.#form.begin(next)
      this.#sweeps++
      this.#flips += changed
      if (this.#recorder) {
        for (let i = 0; i < this.#memory.neurons; i++) {
          if (spin(previous, i) !== spin(next, i)) this.#recorder.flip(i)
        }
        this.#recorder.energy(this.#energy(yield* this.#form.quadratic(next)))
        this.#recorder.sweep(next)
      }
      if (!cold) continue
      const length = watch?.closes(next) ?? 0
      this.#cycle = changed === 0 ? 1 : returned ? 2 : length
      if (this.#cycle !== 0) return
    }
  }

  /** One neuron at a time (Hopfield 1982), in the order of the plan. A sweep without a flip ends it. */
  *#asynchronous(): Generator<void, void> {
    const { neurons } = this.#memory
    const { order, maxSweeps, scale, firstSweep } = this.#plan
    const exact = carriesQuadratic(this.#memory)
    const fixedOrder = order === 'cyclic' || order instanceof Uint32Array
    let watch: CycleWatch | undefined
    let quadratic = this.#recorder ? yield* this.#form.quadratic(this.#state) : 0
    const visits = order instanceof Uint32Array ? order : new Uint32Array(neurons)
    const stream = new WordStream(this.#plan.seedLow, this.#plan.seedHigh)
    if (order === 'cyclic') for (let i = 0; i < neurons; i++) visits[i] = i
    while (this.#sweeps < maxSweeps) {
      yield
      const cold = this.#sweeps >= this.#cold
      const temperature = this.#temperature()
      if (cold && fixedOrder && mayCycle(this.#memory, this.#plan)) watch ??= new CycleWatch(this.#state)
      stream.seek(firstSweep + this.#sweeps, this.#query)
      if (temperature > 0) this.#seekUniforms()
      if (order === 'random') stream.permutation(visits, neurons)
      if (order === 'random-site') for (let u = 0; u < neurons; u++) visits[u] = stream.bounded(neurons)
      const before = this.#flips
      for (const i of visits) {
        if (this.#pace.due(this.#form.effort + VISIT)) yield
        const value = spin(this.#state, i)
        const field = this.#form.field(i, value)
        const next =
          temperature > 0 ? this.#draw(field, i, value, temperature) : this.#decide(field, i, value)
        if (next === value) continue
        this.#state[i >>> 5] ^= 1 << (i & 31)
        this.#form.flipped(i, next)
        if (this.#pace.due(this.#form.effort)) yield
        this.#flips++
        if (this.#recorder) {
          quadratic = exact ? quadratic + 4 * next * field : yield* this.#form.quadratic(this.#state)
          this.#recorder.flip(i)
          this.#recorder.energy(energyOf(quadratic, scale, this.#external()))
        }
      }
      this.#sweeps++
      this.#recorder?.sweep(this.#state)
      if (!cold) continue
      const length = watch?.closes(this.#state) ?? 0
      // Sites drawn at random may have missed an unstable neuron, so there a quiet sweep alone proves nothing.
      if (this.#flips === before && (order !== 'random-site' || (yield* this.#stable()))) {
        this.#cycle = 1
        return
      }
      // Flips that take each other back within a sweep are no cycle of sweeps.
      if (length >= 2) {
        this.#cycle = length
        return
      }
    }
  }

  /** T of the sweep that comes. */
  #temperature(): number {
    const { temperatures } = this.#plan
    return temperatures === undefined ? 0 : temperatures[Math.min(this.#sweeps, temperatures.length - 1)]
  }

  #seekUniforms(): void {
    this.#uniforms.seek(this.#plan.firstSweep + this.#sweeps, this.#query, UNIFORM_DRAW)
  }

  /** The value neuron i takes by chance (Glauber 1963); one uniform number an update, needed or not. */
  #draw(field: number, i: number, value: 1 | -1, temperature: number): 1 | -1 {
    const { clamp, externalField, scale } = this.#plan
    const u = this.#uniforms.uniform()
    if (clamp !== undefined && spin(clamp, i) === 1) return value
    const total = externalField === undefined ? field / scale : field / scale + externalField[i]
    return u < logistic((2 * total) / temperature) ? 1 : -1
  }

  *#draws(fields: Float64Array): Generator<void, Uint32Array> {
    const next = new Uint32Array(this.#state.length)
    this.#seekUniforms()
    const temperature = this.#temperature()
    for (let i = 0; i < this.#memory.neurons; i++) {
      if (this.#draw(fields[i], i, spin(this.#state, i), temperature) === 1) next[i >>> 5] |= 1 << (i & 31)
      if (this.#pace.due(VISIT)) yield
    }
    return next
  }

  /** The value neuron i takes: the sign of its field, the tie rule at zero, the cue's value where clamped. */
  #decide(field: number, i: number, value: 1 | -1): 1 | -1 {
    const { clamp, externalField, scale, tie } = this.#plan
    if (clamp !== undefined && spin(clamp, i) === 1) return value
    const total = externalField === undefined ? field : field / scale + externalField[i]
    if (total > 0) return 1
    if (total < 0) return -1
    return tie === 'positive' ? 1 : tie === 'negative' ? -1 : value
  }

  #signs(fields: Float64Array): Uint32Array {
    const next = new Uint32Array(this.#state.length)
    for (let i = 0; i < this.#memory.neurons; i++) {
      if (this.#decide(fields[i], i, spin(this.#state, i)) === 1) next[i >>> 5] |= 1 << (i & 31)
    }
    return next
  }

  *#stable(): Generator<void, boolean> {
    const fields = new Float64Array(this.#memory.neurons)
    yield* this.#form.fields(this.#state, fields)
    return this.#difference(this.#state, this.#signs(fields)) === 0
  }

  #difference(a: Uint32Array, b: Uint32Array): number {
    let bits = 0
    for (let k = 0; k < a.length; k++) bits += popcount32(a[k] ^ b[k])
    return bits
  }

  #external(): number {
    const { externalField } = this.#plan
    return externalField === undefined ? 0 : dot8Spins(externalField, this.#memory.neurons, this.#state)
  }

  #energy(quadratic: number): number {
    return energyOf(quadratic, this.#plan.scale, this.#external())
  }
}

/** The sweep from which on T is 0. */
function coldFrom(temperatures: Float64Array | undefined): number {
  if (temperatures === undefined) return 0
  let cold = temperatures.length
  while (cold > 0 && temperatures[cold - 1] === 0) cold--
  return cold === temperatures.length ? Number.POSITIVE_INFINITY : cold
}

export function recall(...[memory, cues, count, plan, ...to]: Parameters<RecallKernels['recall']>): number {
  const { order } = plan
  if (typeof order === 'string') return atOnce(recalls(memory, cues, count, plan, ...to))
  // It may be the caller's own, in memory that other threads write to.
  const own = order.slice()
  const misfit = own.findIndex((i) => i >= memory.neurons)
  return misfit >= 0 ? -2 - misfit : atOnce(recalls(memory, cues, count, { ...plan, order: own }, ...to))
}

function* recalls(
  ...[memory, cues, count, plan, states, outcomes]: Parameters<RecallKernels['recall']>
): Generator<void, number> {
  const { neurons } = memory
  const stride = rowWords(neurons)
  const state = new Uint32Array(stride)
  for (let b = 0; b < count; b++) {
    if (cues instanceof Int8Array) {
      const offender = pack(cues.subarray(b * neurons, (b + 1) * neurons), 1, neurons, state)
      if (offender >= 0) return b * neurons + offender
    } else {
      state.set(cues.subarray(b * stride, (b + 1) * stride))
      clearPadding(state, neurons)
    }
    yield* new Run(memory, plan, plan.streams?.[b] ?? plan.stream + b, state).run(
      outcomes,
      b * OUTCOME.length,
    )
    if (states instanceof Int8Array)
      unpack(state, 1, neurons, states.subarray(b * neurons, (b + 1) * neurons))
    else states.set(state, b * stride)
  }
  return -1
}

export async function recallAsync(...work: Parameters<RecallKernels['recallAsync']>): Promise<void> {
  const [memory, cues, count, plan, states, outcomes, flag] = work
  const stride = rowWords(memory.neurons)
  const width = states instanceof Int8Array ? memory.neurons : stride
  function* each(): Generator<void, void> {
    for (let b = 0; b < count; b++) {
      yield* recalls(
        memory,
        cues.subarray(b * stride, (b + 1) * stride),
        1,
        { ...plan, stream: plan.streams?.[b] ?? plan.stream + b, streams: undefined },
        states.subarray(b * width, (b + 1) * width),
        outcomes.subarray(b * OUTCOME.length, (b + 1) * OUTCOME.length),
      )
      countDone(flag)
    }
  }
  await later(each(), () => stopped(flag))
}

export function sample(...work: Parameters<RecallKernels['sample']>): void {
  atOnce(sampling(...work))
}

function* sampling(
  ...[memory, rows, count, plan, samples, states, outcomes, sums]: Parameters<RecallKernels['sample']>
): Generator<void, void> {
  const { neurons } = memory
  const stride = rowWords(memory.neurons)
  const ends = new Float64Array(count * OUTCOME.length)
  for (let k = 0; k < samples; k++) {
    const next = { ...plan, firstSweep: plan.firstSweep + k * plan.maxSweeps }
    yield* recalls(memory, rows, count, next, rows, ends)
    for (let b = 0; b < count; b++) {
      const at = b * samples + k
      states.set(rows.subarray(b * stride, (b + 1) * stride), at * stride)
      outcomes.set(ends.subarray(b * OUTCOME.length, (b + 1) * OUTCOME.length), at * OUTCOME.length)
      for (let i = 0; i < neurons; i++) sums[b * neurons + i] += spin(rows, i, b * stride)
      yield
    }
  }
}

export async function sampleAsync(...work: Parameters<RecallKernels['sampleAsync']>): Promise<void> {
  const [memory, rows, count, plan, samples, states, outcomes, sums, flag] = work
  await later(sampling(memory, rows, count, plan, samples, states, outcomes, sums), () => stopped(flag))
}

export function recallTraced(
  memory: Memory,
  cue: Uint32Array,
  plan: RecallPlan,
  state: Uint32Array,
  outcome: Float64Array,
): KernelTrace {
  const recorder = new Recorder(memory)
  state.set(cue)
  clearPadding(state, memory.neurons)
  atOnce(new Run(memory, plan, plan.streams?.[0] ?? plan.stream, state, recorder).run(outcome, 0))
  return recorder.trace()
}
