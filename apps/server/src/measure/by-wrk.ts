import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type Loader, PACKED } from './load.js'

/** Whether wrk is installed. */
export function hasWrk(): boolean {
  return spawnSync('wrk', ['--version']).error === undefined
}

/** Asks with a client in C, a process of its own: its answers wait for the server more than for the client. */
export const byWrk: Loader = async ({ url, bodies, beside }, { connections, seconds }) => {
  const folder = mkdtempSync(join(tmpdir(), 'hopfield-wrk-'))
  try {
    const script = join(folder, 'ask.lua')
    writeFileSync(script, scriptOf(bodies))
    const words = ['wrk', '-t1', `-c${connections}`, `-d${seconds}s`, '-s', script, url]
    const [command, ...args] = [...beside, ...words]
    const { stdout } = await promisify(execFile)(command, args)
    const told = /^told (.*)$/m.exec(stdout)?.[1]
    if (told === undefined) throw new Error(`wrk: expected a line of results, got ${stdout.slice(0, 200)}`)
    const [requests, microseconds, p50, p99, failures] = told.split(' ').map(Number)
    return { requests, seconds: microseconds / 1e6, p50: p50 / 1e3, p99: p99 / 1e3, failures }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** What wrk is to send, and to tell at the end, in Lua. */
function scriptOf(bodies: readonly Uint8Array[]): string {
  const strings = bodies.map(
    (body) => `"${Array.from(body, (byte) => `\\${String(byte).padStart(3, '0')}`).join('')}"`,
  )
  return `local bodies = { ${strings.join(', ')} }
local headers = { ${Object.entries(PACKED).map(([name, value]) => `["${name}"] = "${value}"`)} }
local requests, last = {}, 0
init = function()
  for k, body in ipairs(bodies) do requests[k] = wrk.format("POST", nil, headers, body) end
end
request = function()
  last = last % #requests + 1
  return requests[last]
end
done = function(summary, latency)
  local e = summary.errors
  local failed = e.connect + e.read + e.write + e.status + e.timeout
  print(string.format("told %d %d %d %d %d", summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), failed))
end
`
}
