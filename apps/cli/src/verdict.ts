/** Whether a recalled state is a stored pattern, the inverse of one, or neither. */
export type Verdict = 'exact' | 'inverse' | 'spurious'

export interface Nearest {
  /** Index of the stored pattern with the largest |overlap|, the first of several. */
  readonly nearest: number
  readonly overlap: number
  readonly verdict: Verdict
}

export interface Outcome extends Nearest {
  /** 1 at a fixed point, λ where states repeat every λ sweeps, 0 when the sweeps ran out. */
  readonly cycle: number
  readonly sweeps: number
  readonly flips: number
  readonly energy: number
}

export function nearestTo(overlaps: ArrayLike<number>): Nearest {
  let nearest = 0
  for (let mu = 1; mu < overlaps.length; mu++) {
    if (Math.abs(overlaps[mu]) > Math.abs(overlaps[nearest])) nearest = mu
  }
  const overlap = overlaps[nearest]
  return { nearest, overlap, verdict: overlap === 1 ? 'exact' : overlap === -1 ? 'inverse' : 'spurious' }
}
