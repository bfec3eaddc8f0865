import { call, Mark, portionOf, type Steps } from '../../async/steps.js'
import { HopfieldError } from '../../errors.js'
import { LESSON } from '../../kernels/contract/kernels.js'
import { PURPOSE, WordStream } from '../../numerics/philox.js'
import { LARGEST_WEIGHT, type MachineArrays } from '../../storage/machine-weights.js'
import { each } from '../../storage/record.js'
import { type Chains, Plain, Tempered } from './fit-chains.js'
import type { FitReport, Fitting } from './fit-options.js'
import { logLikelihoods, mean, pseudoLikelihood } from './likelihood.js'
import type { Machine, Rows } from './machine.js'
import { annealedLogPartition, exactLogPartition, isEnumerable } from './partition.js'

/** Where a layer is this small, likelihoods are exact unless something else is asked for. */
const SMALL = 12
/** Sweeps of a seed: a fit that would need more is refused. */
const MOST_SWEEPS = 2 ** 31 - 1

/** What a machine knows after a fit, and how that went. */
export interface Fitted {
  readonly arrays: MachineArrays
  readonly report: FitReport
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
  #whole: Fitted | undefined
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
    this.#order = new Uint32Array(data.count)
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

  /** @param keeps whether `whole` is wanted after an abort. */
  *run(keeps = false): Steps<Fitted> {
    const { epochs, patience } = this.#options
    const measures: number[] = []
    let best = { epoch: 0, measure: Number.NEGATIVE_INFINITY, arrays: this.#machine.arrays }
    let epoch = 0
    const fitted = (stopped: FitReport['stopped']): Fitted => {
      const kept = best.epoch > 0
      const report = { epochs: epoch, best: kept ? best.epoch : epoch, measures: [...measures], stopped }
      return { arrays: kept ? best.arrays : this.#machine.arrays, report }
    }
    while (epoch < epochs) {
      yield* this.#epoch(epoch)
      yield* this.#check(++epoch)
      if (this.#heldOut !== undefined) {
        const measure = yield* this.#measured(this.#heldOut)
        measures.push(measure)
        if (patience !== undefined && measure > best.measure) {
          best = { epoch, measure, arrays: copied(this.#machine.arrays) }
        }
      }
      if (patience !== undefined && epoch - best.epoch >= patience) return fitted('patience')
      if (!keeps) continue
      const { arrays, report } = fitted('abort')
      this.#whole = { arrays: best.epoch > 0 ? arrays : copied(arrays), report }
    }
    return fitted('epochs')
  }

  /** What the epochs that have ended taught, if any has. */
  get whole(): Fitted | undefined {
    return this.#whole
  }

  *#epoch(epoch: number): Steps<void> {
    const { shuffle, seed, batchSize, epochs } = this.#options
    const count = this.#data.count
    if (shuffle) yield* new WordStream(...seed).seek(PURPOSE.lessons, epoch).permuting(this.#order, count)
    else if (epoch === 0) yield* each(count, (b) => this.#order.fill(b, b, b + 1))
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
  *#check(epoch: number): Generator<void, void> {
    for (const values of Object.values(this.#machine.arrays) as Float32Array[]) {
      yield* each(values.length, (k) => {
        if (Math.abs(values[k]) <= LARGEST_WEIGHT) return
        throw new HopfieldError(
          'ERR_HOPFIELD_RANGE',
          `learningRate: weights grew beyond ${LARGEST_WEIGHT} in epoch ${epoch}; take a smaller learning rate`,
        )
      })
    }
  }

  *#measured(rows: Rows): Steps<number> {
    const machine = this.#machine
    if (this.#measure === 'pseudo') return yield* pseudoLikelihood(machine, rows, this.#options.seed)
    const { seed } = this.#options
    const log =
      this.#measure === 'exact'
        ? yield* exactLogPartition(machine, false)
        : (yield* annealedLogPartition(machine, { chains: 100, temperatures: 200, seed }, false)).value
    return yield* mean(yield* logLikelihoods(machine, rows, log))
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

function copied({ weights, visibleBiases, hiddenBiases }: MachineArrays): MachineArrays {
  return {
    weights: weights.slice(),
    visibleBiases: visibleBiases.slice(),
    hiddenBiases: hiddenBiases.slice(),
  }
}
