// The colours of style.css as canvases take them, in the theme that the page has now.

export type ColorName =
  | 'paper'
  | 'panel'
  | 'line'
  | 'text'
  | 'soft'
  | 'accent'
  | 'ink'
  | 'ground'
  | 'rises'
  | 'falls'
  | `line-${1 | 2 | 3 | 4 | 5 | 6}`

/** How many colours there are for lines. */
export const LINE_COLORS = 6

let probe: HTMLElement | undefined

/** As 'rgb(…)'. */
export function color(name: ColorName): string {
  // A custom property is text; as the colour of an element it is the colour of the theme.
  if (probe === undefined) {
    probe = document.createElement('span')
    probe.hidden = true
    document.body.append(probe)
  }
  probe.style.color = `var(--${name})`
  return getComputedStyle(probe).color
}

/** As red, green and blue, 0 to 255. */
export function channels(name: ColorName): readonly [number, number, number] {
  const [r = 0, g = 0, b = 0] = (color(name).match(/[\d.]+/g) ?? []).map(Number)
  return [r, g, b]
}

/** The colour of line k, which begin again after the last one. */
export function lineColor(k: number): string {
  return color(`line-${((k % LINE_COLORS) + 1) as 1}`)
}
