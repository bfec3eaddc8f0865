import type { AsyncRecallNetwork } from '../analysis/networks.js'
import { checkNetwork } from '../analysis/networks.js'
import { noisyRecalls, passedOn, RECALLING } from '../analysis/noisy-recall.js'
import { WHOLE } from '../async/async-options.js'
import { allBeside } from '../async/steps.js'
import { HopfieldError, within } from '../errors.js'
import { readAscending } from '../input/ascending.js'
import { choice, integer, optional, type Read, required, seed, unread } from '../input/options.js'
import { MAX_NEURONS } from '../input/spins.js'
import type { StatesLike } from '../input/states.js'
import type { Float64s, NumbersLike } from '../input/typed-arrays.js'
import { checkFunction, checkInteger } from '../input/validate.js'
import type { CustomRule } from '../learning/custom.js'
import type { LearningRule, LearningRuleName } from '../learning/rules.js'
import { BACKEND } from '../memories/backend-option.js'
import { HopfieldNetwork } from '../memories/hopfield/hopfield-network.js'
import { randomPatterns } from '../patterns/random-patterns.js'
import type { Trial } from './survey.js'

/** What a factory is told of the network that it is to make. */
export interface Site {
  /** N. */
  readonly neurons: number
  /** P, how many patterns will be stored in it. */
  readonly patternCount: number
  /** P/N. */
  readonly alpha: number
  /** A seed of this network's own, for whatever is random in it: below 2^52. */
  readonly seed: number
}

/** A memory that experiments can measure: a HopfieldNetwork, a DenseAssociativeMemory, or what does the same. */
export interface ExperimentMemory extends AsyncRecallNetwork {
  storeAsync(patterns: StatesLike, options?: { signal?: AbortSignal; threads?: number }): Promise<unknown>
}

export const NETWORKS = {
  /** Independent networks at each point, 1 to 2^20; 20 by default. Standard errors fall with its root. */
  networks: integer(1, 2 ** 20, 20),
  /** 64-bit seed; 0 by default. The numbers depend on it and the other options alone. */
  seed: seed(),
  ...WHOLE,
}

export const POPULATION = {
  /** N, the neurons of each network. */
  neurons: required<number>((name, value) => checkInteger(name, value, 1, MAX_NEURONS)),
  /** The learning rule of Hopfield networks, as their option; 'hebbian' by default. */
  learning: unread<LearningRuleName | LearningRule | CustomRule>(),
  /** 'bipolar' (default): ±1. 'binary': the units of Hopfield 1982, 0 or 1, as the option of HopfieldNetwork. */
  units: choice(['bipolar', 'binary'], 'bipolar'),
  /** Or a function that makes each memory, empty: any rule, connections, and interaction. */
  memory: optional<(site: Site) => ExperimentMemory>(checkFunction),
  /** Which backend computes Hopfield networks of `learning`; memories that a function makes have one of their own. */
  ...BACKEND,
  /** A function that makes the patterns of each network: `patternCount` states of N values ±1. Fair coins by default. */
  patterns: optional<(site: Site) => StatesLike>(checkFunction),
  ...NETWORKS,
}

export const LOADS = {
  /** Loads α = P/N, each above 0, ascending; P is the nearest whole number, at least 1. */
  loads: optional<NumbersLike, Float64s>((name, value) => readAscending(name, value, 1e-12, 1e9)),
  /** Or numbers of patterns P, each at least 1, ascending. */
  counts: optional<NumbersLike, Float64s>((name, value) => readCounts(name, value)),
}

export const CUES = {
  /** Most patterns that are recalled in each network, the first of those stored; 100 by default. */
  cues: integer(1, 2 ** 30, 100),
  ...RECALLING,
}

export type PopulationRead = Read<typeof POPULATION>

/** The numbers of patterns that `loads` or `counts` ask for, and the loads that these are. */
export function patternCounts(
  method: string,
  { neurons, loads, counts }: Pick<Read<typeof LOADS>, 'loads' | 'counts'> & { readonly neurons: number },
): { readonly counts: Int32Array<ArrayBuffer>; readonly alphas: Float64s } {
  if ((loads === undefined) === (counts === undefined)) {
    throw new HopfieldError('ERR_HOPFIELD_OPTION', `${method}: expected exactly one of loads and counts`)
  }
  const wanted = counts ?? (loads as Float64s).map((alpha) => Math.max(1, Math.round(alpha * neurons)))
  for (let k = 0; k < wanted.length; k++) {
    if (counts === undefined) checkInteger(`${method}: loads[${k}]·neurons`, wanted[k], 1, MOST_PATTERNS)
    if (k === 0 || wanted[k] > wanted[k - 1]) continue
    throw new HopfieldError(
      'ERR_HOPFIELD_VALUE',
      `${method}: loads[${k}]: expected a whole pattern more than loads[${k - 1}], got ${wanted[k]} patterns of both`,
    )
  }
  return { counts: Int32Array.from(wanted), alphas: wanted.map((count) => count / neurons) }
}

