import type { Grid } from '../patterns.js'

/** Grey values 0 (black) to 255 (white), row-major. */
export interface GreyImage extends Grid {
  readonly grey: Uint8Array
}
