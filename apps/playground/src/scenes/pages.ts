// The scenes, in the order of the navigation. A new one also has a line in models.ts.
import type { AnyPageModule } from './scene.js'

export interface Entry {
  /** Its word in addresses, and the name of its folder. */
  readonly name: string
  readonly title: string
  /** What there is to see, in a sentence or two. */
  readonly summary: string
  load(): Promise<{ readonly default: AnyPageModule }>
}

export const SCENES: readonly Entry[] = [
  {
    name: 'paint',
    title: 'Paint',
    summary:
      'A damaged picture falls, neuron by neuron, to the stored one that is nearest. Paint on it, or store pictures of your own.',
    load: () => import('./paint/page.js'),
  },
  {
    name: 'cycle',
    title: 'Two-cycle',
    summary:
      'All neurons at once can chase their own tail: the network blinks between two states for ever. One neuron at a time comes to rest.',
    load: () => import('./cycle/page.js'),
  },
  {
    name: 'landscape',
    title: 'Energy landscape',
    summary:
      'The energy over a plane between two stored patterns, and the point where the network is. It rolls downhill, unless it is kicked.',
    load: () => import('./landscape/page.js'),
  },
]
