import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { HopfieldNetwork, ModernHopfield, type PackedPatterns, randomPatterns } from 'hopfield-native'
import { afterAll, onTestFinished } from 'vitest'
import { createServer, type ServerOptions } from '../src/index.js'

export const N = 100
export const P = 6

/** Does something at the end of the test that calls this, or of the file where no test does. `afterAll` in a test is never called. */
function whenOver(then: () => unknown): void {
  const last = async (): Promise<void> => {
    await then()
  }
  try {
    onTestFinished(last)
  } catch {
    afterAll(last)
  }
}

/** A folder that goes when whatever asks for it is over. */
export function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'hopfield-server-'))
  whenOver(() => rmSync(made, { recursive: true, force: true }))
  return made
}

/** A network of P patterns with the ids p0, p1, … */
export function network(): HopfieldNetwork {
  const ids = Array.from({ length: P }, (_, k) => `p${k}`)
  return new HopfieldNetwork({ neurons: N }).store(randomPatterns({ count: P, neurons: N, seed: 1 }), { ids })
}

/** Eight keys of four numbers. */
export function vectors(): ModernHopfield {
  const keys = Float32Array.from({ length: 32 }, (_, k) => Math.sin(k * k))
  return new ModernHopfield({ dimension: 4, beta: 4 }).store(keys)
}

/** A server that goes when whatever asks for it is over. */
export async function server(options: ServerOptions): Promise<FastifyInstance> {
  const app = await createServer({ logLevel: 'silent', docs: false, watchEvery: 0, ...options })
  whenOver(() => app.close())
  return app
}

export function packed(patterns: PackedPatterns, k: number): Buffer {
  const bytes = patterns.toBytes()
  const size = Math.ceil(patterns.neurons / 8)
  return Buffer.from(bytes.slice(k * size, (k + 1) * size))
}

export const JSON_TYPE = { 'content-type': 'application/json' }
export const MSGPACK_TYPE = { 'content-type': 'application/msgpack' }
export const PACKED_TYPE = { 'content-type': 'application/octet-stream' }
