/** Pictures as hexadecimal digits, four values a digit: what a program that somebody copies can hold. */
export function hexOf(picture: ArrayLike<number>): string {
  let out = ''
  for (let i = 0; i < picture.length; i += 4) {
    let digit = 0
    for (let b = 0; b < 4; b++) digit = 2 * digit + (picture[i + b] > 0 ? 1 : 0)
    out += digit.toString(16)
  }
  return out
}

/** A function of such a program, which makes the values ±1 again; it needs `bipolar` of the package. */
export const UNHEX = `/** Pictures are hexadecimal digits here, four pixels a digit. */
const picture = (hex: string) =>
  bipolar([...hex].map((digit) => Number.parseInt(digit, 16).toString(2).padStart(4, '0')).join(''))`
