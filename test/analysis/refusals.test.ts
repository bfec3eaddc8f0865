import { describe, expect, it } from 'vitest'
import {
  basin,
  crosstalk,
  fixedPoints,
  HopfieldError,
  HopfieldNetwork,
  loadReport,
  retrievalErrors,
  stability,
} from '../../src/index.js'
import { refusal } from '../helpers/refusal.js'

const MEASURES: [string, (network: never) => unknown][] = [
  ['basin', (network) => basin(network, { noise: [0.1] })],
  ['crosstalk', crosstalk],
  ['fixedPoints', (network) => fixedPoints(network)],
  ['loadReport', (network) => loadReport(network)],
  ['retrievalErrors', (network) => retrievalErrors(network)],
  ['stability', (network) => stability(network)],
]

describe.each(MEASURES)('%s', (name, measure) => {
  it.each([
    undefined,
    null,
    5,
    'x',
    [],
    {},
    new Map(),
    () => {},
    { neurons: '5', patternCount: 1 },
    { neurons: Number.NaN, patternCount: Number.NaN },
  ])('of %s is an error that says what it wants', (network) => {
    const error = refusal(() => measure(network as never))
    expect(error).toBeInstanceOf(HopfieldError)
    expect(error.code).toBe('ERR_HOPFIELD_TYPE')
    expect(error.message).toContain(`${name}: network: expected a network with neurons`)
  })

  it('of a network of nothing says to store, where there has to be something', () => {
    const measured = (): unknown => measure(new HopfieldNetwork({ neurons: 5 }) as never)
    if (name === 'loadReport' || name === 'fixedPoints') measured()
    else expect(refusal(measured).message).toContain(`${name}: network: no patterns are stored`)
  })
})

it('a load report of a rule that is no name is an error', () => {
  expect(refusal(() => loadReport({ neurons: 5, patternCount: 1 }, 5 as never)).code).toBe(
    'ERR_HOPFIELD_TYPE',
  )
  const network = { neurons: 5, patternCount: 1, meanSources: 'x' as never }
  expect(refusal(() => loadReport(network)).code).toBe('ERR_HOPFIELD_TYPE')
})
