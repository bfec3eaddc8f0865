import { describe, HopfieldError } from '../errors.js'
import { checkNumber } from '../input/validate.js'
import { CAPACITY_RULES, type CapacityRule, capacity } from '../learning/capacity.js'
import type { Capacity } from '../learning/rule.js'
import { checkNetwork } from './networks.js'

/** The load of a network and its capacity; see {@link loadReport}. */
export interface LoadReport {
  /** The load P/N, or P/C if a neuron has C sources. */
  alpha: number
  /** The published capacity of the rule; empty if there is none. */
  capacity: Capacity
  /** Present if the load is above the capacity. */
  warning?: string
}

/** What `loadReport` needs of a network. */
export interface LoadedNetwork {
  readonly neurons: number
  readonly patternCount: number
  /** 'hebbian' by default. */
  readonly learning?: string | undefined
  readonly meanSources?: number
}

/**
 * Compares a network's load with its rule's capacity for random patterns. A rule without a published capacity, and a palimpsest,
 * which cannot be overloaded, have an empty capacity and no warning.
 * @param rule by default the network's own; 'diluted' for Hebb's rule on few connections.
 * @throws HopfieldError ERR_HOPFIELD_TYPE if `network` is not a network.
 */
export function loadReport(network: LoadedNetwork, rule?: string): LoadReport {
  checkNetwork('loadReport', network, { counts: ['neurons', 'patternCount'], methods: [] })
  if (rule !== undefined && typeof rule !== 'string') {
    throw new HopfieldError(
      'ERR_HOPFIELD_TYPE',
      `loadReport: rule: expected a rule's name, got ${describe(rule)}`,
    )
  }
  const { neurons, patternCount, learning, meanSources = neurons - 1 } = network
  checkNumber('loadReport: network.meanSources', meanSources, 0, neurons)
  const few = meanSources < neurons - 1
  const own = 'learning' in network ? learning : 'hebbian'
  const name = rule ?? (own === 'hebbian' && few ? 'diluted' : own)
  const alpha = patternCount / (few ? meanSources : neurons)
  const known = isKnown(name) ? capacity(name, neurons) : {}
  const report: LoadReport = { alpha, capacity: known }
  const { retrieval, errorFree } = known
  const most = retrieval ?? errorFree
  const units = few ? 'sources per neuron' : 'neurons'
  const filled = `${patternCount} patterns in ${few ? Number(meanSources.toPrecision(4)) : neurons} ${units} are a load of ${alpha.toFixed(3)}`
  if (most !== undefined && alpha > most) {
    report.warning = `${filled}, above the ${most.toFixed(3)} that '${name}' can hold of random patterns`
  } else if (errorFree !== undefined && alpha > errorFree) {
    report.warning = `${filled}, above ${errorFree.toFixed(3)}: expect some wrong bits`
  }
  return report
}

function isKnown(rule: string | undefined): rule is CapacityRule {
  return (CAPACITY_RULES as readonly (string | undefined)[]).includes(rule)
}
