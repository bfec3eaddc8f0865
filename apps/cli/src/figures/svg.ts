export type Attributes = Record<string, string | number>

/** An SVG element as text. Coordinates have two decimals, so that rounding errors do not change the bytes. */
export function element(name: string, attributes: Attributes, ...children: string[]): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${formatValue(value)}"`)
  const open = `<${name}${written.join('')}`
  return children.length === 0 ? `${open}/>` : `${open}>${children.join('')}</${name}>`
}

/** Text as SVG has it. */
export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}

function formatValue(value: string | number): string {
  return typeof value === 'number' ? String(Number(value.toFixed(2))) : escaped(value).replaceAll('"', "'")
}
