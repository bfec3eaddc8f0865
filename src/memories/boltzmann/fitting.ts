import { call, Mark, portionOf, type Steps } from '../../async/steps.js'
import { HopfieldError } from '../../errors.js'
import type { Float32s } from '../../input/typed-arrays.js'
import { CHAINS, LESSON } from '../../kernels/contract/kernels.js'
import { exp } from '../../numerics/exp.js'
import { log } from '../../numerics/log.js'
import { PURPOSE, WordStream } from '../../numerics/philox.js'
import { LARGEST_WEIGHT, type MachineArrays } from '../../storage/machine-weights.js'
import type { FitReport, Fitting } from './fit-options.js'
import { HALF_LOG_2PI, type Machine } from './machine.js'
import { annealedLogPartition, exactLogPartition, isEnumerable } from './partition.js'

/** Where a layer is this small, likelihoods are exact unless something else is asked for. */
const SMALL = 12
/** Sweeps of a seed: a fit that would need more is refused. */
const MOST_SWEEPS = 2 ** 31 - 1

interface Rows {
  readonly count: number
  readonly data: Float32s
}

/** A machine that learns, in steps. What it knew stays as it is; the result is its own. */
export class Fit {
  readonly #options: Fitting
  readonly #data: Rows
  readonly #heldOut: Rows | undefined
  readonly #machine: Machine
  readonly #velocities: Float32Array | undefined
  readonly #means: Float32Array | undefined
  readonly #chains: Chains
  readonly #order: Uint32Array
  readonly #measure: 'exact' | 'pseudo' | 'annealed'
  #sweep = 0
  #done = 0

