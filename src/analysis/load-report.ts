import { describe, HopfieldError } from '../errors.js'
import { checkNumber } from '../input/validate.js'
import { CAPACITY_RULES, type CapacityRule, capacity } from '../learning/capacity.js'
import type { Capacity } from '../learning/rule.js'
import { checkNetwork } from './networks.js'

/** How full a network is; see {@link loadReport}. */
export interface LoadReport {
  /** The load P/N, or P/C where a neuron hears C others. */
  alpha: number
  /** What theory says of the rule; empty where it says nothing. */
  capacity: Capacity
  /** Present where the load is above what the rule can hold. */
  warning?: string
}

/** A network whose load can be told. */
export interface LoadedNetwork {
  readonly neurons: number
  readonly patternCount: number
  /** 'hebbian' where it does not say. */
  readonly learning?: string | undefined
  readonly meanSources?: number
}

/**
 * Compares a network's load with its rule's capacity for random patterns. A rule that it does not know, or that can never be
 * overloaded, as a palimpsest, has an empty capacity and no warning.
 * @param rule the network's own by default; 'diluted' where it is Hebb's on few connections.
 * @throws HopfieldError ERR_HOPFIELD_TYPE for what is no network.
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
