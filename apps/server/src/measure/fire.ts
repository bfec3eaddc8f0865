import autocannon from 'autocannon'
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

const PACKED = { 'content-type': 'application/octet-stream' }
/** Seconds between two looks at the event loop, which are in what Node calls its delay. */
const PERIOD = 0.01

/** Asks a question through many connections, each of which sends the next body when it has its answer. */
export async function fire(
  { program, path, bodies }: Asking,
  { connections, seconds }: { readonly connections: number; readonly seconds: number },
): Promise<Fired> {
  await late(program)
  const before = processorTime(program)
  const latencies: number[] = []
  const running = autocannon({
    url: `${program.url}${path}`,
    connections,
    duration: seconds,
    requests: bodies.map((body) => ({ method: 'POST', headers: PACKED, body: Buffer.from(body) })),
  })
  // Its own histogram has whole milliseconds.
  running.on('response', (_client, _status, _bytes, milliseconds) => latencies.push(milliseconds))
  const { requests, non2xx, errors } = await running
  const cost = (processorTime(program) - before) / requests.total
  latencies.sort((a, b) => a - b)
  const quantile = (share: number): number => latencies[Math.floor(share * latencies.length)] ?? Number.NaN
  return {
    rate: requests.average,
    cost,
    p50: quantile(0.5),
    p99: quantile(0.99),
    late: await late(program),
    failures: non2xx + errors,
  }
}

/** Since this was last asked. */
async function late({ url }: Program): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text()
  return Number(/^nodejs_eventloop_lag_p99_seconds (.*)$/m.exec(text)?.[1]) - PERIOD
}
