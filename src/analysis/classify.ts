/** What a state is to a memory; see `classify` of the networks. */
export interface Classification {
  /** A stored pattern, the inverse of one, or neither: a mixture, a half-way state, or a state of a memory of nothing. */
  kind: 'stored' | 'inverse' | 'spurious'
  /** The pattern with the largest |m^μ|, the first of several; −1 if nothing is stored. */
  pattern: number
  /** Its overlap m^μ, from −1 to 1; 0 if nothing is stored. */
  overlap: number
  /** |m^μ| less the next largest one; all of it if there is no other pattern. */
  margin: number
}

/** From the integer overlaps v^μ of a state of N neurons. */
export function classify(overlaps: Int32Array, neurons: number): Classification {
  let pattern = -1
  let [most, next] = [0, 0]
  for (let mu = 0; mu < overlaps.length; mu++) {
    const size = Math.abs(overlaps[mu])
    if (pattern < 0 || size > most) {
      next = most
      most = size
      pattern = mu
    } else if (size > next) next = size
  }
  const v = pattern < 0 ? 0 : overlaps[pattern]
  return {
    kind: v === neurons ? 'stored' : v === -neurons ? 'inverse' : 'spurious',
    pattern,
    overlap: v / neurons,
    margin: (most - next) / neurons,
  }
}
