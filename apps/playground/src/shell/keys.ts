import { keep, kept } from './kept.js'
import type { OpenScene } from './open-scene.js'

/** The keyboard: the same keys in every scene, and one letter per parameter that names one. */
export class Keys {
  static readonly fixed: readonly (readonly [key: string, does: string])[] = [
    ['Space', 'Run or pause'],
    ['.', 'One step'],
    ['r', 'From the start'],
    ['c', 'Copy the link'],
    ['t', 'Copy as TypeScript'],
  ]

  /** Whether single letters are shortcuts: they can be in the way of who speaks to a computer. */
  #letters = kept('letters') !== 'no'
  readonly #scene: () => OpenScene | undefined

  constructor(scene: () => OpenScene | undefined) {
    this.#scene = scene
    document.addEventListener('keydown', (event) => {
      if (this.#take(event)) event.preventDefault()
    })
  }

  get letters(): boolean {
    return this.#letters
  }

  set letters(on: boolean) {
    this.#letters = on
    keep('letters', on ? 'yes' : 'no')
  }

  #take({ key, shiftKey, ctrlKey, metaKey, altKey, target }: KeyboardEvent): boolean {
    const scene = this.#scene()
    if (scene === undefined || ctrlKey || metaKey || altKey) return false
    if (document.querySelector('dialog[open]') !== null) return false
    const on = target instanceof Element ? target : document.body
    if (on.closest('input[type="number"], select, textarea') !== null) return false
    if (key === ' ') {
      // Space presses the button that has the focus.
      if (on.closest('button, a, input, summary, [data-keys]') !== null) return false
      scene.toggle()
      return true
    }
    if (!this.#letters) return false
    const does: Record<string, () => void> = {
      '.': () => scene.step(),
      r: () => scene.restart(),
      c: () => void scene.copyLink(),
      t: () => void scene.copyProgram(),
    }
    if (Object.hasOwn(does, key)) {
      does[key]()
      return true
    }
    return scene.move(key.toLowerCase(), shiftKey)
  }
}
