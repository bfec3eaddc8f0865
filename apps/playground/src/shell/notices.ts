import { element } from './element.js'

/** Sentences on what went wrong. They stay until they are closed or the scene is left. */
export class Notices {
  readonly root: HTMLElement = element('div', { role: 'alert' })

  /** @param act a button beside the sentence, which also takes the notice away. */
  add(text: string, act?: { readonly label: string; readonly run: () => void }): void {
    // The same thing may go wrong at every frame.
    for (const other of this.root.children) if (other.getAttribute('data-text') === text) return
    const close = () => notice.remove()
    const buttons = element('span', { class: 'row' })
    if (act !== undefined) {
      const click = () => {
        close()
        act.run()
      }
      buttons.append(element('button', { type: 'button', click }, act.label))
    }
    buttons.append(
      element('button', { type: 'button', 'aria-label': 'Close this notice', click: close }, '×'),
    )
    const notice = element('div', { class: 'notice', 'data-text': text }, element('span', {}, text), buttons)
    this.root.append(notice)
  }

  clear(): void {
    this.root.replaceChildren()
  }
}
