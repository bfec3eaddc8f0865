import type { Parameters } from '../../state/parameters.js'

export const parameters = {
  load: {
    kind: 'number',
    label: 'Load α: patterns per neuron',
    min: 0.01,
    max: 0.25,
    step: 0.001,
    default: 0.12,
    help: 'Theory’s curve ends at 0.138.',
    key: 'l',
  },
  neurons: {
    kind: 'choice',
    label: 'Neurons',
    choices: { 256: '256', 529: '529', 1024: '1024', 2025: '2025' },
    default: '1024',
    help: 'The more, the steeper the fall.',
    key: 'n',
  },
  seed: { kind: 'seed', label: 'Seed', default: 1, key: 'x' },
} as const satisfies Parameters

export type P = typeof parameters
