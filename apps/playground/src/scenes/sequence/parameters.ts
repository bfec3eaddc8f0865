import type { Parameters } from '../../state/parameters.js'

/** Pixels of a side, and of a picture: N. */
export const SIDE = 32
export const NEURONS = SIDE * SIDE

export const parameters = {
  film: {
    kind: 'choice',
    label: 'Film',
    choices: { runner: 'A runner', letters: 'Letters', random: 'Random pictures' },
    default: 'runner',
    key: 'f',
  },
  rule: {
    kind: 'choice',
    label: 'Rule',
    choices: { projection: 'Projection', sequence: 'Hebb, each to the next' },
    default: 'projection',
    help: 'Hebb’s rule asks for pictures that do not look alike.',
    key: 'u',
  },
  noise: {
    kind: 'number',
    label: 'Noise of the first picture',
    min: 0,
    max: 0.5,
    step: 0.01,
    default: 0.25,
    help: 'The share of pixels turned over.',
    key: 'n',
  },
  rate: {
    kind: 'number',
    label: 'Pictures a second',
    min: 1,
    max: 6,
    step: 1,
    default: 5,
    help: 'No more than six: then nothing flashes more than three times a second.',
    key: 'p',
  },
  seed: { kind: 'seed', label: 'Seed', default: 1, key: 'x' },
} as const satisfies Parameters

export type P = typeof parameters