const MOST_PATTERNS = 2 ** 30

/** Refuses a rule beside a factory, which has rules of its own. */
export function checkPopulation(
  method: string,
  { learning, units, memory }: Pick<PopulationRead, 'learning' | 'units' | 'memory'>,
): void {
  if (memory === undefined || (learning === undefined && units === 'bipolar')) return
  const name = learning === undefined ? 'units' : 'learning'
  throw new HopfieldError(
    'ERR_HOPFIELD_OPTION',
    `${method}: ${name}: not supported with memory; give it to the memory that the function makes`,
  )
}

/** Makes the network of a trial and stores its patterns. */
export async function populated(
  read: PopulationRead,
  patternCount: number,
  { method, seed, limits }: Trial,
): Promise<ExperimentMemory> {
  const { neurons, memory: make, patterns: draw } = read
  const site = { neurons, patternCount, alpha: patternCount / neurons, seed }
  const memory = make === undefined ? hopfield(method, read) : make(site)
  checkNetwork(`${method}: memory`, memory, {
    counts: ['neurons', 'patternCount'],
    methods: ['pattern', 'recallAsync', 'storeAsync'],
  })
  const patterns = draw?.(site) ?? randomPatterns({ neurons, count: patternCount, seed, packed: true })
  const { signal } = limits
  try {
    await memory.storeAsync(patterns, { signal })
  } catch (error) {
    throw within(method, error)
  }
  if (memory.patternCount > 0) return memory
  throw new HopfieldError('ERR_HOPFIELD_VALUE', `${method}: patterns: expected at least one, got none`)
}

function hopfield(
  method: string,
  { neurons, learning = 'hebbian', units, backend }: PopulationRead,
): HopfieldNetwork {
  try {
    return new HopfieldNetwork({ neurons, learning, units, backend })
  } catch (error) {
    throw within(method, error)
  }
}

/** What `tell` hears of each recall: the number of the pattern among those recalled, its wrong bits, and whether it converged. */
export type RecallEnd = (k: number, wrong: number, converged: boolean) => void

/** Recalls these patterns of a network from cues with so much noise. */
export async function recalled(
  memory: ExperimentMemory,
  { method, seed, limits }: Trial,
  { patterns, noise }: { patterns: ArrayLike<number>; noise: number },
  options: Read<typeof RECALLING>,
  tell: RecallEnd,
): Promise<void> {
  const cues = { method, patterns, noise, trials: 1, seed, before: 0, total: patterns.length }
  const onlookers = { signal: limits.signal, onProgress: undefined }
  await allBeside(noisyRecalls(memory, cues, passedOn(options), limits, tell), onlookers)
}

/** The numbers 0 … count − 1. */
export function first(count: number): Uint32Array {
  return Uint32Array.from({ length: count }, (_, k) => k)
}

/** Ascending whole numbers, at least one. */
export function readCounts(name: string, given: unknown, least = 1): Float64s {
  const out = readAscending(name, given, least, MOST_PATTERNS)
  for (let k = 0; k < out.length; k++) checkInteger(`${name}[${k}]`, out[k], least, MOST_PATTERNS)
  return out
}

/** Ascending shares of neurons. */
export const noises = (name: string, value: unknown): Float64s => readAscending(name, value, 0, 1)

/** The overlap 1 − 2·wrong/N. */
export function overlapOf(wrong: number, neurons: number): number {
  return 1 - (2 * wrong) / neurons
}

/** Hebb's rule by its name, or as an object that says nothing else. */
function isHebbian(learning: unknown): boolean {
  if (typeof learning !== 'object' || learning === null) return learning === 'hebbian'
  return Object.keys(learning).length === 1 && (learning as { kind?: unknown }).kind === 'hebbian'
}

/** Whether networks are those of Amit, Gutfreund and Sompolinsky; at a temperature neurons must be updated one by one. */
export function hasTheory(
  read: PopulationRead & Read<Pick<typeof RECALLING, 'externalField' | 'dynamics'>>,
  temperature: unknown,
): boolean {
  const { learning = 'hebbian', units, memory, patterns, externalField, dynamics } = read
  const other = [memory, patterns, externalField].some((given) => given !== undefined)
  if (!isHebbian(learning) || units !== 'bipolar' || other || typeof temperature !== 'number') return false
  return temperature === 0 || dynamics !== 'synchronous'
}
