/** How a server is run. Every limit has a default; `serve --help` and docs/server.md say what they are for. */
export interface ServerConfig {
  /** Files by the names that requests use. */
  readonly memories: Readonly<Record<string, string>>
  readonly host: string
  readonly port: number
  /** Tokens that may read; undefined: on loopback everybody may. */
  readonly readTokens: readonly string[]
  /** Tokens that may read and write. */
  readonly writeTokens: readonly string[]
  /** Whether anybody on loopback may write, where there are no tokens. */
  readonly writable: boolean
  /** Bytes of a request's body. */
  readonly maxBody: number
  /** Cues and states of one request. */
  readonly maxRows: number
  /** Cues that may wait, of each memory and kind of question. */
  readonly maxQueue: number
  /** Cues of one batch. */
  readonly maxBatch: number
  /** Most milliseconds that a cue waits for others; 0: those of one turn of the event loop. */
  readonly maxWait: number
  /** Most sweeps that a recall may ask for. */
  readonly maxSweeps: number
  /** Batches of one memory and kind of question that are computed at the same time. */
  readonly threads: number
  /** Requests per second of one client; 0: no limit. */
  readonly rate: number
  /** Milliseconds in which a request must have come, and those that a request may take without a deadline of its own. */
  readonly requestTimeout: number
  readonly maxDeadline: number
  /** Problems that may wait for a solver, and milliseconds that one may be worked on. */
  readonly maxJobs: number
  readonly maxJobTime: number
  /** Pages of other origins that may call; none by default. */
  readonly cors: readonly string[]
  /** Bytes of updates after which a new snapshot is written. */
  readonly compactAfter: number
  /** Milliseconds between two looks at whether a file was replaced; 0: never. */
  readonly watchEvery: number
  /** Whether to serve the page at /docs. */
  readonly docs: boolean
  readonly logLevel: string
}

export const DEFAULTS: Omit<ServerConfig, 'memories'> = {
  host: '127.0.0.1',
  port: 7700,
  readTokens: [],
  writeTokens: [],
  writable: false,
  maxBody: 8 * 2 ** 20,
  maxRows: 4096,
  maxQueue: 16_384,
  maxBatch: 256,
  maxWait: 0,
  maxSweeps: 10_000,
  threads: 1,
  rate: 0,
  requestTimeout: 30_000,
  maxDeadline: 60_000,
  maxJobs: 16,
  maxJobTime: 60_000,
  cors: [],
  compactAfter: 64 * 2 ** 20,
  watchEvery: 1000,
  docs: true,
  logLevel: 'info',
}
