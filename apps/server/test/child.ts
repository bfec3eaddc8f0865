import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { JSON_TYPE } from './helpers.js'

const MAIN = join(import.meta.dirname, '../dist/main.js')

/** A server in a process of its own. */
export interface Child {
  readonly process: ChildProcess
  readonly url: string
  /** Resolves when the process has ended. */
  readonly ended: Promise<unknown>
  /** What a question or a change of the memory m is answered. */
  post(path: string, body: object): Promise<{ status: number; body: Record<string, unknown> }>
  /** What a question about packed bytes is answered. */
  packed(path: string, bytes: Uint8Array): Promise<Buffer>
  patternCount(): Promise<number>
}

/** Starts a server on a free port, which goes when the test is over. */
export async function child(...args: string[]): Promise<Child> {
  const process = spawn(globalThis.process.execPath, [MAIN, '--port', '0', '--no-docs', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void process.kill('SIGKILL'))
  const ended = new Promise((resolve) => process.once('exit', resolve))
  const url = await new Promise<string>((resolve, reject) => {
    process.once('exit', (code) => reject(new Error(`the server ended with ${code}`)))
    let text = ''
    process.stdout.on('data', (some) => {
      text += some
      const found = /listening at (http:\/\/[\d.:]+)/.exec(text)?.[1]
      if (found !== undefined) resolve(found)
    })
  })
  const send = (path: string, headers: Record<string, string>, body: string | Uint8Array) =>
    fetch(`${url}/v1/memories/m/${path}`, { method: 'POST', headers, body: body as string })
  return {
    process,
    url,
    ended,
    async post(path, body) {
      const answer = await send(path, JSON_TYPE, JSON.stringify(body))
      return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
    },
    async packed(path, bytes) {
      const answer = await send(path, { 'content-type': 'application/octet-stream' }, bytes)
      return Buffer.from(await answer.arrayBuffer())
    },
    async patternCount() {
      const facts = await (await fetch(`${url}/v1/memories/m`)).json()
      return (facts as { patternCount: number }).patternCount
    },
  }
}
