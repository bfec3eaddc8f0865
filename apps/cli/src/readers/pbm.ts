import { DataError } from '../errors.js'
import type { GreyImage } from './grey-image.js'

const [BLACK, WHITE] = [0, 255]

/** Netpbm bitmaps: P1 in digits; P4 in bits, each row starting on a new byte. 1 is black. */
export function readPbm(path: string, bytes: Uint8Array): GreyImage {
  const { magic, width, height, at } = readHeader(path, bytes)
  const raster = bytes.subarray(at)
  const pixels = magic === 'P1' ? digits(path, raster) : bits(raster, width)
  if (pixels.length < width * height) {
    throw new DataError(`${path}: the image is truncated, expected ${width}×${height} pixels`)
  }
  return { width, height, grey: pixels.subarray(0, width * height) }
}

function readHeader(path: string, bytes: Uint8Array) {
  const head = Buffer.from(bytes.subarray(0, 4096)).toString('latin1')
  const match = /^(P[14])(?:\s|#[^\n]*\n)+(\d{1,6})(?:\s|#[^\n]*\n)+(\d{1,6})\s/.exec(`${head}\n`)
  if (match === null)
    throw new DataError(`${path}: not a PBM image (expected P1 or P4, then width and height)`)
  const [width, height] = [Number(match[2]), Number(match[3])]
  if (width === 0 || height === 0)
    throw new DataError(`${path}: the image has no pixels, its size is ${width}×${height}`)
  return { magic: match[1], width, height, at: match[0].length }
}

/** Digits need no white space between them, and comments may stand anywhere. */
function digits(path: string, raster: Uint8Array): Uint8Array {
  const text = Buffer.from(raster)
    .toString('latin1')
    .replace(/#[^\n]*/g, '')
    .replace(/\s+/g, '')
  const stray = /[^01]/.exec(text)
  if (stray !== null)
    throw new DataError(`${path}: pixel ${stray.index}: expected a bit, got ${JSON.stringify(stray[0])}`)
  return Uint8Array.from(text, (digit) => (digit === '1' ? BLACK : WHITE))
}

function bits(raster: Uint8Array, width: number): Uint8Array {
  const stride = Math.ceil(width / 8)
  return Uint8Array.from({ length: Math.floor(raster.length / stride) * width }, (_, i) => {
    const x = i % width
    const byte = raster[Math.floor(i / width) * stride + (x >> 3)]
    return (byte >> (7 - (x & 7))) & 1 ? BLACK : WHITE
  })
}
