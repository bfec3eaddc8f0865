// A server of the files in a folder, as hosts of static pages are.
import { existsSync, readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import { extname, join, normalize } from 'node:path'
import { gzipSync } from 'node:zlib'

const TYPES = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.map': 'application/json',
  '.mjs': 'text/javascript',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
}

/**
 * Serves a folder as it is.
 * @param base where it stands on the server, with slashes around it.
 * @param port one of its own by default.
 * @param compressed sends files by gzip, as servers of static pages do.
 * @returns `sent` counts the bytes of all bodies.
 */
export async function serve(folder, { base = '/', port = 0, headers = {}, compressed = false } = {}) {
  let sent = 0
  const server = createServer(({ url }, response) => {
    const name = normalize(decodeURIComponent(new URL(url, 'http://localhost').pathname))
    const inside = name.slice(base.length)
    const path = join(folder, name.endsWith('/') ? `${inside}index.html` : inside)
    if (name === '/favicon.ico') return void response.writeHead(204).end()
    if (!name.startsWith(base) || !existsSync(path) || statSync(path).isDirectory())
      return void response.writeHead(404).end()
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
  await new Promise((listening) => server.listen(port, '127.0.0.1', listening))
  return {
    url: `http://127.0.0.1:${server.address().port}${base}`,
    sent: () => sent,
    close: () => new Promise((closed) => server.close(closed)),
  }
}
