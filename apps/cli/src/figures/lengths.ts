/** Throws if arrays that belong together have different lengths: a fault of the program that draws, not of its user. */
export function requireLengths(
  what: string,
  length: number,
  arrays: Readonly<Record<string, { readonly length: number }>>,
): void {
  for (const [name, array] of Object.entries(arrays)) {
    if (array.length !== length) {
      throw new RangeError(`${what}: ${name} has ${array.length} values, expected ${length}`)
    }
  }
}
