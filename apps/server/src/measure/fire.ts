import { byWrk, hasWrk } from './by-wrk.js'
import type { Loader, LoadOptions } from './load.js'
import { type Program, processorTime } from './program.js'

/** A question as it is sent: packed bodies in turn. */
export interface Asking {
  readonly program: Program
  readonly path: string
  readonly bodies: readonly Uint8Array[]
}

/** What became of a question that was asked for some seconds. */
export interface Fired {
  /** Answers per second. */
  readonly rate: number
  /** Seconds of processor time of the server for each, all its threads. */
  readonly cost: number
  /** Milliseconds, as the client sees them. */
  readonly p50: number
  readonly p99: number
  /** Seconds by which the event loop of the server was late, at the 99th percentile; NaN for Fastify alone. */
  readonly late: number
  /** Requests without an answer of 2xx. */
  readonly failures: number
}

/** Seconds between two looks at the event loop, which are in what Node calls its delay. */
const PERIOD = 0.01

/** The client that asks: wrk where it is installed, and otherwise autocannon; HOPFIELD_BENCH_CLIENT takes either. */
export const client = process.env['HOPFIELD_BENCH_CLIENT'] ?? (hasWrk() ? 'wrk' : 'autocannon')

async function loader(): Promise<Loader> {
  if (client === 'wrk') return byWrk
  if (client === 'autocannon') return (await import('./by-autocannon.js')).byAutocannon
  throw new Error(`HOPFIELD_BENCH_CLIENT: expected wrk or autocannon, got ${JSON.stringify(client)}`)
}

/** Asks a question through many connections, each of which sends the next body when it has its answer. */
export async function fire({ program, path, bodies }: Asking, options: LoadOptions): Promise<Fired> {
  const ask = await loader()
  await late(program)
  const before = processorTime(program)
  const { beside } = program
  const { requests, seconds, p50, p99, failures } = await ask(
    { url: `${program.url}${path}`, bodies, beside },
    options,
  )
  const cost = (processorTime(program) - before) / requests
  return { rate: requests / seconds, cost, p50, p99, late: await late(program), failures }
}

/** Since this was last asked. */
async function late({ url }: Program): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text()
  return Number(/^nodejs_eventloop_lag_p99_seconds (.*)$/m.exec(text)?.[1]) - PERIOD
}
