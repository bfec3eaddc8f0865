// What does a server of memories cost beside Fastify alone? hopfield-native-server under 64 connections, in the same run.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import autocannon from 'autocannon'
import { HopfieldNetwork } from 'hopfield-native'
import { makeInputs } from './inputs.mjs'
import { duration, middle, percent, QUICK, table } from './measure.mjs'

/** One for the server, one for what asks it. */
export const cores = Math.min(2, availableParallelism())

const CONNECTIONS = 64
const SECONDS = QUICK ? 1 : 4
const ROUNDS = QUICK ? 1 : 5
const CUES = 256
const path = (name) => fileURLToPath(new URL(name, import.meta.url))
const PACKED = { 'content-type': 'application/octet-stream' }

export async function run(report) {
  report.text(
    `## A server, its core to itself: ${CONNECTIONS} connections on loopback, packed bodies, ${ROUNDS} rounds of ${SECONDS} s that take turns\n`,
  )
  const folder = mkdtempSync(join(tmpdir(), 'hopfield-serve-'))
  const running = []
  try {
    const recalls = makeInputs([1024, 51], CUES)
    const searches = makeInputs([256, QUICK ? 10_000 : 1_000_000], CUES)
    const files = { recall: join(folder, 'recall.safetensors'), search: join(folder, 'search.safetensors') }
    await new HopfieldNetwork({ neurons: 1024 }).store(recalls.patterns).save(files.recall)
    await new HopfieldNetwork({ neurons: 256 }).store(searches.patterns).save(files.search)
    const start = async (...args) => {
      const server = await started(args)
      running.push(server.child)
      return server
    }
    const echo = await start(path('serve-echo.mjs'))
    const served = await start(
      path('../apps/server/dist/main.js'),
      '--port',
      '0',
      `recall=${files.recall}`,
      `search=${files.search}`,
    )
    const bodies = (inputs, neurons) =>
      Array.from({ length: CUES }, (_, b) => packed(inputs.cues.subarray(b * neurons, (b + 1) * neurons)))
    const questions = [
      { name: 'Fastify alone, 128 bytes back', server: echo, path: '/', bodies: bodies(recalls, 1024) },
      {
        name: 'recall, N = 1024, P = 51',
        server: served,
        path: '/v1/memories/recall/recall',
        bodies: bodies(recalls, 1024),
      },
      {
        name: 'the same, synchronous',
        server: served,
        path: '/v1/memories/recall/recall?dynamics=synchronous',
        bodies: bodies(recalls, 1024),
      },
      {
        name: 'nearest of 51 × 1024',
        server: served,
        path: '/v1/memories/recall/nearest',
        bodies: bodies(recalls, 1024),
      },
      {
        name: `nearest of ${searches.patterns.length / 256} × 256`,
        server: served,
        path: '/v1/memories/search/nearest',
        bodies: bodies(searches, 256),
      },
    ]
    for (const question of questions) await fire(question, 1) // warm-up
    const found = questions.map(() => [])
    for (let round = 0; round < ROUNDS; round++) {
      for (const [k, question] of questions.entries()) found[k].push(await fire(question, SECONDS))
    }
    const of = (k, what) => middle(found[k].map((one) => one[what]))
    const rows = questions.map(({ name }, k) => {
      const ratio = middle(found[k].map(({ rate }, round) => rate / found[0][round].rate))
      const costs = middle(found[k].map(({ cost }, round) => found[0][round].cost / cost))
      const row = {
        name,
        rate: of(k, 'rate'),
        ratio,
        cost: of(k, 'cost'),
        costs,
        p50: of(k, 'p50'),
        p99: of(k, 'p99'),
        late: of(k, 'late'),
        bad: of(k, 'bad'),
      }
      report.json({ question: 'serve', ...row })
      return [
        name,
        Math.round(row.rate).toLocaleString('en'),
        percent(ratio),
        duration(row.cost),
        percent(costs),
        duration(row.p50 / 1e3),
        duration(row.p99 / 1e3),
        Number.isNaN(row.late) ? '' : duration(row.late),
        row.bad,
      ]
    })
    report.text(
      table(
        [
          'question',
          'answers per second',
          'of Fastify alone',
          'processor time each',
          'of Fastify alone',
          'p50',
          'p99',
          'event loop late, p99',
          'no answers',
        ],
        rows,
      ),
    )
    report.text(
      '\nProcessor time is that of all threads of the server. Latencies are those that the client sees, which shares the machine: compare them with those of Fastify alone.\n',
    )
  } finally {
    for (const child of running) child.kill()
    rmSync(folder, { recursive: true })
  }
}

/** Starts a program on a core of its own, and waits until it says where it listens. */
function started(args) {
  const first = Number(process.env.HOPFIELD_BENCH_CORE ?? 0)
  const pin =
    process.platform === 'linux'
      ? ['taskset', '-c', String((first + cores - 1) % availableParallelism())]
      : []
  const [command, ...words] = [...pin, process.execPath, ...args]
  const child = spawn(command, words, { stdio: ['ignore', 'pipe', 'inherit'] })
  return new Promise((resolve, reject) => {
    let text = ''
    child.stdout.on('data', (some) => {
      text += some
      const url = /listening at (http:\/\/[\d.:]+)/i.exec(text)?.[1]
      if (url !== undefined) resolve({ child, url })
    })
    child.once('exit', (code) => reject(new Error(`${args[0]} ended with ${code}: ${text}`)))
  })
}

/** Seconds of processor time that a process has taken, all its threads; NaN where the system does not tell. */
function processorTime({ pid }) {
  if (process.platform !== 'linux') return Number.NaN
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}

async function fire({ server, path: at, bodies }, seconds) {
  await late(server)
  const before = processorTime(server.child)
  const latencies = []
  const running = autocannon({
    url: `${server.url}${at}`,
    connections: CONNECTIONS,
    duration: seconds,
    requests: bodies.map((body) => ({ method: 'POST', headers: PACKED, body })),
  })
  // Its own histogram has whole milliseconds.
  running.on('response', (_client, _status, _bytes, milliseconds) => latencies.push(milliseconds))
  const { requests, non2xx, errors } = await running
  const cost = (processorTime(server.child) - before) / requests.total
  latencies.sort((a, b) => a - b)
  const quantile = (share) => latencies[Math.floor(share * latencies.length)]
  return {
    rate: requests.average,
    cost,
    p50: quantile(0.5),
    p99: quantile(0.99),
    late: await late(server),
    bad: non2xx + errors,
  }
}

function packed(state) {
  const bytes = Buffer.alloc(Math.ceil(state.length / 8))
  for (let i = 0; i < state.length; i++) if (state[i] === 1) bytes[i >> 3] |= 1 << (i & 7)
  return bytes
}

/** Seconds between two looks at the event loop, which are in what Node calls its delay. */
const PERIOD = 0.01

/** Seconds by which the event loop of a server was late, at the 99th percentile since this was last asked; NaN for Fastify alone. */
async function late({ url }) {
  const text = await (await fetch(`${url}/metrics`)).text()
  return Number(/^nodejs_eventloop_lag_p99_seconds (.*)$/m.exec(text)?.[1]) - PERIOD
}
