import { CAPACITY_RULES, type CapacityRule, capacity } from '../learning/capacity.js'
import type { Capacity } from '../learning/rule.js'

/** How full a network is; see {@link loadReport}. */
export interface LoadReport {
  /** α = P/N, or P/C where a neuron hears C others. */
  load: number
  /** What theory says of the rule; empty for a rule it does not know. */
  capacity: Capacity
  /** Present where the load is above what can be held. */
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
 * Compares a network's load with its rule's capacity for random patterns; never throws for a rule it does not know, or that,
 * like palimpsests, has no load too much.
 * @param rule the network's own by default; 'diluted' where it is Hebb's on few connections.
 */
export function loadReport(network: LoadedNetwork, rule?: string): LoadReport {
  const { neurons, patternCount, learning, meanSources = neurons - 1 } = network
  const few = meanSources < neurons - 1
  const own = 'learning' in network ? learning : 'hebbian'
  const name = rule ?? (own === 'hebbian' && few ? 'diluted' : own)
  const load = patternCount / (few ? meanSources : neurons)
  const known = isKnown(name) ? capacity(name, neurons) : {}
  const report: LoadReport = { load, capacity: known }
  const { retrieval, errorFree } = known
  const most = retrieval ?? errorFree
  const units = few ? 'sources a neuron' : 'neurons'
  const filled = `${patternCount} patterns in ${few ? Number(meanSources.toPrecision(4)) : neurons} ${units} are a load of ${load.toFixed(3)}`
  if (most !== undefined && load > most) {
    report.warning = `${filled}, above the ${most.toFixed(3)} that '${name}' can hold of random patterns`
  } else if (errorFree !== undefined && load > errorFree) {
    report.warning = `${filled}, above ${errorFree.toFixed(3)}: expect some wrong bits`
  }
  return report
}

function isKnown(rule: string | undefined): rule is CapacityRule {
  return (CAPACITY_RULES as readonly (string | undefined)[]).includes(rule)
}
