import type { Parameters } from '../../state/parameters.js'

export const parameters = {
  temperature: {
    kind: 'number',
    label: 'Temperature T',
    min: 0,
    max: 2,
    step: 0.01,
    default: 0.4,
    help: 'Turn it while the neurons move: they go on from where they are.',
    key: 'h',
  },
  load: {
    kind: 'number',
    label: 'Load α: patterns per neuron',
    min: 0.001,
    max: 0.2,
    step: 0.001,
    default: 0.03,
    help: 'A new load starts from the picture again.',
    key: 'l',
  },
  neurons: {
    kind: 'choice',
    label: 'Neurons',
    choices: { 32: '32 × 32', 64: '64 × 64', 96: '96 × 96', 128: '128 × 128' },
    default: '64',
    key: 'n',
  },
  rate: {
    kind: 'number',
    label: 'Sweeps per second',
    min: 1,
    max: 60,
    step: 1,
    default: 60,
    key: 'p',
  },
  seed: { kind: 'seed', label: 'Seed', default: 1, key: 'x' },
} as const satisfies Parameters

export type P = typeof parameters
