/** E = −Q/(2·scale) − Σ_i b_i s_i of a ±1 network, with one division and one subtraction. */
export function energyOf(quadratic: number, scale: number, external: number): number {
  return (0 - quadratic / 2) / scale - external
}
