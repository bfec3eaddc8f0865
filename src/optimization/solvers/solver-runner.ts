import type { Portion } from '../../async/chunk-size.js'
import { allHere, type Steps } from '../../async/steps.js'
import { HopfieldError, within } from '../../errors.js'
import { rowWords } from '../../kernels/contract/layout.js'
import { beside, here, type Job } from '../../memories/runner.js'
import type { Ising } from '../problems/ising-model.js'
import { ReadSearch, type Search } from './search.js'
import { type SolverAsyncRead, type SolverRead, solverKernels } from './solver-options.js'
import type { SolverResult } from './solver-result.js'

/** How a solver goes about it. */
export interface Solver {
  /** Parts of the work that may run at the same time: reads, if nothing else. */
  readonly units: number
  /** Default of parts per chunk. */
  readonly portion: Portion
  /**
   * Does the parts from…to: offers states to the search, and ends soon after that is over. What it computes depends on the parts alone,
   * and each of its steps takes some milliseconds at most.
   */
  run(from: number, to: number): Steps<void>
}

export interface SolverKind {
  /** Reads where the caller says nothing. */
  readonly reads: number
  /** Whether states may come in any order: of equally good ones the one whose words are least counts, and not the first. */
  readonly anyOrder?: boolean
  /** Whether it may need no couplings: they are then looked at where it asks for them, and not before. */
  readonly lazy?: true
  make(search: Search): Solver
}

class SolverJob<Solution> implements Job<Ising<Solution>, SolverResult<Solution>> {
  readonly search: ReadSearch<Solution>
  readonly #solver: Solver

  /** @param began when the caller called. */
  constructor(ising: Ising<Solution>, options: SolverRead, kind: SolverKind, began: number) {
    if (ising.variables === 0) {
      throw new HopfieldError('ERR_HOPFIELD_RANGE', 'problem: expected at least one variable, got 0')
    }
    const { numReads, initialStates, backend } = options
    const given = initialStates === undefined ? kind.reads : initialStates.length / rowWords(ising.variables)
    this.search = new ReadSearch(ising, solverKernels(backend), options, numReads ?? given, {
      anyOrder: kind.anyOrder ?? false,
      began,
    })
    this.#solver = kind.make(this.search as unknown as Search)
  }

  get count(): number {
    return this.#solver.units
  }
  portion(): Portion {
    return this.#solver.portion
  }
  *compute(_: unknown, from: number, to: number): Steps<void> {
    if (!this.search.over) yield* this.#solver.run(from, to)
  }
  result(): SolverResult<Solution> {
    return this.search.result()
  }
}

/** Looks at the problem, and says how it is solved. */
function* jobOf<Solution>(
  ising: Ising<Solution>,
  options: SolverRead,
  kind: SolverKind,
): Steps<SolverJob<Solution>> {
  const began = performance.now()
  if (!kind.lazy) yield* ising.prepare(solverKernels(options.backend))
  return new SolverJob(ising, options, kind, began)
}

/** Solves a problem on this thread. */
export function solveHere<Solution>(
  method: string,
  ising: Ising<Solution>,
  options: SolverRead,
  kind: SolverKind,
): SolverResult<Solution> {
  try {
    return here(allHere(jobOf(ising, options, kind)), () => ising)
  } catch (error) {
    throw within(method, error)
  }
}

/** The same off the event loop. */
export async function solveBeside<Solution>(
  method: string,
  ising: Ising<Solution>,
  options: SolverAsyncRead,
  kind: SolverKind,
): Promise<SolverResult<Solution>> {
  try {
    const { threads, signal, onProgress, backend } = options
    let search: ReadSearch<Solution> | undefined
    function* made(): Steps<SolverJob<Solution>> {
      const job = yield* jobOf(ising, options, kind)
      search = job.search
      return job
    }
    const limits = {
      threads,
      signal,
      chunk: undefined,
      onProgress:
        onProgress &&
        (({ done, total }: { done: number; total: number }) => {
          if (search !== undefined) onProgress(search.progress(done, total))
        }),
    }
    return await beside(solverKernels(backend), made(), limits, () => ({ memory: ising, release: () => {} }))
  } catch (error) {
    throw within(method, error)
  }
}
