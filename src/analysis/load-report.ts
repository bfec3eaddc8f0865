import { type Capacity, type CapacityRule, capacity } from './theory/capacity.js'

/** How full a network is; see {@link loadReport}. */
export interface LoadReport {
  /** α = P/N. */
  load: number
  /** What theory says of the rule; empty for a rule it does not know. */
  capacity: Capacity
  /** Present where the load is above what can be held. */
  warning?: string
}

const KNOWN: readonly string[] = ['hebbian', 'sequence', 'diluted', 'pseudoinverse', 'perceptron']

/** Compares a network's load with its rule's capacity for random patterns; never throws for a rule it does not know. */
export function loadReport(
  network: { readonly neurons: number; readonly patternCount: number },
  rule: string = 'hebbian',
): LoadReport {
  const { neurons, patternCount } = network
  const load = patternCount / neurons
  const known = KNOWN.includes(rule) ? capacity(rule as CapacityRule, neurons) : {}
  const report: LoadReport = { load, capacity: known }
  const { retrieval, errorFree } = known
  const most = retrieval ?? errorFree
  const filled = `${patternCount} patterns in ${neurons} neurons are a load of ${load.toFixed(3)}`
  if (most !== undefined && load > most) {
    report.warning = `${filled}, above the ${most.toFixed(3)} that '${rule}' can hold of random patterns`
  } else if (errorFree !== undefined && load > errorFree) {
    report.warning = `${filled}, above ${errorFree.toFixed(3)}: expect some wrong bits`
  }
  return report
}
