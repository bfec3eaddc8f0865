/** A square picture of ±1 pixels. */
export interface Picture {
  /** Pixels in a row: 1 to 256. */
  readonly side: number
  /** side·side pixels, row by row: 1 where there is ink, else −1. */
  readonly pixels: Int8Array
}

export const LARGEST_SIDE = 256

/** A bit per pixel, eight in a byte, the first one lowest. */
export function packed(pixels: Int8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(Math.ceil(pixels.length / 8))
  for (let i = 0; i < pixels.length; i++) if (pixels[i] > 0) bytes[i >> 3] |= 1 << (i & 7)
  return bytes
}

export function unpacked(bytes: Uint8Array, count: number): Int8Array<ArrayBuffer> {
  return Int8Array.from({ length: count }, (_, i) => ((bytes[i >> 3] >> (i & 7)) & 1 ? 1 : -1))
}

/** The picture with another number of pixels: each takes the mean of those it covers. */
export function resized({ side, pixels }: Picture, to: number): Int8Array<ArrayBuffer> {
  if (side === to) return pixels.slice() as Int8Array<ArrayBuffer>
  const out = new Int8Array(to * to)
  const scale = side / to
  for (let y = 0; y < to; y++) {
    for (let x = 0; x < to; x++) {
      const [x0, y0] = [Math.floor(x * scale), Math.floor(y * scale)]
      const [x1, y1] = [
        Math.max(x0 + 1, Math.floor((x + 1) * scale)),
        Math.max(y0 + 1, Math.floor((y + 1) * scale)),
      ]
      let sum = 0
      for (let v = y0; v < y1; v++) for (let u = x0; u < x1; u++) sum += pixels[v * side + u]
      out[y * to + x] = sum > 0 ? 1 : -1
    }
  }
  return out
}

/** As text for an address or a program: packed, deflated, base64 with the letters that an address may have. */
export async function pictureText(pixels: Int8Array): Promise<string> {
  const bytes = await through(packed(pixels), new CompressionStream('deflate-raw'))
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/** What `pictureText` made; undefined if the text is none, or has another number of pixels. */
export async function pictureOf(text: string, side: number): Promise<Picture | undefined> {
  const count = side * side
  const expected = Math.ceil(count / 8)
  try {
    const coded = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
    const bytes = await through(
      Uint8Array.from(coded, (letter) => letter.charCodeAt(0)),
      new DecompressionStream('deflate-raw'),
      expected,
    )
    return bytes.length === expected ? { side, pixels: unpacked(bytes, count) } : undefined
  } catch {
    return undefined
  }
}

/** What a stream makes of the bytes. It is stopped where that is more than `most`: an address can claim anything. */
async function through(
  bytes: Uint8Array<ArrayBuffer>,
  stream: CompressionStream | DecompressionStream,
  most = Number.POSITIVE_INFINITY,
): Promise<Uint8Array<ArrayBuffer>> {
  const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader()
  const parts: Uint8Array[] = []
  let size = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    parts.push(value)
    size += value.length
    if (size > most) {
      await reader.cancel()
      break
    }
  }
  const whole = new Uint8Array(size)
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
