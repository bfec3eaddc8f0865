/** The version of this package, as package.json has it: files name what wrote them. */
export const VERSION = '0.1.0'
