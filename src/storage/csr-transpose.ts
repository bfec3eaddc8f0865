import type { ConnectionTable } from './connections.js'

/** Connections by where they lead: `sources` are then those who hear, `places` where each was. */
export interface Transposed extends ConnectionTable {
  readonly places: Uint32Array
}

/** They by source in place of target. */
export function transposed({ starts, sources }: ConnectionTable, neurons: number): Transposed {
  const ends = new Uint32Array(neurons + 1)
  for (const j of sources) ends[j + 1]++
  for (let j = 0; j < neurons; j++) ends[j + 1] += ends[j]
  const next = ends.slice()
  const targets = new Uint32Array(sources.length)
  const places = new Uint32Array(sources.length)
  for (let i = 0; i < neurons; i++) {
    for (let k = starts[i]; k < starts[i + 1]; k++) {
      const at = next[sources[k]]++
      targets[at] = i
      places[at] = k
    }
  }
  return { starts: ends, sources: targets, places }
}
