import { inflateRawSync, crc32 as sumOf } from 'node:zlib'

/** The checksum of zip files: CRC-32 with the polynomial 0xedb88320. */
export function crc32(bytes: Uint8Array): number {
  return sumOf(bytes)
}

/**
 * The bytes that a raw DEFLATE stream stands for.
 * @returns undefined if the stream is damaged, is not over at the end of `packed`, or stands for more or less than `size` bytes.
 */
export function inflate(packed: Uint8Array, size: number): Uint8Array | undefined {
  try {
    const { buffer, engine } = inflateRawSync(packed, {
      maxOutputLength: Math.max(size, 1),
      info: true,
    }) as unknown as { buffer: Uint8Array; engine: { bytesWritten: number } }
    return buffer.length === size && engine.bytesWritten === packed.length ? buffer : undefined
  } catch {
    return undefined
  }
}
