import type { Parameters } from '../../state/parameters.js'

export const parameters = {
  nodes: { kind: 'number', label: 'Nodes', min: 9, max: 225, step: 1, default: 100, key: 'n' },
  neighbours: {
    kind: 'number',
    label: 'Neighbours that a node asks for',
    min: 1,
    max: 8,
    step: 1,
    default: 5,
    key: 'e',
  },
  sweeps: {
    kind: 'number',
    label: 'Sweeps from hot to cold',
    min: 20,
    max: 1000,
    step: 20,
    default: 400,
    help: 'The slower it cools, the better the cut.',
    key: 's',
  },
  rate: { kind: 'number', label: 'Sweeps per second', min: 5, max: 60, step: 5, default: 40, key: 'p' },
  seed: { kind: 'seed', label: 'Seed', default: 1, key: 'x' },
} as const satisfies Parameters

export type P = typeof parameters

/** T of the first sweep and of the last but one, in edges. */
export const [HOT, COLD] = [2.5, 0.15]

/** T of a sweep, falling by equal factors; 0 of the last one and behind it. */
export function temperatureAt(sweep: number, sweeps: number): number {
  return sweep >= sweeps - 1 ? 0 : HOT * (COLD / HOT) ** (sweep / (sweeps - 2))
}
