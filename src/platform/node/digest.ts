import { createHash } from 'node:crypto'

/** SHA-256 of bytes that come one after the other. */
export interface Digest {
  update(bytes: Uint8Array): void
  hex(): string
}

export function sha256(): Digest {
  const hash = createHash('sha256')
  return { update: (bytes) => void hash.update(bytes), hex: () => hash.digest('hex') }
}
