import type { Parameters } from '../../state/parameters.js'

/** The most pictures that are stored. */
export const MOST_PICTURES = 12

export const parameters = {
  target: {
    kind: 'number',
    label: 'Picture to damage',
    min: 1,
    max: MOST_PICTURES,
    step: 1,
    default: 1,
    key: 'p',
  },
  damage: {
    kind: 'choice',
    label: 'Damage',
    choices: { noise: 'Flipped pixels', hidden: 'A part hidden' },
    default: 'noise',
    key: 'd',
  },
  amount: {
    kind: 'number',
    label: 'How much',
    min: 0,
    max: 1,
    step: 0.01,
    default: 0.3,
    help: 'At ½ of flipped pixels nothing is left; beyond it, the inverse is nearer.',
    key: 'a',
  },
  dynamics: {
    kind: 'choice',
    label: 'Updates',
    choices: { asynchronous: 'One neuron at a time', synchronous: 'All at once' },
    default: 'asynchronous',
    key: 'u',
  },
  pace: {
    kind: 'choice',
    label: 'Pace',
    choices: { single: 'Neuron by neuron', slow: 'Slow', fast: 'Fast', sweep: 'A sweep a frame' },
    default: 'slow',
    key: 'f',
  },
  side: {
    kind: 'choice',
    label: 'Neurons',
    choices: { 16: '16 × 16', 32: '32 × 32', 64: '64 × 64', 128: '128 × 128', 256: '256 × 256' },
    default: '64',
    key: 's',
  },
  rule: {
    kind: 'choice',
    label: 'Learning rule',
    choices: { pseudoinverse: 'Pseudo-inverse', hebbian: 'Hebb' },
    default: 'pseudoinverse',
    help: 'Hebb’s rule wants pictures that have nothing in common.',
    key: 'l',
  },
  seed: { kind: 'seed', label: 'Seed', default: 1, key: 'x' },
  pictures: { kind: 'pictures', label: 'Stored pictures', most: MOST_PICTURES },
  cue: { kind: 'pictures', label: 'Painted start', most: 1 },
} as const satisfies Parameters

export type P = typeof parameters
