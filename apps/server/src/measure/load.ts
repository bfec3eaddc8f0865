/** What is asked: bodies in turn. */
export interface Target {
  readonly url: string
  readonly bodies: readonly Uint8Array[]
  /** Words before a command that keep it off the server's core. */
  readonly beside: readonly string[]
}

export interface LoadOptions {
  /** Each sends the next body when it has its answer. */
  readonly connections: number
  readonly seconds: number
}

/** What came of it, as the client sees it. */
export interface Load {
  readonly requests: number
  readonly seconds: number
  /** Milliseconds. */
  readonly p50: number
  readonly p99: number
  /** Requests without an answer of 2xx. */
  readonly failures: number
}

/** A program that asks a server as often as it answers. */
export type Loader = (target: Target, options: LoadOptions) => Promise<Load>

export const PACKED = { 'content-type': 'application/octet-stream' }
