import { encode } from '../../src/storage/container.js'
import type { MemoryRecord } from '../../src/storage/record.js'
import { type Layout, littleEndian } from '../../src/storage/safetensors.js'

/** A file with the right digest. */
export function written(record: MemoryRecord): Uint8Array {
  const steps = encode(record).pieces()
  let step = steps.next()
  while (!step.done) step = steps.next()
  const { header, pieces, total } = step.value as Layout
  const out = new Uint8Array(total)
  out.set(header)
  for (const { position, values } of pieces) {
    let at = position
    for (const window of littleEndian(values)) {
      out.set(window, at)
      at += window.length
    }
  }
  return out
}
