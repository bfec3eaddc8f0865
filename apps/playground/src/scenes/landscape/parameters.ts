import type { Parameters } from '../../state/parameters.js'

export const parameters = {
  memory: {
    kind: 'choice',
    label: 'Energy',
    choices: {
      hebbian: 'Squares of overlaps (Hopfield)',
      cubic: 'Third powers (dense)',
      quartic: 'Fourth powers (dense)',
    },
    default: 'hebbian',
    key: 'm',
  },
  others: {
    kind: 'number',
    label: 'Other patterns stored',
    min: 0,
    max: 200,
    step: 1,
    default: 40,
    help: 'Beside the two of the plane, in 1024 neurons.',
    key: 'o',
  },
  first: {
    kind: 'number',
    label: 'Start, overlap with 1',
    min: -1,
    max: 1,
    step: 0.05,
    default: 0.3,
    key: 'a',
  },
  second: {
    kind: 'number',
    label: 'Start, overlap with 2',
    min: -1,
    max: 1,
    step: 0.05,
    default: 0.2,
    help: 'Or press on the surface. The two overlaps together are at most 1.',
    key: 'b',
  },
  temperature: {
    kind: 'number',
    label: 'Temperature',
    min: 0,
    max: 2,
    step: 0.05,
    default: 0,
    help: 'In units of the field that a pattern has. Above 0 the point never rests.',
    key: 'h',
  },
  pace: {
    kind: 'choice',
    label: 'Pace',
    choices: { single: 'Flip by flip', slow: 'Slow', fast: 'Fast' },
    default: 'slow',
    key: 'f',
  },
  turn: { kind: 'number', label: 'Seen from', min: 0, max: 355, step: 5, default: 30, unit: '°', key: 'v' },
  seed: { kind: 'seed', label: 'Seed', default: 1, key: 'x' },
} as const satisfies Parameters

export type P = typeof parameters

export const NEURONS = 1024
