// What ../node/system.ts says of Node, of a page, a worker or an edge runtime.

/** Nothing: there is no environment, and no variable of it. */
export function environment(_name: string): string | undefined {
  return undefined
}

/** Processors that this engine tells of. */
export function processors(): number {
  const { navigator } = globalThis as { navigator?: { readonly hardwareConcurrency?: number } }
  return navigator?.hardwareConcurrency ?? 1
}

/** True of shared buffers of every realm. Where a page is not isolated none can come from another thread. */
export function isSharedArrayBuffer(value: unknown): value is SharedArrayBuffer {
  if (typeof SharedArrayBuffer === 'undefined') return false
  const bytes = Object.getOwnPropertyDescriptor(SharedArrayBuffer.prototype, 'byteLength')
  try {
    bytes?.get?.call(value)
    return true
  } catch {
    return false
  }
}

/** Zeroed memory: there is no other. */
export function allocateUnsafe(bytes: number): ArrayBuffer {
  return new ArrayBuffer(bytes)
}
