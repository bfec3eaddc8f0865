// A WebAssembly module that the caller brings: edge runtimes compile none at run time, but give programs those that they were deployed with.
import { describe, HopfieldError } from '../../errors.js'

export interface Refusal {
  readonly problem: string
  readonly cause?: unknown
}

/** As much of a Response as is asked for here. */
interface Fetched {
  readonly ok: boolean
  readonly status: number
  arrayBuffer(): Promise<ArrayBuffer>
}

/**
 * Compiles what the caller brought, unless that is done already.
 * @param brought a WebAssembly.Module, its bytes, a Response, or a promise of one of them.
 * @returns the module, or what is wrong with it.
 * @throws HopfieldError ERR_HOPFIELD_TYPE if it is nothing of that kind.
 */
export async function compiled(brought: unknown): Promise<{ readonly module: WebAssembly.Module } | Refusal> {
  try {
    const given = await brought
    const kind = Object.prototype.toString.call(given)
    if (kind === '[object WebAssembly.Module]') return { module: given as WebAssembly.Module }
    if (kind === '[object ArrayBuffer]' || ArrayBuffer.isView(given)) {
      return { module: await WebAssembly.compile(given as Uint8Array) }
    }
    if (kind === '[object Response]') {
      const { ok, status } = given as Fetched
      if (!ok) return { problem: `the server answered ${status}` }
      const bytes = await (given as Fetched).arrayBuffer()
      return { module: await WebAssembly.compile(new Uint8Array(bytes)) }
    }
    throw new HopfieldError(
      'ERR_HOPFIELD_TYPE',
      `module: expected a WebAssembly.Module, its bytes or a Response, got ${describe(given)}`,
    )
  } catch (cause) {
    if (cause instanceof HopfieldError) throw cause
    return { problem: cause instanceof Error ? cause.message : describe(cause), cause }
  }
}
