import { allBeside, allHere, Mark, NOBODY, type Steps } from '../async/steps.js'
import { allocate, HopfieldError } from '../errors.js'
import type { CodeMemory, CovarianceMemory, Kernels, SynapseMemory } from '../kernels/contract/kernels.js'
import { popcount32, rowWords } from '../kernels/contract/layout.js'
import { readRows } from './clean-rows.js'
import { CodeLists } from './code-lists.js'
import { copy } from './copying.js'
import { checkLists, transposed } from './csr-transpose.js'
import { Leased } from './lease.js'
import { lookedThrough, lookedThroughFirst } from './looked-through.js'
import { each, misfit, type RecordReader, type RecordWriter } from './record.js'
import { Unsettled } from './unsettled.js'

/** Units counted in one step, and rows begun. */
const SOME = 2 ** 15
const ROWS = 2 ** 10

interface Held {
  readonly memory: CodeMemory
  release(): void
}

/** A rule by which codes, given as active units, recall others. A method that throws has changed nothing. */
export interface CodeRule {
  readonly count: number
  /**
   * Takes in codes, in small steps; until the last of them nothing has changed.
   * @param aside whether others read this memory between the steps: they see it as it was.
   */
  storing(inputs: readonly Uint32Array[], outputs: readonly Uint32Array[], aside: boolean): Steps<undefined>
  replace(index: number, input: Uint32Array, output: Uint32Array): void
  forget(index: number): void
  clear(): void
  /** The active units of a stored input, and of its output. */
  input(index: number): Uint32Array
  output(index: number): Uint32Array
  /** Writes everything down. Lists of units are joined, in steps of the record's own; all else is not copied. */
  record(to: RecordWriter): void
  /** Takes everything from a record, whose arrays become those of this memory. */
  restore(from: RecordReader): void
  /** Looks through what was opened and never used, in steps; they throw if it is not what it should be. */
  settling(): Steps<void>
  /** What recalls read. */
  memory(): CodeMemory
  /** The same, kept as it is whatever is done here until it is released. */
  lease(): Held | Promise<Held>
}

/** One-bit synapses (Willshaw, Buneman and Longuet-Higgins 1969): set where two units were active together. */
export class WillshawSynapses implements CodeRule {
  readonly #kernels: Kernels
  readonly #inputs: number
  readonly #outputs: number
  readonly #auto: boolean
  #weights: Leased<Uint32Array>
  /** Whether units have their synapses with themselves. It touches all pages of a memory, which may be about to take those of a file. */
  #begun: boolean
  /** The codes themselves: synapses do not tell them. */
  #from = new CodeLists()
  #to = new CodeLists()
  readonly #unsettled = new Unsettled()

  constructor(kernels: Kernels, inputs: number, outputs: number, auto: boolean) {
    this.#kernels = kernels
    this.#inputs = inputs
    this.#outputs = outputs
    this.#auto = auto
    this.#begun = !auto
    this.#weights = new Leased(this.#room())
  }

  get count(): number {
    return this.#from.length
  }

