import type { Parameters } from '../../state/parameters.js'

export const parameters = {
  cities: { kind: 'number', label: 'Cities', min: 5, max: 12, step: 1, default: 10, key: 'n' },
  constants: {
    kind: 'choice',
    label: 'Constants of the network',
    choices: { 'talavan-yanez': 'Talaván and Yáñez 2002', 'hopfield-tank': 'Hopfield and Tank 1985' },
    default: 'talavan-yanez',
    help: 'With those of 1985 it often ends in no tour at all.',
    key: 'k',
  },
  rate: { kind: 'number', label: 'Pictures a second', min: 1, max: 30, step: 1, default: 6, key: 'p' },
  seed: { kind: 'seed', label: 'Seed', default: 3, key: 'x' },
} as const satisfies Parameters

export type P = typeof parameters

/** Steps of the network at most. */
export const MOST_STEPS = 3000
