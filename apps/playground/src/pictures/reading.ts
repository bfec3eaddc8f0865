// Whatever a visitor drops here as ±1 pixels, or a sentence on why not.
import type { Picture } from '../state/picture.js'

/** Pictures have fewer bytes than this; what has more is something else, and would be read for nothing. */
const MOST_BYTES = 100_000_000

/** What cannot be read; its message says what to do. */
export class Unreadable extends Error {}

/** Reads a picture file of any format that the browser knows: the middle of it, as a square. */
export async function pictureOfFile(file: File, side: number): Promise<Picture> {
  const name = file.name === '' ? 'This' : `“${file.name.slice(0, 60)}”`
  if (file.size === 0) throw new Unreadable(`${name} is empty. Choose a picture file.`)
  if (file.size > MOST_BYTES)
    throw new Unreadable(
      `${name} has ${Math.round(file.size / 1e6)} MB; a picture of up to 100 MB is read here.`,
    )
  let image: Opened
  try {
    image = await opened(file)
  } catch {
    throw new Unreadable(
      `${name} is no picture that this browser can read, or too large a one. PNG, JPEG, WebP, GIF and SVG of up to some 10,000 pixels a side work.`,
    )
  }
  try {
    return pictureOfImage(image.source, image.width, image.height, side, name)
  } finally {
    image.close()
  }
}

interface Opened {
  readonly source: CanvasImageSource
  readonly width: number
  readonly height: number
  close(): void
}

/** Browsers read bitmaps without an element, and drawings (SVG) in an element alone. */
async function opened(file: File): Promise<Opened> {
  if (file.type !== 'image/svg+xml') {
    const source = await createImageBitmap(file)
    return { source, width: source.width, height: source.height, close: () => source.close() }
  }
  const url = URL.createObjectURL(file)
  const source = new Image()
  source.src = url
  try {
    await source.decode()
  } catch (error) {
    URL.revokeObjectURL(url)
    throw error
  }
  const { naturalWidth: width, naturalHeight: height } = source
  return { source, width, height, close: () => URL.revokeObjectURL(url) }
}

/** The middle of an image as a square of ink and paper, parted where its shades part best (Otsu 1979). */
export function pictureOfImage(
  image: CanvasImageSource,
  width: number,
  height: number,
  side: number,
  name: string,
): Picture {
  const square = Math.min(width, height)
  if (square < 1) throw new Unreadable(`${name} has no pixels.`)
  const canvas = document.createElement('canvas')
  canvas.width = side
  canvas.height = side
  const context = canvas.getContext('2d', { willReadFrequently: true })
  if (context === null) throw new Unreadable('This browser gives no canvas to read pictures with.')
  context.fillStyle = 'white'
  context.fillRect(0, 0, side, side)
  context.imageSmoothingQuality = 'high'
  context.drawImage(image, (width - square) / 2, (height - square) / 2, square, square, 0, 0, side, side)
  const { data } = context.getImageData(0, 0, side, side)
  const shades = Uint8Array.from({ length: side * side }, (_, i) =>
    Math.round(0.2126 * data[4 * i] + 0.7152 * data[4 * i + 1] + 0.0722 * data[4 * i + 2]),
  )
  const parting = partingOf(shades)
  if (parting === undefined)
    throw new Unreadable(`${name} has one shade alone, so nothing of it could be told from its ground.`)
  return { side, pixels: Int8Array.from(shades, (shade) => (shade <= parting ? 1 : -1)) }
}

/** The shade up to which pixels are ink: it makes the two sides differ the most. Undefined if there is one shade alone. */
export function partingOf(shades: Uint8Array): number | undefined {
  const counts = new Float64Array(256)
  for (const shade of shades) counts[shade]++
  let total = 0
  for (let shade = 0; shade < 256; shade++) total += shade * counts[shade]
  let [best, parting]: [number, number | undefined] = [0, undefined]
  let [below, sum] = [0, 0]
  for (let shade = 0; shade < 255; shade++) {
    below += counts[shade]
    sum += shade * counts[shade]
    const above = shades.length - below
    if (below === 0 || above === 0) continue
    const between = below * above * (sum / below - (total - sum) / above) ** 2
    if (between > best) [best, parting] = [between, shade]
  }
  return parting
}
