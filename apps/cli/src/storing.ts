import { ModernHopfield } from 'hopfield-native'
import type { AnyModel } from './keeping.js'
import type { PatternSet } from './patterns.js'
import type { Watching } from './watched.js'

/**
 * Stores patterns off the event loop.
 *
 * If the signal aborts, it rejects with the signal's reason, and nothing is stored.
 */
export async function storeAll(
  memory: AnyModel,
  { states, names }: PatternSet,
  ids: string[] | undefined,
  { progress, signal }: Watching,
): Promise<void> {
  progress.stage('learning', names.length, 'patterns')
  const options = {
    ...(ids === undefined ? {} : { ids }),
    signal,
    // Two decimals: some rules learn all patterns at once, and a few of them for long.
    onProgress: ({ done, total }: { done: number; total: number }) =>
      progress.update(Number(((names.length * done) / total).toFixed(2))),
  }
  if (memory instanceof ModernHopfield) await memory.storeAsync(Float32Array.from(states), options)
  else await memory.storeAsync(states, options)
}
