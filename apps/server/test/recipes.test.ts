import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { folder, N, network, packed } from './helpers.js'

// The recipes of docs/server.md: what of them can be tried here is tried as it stands there.

const at = folder()
const root = join(import.meta.dirname, '../../..')
const page = readFileSync(join(root, 'docs/server.md'), 'utf8')
const { bin } = JSON.parse(readFileSync(join(root, 'apps/server/package.json'), 'utf8'))

/** The code of one language that has a word in it. */
function recipe(language: string, word: string): string {
  const blocks = page.split(`\`\`\`${language}\n`).slice(1)
  const found = blocks
    .map((block) => block.slice(0, block.indexOf('```')))
    .find((code) => code.includes(word))
  if (found === undefined) throw new Error(`docs/server.md has no ${language} with ${word}`)
  return found
}

test('every recipe starts the program that the package has', () => {
  const named = [...page.matchAll(/node_modules\/hopfield-native-server\/([\w./-]+)/g)].map(
    ([, path]) => path,
  )
  expect(named.length).toBeGreaterThanOrEqual(3)
  expect(new Set(named)).toEqual(new Set([bin['hopfield-native-server']]))
})

test.skipIf(!existsSync('/usr/bin/systemd-analyze') || !existsSync('/usr/bin/node'))(
  'systemd finds nothing wrong with the unit',
  () => {
    const unit = join(at, 'memories.service')
    writeFileSync(unit, recipe('ini', 'ExecStart'))
    const { status, stdout, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', unit], {
      encoding: 'utf8',
    })
    // Units of this machine may have faults of their own.
    const said = `${stdout}${stderr}`.split('\n').filter((line) => line.includes('memories.service'))
    expect([said, status]).toEqual([[], 0])
  },
)

describe('the handler for Lambda', async () => {
  const path = join(at, 'm.safetensors')
  const net = network()
  await net.save(path)
  const code = recipe('typescript', 'export async function handler')
    .replace(
      "'hopfield-native-server'",
      JSON.stringify(pathToFileURL(join(root, 'apps/server/dist/index.js')).href),
    )
    .replace("'/opt/m.safetensors'", JSON.stringify(path))
  const file = join(at, 'handler.mjs')
  // The log goes to where Lambda reads it.
  writeFileSync(
    file,
    `${code.replace('docs: false', "docs: false, logLevel: 'silent'")}\nexport const close = () => server.close()\n`,
  )
  process.env['TOKEN'] = 'a-token-of-some-length'
  const { handler, close } = await import(pathToFileURL(file).href)
  afterAll(() => close())

  /** An event of a function URL, or of an HTTP API, in its format 2.0. */
  const event = (
    rawPath: string,
    rawQueryString: string,
    type: string,
    body: string,
    isBase64Encoded: boolean,
  ) => ({
    version: '2.0',
    routeKey: '$default',
    rawPath,
    rawQueryString,
    headers: {
      'content-type': type,
      authorization: 'Bearer a-token-of-some-length',
      host: 'abcdefghij.lambda-url.eu-central-1.on.aws',
      'x-forwarded-for': '192.0.2.7',
      'x-forwarded-proto': 'https',
    },
    requestContext: {
      accountId: 'anonymous',
      domainName: 'abcdefghij.lambda-url.eu-central-1.on.aws',
      http: {
        method: 'POST',
        path: rawPath,
        protocol: 'HTTP/1.1',
        sourceIp: '192.0.2.7',
        userAgent: 'curl/8.5.0',
      },
      requestId: '0a1b2c3d-0000-4000-8000-000000000000',
      stage: '$default',
      timeEpoch: 1_790_000_000_000,
    },
    body,
    isBase64Encoded,
  })

  test('answers JSON', async () => {
    const cue = Array.from(net.pattern(2))
    const body = JSON.stringify({ cue })
    const answer = await handler(event('/v1/memories/m/nearest', '', 'application/json', body, false))
    expect([answer.statusCode, answer.isBase64Encoded]).toEqual([200, true])
    const found = JSON.parse(Buffer.from(answer.body, 'base64').toString('utf8'))
    expect(found).toEqual({ indices: [2], similarities: [N], ids: ['p2'] })
  })

  test('answers packed bytes, with options in the query', async () => {
    const state = packed(net.patterns(), 4)
    const body = state.toString('base64')
    const type = 'application/octet-stream'
    const answer = await handler(event('/v1/memories/m/recall', 'seed=3', type, body, true))
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, type])
    expect(Buffer.from(answer.body, 'base64').subarray(13)).toEqual(state)
  })

  test('refuses whoever has no token', async () => {
    const { headers, ...rest } = event('/v1/memories/m/energy', '', 'application/json', '{}', false)
    expect((await handler({ ...rest, headers: { host: headers.host } })).statusCode).toBe(401)
  })
})
