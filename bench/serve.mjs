// What does a server of memories cost beside Fastify alone? hopfield-native-server under 64 connections, in the same run.
import { mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { HopfieldNetwork, PackedPatterns } from 'hopfield-native'
import { client, fire } from '../apps/server/dist/measure/fire.js'
import { started } from '../apps/server/dist/measure/program.js'
import { makeInputs } from './inputs.mjs'
import { duration, middle, percent, QUICK, table } from './measure.mjs'

/** One for the server, one for what asks it. */
export const cores = Math.min(2, availableParallelism())

export const CONNECTIONS = 64
const SECONDS = QUICK ? 1 : 4
const ROUNDS = QUICK ? 1 : 5
const CUES = 256
/** Cues of a batch where no server is between. */
const BATCH = 32
const path = (name) => fileURLToPath(new URL(name, import.meta.url))
export const SERVER = path('../apps/server/dist/main.js')

export async function run(report) {
  report.text(
    `## A server, its core to itself: ${CONNECTIONS} connections of ${client} on loopback, packed bodies, ${ROUNDS} rounds of ${SECONDS} s that take turns\n`,
  )
  const folder = mkdtempSync(join(tmpdir(), 'hopfield-serve-'))
  const running = []
  try {
    const recalls = makeInputs([1024, 51], CUES)
    const searches = makeInputs([256, QUICK ? 10_000 : 1_000_000], CUES)
    const files = { recall: join(folder, 'recall.safetensors'), search: join(folder, 'search.safetensors') }
    const small = new HopfieldNetwork({ neurons: 1024 }).store(recalls.patterns)
    const large = new HopfieldNetwork({ neurons: 256 }).store(searches.patterns)
    await small.save(files.recall)
    await large.save(files.search)
    const start = async (...args) => {
      const program = await started(args, Number(process.env.HOPFIELD_BENCH_CORE ?? 0))
      running.push(program)
      return program
    }
    const echo = await start(path('../apps/server/dist/measure/echo.js'))
    const served = await start(SERVER, '--port', '0', `recall=${files.recall}`, `search=${files.search}`)
    const questions = [
      { name: 'Fastify alone, 128 bytes back', program: echo, path: '/', bodies: bodies(recalls, 1024) },
      {
        name: 'recall, N = 1024, P = 51',
        program: served,
        path: '/v1/memories/recall/recall',
        bodies: bodies(recalls, 1024),
        alone: alone(recalls, 1024, (cues) => small.recallBatch(cues, ONE_STREAM)),
      },
      {
        name: 'the same, synchronous',
        program: served,
        path: '/v1/memories/recall/recall?dynamics=synchronous',
        bodies: bodies(recalls, 1024),
        alone: alone(recalls, 1024, (cues) =>
          small.recallBatch(cues, { ...ONE_STREAM, dynamics: 'synchronous' }),
        ),
      },
      {
        name: 'nearest of 51 × 1024',
        program: served,
        path: '/v1/memories/recall/nearest',
        bodies: bodies(recalls, 1024),
        alone: alone(recalls, 1024, (cues) => small.nearest(cues)),
      },
      {
        name: `nearest of ${searches.patterns.length / 256} × 256`,
        program: served,
        path: '/v1/memories/search/nearest',
        bodies: bodies(searches, 256),
        alone: alone(searches, 256, (cues) => large.nearest(cues)),
      },
    ]
    for (const question of questions) await fire(question, { connections: CONNECTIONS, seconds: 1 }) // warm-up
    const found = questions.map(() => [])
    for (let round = 0; round < ROUNDS; round++) {
      for (const [k, question] of questions.entries())
        found[k].push(await fire(question, { connections: CONNECTIONS, seconds: SECONDS }))
    }
    const of = (k, what) => middle(found[k].map((one) => one[what]))
    const rows = questions.map(({ name, alone }, k) => {
      const ratio = middle(found[k].map(({ rate }, round) => rate / found[0][round].rate))
      const costs = middle(found[k].map(({ cost }, round) => found[0][round].cost / cost))
      const row = {
        name,
        rate: of(k, 'rate'),
        ratio,
        cost: of(k, 'cost'),
        costs,
        alone,
        p50: of(k, 'p50'),
        p99: of(k, 'p99'),
        late: of(k, 'late'),
        bad: of(k, 'failures'),
      }
      report.json({ question: 'serve', ...row })
      return [
        name,
        Math.round(row.rate).toLocaleString('en'),
        percent(ratio),
        duration(row.cost),
        percent(costs),
        alone === undefined ? '' : duration(alone),
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
          'the call alone',
          'p50',
          'p99',
          'event loop late, p99',
          'no answers',
        ],
        rows,
      ),
    )
    report.text(
      `\nProcessor time is that of all threads of the server; the call alone is that of a cue in a batch of ${BATCH} in one process, without a server. Latencies are those that the client sees, which shares the machine: compare them with those of Fastify alone.\n`,
    )
  } finally {
    for (const program of running) program.process.kill()
    rmSync(folder, { recursive: true })
  }
}

/** As a server has them: cues that say nothing of their stream have the first one. */
const ONE_STREAM = { packed: true, streams: new Float64Array(BATCH) }

/** Seconds of processor time that a call takes for one of a batch of cues. */
function alone({ cues }, neurons, call) {
  const batch = PackedPatterns.from(cues.subarray(0, BATCH * neurons), { neurons })
  const times = []
  for (let run = 0; run < (QUICK ? 2 : 20); run++) {
    const { user, system } = process.cpuUsage()
    const end = performance.now() + 50
    let calls = 0
    for (; performance.now() < end; calls++) call(batch)
    const used = process.cpuUsage({ user, system })
    times.push((used.user + used.system) / 1e6 / calls / BATCH)
  }
  return middle(times)
}

/** Cues as they are sent. */
export function bodies({ cues }, neurons) {
  const count = cues.length / neurons
  return Array.from({ length: count }, (_, b) => packed(cues.subarray(b * neurons, (b + 1) * neurons)))
}

function packed(state) {
  const bytes = Buffer.alloc(Math.ceil(state.length / 8))
  for (let i = 0; i < state.length; i++) if (state[i] === 1) bytes[i >> 3] |= 1 << (i & 7)
  return bytes
}
