import type { Parameters } from '../../state/parameters.js'
import { SIGNS } from '../pictures/strokes.js'

/** Pixels of a side of each sign. */
export const SIDE = 16

/** The memories that are compared, in the order of all arrays. */
export const MEMORIES = ['hebbian', 'pseudoinverse', 'dense', 'epanechnikov'] as const
export type GlyphMemory = (typeof MEMORIES)[number]

export const parameters = {
  glyph: {
    kind: 'number',
    label: 'Which sign is the cue',
    min: 1,
    max: SIGNS.length,
    step: 1,
    default: 8,
    help: 'Or choose it below the pictures.',
    key: 'g',
  },
  count: {
    kind: 'number',
    label: 'Signs stored',
    min: 2,
    max: SIGNS.length,
    step: 1,
    default: 36,
    key: 's',
  },
  noise: {
    kind: 'number',
    label: 'Pixels turned over',
    min: 0,
    max: 0.3,
    step: 0.01,
    default: 0.1,
    help: '0.1 is one in ten.',
    key: 'n',
  },
  seed: { kind: 'seed', label: 'Seed', default: 1, key: 'x' },
} as const satisfies Parameters

export type P = typeof parameters
