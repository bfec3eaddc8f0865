import type { Parameters } from '../../state/parameters.js'

export const parameters = {
  network: {
    kind: 'choice',
    label: 'Network',
    choices: {
      neighbours: 'Each neuron follows its four neighbours',
      hebbian: 'Random patterns, Hebb’s rule',
    },
    default: 'neighbours',
    key: 'n',
  },
  start: {
    kind: 'choice',
    label: 'Start',
    choices: { halves: 'A chessboard beside a plain', chessboard: 'A chessboard', random: 'A random state' },
    default: 'halves',
    help: 'With a tenth of the neurons flipped.',
    key: 'b',
  },
  dynamics: {
    kind: 'choice',
    label: 'Updates',
    choices: { synchronous: 'All at once', asynchronous: 'One neuron at a time' },
    default: 'synchronous',
    help: 'Change this while it blinks.',
    key: 'u',
  },
  side: {
    kind: 'choice',
    label: 'Neurons',
    choices: { 16: '16 × 16', 32: '32 × 32', 64: '64 × 64', 128: '128 × 128' },
    default: '64',
    key: 's',
  },
  load: {
    kind: 'number',
    label: 'Patterns per neuron',
    min: 0.01,
    max: 0.5,
    step: 0.01,
    default: 0.2,
    help: 'With random patterns alone.',
    key: 'l',
  },
  rate: {
    kind: 'number',
    label: 'Sweeps per second',
    min: 0.5,
    max: 3,
    step: 0.5,
    default: 2,
    help: 'No more than three: faster blinking of a large picture can hurt.',
    key: 'f',
  },
  seed: { kind: 'seed', label: 'Seed', default: 1, key: 'x' },
} as const satisfies Parameters

export type P = typeof parameters
