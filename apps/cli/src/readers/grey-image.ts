import type { Grid } from '../patterns.js'

/** Grey values 0 (black) to 255 (white), row-major. */
export interface GreyImage extends Grid {
  readonly grey: Uint8Array
}

/** Luminance (Rec. 709 weights) of red, green, blue and alpha on a white background. */
export function greyOf({ width, height }: Grid, rgba: Uint8Array): GreyImage {
  const grey = new Uint8Array(width * height)
  for (let i = 0; i < grey.length; i++) {
    const alpha = rgba[4 * i + 3] / 255
    const light = 0.2126 * rgba[4 * i] + 0.7152 * rgba[4 * i + 1] + 0.0722 * rgba[4 * i + 2]
    grey[i] = Math.round(light * alpha + 255 * (1 - alpha))
  }
  return { width, height, grey }
}
