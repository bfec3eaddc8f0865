// How long does a network of few connections take to build, and how much memory? Each row is a process of its own.
import { HopfieldNetwork } from 'hopfield-native'
import { apart, tierEnvironment, usableTiers } from './apart.mjs'
import { duration, QUICK, table } from './measure.mjs'

const [NEURONS, DEGREE] = [QUICK ? 10_000 : 1_000_000, 100]
const KINDS = [
  { kind: 'ring', neighbours: DEGREE },
  { kind: 'random', degree: DEGREE, seed: 1 },
  { kind: 'random', degree: DEGREE, symmetric: true, seed: 1 },
  { kind: 'small-world', neighbours: DEGREE, rewire: 0.1, seed: 1 },
  { kind: 'small-world', neighbours: DEGREE, rewire: 1, seed: 1 },
]

export function work({ connections }) {
  const before = process.cpuUsage()
  const start = performance.now()
  const net = new HopfieldNetwork({ neurons: NEURONS, connections })
  const wall = (performance.now() - start) / 1e3
  const { user, system } = process.cpuUsage(before)
  return {
    wall,
    cpu: (user + system) / 1e6,
    memory: process.resourceUsage().maxRSS * 1024,
    sources: net.meanSources,
  }
}

export function run(report) {
  const rows = []
  for (const backend of [usableTiers()[0] ?? 'typescript', 'typescript']) {
    for (const { seed: _seed, ...connections } of KINDS) {
      const asked = { connections: connections.kind === 'ring' ? connections : { ...connections, seed: 1 } }
      const { wall, cpu, memory } = apart(import.meta.url, 'work', asked, tierEnvironment(backend))
      report.json({ question: 'wiring', neurons: NEURONS, backend, ...asked, wall, cpu, memory })
      const { kind, ...rest } = connections
      const more = Object.entries(rest).map(([key, value]) => `${key} ${value}`)
      rows.push([
        `${[kind, ...more].join(', ')}; ${backend}`,
        duration(wall),
        duration(cpu),
        `${Math.round(memory / 1e6)} MB`,
      ])
    }
  }
  report.text(`## Connections of ${NEURONS.toLocaleString('en')} neurons, ${DEGREE} each\n`)
  report.text(table(['', 'time', 'of the processor', 'most memory of the process'], rows))
}
