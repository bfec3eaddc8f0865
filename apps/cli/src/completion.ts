import { ModernHopfield } from 'hopfield-native'
import { DataError } from './errors.js'
import type { Grid } from './patterns.js'
import type { GreyRows } from './readers/csv-rows.js'
import { inPortions } from './recalling.js'
import type { Watching } from './watched.js'

/** The half of a picture that is hidden. */
export type Half = 'left' | 'right' | 'top' | 'bottom'
export const HALVES: readonly Half[] = ['left', 'right', 'top', 'bottom']

/** One picture as cue, recalled and original; grey values from 0 to 1. */
export interface Completed {
  readonly label: number
  readonly original: Float32Array
  readonly cue: Float32Array
  readonly retrieved: Float32Array
  /** Which pixels were hidden. */
  readonly hidden: readonly boolean[]
}

export interface Completion {
  readonly side: number
  readonly stored: number
  /** Stored pictures that were recalled as themselves from the other half. */
  readonly recovered: number
  /** Pictures that were never stored, and how many of them recalled a picture of their own class. */
  readonly strangers: number
  readonly classified: number
  readonly memory: ModernHopfield
  /** The first picture of each class. */
  readonly examples: readonly Completed[]
}

/** One picture in this many is not stored: the memory must complete it from other pictures of its class. */
const KEPT_BACK = 10
/** Large enough that one picture gets nearly all weight; a smaller β would give the mean of a class. */
const BETA = 64

/**
 * Stores grey pictures minus their mean in a modern Hopfield network, replaces half of each picture by the mean, and
 * recalls it. Pictures are compared by direction (cosine), so that overall darkness does not count.
 * @param loaded a memory that has these pictures already.
 */
export async function complete(
  path: string,
  { pixels, most, rows }: GreyRows,
  half: Half,
  { progress, signal }: Watching,
  loaded?: ModernHopfield,
): Promise<Completion> {
  const side = Math.sqrt(pixels)
  if (!Number.isInteger(side))
    throw new DataError(`${path}: expected a square number of grey values per row, got ${pixels}`)
  if (rows.some(({ label }) => label === undefined))
    throw new DataError(`${path}: expected a label at the end of every row`)
  const pictures = rows.map(({ values, label }) => ({
    label: label ?? 0,
    grey: Float32Array.from(values, (x) => (most === 0 ? 0 : x / most)),
  }))
  const kept = pictures.filter((_, k) => k % KEPT_BACK === KEPT_BACK - 1)
  const stored = storedOf(pictures)
  const mean = new Float32Array(pixels)
  for (const { grey } of stored) for (let i = 0; i < pixels; i++) mean[i] += grey[i] / stored.length
  const hidden = Array.from({ length: pixels }, (_, i) =>
    isHidden(i % side, Math.floor(i / side), { width: side, height: side }, half),
  )

  const fresh = (): Promise<ModernHopfield> =>
    new ModernHopfield({ dimension: pixels, beta: BETA, similarity: 'cosine' }).storeAsync(
      stored.map(({ grey }) => grey.map((x, i) => x - mean[i])),
      { signal },
    )
  const net = loaded ?? (await fresh())
  const settle = async (some: typeof pictures): Promise<Float32Array> => {
    progress.stage('retrieving', some.length, 'pictures')
    const { states } = await net.retrieveAsync(
      some.map(({ grey }) => grey.map((x, i) => (hidden[i] ? 0 : x - mean[i]))),
      { tolerance: 1e-4, energy: false, signal, onProgress: ({ done }) => progress.update(done) },
    )
    return states
  }
  /** For each state the stored picture that is most like it. */
  const endsOf = async (states: Float32Array): Promise<Int32Array> => {
    const ends = new Int32Array(states.length / pixels)
    progress.stage('comparing', ends.length, 'pictures')
    await inPortions(ends.length, 1, signal, progress, (k) => {
      ends[k] = net.top(states.subarray(k * pixels, (k + 1) * pixels), 1).indices[0]
    })
    return ends
  }

  const states = await settle(stored)
  const ends = await endsOf(states)
  const strange = await endsOf(await settle(kept))
  const classes = [...new Set(stored.map(({ label }) => label))].sort((a, b) => a - b)
  return {
    side,
    memory: net,
    stored: stored.length,
    recovered: stored.filter((_, k) => ends[k] === k).length,
    strangers: kept.length,
    classified: kept.filter(({ label }, k) => stored[strange[k]].label === label).length,
    examples: classes.map((label): Completed => {
      const k = stored.findIndex((picture) => picture.label === label)
      const { grey } = stored[k]
      return {
        label,
        original: grey,
        cue: grey.map((x, i) => (hidden[i] ? mean[i] : x)),
        retrieved: states.slice(k * pixels, (k + 1) * pixels).map((x, i) => x + mean[i]),
        hidden,
      }
    }),
  }
}

/** The pictures that the memory gets. */
export function storedOf<Picture>(pictures: readonly Picture[]): Picture[] {
  return pictures.filter((_, k) => k % KEPT_BACK !== KEPT_BACK - 1)
}

/** Whether the pixel is in that half. */
export function isHidden(x: number, y: number, { width, height }: Grid, half: Half): boolean {
  if (half === 'left') return 2 * x < width
  if (half === 'right') return 2 * x >= width
  return half === 'top' ? 2 * y < height : 2 * y >= height
}
