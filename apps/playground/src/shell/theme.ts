import { element } from './element.js'
import { keep, kept } from './kept.js'

const THEMES = { auto: 'Colours: as the system', light: 'Colours: light', dark: 'Colours: dark' } as const
type Theme = keyof typeof THEMES

/** The button that changes the colours. `changed` is called when the page has others, for whatever reason. */
export function themeButton(changed: () => void): HTMLElement {
  const names = Object.keys(THEMES) as Theme[]
  const asked = kept('theme') as Theme
  let theme: Theme = names.includes(asked) ? asked : 'auto'
  const button = element('button', { type: 'button', id: 'theme' })
  const show = () => {
    if (theme === 'auto') document.documentElement.removeAttribute('data-theme')
    else document.documentElement.dataset['theme'] = theme
    button.textContent = THEMES[theme]
  }
  button.addEventListener('click', () => {
    theme = names[(names.indexOf(theme) + 1) % names.length]
    keep('theme', theme)
    show()
    changed()
  })
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', changed)
  show()
  return button
}
