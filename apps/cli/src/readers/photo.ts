import { DataError, reasonOf } from '../errors.js'
import type { Grid } from '../patterns.js'
import { type GreyImage, greyOf } from './grey-image.js'

/** Loaded where a picture needs it: it brings a library of several megabytes. */
async function sharp(): Promise<typeof import('sharp').default> {
  try {
    return (await import('sharp')).default
  } catch (error) {
    throw new DataError(
      `JPEG, GIF, WebP and --size need the package sharp, which cannot be loaded here: ${reasonOf(error).split('\n')[0]}`,
    )
  }
}

/** A JPEG, WebP or GIF (its first picture) as grey values, turned as the camera says. */
export async function readPhoto(path: string, bytes: Uint8Array): Promise<GreyImage> {
  const load = await sharp()
  try {
    const { data, info } = await load(bytes)
      .autoOrient()
      .toColourspace('srgb')
      .ensureAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true })
    return greyOf(info, data)
  } catch {
    throw new DataError(`cannot read ${path}: it is not a complete JPEG, GIF or WebP image`)
  }
}

/** The same picture with this many pixels, stretched where its sides differ in proportion. */
export async function resized(image: GreyImage, { width, height }: Grid): Promise<GreyImage> {
  if (image.width === width && image.height === height) return image
  const load = await sharp()
  const grey = await load(image.grey, { raw: { width: image.width, height: image.height, channels: 1 } })
    .resize(width, height, { fit: 'fill' })
    .toColourspace('b-w')
    .raw()
    .toBuffer()
  return { width, height, grey }
}
