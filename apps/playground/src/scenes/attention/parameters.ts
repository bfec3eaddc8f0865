import type { Parameters } from '../../state/parameters.js'
import { PICTURES } from './paintings.js'

/** How similarities become weights, in the order of all arrays. */
export const SEPARATIONS = ['softmax', 'sparsemax', 'epanechnikov'] as const

export const parameters = {
  beta: {
    kind: 'number',
    label: 'β, from vague to sharp',
    min: 0,
    max: 1,
    step: 0.01,
    default: 0.35,
    help: 'The slider is logarithmic: β = 0.001 · 100^x.',
    key: 'b',
  },
  sweep: {
    kind: 'switch',
    label: 'Let β go up and down',
    default: true,
    key: 'w',
  },
  picture: {
    kind: 'number',
    label: 'Picture behind the query',
    min: 1,
    max: PICTURES.length,
    step: 1,
    default: 9,
    help: 'Or choose it among the stored ones.',
    key: 'p',
  },
  hidden: {
    kind: 'number',
    label: 'Hidden from below',
    min: 0,
    max: 0.9,
    step: 0.05,
    default: 0.3,
    key: 'd',
  },
  noise: {
    kind: 'number',
    label: 'Noise',
    min: 0,
    max: 1,
    step: 0.05,
    default: 0.2,
    key: 'n',
  },
  seed: { kind: 'seed', label: 'Seed', default: 1, key: 'x' },
} as const satisfies Parameters

export type P = typeof parameters

/** β at a place of the slider. */
export function betaOf(place: number): number {
  return 0.001 * 100 ** place
}
