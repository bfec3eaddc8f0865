import { type BackendInfo, PackedPatterns } from 'hopfield-native'
import type { ModelName } from './models.js'
import { cameBack, originsOf } from './origins.js'
import type { PatternSet } from './patterns.js'
import type { Recalled } from './recalling.js'
import type { Verdict } from './verdict.js'

/** The result for one cue. */
export interface CueReport {
  cue: string
  nearest: string
  nearestIndex: number
  overlap: number
  verdict: Verdict
  converged: boolean
  cycle: number
  sweeps: number
  flips: number
  energy: number
  /** The stored pattern that the cue was before noise, and whether it was recalled; null if the cue was no stored pattern. */
  origin: string | null
  recovered: boolean | null
}

export interface Settings {
  model: ModelName
  /** Classical and dense models only. */
  dynamics?: 'asynchronous' | 'synchronous'
  order?: string | number[]
  tie?: string
  maxSweeps: number
  /** Classical model only. */
  weights?: 'implicit' | 'dense'
  learning?: string
  /** The file that the memory came from. */
  loaded?: string
  /** Dense and modern models only. */
  beta?: number
  degree?: number
  interaction?: 'polynomial' | 'rectified'
  noise: number
  /** A string, because 64 bits do not fit into a JSON number. */
  seed: string
}

/** What `hopfield recall --json` prints. */
export interface Report {
  neurons: number
  patterns: number
  alpha: number
  backend: BackendInfo
  settings: Settings
  results: CueReport[]
  summary: Record<Verdict, number> & {
    cues: number
    notConverged: number
    withOrigin: number
    recovered: number
  }
}

export function reportOf(
  stored: PatternSet,
  cues: PatternSet,
  { states, outcomes }: Recalled,
  settings: Settings,
  backend: BackendInfo,
): Report {
  const origins = originsOf(cues, stored)
  const originals = PackedPatterns.from(stored.states, { neurons: stored.neurons })
  const results = outcomes.map((outcome, b): CueReport => {
    const { nearest, overlap, verdict, cycle, sweeps, flips, energy } = outcome
    const origin = origins[b]
    return {
      cue: cues.names[b],
      nearest: stored.names[nearest],
      nearestIndex: nearest,
      overlap,
      verdict,
      converged: cycle === 1,
      cycle,
      sweeps,
      flips,
      energy,
      origin: origin < 0 ? null : stored.names[origin],
      recovered: origin < 0 ? null : cameBack(states, b, originals, origin),
    }
  })
  return {
    neurons: stored.neurons,
    patterns: stored.names.length,
    alpha: stored.names.length / stored.neurons,
    backend,
    settings,
    results,
    summary: summarise(results),
  }
}

function summarise(results: readonly CueReport[]): Report['summary'] {
  const count = (test: (result: CueReport) => boolean): number => results.filter(test).length
  return {
    cues: results.length,
    exact: count(({ verdict }) => verdict === 'exact'),
    inverse: count(({ verdict }) => verdict === 'inverse'),
    spurious: count(({ verdict }) => verdict === 'spurious'),
    notConverged: count(({ converged }) => !converged),
    withOrigin: count(({ origin }) => origin !== null),
    recovered: count(({ recovered }) => recovered === true),
  }
}
