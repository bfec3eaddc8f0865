import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, expect, test } from 'vitest'
import { logging } from '../src/log.js'
import { folder, JSON_TYPE, network } from './helpers.js'

const path = join(folder(), 'm.safetensors')
const main = fileURLToPath(new URL('../dist/main.js', import.meta.url))
beforeAll(() => network().save(path))

/** What a server writes while a memory is asked after, and none that there is. */
async function lines(level: string): Promise<Record<string, unknown>[]> {
  const child = spawn(process.execPath, [main, '--port', '0', '--no-docs', '--log-level', level, path])
  let text = ''
  const url = await new Promise<string>((resolve) => {
    child.stdout.on('data', (some) => {
      text += some
      const found = /listening at (http:\/\/[\d.:]+)/.exec(text)?.[1]
      if (found !== undefined) resolve(found)
    })
  })
  const ended = new Promise((resolve) => child.once('close', resolve))
  expect((await fetch(`${url}/v1/memories/m`)).status).toBe(200)
  const body = JSON.stringify({ cue: [1] })
  expect(
    (await fetch(`${url}/v1/memories/m/recall`, { method: 'POST', headers: JSON_TYPE, body })).status,
  ).toBe(400)
  child.kill('SIGTERM')
  await ended
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
}

test('at info a server says where it listens and that it stops, and nothing of requests', async () => {
  const said = await lines('info')
  expect(said.map(({ level }) => level)).toEqual([30, 30])
  expect(said[0]['msg']).toContain('listening at')
  expect(said[1]['msg']).toContain('SIGTERM')
})

test('at debug it says of each request how it ended, under its number', async () => {
  const said = await lines('debug')
  const ends = said.filter(({ msg }) => msg === 'request completed')
  expect(ends.map(({ res }) => (res as { statusCode: number }).statusCode)).toEqual([200, 400])
  expect(new Set(ends.map(({ reqId }) => reqId)).size).toBe(2)
})

test('the log of a request has its number, and the level of all', () => {
  const { childLoggerFactory } = logging('error').options
  const log = childLoggerFactory?.call({} as never, {} as never, { reqId: 'req-7' }, {}, {} as never)
  expect(log?.level).toBe('error')
  const own = log?.child({ memory: 'm' }) as unknown as { bindings(): object }
  expect(own.bindings()).toMatchObject({ reqId: 'req-7', memory: 'm' })
})
