import { element } from './element.js'

/** What the buttons do. */
export interface Actions {
  toggle(): void
  step(): void
  restart(): void
  link(): void
  program(): void
}

/** Run, step, restart, and the two buttons that copy; beside them how many frames per second are drawn. */
export class Transport {
  readonly root: HTMLElement
  readonly #run: HTMLButtonElement
  readonly #rate = element('span', { class: 'rate', id: 'rate', 'aria-hidden': 'true' })
  readonly #timer: ReturnType<typeof setInterval>
  #frames = 0
  #since = performance.now()
  #told = 0

  constructor({ toggle, step, restart, link, program }: Actions) {
    const button = (id: string, text: string, click: () => void) =>
      element('button', { type: 'button', id, click }, text)
    this.#run = button('run', 'Run', toggle)
    this.#run.className = 'main'
    this.root = element(
      'div',
      { class: 'transport', role: 'group', 'aria-label': 'Run and copy' },
      this.#run,
      button('step', 'Step', step),
      button('restart', 'Restart', restart),
      button('link', 'Copy link', link),
      button('program', 'Copy as TypeScript', program),
      this.#rate,
    )
    this.#timer = setInterval(() => this.#showRate(), 1000)
  }

  show(playing: boolean, resting: boolean): void {
    this.#run.textContent = playing ? 'Pause' : resting ? 'Run again' : 'Run'
  }

  /** A frame was drawn. */
  count(): void {
    this.#frames++
  }

  /** A word for a few seconds. */
  tell(text: string): void {
    this.#told = performance.now() + 3000
    this.#rate.textContent = text
  }

  close(): void {
    clearInterval(this.#timer)
  }

  #showRate(): void {
    const now = performance.now()
    const rate = (1000 * this.#frames) / (now - this.#since)
    this.#frames = 0
    this.#since = now
    this.root.dataset['rate'] = rate.toFixed(1)
    if (now >= this.#told) this.#rate.textContent = rate >= 1 ? `${Math.round(rate)} frames per second` : ''
  }
}