  /** The fraction of synapses that are set; of one input unit alone, auto-associative, 0. */
  get fill(): number {
    allHere(this.settling())
    let ones = 0
    for (const word of this.#weights.values) ones += popcount32(word)
    const own = this.#auto ? this.#inputs : 0
    return (ones - own) / Math.max(1, this.#inputs * this.#outputs - own)
  }

  record(to: RecordWriter): void {
    recordCodes(to, this.#from, this.#auto ? undefined : this.#to)
    const { values } = this.#weights
    if (!this.#begun) to.later(() => this.#beginning(values))
    to.array('weights', values, [this.#inputs, rowWords(this.#outputs)])
    to.hold(this.#weights)
  }

  restore(from: RecordReader): void {
    const { inputs, outputs } = openCodes(from, this.#inputs, this.#auto ? undefined : this.#outputs)
    const stride = rowWords(this.#outputs)
    const leased = readRows(from, 'weights', this.#inputs, this.#outputs)
    const { values: weights } = leased
    if (this.#auto) {
      from.check(() =>
        each(this.#inputs, (i) => {
          if ((weights[i * stride + (i >>> 5)] >>> (i & 31)) & 1) return
          throw misfit('weights', `expected the synapse of unit ${i} with itself to be set`)
        }),
      )
    }
    this.#weights = leased
    this.#begun = true
    this.#from = inputs
    this.#to = outputs
    this.#unsettled.opened(from)
  }

  *storing(
    inputs: readonly Uint32Array[],
    outputs: readonly Uint32Array[],
    aside: boolean,
  ): Steps<undefined> {
    yield* this.settling()
    const { values, writable } = this.#weights
    const weights = writable && !aside ? values : this.#room()
    if (weights !== values) yield* copy(values, weights)
    const row = new Uint32Array(rowWords(this.#outputs))
    for (const [mu, active] of inputs.entries()) {
      row.fill(0)
      for (const j of outputs[mu]) row[j >>> 5] |= 1 << (j & 31)
      this.#kernels.willshawStore(weights, this.#inputs, this.#outputs, active, row)
      yield new Mark(mu + 1, inputs.length)
    }
    if (weights !== values) this.#weights = new Leased(weights)
    this.#from.push(inputs)
    this.#to.push(outputs)
  }

  forget(): never {
    throw notOne('forget')
  }

  replace(): never {
    throw notOne('replace')
  }

  input(index: number): Uint32Array {
    return this.#from.at(index)
  }

  output(index: number): Uint32Array {
    return this.#to.at(index)
  }

  clear(): void {
    this.#weights = new Leased(this.#room())
    this.#begun = !this.#auto
    this.#from = new CodeLists()
    this.#to = new CodeLists()
  }

  memory(): SynapseMemory {
    allHere(this.settling())
    return this.#made()
  }

  #made(): SynapseMemory {
    const [inputs, outputs, auto] = [this.#inputs, this.#outputs, this.#auto]
    return { form: 'synapses', inputs, outputs, auto, weights: this.#weights.values }
  }

  lease(): Promise<{ readonly memory: SynapseMemory; release(): void }> {
    return lookedThroughFirst(this.#kernels, this.settling(), this.#made(), this.#weights.hold())
  }

  *settling(): Steps<void> {
    yield* this.#unsettled.settling()
    if (this.#begun) return
    const { values } = this.#weights
    yield* this.#beginning(values)
    if (values === this.#weights.values) this.#begun = true
  }

  #room(): Uint32Array {
    const words = this.#inputs * rowWords(this.#outputs)
    return allocate('SparseAssociativeMemory', words * 4, () => this.#kernels.allocate(words))
  }

  /** Auto-associative: an active cue unit counts for itself; otherwise a complete cue would lose its own units. */
  *#beginning(weights: Uint32Array): Generator<void, void> {
    const stride = rowWords(this.#outputs)
    for (let i = 0; i < this.#inputs; i++) {
      weights[i * stride + (i >>> 5)] |= 1 << (i & 31)
      if (i % ROWS === ROWS - 1) yield
    }
  }
}

function notOne(method: string): HopfieldError {
  return new HopfieldError(
    'ERR_HOPFIELD_OPTION',
    `${method}: a one-bit synapse does not say which patterns set it; call clear(), then store() the patterns to keep`,
  )
}

/** The covariance of sparse codes (Tsodyks and Feigelman 1988), never formed: codes are kept as lists of units. */
export class CovarianceSynapses implements CodeRule {
  readonly #kernels: Kernels
  readonly #inputs: number
  readonly #outputs: number
  readonly #activity: number
  /** Auto-associative: no unit counts for itself. */
  readonly #auto: boolean
  #from = new CodeLists()
  #to = new CodeLists()
  /** Made at the first recall after a change, and never written to. */
  #memory: CovarianceMemory | undefined
  readonly #unsettled = new Unsettled()

  constructor(kernels: Kernels, inputs: number, outputs: number, auto: boolean, activity: number) {
    this.#kernels = kernels
    this.#inputs = inputs
    this.#outputs = outputs
    this.#auto = auto
    this.#activity = activity
  }

  get count(): number {
    return this.#from.length
  }

  *storing(inputs: readonly Uint32Array[], outputs: readonly Uint32Array[]): Steps<undefined> {
    yield new Mark(inputs.length, inputs.length)
    this.#become(this.#from.with(inputs), this.#to.with(outputs))
  }

  replace(index: number, input: Uint32Array, output: Uint32Array): void {
    this.#become(this.#from.replaced(index, input), this.#to.replaced(index, output))
  }

  input(index: number): Uint32Array {
    return this.#from.at(index)
  }

  output(index: number): Uint32Array {
    return this.#to.at(index)
  }

  forget(index: number): void {
    this.#become(this.#from.without(index), this.#to.without(index))
  }

  clear(): void {
    this.#become(new CodeLists(), new CodeLists())
  }

  record(to: RecordWriter): void {
    recordCodes(to, this.#from, this.#auto ? undefined : this.#to)
  }

  restore(from: RecordReader): void {
    const { inputs, outputs } = openCodes(from, this.#inputs, this.#auto ? undefined : this.#outputs)
    this.#become(inputs, outputs)
    this.#unsettled.opened(from)
  }

  memory(): CovarianceMemory {
    this.#memory ??= allHere(this.#made(this.#from, this.#to))
    return this.#memory
  }

  settling(): Steps<void> {
    return this.#unsettled.settling()
  }

  *#made(from: CodeLists, to: CodeLists): Steps<CovarianceMemory> {
    yield* this.settling()
    const [inputs, outputs, auto, activity] = [this.#inputs, this.#outputs, this.#auto, this.#activity]
    const { starts, items: patterns } = yield* transposed(yield* from.joining(), inputs)
    const { starts: outputStarts, items: outputUnits } = yield* to.joining()
    const shares = new Float64Array(outputs)
    for (let k = 0; k < outputUnits.length; k++) {
      shares[outputUnits[k]]++
      if (k % SOME === SOME - 1) yield
    }
    const lists = { starts, patterns, outputStarts, outputUnits, shares }
    return { form: 'covariance', inputs, outputs, auto, count: from.length, activity, ...lists }
  }

  *#ready(from: CodeLists, to: CodeLists): Steps<CovarianceMemory> {
    const memory = yield* this.#made(from, to)
    yield* lookedThrough(this.#kernels, memory)
    return memory
  }

  /** Its arrays are never written to. */
  async lease(): Promise<{ readonly memory: CovarianceMemory; release(): void }> {
    if (this.#memory === undefined) {
      const from = this.#from
      const memory = await allBeside(this.#ready(from, this.#to), NOBODY)
      if (from !== this.#from) return { memory, release() {} }
      this.#memory ??= memory
    }
    return { memory: this.#memory, release() {} }
  }

  #become(from: CodeLists, to: CodeLists): void {
    this.#from = from
    this.#to = to
    this.#memory = undefined
  }
}

/** @param outputs undefined where codes recall themselves. */
function recordCodes(to: RecordWriter, inputs: CodeLists, outputs: CodeLists | undefined): void {
  for (const [name, lists] of [
    ['inputs', inputs],
    ['outputs', outputs],
  ] as const) {
    if (lists === undefined) continue
    const joining = lists.joining()
    to.later(function* () {
      const { starts, items } = yield* joining
      to.array(`${name}.starts`, starts, [starts.length])
      to.array(`${name}.units`, items, [items.length])
    })
  }
}

/** @param outputs the number of output units; undefined where codes recall themselves. */
function openCodes(
  from: RecordReader,
  inputs: number,
  outputs: number | undefined,
): { inputs: CodeLists; outputs: CodeLists } {
  const lists = openLists(from, 'inputs', inputs)
  if (outputs === undefined) return { inputs: lists, outputs: lists.with([]) }
  const others = openLists(from, 'outputs', outputs)
  if (others.length === lists.length) return { inputs: lists, outputs: others }
  throw misfit('outputs.starts', `expected ${lists.length} codes, one for each input, got ${others.length}`)
}

function openLists(from: RecordReader, name: string, units: number): CodeLists {
  const names = { starts: `${name}.starts`, items: `${name}.units` }
  const starts = from.array(names.starts, Uint32Array, [undefined])
  const items = from.array(names.items, Uint32Array, [undefined])
  if (starts.length === 0) throw misfit(names.starts, 'expected at least one number, got none')
  checkLists(from, { starts, items }, names, units)
  from.check(function* () {
    for (let k = 0; k + 1 < starts.length; k++) {
      for (let at = starts[k] + 1; at < starts[k + 1]; at++) {
        if (items[at] > items[at - 1]) continue
        throw misfit(`${names.items}[${at}]`, `expected units of a code to rise, got ${items[at]}`)
      }
      if (k % 1024 === 1023) yield
    }
  })
  return new CodeLists({ starts, items })
}
