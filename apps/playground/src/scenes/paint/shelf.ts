import { lineColor } from '../../draw/colors.js'
import { Neurons } from '../../draw/neurons.js'
import { element } from '../../shell/element.js'

/** What the buttons of a stored picture do. */
export interface ShelfActions {
  choose(index: number): void
  forget(index: number): void
}

/** The stored pictures, each with its overlap with the state. */
export class Shelf {
  readonly root: HTMLElement = element('ul', { class: 'shelf', 'aria-label': 'Stored pictures' })
  readonly #actions: ShelfActions
  #pictures: Neurons[] = []
  #overlaps: HTMLElement[] = []

  constructor(actions: ShelfActions) {
    this.#actions = actions
  }

  get count(): number {
    return this.#pictures.length
  }

  store(patterns: readonly Int8Array[]): void {
    this.#pictures = []
    this.#overlaps = []
    this.root.replaceChildren(...patterns.map((pattern, k) => this.#made(pattern, k)))
  }

  /** @param target the index of the picture that is damaged. */
  show(overlaps: ArrayLike<number>, target: number): void {
    for (const [k, text] of this.#overlaps.entries()) {
      text.textContent = overlaps[k].toFixed(2).replace('-', '−')
      text.style.setProperty('--share', `${Math.round(100 * Math.min(1, Math.abs(overlaps[k])))}%`)
      const button = text.closest('li')?.querySelector('button')
      button?.setAttribute('aria-pressed', k === target ? 'true' : 'false')
    }
  }

  recolor(): void {
    for (const [k, picture] of this.#pictures.entries()) {
      picture.recolor()
      this.#overlaps[k].style.setProperty('--color', lineColor(k))
    }
  }

  #made(pattern: Int8Array, k: number): HTMLElement {
    const picture = new Neurons('')
    picture.canvas.setAttribute('aria-hidden', 'true')
    picture.states(pattern)
    const overlap = element('span', { class: 'overlap reading' })
    overlap.style.setProperty('--color', lineColor(k))
    this.#pictures.push(picture)
    this.#overlaps.push(overlap)
    return element(
      'li',
      {},
      element(
        'button',
        {
          type: 'button',
          class: 'picture',
          click: () => this.#actions.choose(k),
          'aria-label': `Damage picture ${k + 1}`,
        },
        picture.canvas,
      ),
      overlap,
      element(
        'button',
        {
          type: 'button',
          class: 'small',
          click: () => this.#actions.forget(k),
          'aria-label': `Forget picture ${k + 1}`,
        },
        '×',
      ),
    )
  }
}
