const said = new Set<string>()

/** Warns once, on the console that pages have. */
export function warnOnce(code: string, message: string): void {
  if (said.has(code)) return
  said.add(code)
  const { console } = globalThis as { console?: { warn(text: string): void } }
  console?.warn(`${code}: ${message}`)
}
