import { PNG } from 'pngjs'
import { DataError } from '../errors.js'
import { type GreyImage, greyOf } from './grey-image.js'

/** A PNG as grey values. */
export function readPng(path: string, bytes: Uint8Array): GreyImage {
  const { width, height, data } = decode(path, bytes)
  return greyOf({ width, height }, data)
}

function decode(path: string, bytes: Uint8Array): PNG {
  try {
    return PNG.sync.read(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
  } catch {
    throw new DataError(`cannot read ${path}: it is not a complete PNG image`)
  }
}
