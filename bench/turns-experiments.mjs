// Doors of `turns`: experiments, which make many networks and ask each of them much.
import {
  basinCurve,
  capacityCurve,
  codeCurve,
  errorHistogram,
  overlapCurves,
  palimpsestCurve,
  phaseDiagram,
  separationCurve,
  sequenceCurve,
  spuriousCensus,
} from 'hopfield-native/experiments'

/** @returns {[name: string, prepare: () => (limits: object) => Promise<unknown>][]} */
export function experimentDoors(backend) {
  const native = backend === 'native'
  const some = { backend, neurons: native ? 2000 : 300, networks: 50 }
  const loads = [0.02, 0.08, 0.13]
  // Small enough to come to the theory before they are stopped.
  const small = { backend, neurons: 100, networks: 2, cues: 2 }
  const cold = [0.02, 0.05, 0.2]
  const asked = [
    ['capacityCurve', capacityCurve, { ...some, loads }],
    ['errorHistogram', errorHistogram, { ...some, counts: [some.neurons / 10] }],
    ['basinCurve', basinCurve, { ...some, loads, noise: [0, 0.1, 0.2, 0.3] }],
    [
      'overlapCurves',
      overlapCurves,
      { ...some, patternCount: some.neurons / 20, noise: [0.1, 0.3], sweeps: 10 },
    ],
    ['phaseDiagram', phaseDiagram, { ...some, loads, temperatures: [0, 0.05, 0.2, 0.5], sweeps: 20 }],
    [
      'separationCurve',
      separationCurve,
      {
        backend,
        neurons: some.neurons / 2,
        outputs: 10 * some.neurons,
        sources: 20,
        winners: some.neurons / 10,
        overlaps: [0.2, 0.8],
        networks: 50,
      },
    ],
    ['spuriousCensus', spuriousCensus, { ...some, loads, starts: 200 }],
    [
      'palimpsestCurve',
      palimpsestCurve,
      {
        ...some,
        learning: { kind: 'palimpsest', decay: 1 - 10 / some.neurons },
        stored: some.neurons / 2,
        ages: [0, 10, 50, 100],
      },
    ],
    ['sequenceCurve', sequenceCurve, { ...some, loads, learning: 'sequence' }],
    ['codeCurve', codeCurve, { ...some, active: some.neurons / 100, counts: [500, 2000] }],
  ]
  asked.push(
    ['capacityCurve, and its theory', capacityCurve, { ...small, loads, temperature: cold[0], maxSweeps: 1 }],
    ['phaseDiagram, and its theory', phaseDiagram, { ...small, loads, temperatures: cold, sweeps: 1 }],
  )
  return asked.map(([name, experiment, options]) => [
    `experiments: ${name}`,
    () => (limits) => experiment({ ...options, ...limits }),
  ])
}
