import autocannon from 'autocannon'
import { type Loader, PACKED } from './load.js'

/** Asks with a client in JavaScript, on this thread: it is there wherever npm is, and costs as much as the server for each answer. */
export const byAutocannon: Loader = async ({ url, bodies }, { connections, seconds }) => {
  const latencies: number[] = []
  const running = autocannon({
    url,
    connections,
    duration: seconds,
    requests: bodies.map((body) => ({ method: 'POST', headers: PACKED, body: Buffer.from(body) })),
  })
  // Its own histogram has whole milliseconds.
  running.on('response', (_client, _status, _bytes, milliseconds) => latencies.push(milliseconds))
  const { requests, non2xx, errors } = await running
  latencies.sort((a, b) => a - b)
  const quantile = (share: number): number => latencies[Math.floor(share * latencies.length)] ?? Number.NaN
  return {
    requests: requests.total,
    seconds: requests.total / requests.average,
    p50: quantile(0.5),
    p99: quantile(0.99),
    failures: non2xx + errors,
  }
}
