import './scenes.css'
import { element } from '../shell/element.js'

/** A part of a scene under a heading. */
export function panel(title: string, ...children: readonly (Node | string)[]): HTMLElement {
  return element('section', { class: 'panel' }, element('h3', {}, title), ...children)
}

/** Two parts beside each other where there is room. */
export function halves(...children: readonly HTMLElement[]): HTMLElement {
  return element('div', { class: 'panels halves' }, ...children)
}

/** Small pictures in a row. */
export function pictures(...children: readonly HTMLElement[]): HTMLElement {
  return element('div', { class: 'panels small' }, ...children)
}

/** A line of numbers or words under a picture. */
export function caption(text = ''): HTMLElement {
  return element('p', { class: 'figure reading' }, text)
}
