import { defaultOf, moved, type Parameters } from '../state/parameters.js'
import { element } from './element.js'

/** A dialog with a title, opened at once and taken off the page when it is closed. */
function opened(title: string, ...content: readonly Node[]): void {
  const dialog = element('dialog', { 'aria-label': title })
  const close = element('button', { type: 'button', click: () => dialog.close() }, 'Close')
  dialog.append(element('h2', {}, title), ...content, close)
  dialog.addEventListener('close', () => dialog.remove())
  document.body.append(dialog)
  dialog.showModal()
}

/** What the keys of a scene do. */
export function showKeys(
  fixed: readonly (readonly [key: string, does: string])[],
  parameters: Parameters,
  shortcuts: { readonly on: boolean; readonly set: (on: boolean) => void },
): void {
  const rows = [...fixed]
  for (const parameter of Object.values(parameters)) {
    if (parameter.key !== undefined && moved(parameter, defaultOf(parameter), false) !== undefined)
      rows.push([parameter.key, `${parameter.label}: the next value; with Shift, the one before`])
  }
  const table = element('table')
  for (const [key, does] of rows)
    table.append(element('tr', {}, element('td', {}, element('kbd', {}, key)), element('td', {}, does)))
  const box = element('input', { type: 'checkbox', checked: shortcuts.on })
  box.addEventListener('change', () => shortcuts.set(box.checked))
  opened(
    'Keys',
    table,
    element('p', {}, 'Tab goes from control to control; arrows move sliders.'),
    element('p', {}, element('label', {}, box, ' Single letters are shortcuts')),
  )
}

/** The program as text, where the clipboard is refused. */
export function showProgram(text: string): void {
  const area = element('textarea', { readonly: true, 'aria-label': 'The program' })
  area.value = text
  opened('Copy this program', area)
  area.select()
}
