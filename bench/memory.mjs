// How much memory does a large network take? N = 65,536 and P = 3,276 stored and recalled, in a process of its own.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const NEURONS = 65536
const COUNT = 3276

const SCRIPT = `
  import { HopfieldNetwork, PackedPatterns, randomPatterns, addNoise } from 'hopfield-native'
  const [neurons, count] = [${NEURONS}, ${COUNT}]
  const net = new HopfieldNetwork({ neurons })
  // In portions, as a program would that reads them from a file.
  for (let at = 0; at < count; at += 64) {
    net.store(randomPatterns({ count: Math.min(64, count - at), neurons, seed: at, packed: true }))
  }
  const cue = addNoise(net.pattern(0), { fraction: 0.1, seed: 2 })
  const took = {}
  for (const dynamics of ['synchronous', 'asynchronous']) {
    net.recall(cue, { dynamics })
    const start = performance.now()
    const { state, converged } = net.recall(cue, { dynamics })
    took[dynamics] = { seconds: (performance.now() - start) / 1e3, converged, overlap: net.overlaps(state)[0] }
  }
  console.log(JSON.stringify({ peak: process.resourceUsage().maxRSS * 1024, took }))`

export async function run(report) {
  const cwd = fileURLToPath(new URL('..', import.meta.url))
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--input-type=module', '-e', SCRIPT], {
    cwd,
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(stderr)
  const result = JSON.parse(stdout)
  report.json({ question: 'memory', neurons: NEURONS, count: COUNT, ...result })
  const ms = (dynamics) =>
    `${(result.took[dynamics].seconds * 1e3).toPrecision(3)} ms (overlap ${result.took[dynamics].overlap.toFixed(4)})`
  report.text(`## Memory, N = ${NEURONS}, P = ${COUNT}\n`)
  report.text(
    `Peak resident memory of the whole process ${Math.round(result.peak / 1e6)} MB; an N×N matrix of float64 would take 34 GB. ` +
      `One cue with 10 % noise: synchronous ${ms('synchronous')}, asynchronous ${ms('asynchronous')}.\n`,
  )
}
