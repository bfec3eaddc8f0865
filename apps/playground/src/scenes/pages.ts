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
  {
    name: 'load',
    title: 'Load',
    summary:
      'How much is too much? Move the load past 0.138 patterns per neuron: the measured point follows the curve of Amit, Gutfreund and Sompolinsky (1985), then falls off its end, and recalls scatter. Theory says 0 there; recalls that begin at a pattern keep about a third of it.',
    load: () => import('./load/page.js'),
  },
  {
    name: 'heat',
    title: 'Temperature',
    summary:
      'A remembered picture under heat: it shimmers, then boils away at once as the point crosses T_M, the line up to which there are memories (Amit, Gutfreund and Sompolinsky 1987). Cool it again: it freezes into something else.',
    load: () => import('./heat/page.js'),
  },
  {
    name: 'glyphs',
    title: 'Four memories',
    summary:
      'One damaged sign, four memories of the same signs. Signs look alike, and Hebb’s rule (Hopfield 1982) answers with a blend of all; the pseudo-inverse (Personnaz, Guyon and Dreyfus 1985), an exponential (Demircigil et al. 2017) and Epanechnikov’s ball (Hoover et al. 2025) find the right one.',
    load: () => import('./glyphs/page.js'),
  },
  {
    name: 'sequence',
    title: 'Film',
    summary:
      'Asymmetric weights make each picture call up the next: a film that plays itself from one noisy picture. Hebb’s rule (Amari 1972) blurs pictures that look alike; projection (Personnaz, Guyon and Dreyfus 1986) does not.',
    load: () => import('./sequence/page.js'),
  },
  {
    name: 'attention',
    title: 'Attention',
    summary:
      'Half a picture asks twelve. As β rises, softmax (Ramsauer et al. 2021) goes from the mean of all to one, sparsemax (Hu et al. 2023) drops pictures on the way, and Epanechnikov (Hoover et al. 2025) takes those within a radius, or none.',
    load: () => import('./attention/page.js'),
  },
  {
    name: 'cut',
    title: 'Max-Cut',
    summary:
      'Two colours for the nodes of a graph, with as many edges between them as can be. The network starts hot and cools (Kirkpatrick, Gelatt and Vecchi 1983): watch patches of alternating colours grow, and the cut rise to what 256 other anneals found.',
    load: () => import('./cut/page.js'),
  },
  {
    name: 'tour',
    title: 'Round trip',
    summary:
      'The travelling salesman as a network of graded neurons (Hopfield and Tank 1985): a tour emerges when each row and column has one bright neuron. Beside it plain 2-opt (Croes 1958) removes crossings, and is nearly always better.',
    load: () => import('./tour/page.js'),
  },
]
