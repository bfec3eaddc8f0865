// A server of the files in a folder, as a static host is one.
import { existsSync, readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import { extname, join, normalize } from 'node:path'

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.wasm': 'application/wasm',
}

/** @param {string} folder @param {string} base where it is served, with slashes around it @param {number} [port] any by default */
export async function serveFolder(folder, base, port = 0) {
  const server = createServer(({ url }, response) => {
    const name = normalize(decodeURIComponent(new URL(url ?? '', 'http://localhost').pathname))
    let path = name.startsWith(base) ? join(folder, name.slice(base.length)) : ''
    if (path !== '' && existsSync(path) && statSync(path).isDirectory()) path = join(path, 'index.html')
    if (path === '' || !existsSync(path)) return void response.writeHead(404).end()
    response.writeHead(200, { 'Content-Type': TYPES[extname(path)] ?? 'application/octet-stream' })
    response.end(readFileSync(path))
  })
  await new Promise((listening) => server.listen(port, '127.0.0.1', () => listening(undefined)))
  return {
    url: `http://127.0.0.1:${server.address().port}${base}`,
    close: () => new Promise((closed) => server.close(closed)),
  }
}
