import { Share } from '../../draw/bars.js'
import { Neurons } from '../../draw/neurons.js'
import { caption, panel, pictures } from '../../draw/panel.js'
import { element } from '../../shell/element.js'
import type { Stage, View } from '../scene.js'
import type { Frame } from './model.js'
import { PICTURES, SIDE } from './paintings.js'
import { type P, SEPARATIONS } from './parameters.js'

const TITLES = { softmax: 'Softmax', sparsemax: 'Sparsemax', epanechnikov: 'Epanechnikov' } as const
const SIZE = SIDE * SIDE

export function view({ root, set }: Stage<P, never>): View<Frame> {
  const query = new Neurons('The query')
  const beta = caption()
  const memories = SEPARATIONS.map((name) => {
    return { name, canvas: new Neurons(`What ${TITLES[name]} makes of the query`), words: caption() }
  })
  const rows = PICTURES.map((name, k) => {
    const canvas = new Neurons(name)
    const label = `Make the query of ${name}`
    const click = () => set({ picture: k + 1 })
    const button = element('button', { type: 'button', 'aria-label': label, click }, canvas.canvas)
    return { canvas, button, shares: SEPARATIONS.map(() => new Share()) }
  })
  const heads = SEPARATIONS.map((name) => element('th', { scope: 'col' }, TITLES[name]))
  root.append(
    pictures(
      panel('Query', query.canvas, beta),
      ...memories.map(({ name, canvas, words }) => panel(TITLES[name], canvas.canvas, words)),
    ),
    element(
      'table',
      { class: 'weights' },
      element('caption', { class: 'unseen' }, 'How each memory weighs the stored pictures'),
      element('thead', {}, element('tr', {}, element('th', { scope: 'col' }, 'Stored'), ...heads)),
      element(
        'tbody',
        {},
        ...rows.map(({ button, shares }) =>
          element('tr', {}, element('td', {}, button), ...shares.map(({ root }) => element('td', {}, root))),
        ),
      ),
    ),
  )

  const strongest = ({ weights }: Frame, k: number) => {
    const row = weights.subarray(k * PICTURES.length, (k + 1) * PICTURES.length)
    const most = Math.max(...row)
    return { name: PICTURES[row.indexOf(most)], most }
  }
  const outcome = (frame: Frame, k: number) => {
    const count = frame.active[k]
    const { name, most } = strongest(frame, k)
    if (count === 0) return 'nothing within reach'
    return count === 1 ? `${name} alone` : `mixes ${count}; ${name} ${Math.round(100 * most)} %`
  }
  let drawn = false
  return {
    draw(frame) {
      query.greys(frame.query.map(shade))
      beta.textContent = `β = ${frame.beta.toPrecision(2)}`
      for (const [k, { canvas, words }] of memories.entries()) {
        canvas.greys(frame.states.subarray(k * SIZE, (k + 1) * SIZE).map(shade))
        words.textContent = outcome(frame, k)
      }
      for (const [mu, { canvas, button, shares }] of rows.entries()) {
        if (!drawn) canvas.greys(frame.stored.slice(mu * SIZE, (mu + 1) * SIZE).map(shade))
        button.setAttribute('aria-pressed', String(mu === frame.picture))
        for (const [k, share] of shares.entries()) share.set(frame.weights[k * PICTURES.length + mu])
      }
      drawn = true
    },
    describe: (frame) =>
      `β = ${frame.beta.toPrecision(2)}. ${memories.map(({ name }, k) => `${TITLES[name]}: ${outcome(frame, k)}`).join('. ')}.`,
    recolor() {
      for (const { canvas } of [{ canvas: query }, ...memories, ...rows]) canvas.recolor()
    },
  }
}

/** Grey from −1 to 1 as a shade from 0 to 1. */
function shade(grey: number): number {
  return (grey + 1) / 2
}