  /** @throws HopfieldError ERR_HOPFIELD_RANGE or _OPTION naming what cannot be. */
  constructor(machine: Machine, data: Rows, heldOut: Rows | undefined, options: Fitting) {
    const { visible, stride, arrays } = machine
    const own: MachineArrays = {
      weights: arrays.weights.slice(),
      visibleBiases: arrays.visibleBiases.slice(),
      hiddenBiases: arrays.hiddenBiases.slice(),
    }
    this.#options = options
    this.#data = data
    this.#heldOut = heldOut
    this.#machine = machine.with(own)
    const places = visible * stride + visible + stride
    if (options.momentum > 0) this.#velocities = machine.singles(1, places)
    if ((options.centring ?? 0) > 0) this.#means = machine.singles(1, visible + stride)
    this.#order = Uint32Array.from({ length: data.count }, (_, b) => b)
    const batch = Math.min(options.batchSize, data.count)
    this.#chains =
      options.method === 'tempering'
        ? new Tempered(this.#machine, batch, options)
        : new Plain(this.#machine, batch, options)
    this.#measure = measureOf(this.#machine, options)
    const sweeps = options.epochs * Math.ceil(data.count / options.batchSize) * (2 * options.steps + 1)
    if (sweeps > MOST_SWEEPS) {
      throw new HopfieldError(
        'ERR_HOPFIELD_RANGE',
        `epochs: expected at most ${MOST_SWEEPS} sweeps in all, got ${sweeps}`,
      )
    }
  }

  *run(): Steps<{ arrays: MachineArrays; report: FitReport }> {
    const { epochs, patience } = this.#options
    const measures: number[] = []
    let best = { epoch: 0, measure: Number.NEGATIVE_INFINITY, arrays: this.#machine.arrays }
    let epoch = 0
    let stopped: FitReport['stopped'] = 'epochs'
    while (epoch < epochs) {
      yield* this.#epoch(epoch++)
      this.#check(epoch)
      if (this.#heldOut === undefined) continue
      const measure = yield* this.#measured(this.#heldOut, epoch)
      measures.push(measure)
      if (patience === undefined) continue
      if (measure > best.measure) best = { epoch, measure, arrays: copied(this.#machine.arrays) }
      if (epoch - best.epoch < patience) continue
      stopped = 'patience'
      break
    }
    const kept = best.epoch > 0
    const report = { epochs: epoch, best: kept ? best.epoch : epoch, measures, stopped }
    return { arrays: kept ? best.arrays : this.#machine.arrays, report }
  }

  *#epoch(epoch: number): Steps<void> {
    const { shuffle, seed, batchSize, epochs } = this.#options
    const count = this.#data.count
    if (shuffle) new WordStream(...seed).seek(PURPOSE.lessons, epoch).permutation(this.#order, count)
    const { kernels, size } = this.#machine
    const batches = Math.ceil(count / batchSize)
    const some = this.#chains.lone ? 1 : portionOf(kernels, 6 * size * Math.min(batchSize, count))
    for (let from = 0; from < batches; from += some) {
      const order = this.#order.subarray(from * batchSize, Math.min((from + some) * batchSize, count))
      const number = Math.min(some, batches - from)
      const given = yield* this.#chains.next(order.length, this.#sweep)
      yield* this.#lesson(order, given)
      this.#sweep += number * this.#chains.sweeps
      this.#done += number
      yield new Mark(this.#done, epochs * batches)
    }
  }

  *#lesson(order: Uint32Array, chains: Float32Array | undefined): Steps<void> {
    const { kernels, shape, arrays, size } = this.#machine
    const { seed, batchSize, steps, learningRate, momentum, weightDecay, centring = 0 } = this.#options
    const lesson = new Float64Array(LESSON.length)
    lesson[LESSON.seedLow] = seed[0]
    lesson[LESSON.seedHigh] = seed[1]
    lesson[LESSON.firstSweep] = this.#sweep
    lesson[LESSON.batch] = batchSize
    lesson[LESSON.steps] = steps
    lesson[LESSON.rate] = learningRate
    lesson[LESSON.momentum] = momentum
    lesson[LESSON.decay] = weightDecay
    lesson[LESSON.slide] = centring
    lesson[LESSON.chains] = this.#chains.kind
    const { weights, visibleBiases, hiddenBiases } = arrays
    const machine = [shape, weights, visibleBiases, hiddenBiases, this.#velocities, this.#means] as const
    yield* call(
      kernels,
      6 * size * order.length,
      'contrast',
      ...machine,
      chains,
      this.#data.data,
      order,
      lesson,
    )
  }

  /** What has grown beyond all bounds is not taken. */
  #check(epoch: number): void {
    for (const values of Object.values(this.#machine.arrays) as Float32Array[]) {
      if (values.every((x) => Math.abs(x) <= LARGEST_WEIGHT)) continue
      throw new HopfieldError(
        'ERR_HOPFIELD_RANGE',
        `learningRate: weights grew beyond ${LARGEST_WEIGHT} in epoch ${epoch}; take a smaller learning rate`,
      )
    }
  }

  *#measured(rows: Rows, epoch: number): Steps<number> {
    const machine = this.#machine
    if (this.#measure === 'pseudo') return yield* pseudoLikelihood(machine, rows, this.#options.seed, epoch)
    const { seed } = this.#options
    const log =
      this.#measure === 'exact'
        ? yield* exactLogPartition(machine, false)
        : (yield* annealedLogPartition(machine, { chains: 100, betas: 200, seed }, false)).value
    return mean(yield* logLikelihoods(machine, rows, log))
  }
}

function measureOf(
  machine: Machine,
  { measure, heldOut, patience }: Fitting,
): 'exact' | 'pseudo' | 'annealed' {
  if (patience !== undefined && heldOut === undefined) {
    throw new HopfieldError('ERR_HOPFIELD_OPTION', 'patience: expected heldOut beside it, rows to measure')
  }
  const gaussian = machine.visibleKind === 'gaussian'
  if (measure === 'pseudo' && gaussian) {
    throw new HopfieldError(
      'ERR_HOPFIELD_OPTION',
      "measure: 'pseudo' wants visible units of two values, not Gaussian ones",
    )
  }
  if (measure !== undefined) return measure
  if (isEnumerable(machine, SMALL)) return 'exact'
  return gaussian ? 'annealed' : 'pseudo'
}

/** ln p(v) of each row. */
export function* logLikelihoods(
  machine: Machine,
  { data, count }: Rows,
  logPartition: number,
): Steps<Float64Array> {
  const constant = machine.hiddenKind === 'gaussian' ? machine.hidden * HALF_LOG_2PI : 0
  const energies = yield* machine.freeEnergies(data, count)
  return energies.map((energy) => constant - energy - logPartition)
}

/** The mean of V·ln p(v_i | rest) over the rows, of one unit i of each. */
function* pseudoLikelihood(
  machine: Machine,
  { data, count }: Rows,
  seed: readonly [number, number],
  epoch: number,
): Steps<number> {
  const { visible, visibleKind } = machine
  const other = data.slice()
  const draw = new WordStream(...seed).seek(PURPOSE.flips, epoch)
  for (let b = 0; b < count; b++) {
    const at = b * visible + draw.bounded(visible)
    other[at] = visibleKind === 'binary' ? 1 - other[at] : -other[at]
  }
  const before = yield* machine.freeEnergies(data, count)
  const after = yield* machine.freeEnergies(other, count)
  // ln 1/(1 + e^(F − F')), without overflow.
  const terms = before.map((energy, b) => {
    const x = after[b] - energy
    return Math.min(x, 0) - log(1 + exp(-Math.abs(x)))
  })
  return visible * mean(terms)
}

export function mean(values: Float64Array): number {
  return values.reduce((sum, x) => sum + x, 0) / values.length
}

function copied({ weights, visibleBiases, hiddenBiases }: MachineArrays): MachineArrays {
  return {
    weights: weights.slice(),
    visibleBiases: visibleBiases.slice(),
    hiddenBiases: hiddenBiases.slice(),
  }
}

/** What a batch is compared with. */
interface Chains {
  readonly kind: number
  /** Sweeps that the kernel draws in a batch. */
  readonly sweeps: number
  /** Whether there is a batch at a time. */
  readonly lone: boolean
  /** What the kernel takes as chains for the next rows. */
  next(rows: number, sweep: number): Steps<Float32Array | undefined>
}

class Plain implements Chains {
  readonly kind: number
  readonly sweeps: number
  readonly lone = false
  readonly #kept: Float32Array | undefined

  constructor(machine: Machine, batch: number, { method, steps }: Fitting) {
    const kept = method === 'persistent'
    this.kind = kept ? CHAINS.kept : CHAINS.data
    this.sweeps = kept ? 2 * steps : 2 * steps + 1
    this.#kept = kept ? machine.singles(batch, machine.stride) : undefined
  }

  // biome-ignore lint/correctness/useYield: nothing is computed.
  *next(): Steps<Float32Array | undefined> {
    return this.#kept
  }
}

/** Each chain is a ladder of temperatures, whose neighbours may exchange states; the lowest one is compared. */
class Tempered implements Chains {
  readonly kind = CHAINS.given
  readonly sweeps: number
  readonly lone = true
  readonly #machine: Machine
  readonly #steps: number
  readonly #seed: readonly [number, number]
  readonly #rungs: number
  readonly #betas: Float64Array
  readonly #visible: Float32s
  readonly #hidden: Float32s
  #turn = 0

  constructor(machine: Machine, batch: number, { steps, seed, temperatures }: Fitting) {
    this.#machine = machine
    this.#steps = steps
    this.#seed = seed
    this.#rungs = temperatures
    this.sweeps = 2 * steps
    this.#betas = Float64Array.from(
      { length: batch * temperatures },
      (_, k) => 1 - (k % temperatures) / (temperatures - 1),
    )
    this.#visible = machine.singles(batch * temperatures, machine.visible)
    this.#hidden = machine.singles(batch * temperatures, machine.stride)
  }

  *next(rows: number, sweep: number): Steps<Float32Array> {
    const { visible: width } = this.#machine
    yield* this.#machine.gibbs({
      seed: this.#seed,
      firstSweep: sweep,
      steps: this.#steps,
      stream: 0,
      betas: this.#betas,
      visible: this.#visible,
      hidden: this.#hidden,
      clamp: undefined,
      means: undefined,
    })
    yield* this.#exchange()
    const out = new Float32Array(rows * width)
    for (let b = 0; b < rows; b++) {
      const at = b * this.#rungs * width
      out.set(this.#visible.subarray(at, at + width), b * width)
    }
    return out
  }

  /** Neighbours k and k + 1 for every second k exchange rows with probability min(1, e^(F_k(v) + F_k+1(v') − F_k(v') − F_k+1(v))). */
  *#exchange(): Steps<void> {
    const rungs = this.#rungs
    const turn = this.#turn++
    const [rows, width] = [this.#betas.length, this.#machine.visible]
    const partner = (k: number): number => {
      const rung = k % rungs
      const other = (rung + turn) % 2 === 0 ? rung + 1 : rung - 1
      return other < 0 || other >= rungs ? k : k - rung + other
    }
    const own = yield* this.#machine.freeEnergies(this.#visible, rows, this.#betas)
    const theirs = this.#betas.map((_, k) => this.#betas[partner(k)])
    const swapped = yield* this.#machine.freeEnergies(this.#visible, rows, theirs)
    const draw = new WordStream(...this.#seed).seek(PURPOSE.swaps, turn)
    for (let k = 0; k < rows; k++) {
      const other = partner(k)
      if (other <= k) continue
      const gain = own[k] + own[other] - swapped[k] - swapped[other]
      if (draw.uniform() >= exp(Math.min(gain, 0))) continue
      const [one, two] = [
        this.#visible.slice(k * width, (k + 1) * width),
        this.#visible.slice(other * width, (other + 1) * width),
      ]
      this.#visible.set(two, k * width)
      this.#visible.set(one, other * width)
    }
  }
}
