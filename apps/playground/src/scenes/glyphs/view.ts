import { Neurons } from '../../draw/neurons.js'
import { caption, panel, pictures } from '../../draw/panel.js'
import { element } from '../../shell/element.js'
import { SIGNS } from '../pictures/strokes.js'
import type { Stage, View } from '../scene.js'
import type { Frame } from './model.js'
import { MEMORIES, type P, SIDE } from './parameters.js'

const SIZE = SIDE * SIDE
const TITLES: Readonly<Record<(typeof MEMORIES)[number], string>> = {
  hebbian: 'Hebb',
  pseudoinverse: 'Pseudo-inverse',
  dense: 'Exponential',
  epanechnikov: 'Epanechnikov',
}

export function view({ root, set }: Stage<P, never>): View<Frame> {
  const cue = new Neurons('The cue')
  const asked = caption()
  const memories = MEMORIES.map((name) => {
    return { name, canvas: new Neurons(`What ${TITLES[name]} makes of the cue`), words: caption() }
  })
  const strip = element('div', {
    class: 'strip',
    role: 'group',
    'aria-label': 'Stored signs: the cue is made of one',
  })
  let buttons: { readonly root: HTMLElement; readonly canvas: Neurons }[] = []
  root.append(
    pictures(
      panel('Cue', cue.canvas, asked),
      ...memories.map(({ name, canvas, words }) => panel(TITLES[name], canvas.canvas, words)),
    ),
    strip,
  )

  const outcome = ({ found, agreement, wanted }: Frame, k: number) => {
    if (found[k] === wanted) return 'right'
    if (found[k] >= 0) return `${SIGNS[found[k]]} instead`
    return `${Math.round(100 * agreement[k])} % of the pixels right`
  }
  const restores = (frame: Frame, k: number) => `${frame.restored[k]} of ${frame.stored.length / SIZE}`
  return {
    draw(frame) {
      cue.states(frame.cue)
      asked.textContent = `${SIGNS[frame.wanted]} with noise`
      for (const [k, { canvas, words }] of memories.entries()) {
        canvas.states(frame.states.subarray(SIZE * k, SIZE * (k + 1)))
        words.textContent = `${outcome(frame, k)}; restores ${restores(frame, k)}`
      }
      const count = frame.stored.length / SIZE
      if (buttons.length !== count) {
        buttons = Array.from({ length: count }, (_, mu) => {
          const canvas = new Neurons(SIGNS[mu])
          canvas.states(frame.stored.slice(SIZE * mu, SIZE * (mu + 1)))
          const label = `Make the cue of ${SIGNS[mu]}`
          const click = () => set({ glyph: mu + 1 })
          return {
            canvas,
            root: element('button', { type: 'button', 'aria-label': label, click }, canvas.canvas),
          }
        })
        strip.replaceChildren(...buttons.map(({ root }) => root))
      }
      for (const [mu, { root }] of buttons.entries())
        root.setAttribute('aria-pressed', String(mu === frame.wanted))
    },
    describe: (frame) =>
      `${SIGNS[frame.wanted]} with noise. ${memories
        .map(
          ({ name }, k) =>
            `${TITLES[name]}: ${outcome(frame, k)}; of all signs it restores ${restores(frame, k)}`,
        )
        .join('. ')}.`,
    recolor() {
      cue.recolor()
      for (const { canvas } of [...memories, ...buttons]) canvas.recolor()
    },
  }
}
