import { later } from '../../platform/turn.js'
import { type Beside, type Flag, type Kernels, stopped } from '../contract/kernels.js'

/** Kernels that are needed together, and the steps in which those of them compute that others may wait for. */
export interface Family {
  readonly kernels: Partial<Kernels>
  readonly steps: {
    readonly [Name in keyof Beside]?: (
      ...given: Parameters<Kernels[Name]>
    ) => Generator<void, ReturnType<Kernels[Name]>>
  }
}

type Steps = (...given: unknown[]) => Generator<void, unknown>

const beside: Record<string, (...given: unknown[]) => Promise<unknown>> = {}

const table = {
  tier: 'typescript',
  parallel: false,
  mapFile: () => undefined,
  ready: () => Promise.resolve(),
  beside,
  allocate: (words: number, shared?: boolean) =>
    shared ? new Uint32Array(new SharedArrayBuffer(words * 4)) : new Uint32Array(words),
}

const supplied = new Set<Family>()

/**
 * The reference with these families, and with all that were asked for before: written to be read, correct by comparison with theory, and
 * always there. Whoever computes names what it needs, so that a bundle has no kernels of memories that are not in it.
 */
export function referenceWith(families: readonly Family[]): Kernels {
  for (const family of families) {
    if (supplied.has(family)) continue
    supplied.add(family)
    Object.assign(table, family.kernels)
    for (const [name, steps] of Object.entries(family.steps)) beside[name] = inTurns(steps as Steps)
  }
  return table as unknown as Kernels
}

/** A kernel that computes in later turns of the event loop. */
function inTurns(steps: Steps) {
  return (...given: unknown[]): Promise<unknown> => {
    // Behind what the kernel itself takes.
    const flag = given[steps.length] as Flag | undefined
    return later(steps(...given), () => stopped(flag))
  }
}
