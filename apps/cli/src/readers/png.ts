import { PNG } from 'pngjs'
import { DataError } from '../errors.js'
import type { GreyImage } from './grey-image.js'

/** Luminance (Rec. 709 weights) of a PNG on a white background. */
export function readPng(path: string, bytes: Uint8Array): GreyImage {
  const { width, height, data } = decode(path, bytes)
  const grey = new Uint8Array(width * height)
  for (let i = 0; i < grey.length; i++) {
    const alpha = data[4 * i + 3] / 255
    const light = 0.2126 * data[4 * i] + 0.7152 * data[4 * i + 1] + 0.0722 * data[4 * i + 2]
    grey[i] = Math.round(light * alpha + 255 * (1 - alpha))
  }
  return { width, height, grey }
}

function decode(path: string, bytes: Uint8Array): PNG {
  try {
    return PNG.sync.read(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
  } catch {
    throw new DataError(`cannot read ${path}: it is not a complete PNG image`)
  }
}
