import type { Steps } from '../async/steps.js'
import { allocate } from '../errors.js'
import { blockWords, rowWords, tailMask } from '../kernels/contract/layout.js'
import { Leased } from './lease.js'
import { misfit, type RecordReader } from './record.js'

/**
 * Packed rows of a record, any number of them if `count` is undefined. Records once had rows of whole blocks whatever N was: those of few
 * neurons are copied without what pads them, before anybody has the memory.
 * @param look whether to refuse rows that have something beyond their `neurons` bits; whoever knows that of rows of today need not.
 */
export function readRows(
  from: RecordReader,
  name: string,
  count: number | undefined,
  neurons: number,
  look = true,
): Leased<Uint32Array> {
  const [stride, block] = [rowWords(neurons), blockWords(neurons)]
  if (stride === block || from.extent(name, 1) !== block) {
    const rows = from.array(name, Uint32Array, [count, stride])
    if (look) checkClean(from, name, rows, neurons, stride)
    return from.lease(rows)
  }
  const blocks = from.array(name, Uint32Array, [count, block])
  const length = blocks.length / block
  const rows = allocate(name, length * stride * 4, () => new Uint32Array(length * stride))
  from.convert(function* () {
    yield* looking(name, blocks, neurons, block)
    for (let mu = 0; mu < length; mu++) {
      for (let w = 0; w < stride; w++) rows[mu * stride + w] = blocks[mu * block + w]
      if (mu % ROWS === ROWS - 1) yield
    }
  })
  return new Leased(rows)
}

/** Refuses rows that have something beyond their `neurons` bits. */
function checkClean(
  from: RecordReader,
  name: string,
  rows: Uint32Array,
  neurons: number,
  stride: number,
): void {
  // Rows without padding need not be read.
  if (neurons !== stride * 32) from.check(() => looking(name, rows, neurons, stride))
}

function* looking(name: string, rows: Uint32Array, neurons: number, stride: number): Steps<void> {
  const count = rows.length / stride
  for (let at = 0; at < count; at += ROWS) {
    const bad = dirty(rows, neurons, at, Math.min(at + ROWS, count), stride)
    if (bad >= 0) throw misfit(name, `expected zeros behind bit ${neurons} of row ${bad}`)
    yield
  }
}

/** Rows per step of a look through them. */
export const ROWS = 2 ** 14

/** The first of rows from…to that has something beyond its `neurons` bits; −1 if none has. */
export function dirty(
  rows: Uint32Array,
  neurons: number,
  from: number,
  to: number,
  stride = rowWords(neurons),
): number {
  const last = Math.ceil(neurons / 32) - 1
  const beyond = ~tailMask(neurons)
  for (let mu = from; mu < to; mu++) {
    const base = mu * stride
    if ((rows[base + last] & beyond) !== 0) return mu
    for (let w = last + 1; w < stride; w++) if (rows[base + w] !== 0) return mu
  }
  return -1
}
