// Pages in Debian's Chromium: a server of a folder, and pages whose errors are errors here.
// HOPFIELD_CHROMIUM names the browser, where it is not Debian's.
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { extname, join, normalize } from 'node:path'
import { gzipSync } from 'node:zlib'
import { chromium } from 'playwright-core'
import { expectThat } from './recipes.mjs'

const BROWSER = process.env.HOPFIELD_CHROMIUM || '/usr/bin/chromium'
const TYPES = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.map': 'application/json',
}

/** The browser; the process ends with a word where there is none. */
export function launched(args = []) {
  if (!existsSync(BROWSER)) {
    console.error(`${BROWSER}: no such browser; HOPFIELD_CHROMIUM names another`)
    process.exit(1)
  }
  // Debian's Chromium has no sandbox for root.
  return chromium.launch({ executablePath: BROWSER, args: ['--no-sandbox', ...args] })
}

/**
 * Serves a folder as it is, on a port of its own.
 * @param compressed sends files by gzip, as servers of static pages do.
 * @returns `sent` counts the bytes of all bodies.
 */
export async function serve(folder, { headers = {}, compressed = false } = {}) {
  let sent = 0
  const server = createServer(({ url }, response) => {
    const name = normalize(decodeURIComponent(new URL(url, 'http://localhost').pathname))
    const path = join(folder, name.endsWith('/') ? `${name}index.html` : name)
    if (name === '/favicon.ico') return void response.writeHead(204).end()
    if (!existsSync(path)) return void response.writeHead(404).end()
    const bytes = readFileSync(path)
    const body = compressed ? gzipSync(bytes, { level: 9 }) : bytes
    sent += body.length
    response.writeHead(200, {
      'Content-Type': TYPES[extname(path)] ?? 'application/octet-stream',
      ...(compressed && { 'Content-Encoding': 'gzip' }),
      ...headers,
    })
    response.end(body)
  })
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening))
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    sent: () => sent,
    close: () => new Promise((closed) => server.close(closed)),
  }
}

/** Opens what a folder has, and gives it to `use`. What the page reports as an error is one. */
export async function opened(browser, folder, use, headers) {
  const server = await serve(folder, { headers })
  const context = await browser.newContext()
  try {
    return await watched(await context.newPage(), async (page) => {
      await page.goto(server.url)
      return use(page)
    })
  } finally {
    await context.close()
    await server.close()
  }
}

/** Gives a page to `use`. An error of the page ends it; one that it reports on its console is an error when it is over. */
export async function watched(page, use) {
  const errors = []
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()))
  const failed = new Promise((_, reject) => {
    page.on('pageerror', (error) => {
      errors.push(error.message)
      reject(new Error(`the page failed: ${error.message}`))
    })
  })
  const result = await Promise.race([use(page), failed])
  expectThat(errors.length === 0, `the page reports ${errors.join('; ')}`)
  return result
}
