// Links of a built site that lead nowhere: to a file that is not there, or to a place that the page does not have.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** Pages whose places their program makes once it runs. */
const MADE_BY_PROGRAM = /^playground\//

/** @param {string} text */
const unescaped = (text) => text.replaceAll('&amp;', '&').replaceAll('&quot;', '"').replaceAll('&#39;', "'")

/**
 * @param {string} folder of the site
 * @param {string} base where the site is served
 * @returns {string[]} a line for each
 */
export function deadLinks(folder, base) {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) =>
    name.replaceAll('\\', '/'),
  )
  const pages = new Map(
    files
      .filter((name) => name.endsWith('.html'))
      .map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
  )
  const places = new Map(
    [...pages].map(([name, html]) => [
      name,
      new Set([...html.matchAll(/\s(?:id|name)="([^"]*)"/g)].map(([, id]) => unescaped(id))),
    ]),
  )
  const dead = new Set()
  for (const [name, html] of pages) {
    for (const [, raw] of html.matchAll(/\s(?:href|src)="([^"]*)"/g)) {
      const url = new URL(unescaped(raw), `http://site${base}${name}`)
      if (url.host !== 'site' || url.protocol !== 'http:') continue
      const path = decodeURIComponent(url.pathname)
      if (!path.startsWith(base)) {
        dead.add(`${name}: ${raw} leaves the site`)
        continue
      }
      let target = path.slice(base.length)
      if (target === '' || target.endsWith('/')) target += 'index.html'
      const place = decodeURIComponent(url.hash.slice(1))
      if (!existsSync(join(folder, target)) || statSync(join(folder, target)).isDirectory())
        dead.add(`${name}: ${raw}`)
      else if (
        place !== '' &&
        !MADE_BY_PROGRAM.test(target) &&
        places.has(target) &&
        !places.get(target)?.has(place)
      )
        dead.add(`${name}: ${raw}, a page without that place`)
    }
  }
  return [...dead]
}
