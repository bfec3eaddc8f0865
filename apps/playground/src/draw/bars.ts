import { element } from '../shell/element.js'

/** Upright bars side by side, each from 0 to 1 of the height. */
export class Bars {
  readonly root: HTMLElement
  #bars: HTMLElement[] = []

  /** @param label what the bars show, for screen readers. */
  constructor(label: string) {
    this.root = element('div', { class: 'bars', role: 'img', 'aria-label': label })
  }

  /** @param marked the bar that stands out. */
  set(heights: ArrayLike<number>, marked = -1): void {
    if (this.#bars.length !== heights.length) {
      this.#bars = Array.from(heights, () => element('i'))
      this.root.replaceChildren(...this.#bars)
    }
    for (const [k, bar] of this.#bars.entries()) {
      bar.style.height = `${100 * Math.min(1, Math.max(0, heights[k]))}%`
      bar.classList.toggle('marked', k === marked)
    }
  }
}

/** A bar that lies, from 0 to 1 of the width, with its number as a percentage. */
export class Share {
  readonly root: HTMLElement
  readonly #bar = element('i')
  readonly #words = element('span')

  constructor() {
    this.root = element('div', { class: 'share' }, this.#bar, this.#words)
  }

  set(share: number): void {
    this.#bar.style.width = `${100 * Math.min(1, share)}%`
    this.#words.textContent = share === 0 ? '0' : share < 0.005 ? '<1 %' : `${Math.round(100 * share)} %`
    this.root.classList.toggle('none', share === 0)
  }
}
