import { type Attributes, element } from './figures/svg.js'

// Every figure has a background of its own, so that it is legible on light and dark pages.
export const PAPER = '#fbfaf7'
export const INK = '#22303c'
export const FAINT = '#6b7680'
export const RULE = '#e4e1d8'
/** Blue and vermilion of Okabe and Ito's palette, which colour-blind readers can tell apart; the latter also dark enough for text. */
export const BLUE = '#0072b2'
export const VERMILION = '#d55e00'
export const VERMILION_TEXT = '#b34700'

const FONT = "ui-sans-serif, system-ui, -apple-system, 'Segoe UI', 'Noto Sans', Helvetica, Arial, sans-serif"

/** A whole figure in the style of all. */
export function drawing(
  width: number,
  height: number,
  fontSize: number,
  more: Attributes,
  ...children: string[]
): string {
  const attributes = {
    xmlns: 'http://www.w3.org/2000/svg',
    viewBox: `0 0 ${width} ${height}`,
    width,
    height,
    role: 'img',
    ...more,
    'font-family': FONT,
    'font-size': fontSize,
    fill: INK,
  }
  return `${element('svg', attributes, ...children)}\n`
}
